"""Following a #tag, and saying which area of focus it means."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete

from commons.db import db, now, transaction
from commons.entries.actions import take_log_lock
from commons.entries.queries import last_seq
from commons.feed.actions.pacing import expect_digest
from commons.feed.models import TagArea, TagWatch
from commons.focus.queries import tree
from commons.members.models import Member
from commons.text import tag_key
from commons.web import Forbidden, Invalid


def _key(tag: str) -> str:
    if not (key := tag_key(tag)):
        raise Invalid({"tag": _("This is no tag.")})
    return key


def watch_tag(tag: str, *, actor: Member) -> None:
    """Follows a tag, whether anybody uses it or not; a second time changes nothing."""
    key = _key(tag)
    with transaction():
        take_log_lock()
        if db.session.get(TagWatch, (actor.id, key)) is None:
            db.session.add(TagWatch(member_id=actor.id, tag=key, since=last_seq()))
            expect_digest(actor, 0)


def unwatch_tag(tag: str, *, actor: Member) -> None:
    mine = delete(TagWatch).where(TagWatch.member_id == actor.id, TagWatch.tag == _key(tag))
    with transaction():
        db.session.execute(mine)


def place_tag(tag: str, area: int | None, *, actor: Member) -> None:
    """A moderator says which area a tag means; None: none any more. Raises Forbidden or Invalid."""
    key = _key(tag)
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators say which area a tag means."))
    if area is not None and area not in tree().nodes:
        raise Invalid({"area": _("One of these areas does not exist.")})
    with transaction():
        take_log_lock()
        row = db.session.get(TagArea, key)
        if area is None:
            if row is not None:
                db.session.delete(row)
            return
        row = row or TagArea(tag=key)
        row.area_id, row.by_id, row.at = area, actor.id, now()
        db.session.add(row)
