"""News from outside: which addresses a group reads, and what they told. Reads only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from commons.db import db, now
from commons.groups.models import Group, NewsItem, Subscription

MODULE = "news"
MOST = 20  # addresses that one group reads
TOLD = timedelta(days=180)  # how long an item is shown and kept


def subscriptions(group: Group) -> list[Subscription]:
    """By what they call themselves; those that were not read yet by their address."""
    rows = select(Subscription).where(Subscription.group_id == group.id)
    name = func.lower(func.coalesce(func.nullif(Subscription.title, ""), Subscription.url))
    return list(db.session.scalars(rows.order_by(name, Subscription.id)))


def subscription_of(group: Group, number: int) -> Subscription | None:
    rows = select(Subscription).where(Subscription.group_id == group.id, Subscription.id == number)
    return db.session.scalar(rows)


def reads(group: Group, url: str) -> bool:
    rows = select(Subscription.id).where(Subscription.group_id == group.id, Subscription.url == url)
    return db.session.scalar(rows) is not None


def items_of(group: Group) -> Select[Any]:
    """(item, title of its source), the newest first."""
    rows: Any = select(NewsItem, Subscription.title).join(Subscription, Subscription.id == NewsItem.subscription_id)
    rows = rows.where(Subscription.group_id == group.id, NewsItem.at >= now() - TOLD)
    return rows.order_by(NewsItem.at.desc(), NewsItem.id.desc())  # type: ignore[no-any-return]


def page_of_items(group: Group, page: int, per_page: int) -> tuple[list[Any], int]:
    query = items_of(group)
    total = db.session.scalar(query.order_by(None).with_only_columns(func.count())) or 0
    return list(db.session.execute(query.limit(per_page).offset((page - 1) * per_page))), int(total)


def due(limit: int) -> list[Subscription]:
    """Those that are to be read now, the longest waiting first: not those of a group that is archived, removed, or does without
    news."""
    wanted = (Group.state == "live", Group.archived.is_(None), cast(Group.modules, String).contains(f'"{MODULE}"'))
    rows = select(Subscription).join(Group, Group.id == Subscription.group_id).where(*wanted)
    ready = rows.where(Subscription.due <= now(), Subscription.paused.is_(None))
    return list(db.session.scalars(ready.order_by(Subscription.due, Subscription.id).limit(limit)))
