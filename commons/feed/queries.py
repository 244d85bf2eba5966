"""What a member watches, and what others changed in it: a query over the log, as far as the member may see it now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select, union

from commons.audience import visible_to
from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import changes
from commons.feed.models import Watch
from commons.focus.queries import entries_under
from commons.members.models import Member


def is_watching(viewer: Member | None, entry: Entry) -> bool:
    return viewer is not None and db.session.get(Watch, (viewer.id, entry.id)) is not None


def watchers(entry: Entry, viewer: Member) -> tuple[int, bool]:
    """How many watch it, and whether this member is among them."""
    mine = func.sum(case((Watch.member_id == viewer.id, 1), else_=0))
    many, own = db.session.execute(select(func.count(), mine).where(Watch.entry_id == entry.id)).one()
    return int(many), bool(own)


def watched(member: Member) -> Select[Any]:
    """The entries that this member watches and may see, those that changed last first."""
    return (
        select(Entry)
        .join(Watch, Watch.entry_id == Entry.id)
        .where(Watch.member_id == member.id, visible_to(member, Entry.audience), Entry.state == "live")
        .order_by(Entry.updated.desc(), Entry.id.desc())
    )


def watching(member: Member) -> Select[Change]:
    """Changes by others to what this member watches, newest first. An area of focus stands for all that is under it."""
    return changes(member, under=_covered(member)).where(Change.actor_id != member.id)


def _covered(member: Member) -> Select[int]:
    """The ids of what is watched, itself or through an area above it."""
    mine = select(Watch.entry_id.label("id")).where(Watch.member_id == member.id)
    areas = db.session.scalars(
        select(Watch.entry_id)
        .join(Entry, Entry.id == Watch.entry_id)
        .where(Watch.member_id == member.id, Entry.kind == "focus", visible_to(member, Entry.audience))
    )
    parts = [entries_under(area) for area in areas]
    return select(union(mine, *parts).subquery().c.id) if parts else mine
