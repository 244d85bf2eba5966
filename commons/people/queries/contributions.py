"""What a member wrote that the viewer may see: one row for each thread, those they touched last first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import changes, heads_by_id
from commons.members.models import Member
from commons.room import rooms

OWN = ("profile", "talk")  # no contributions: what somebody says of themself, and in private


class Contribution(NamedTuple):
    entry: Entry
    last: datetime
    many: int  # how often they wrote in it
    began: bool  # they made it


def contributions(member: Member, viewer: Member | None, page: int, per_page: int) -> tuple[list[Contribution], int]:
    """One page, and how many there are in all."""
    kinds = [name for name in rooms().kinds if name not in OWN]
    lines = changes(viewer, kinds).where(Change.actor_id == member.id, ~Change.thread.has(_private())).order_by(None)
    seqs = lines.options().subquery().c.seq
    grouped = (
        select(Change.thread_id, func.max(Change.seq).label("last"), func.max(Change.at), func.count())
        .where(Change.seq.in_(select(seqs)))
        .group_by(Change.thread_id)
    )
    total = db.session.scalar(select(func.count()).select_from(grouped.subquery())) or 0
    rows = db.session.execute(
        grouped.order_by(func.max(Change.seq).desc()).limit(per_page).offset((page - 1) * per_page)
    ).all()
    found = {entry.id: entry for entry in heads_by_id([row[0] for row in rows], viewer)}
    return [
        Contribution(found[id], at, many, found[id].author_id == member.id)
        for id, _last, at, many in rows
        if id in found
    ], int(total)


def _private() -> ColumnElement[bool]:
    return Entry.audience.startswith("talk:")
