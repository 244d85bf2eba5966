"""Which addresses a group reads news from: its admins add, remove, and try again. Nothing is asked of an address here; the worker
reads it (`groups.newsreader`)."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.db import db, lock, now, transaction
from commons.groups import news
from commons.groups.actions.seats import admin_only
from commons.groups.models import Group, Subscription
from commons.members.models import Member
from commons.text import safe_url
from commons.web import Forbidden, Invalid

LONGEST = 500  # characters of an address


def add_news(group: Group, address: str, *, actor: Member) -> Subscription:
    """`address`: of a feed, or of a page that names one. Raises Invalid or Forbidden."""
    typed = address.strip()
    url = safe_url(typed if "://" in typed else f"https://{typed}") if typed else None
    if url is None or len(url) > LONGEST:
        raise Invalid({"address": _("Write an address on the web, like https://example.org/news.")})
    with transaction():
        lock(group)
        admin_only(group, actor)
        _in_use(group)
        if news.reads(group, url):
            raise Invalid({"address": _("The group reads this address already.")})
        if _many(group) >= news.MOST:
            raise Invalid(
                {"address": _("A group reads at most %(limit)s addresses. Remove one first.", limit=news.MOST)}
            )
        made = Subscription(group_id=group.id, url=url, by_id=actor.id)
        db.session.add(made)
        db.session.flush()
        return made


def remove_news(group: Group, subscription: Subscription, *, actor: Member) -> None:
    """With all that it told. Raises Forbidden."""
    with transaction():
        lock(group)
        admin_only(group, actor)
        db.session.delete(subscription)


def retry_news(group: Group, subscription: Subscription, *, actor: Member) -> None:
    """It is read again at once, also where it was paused. Raises Forbidden."""
    with transaction():
        lock(group)
        admin_only(group, actor)
        _in_use(group)
        lock(subscription)
        subscription.paused, subscription.tries, subscription.fault, subscription.due = None, 0, "", now()


def _in_use(group: Group) -> None:
    if group.archived is not None or news.MODULE not in group.modules:
        raise Forbidden(_("You may not add anything here."))


def _many(group: Group) -> int:
    rows = select(func.count()).select_from(Subscription).where(Subscription.group_id == group.id)
    return int(db.session.scalar(rows) or 0)
