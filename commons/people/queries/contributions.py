"""What a member wrote that the viewer may see: one row for each thread, those they touched last first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import changes, visible
from commons.members.models import Member
from commons.room import rooms

OWN = ("profile",)  # no contribution: what somebody says of themself


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
        select(
            Change.thread_id,
            func.max(Change.seq).label("last"),
            func.max(Change.at).label("at"),
            func.count().label("many"),
        )
        .where(Change.seq.in_(select(seqs)))
        .group_by(Change.thread_id)
    )
    threads = grouped.subquery()
    query = (
        select(Entry, threads.c.at, threads.c.many, func.count().over())
        .join(threads, threads.c.thread_id == Entry.id)
        .where(visible(viewer))
        .order_by(threads.c.last.desc())
    )
    rows = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    found = [Contribution(entry, at, int(many), entry.author_id == member.id) for entry, at, many, _total in rows]
    return found, int(rows[0][3]) if rows else 0


def _private() -> ColumnElement[bool]:
    return Entry.audience.startswith("talk:")
