"""Who reacted to what, and who answers for an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select

from commons.audience import keys, through
from commons.db import db
from commons.entries.models import Entry
from commons.feed.models import Reaction
from commons.feed.queries.following import ME, built
from commons.members.models import Member, Seat

NAMED = 5  # people whom a list names; the others are a number


def reactions(ids: Sequence[int], viewer: Member | None) -> list[Any]:
    """(entry_id, what, count, mine, member_id, name, username) with a row for each of the first people of every entry
    and reaction; whoever hides from this viewer is counted and has no name. In one statement."""
    asked = {"ids": list(ids), "me": viewer.id if viewer else 0, **keys(viewer)}
    return list(db.session.execute(built("reactions", make=_reactions), asked).all()) if ids else []


def _reactions() -> Any:
    each = (Reaction.entry_id, Reaction.what)
    mine = func.max(case((Reaction.member_id == ME, 1), else_=0))
    ranked = (
        select(*each, Reaction.member_id, Member.name, Member.username)
        .add_columns(func.count().over(partition_by=each).label("count"))
        .add_columns(mine.over(partition_by=each).label("mine"))
        .add_columns(func.row_number().over(partition_by=each, order_by=(Reaction.at, Member.id)).label("place"))
        .join(Member, Member.id == Reaction.member_id)
        .where(Reaction.entry_id.in_(bindparam("ids", expanding=True)), Member.state.in_(("active", "placeholder")))
        .subquery()
    )
    hides = and_(Entry.kind == "profile", Entry.author_id == ranked.c.member_id, ~through(Entry.audience))
    named = case((select(Entry.id).where(hides).exists(), ""), else_=ranked.c.name).label("name")
    rows = select(*(ranked.c[name] for name in ("entry_id", "what", "count", "mine", "member_id", "username")), named)
    return rows.where(ranked.c.place <= 4 * NAMED).order_by(ranked.c.place)


def answering_for(entry: Entry) -> list[int]:
    """The ids of those who have a say at the entry's own door, as representatives or admins; where nobody sits there,
    of its author."""
    seats = select(Seat.member_id).where(Seat.audience == f"{entry.kind}:{entry.id}", Seat.role != "member")
    people = list(db.session.scalars(seats.order_by(Seat.id)))
    return people or ([entry.author_id] if entry.author_id else [])
