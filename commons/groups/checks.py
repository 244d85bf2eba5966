"""The invariants of groups: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.audience import MEMBERS, PUBLIC
from commons.db import db
from commons.entries.models import Entry
from commons.groups.doors import breadth
from commons.groups.models import Group
from commons.groups.queries import seats_of
from commons.room import Check

MAY_HOLD = {
    "public": None,
    "members": (PUBLIC,),
    "private": (PUBLIC, MEMBERS),
}  # audiences too wide for what stands in it


def doors() -> Iterable[str]:
    """Every group is seen by whom its visibility says, and no group by more people than the one above it."""
    for group in db.session.scalars(select(Group).order_by(Group.id)):
        if group.audience != group.inner_audience:
            yield f"group {group.id}: {group.visibility}, and its audience is {group.audience}"
        above = db.session.get(Group, group.within_id) if group.within_id else None
        if above is not None and breadth(group.visibility) > breadth(above.visibility):
            yield f"group {group.id}: {group.visibility} within a group that is {above.visibility}"


def contents() -> Iterable[str]:
    """Nothing that stands in a group, at any depth, is seen by more people than the group."""
    for group in db.session.scalars(select(Group).where(Group.visibility != "public").order_by(Group.id)):
        too_wide, ids = MAY_HOLD[group.visibility] or (), [group.id]
        while ids:
            rows = db.session.execute(
                select(Entry.id, Entry.audience).where(Entry.within_id.in_(ids), Entry.kind != "group")
            ).all()
            yield from (
                f"entry {row.id}: {row.audience} in group {group.id}" for row in rows if row.audience in too_wide
            )
            ids = [row.id for row in rows]


def looked_after() -> Iterable[str]:
    """Every group that is not archived has an admin."""
    for group in db.session.scalars(select(Group).where(Group.archived.is_(None), Group.state == "live")):
        if not any(seat.role == "admin" for seat in seats_of(group)):
            yield f"group {group.id}: no admin"


checks = (
    Check("groups: doors follow from visibility", doors),
    Check("groups: nothing in them is wider", contents),
    Check("groups: each has an admin", looked_after),
)
