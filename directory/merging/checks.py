"""The invariants of merges: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db
from commons.entries.asks import speaks_for
from commons.entries.models import Entry, Redirect
from commons.room import Check
from directory.merging.models import Merge
from directory.merging.rules import ASIDE, DOORS, column, moving


def nothing_points_to_what_is_gone() -> Iterable[str]:
    gone = select(Merge.loser_id).where(Merge.undone.is_(None))
    for rule, where in moving():
        if rule != ASIDE:
            for id in db.session.scalars(select(where).where(where.in_(gone)).distinct().order_by(where)):
                yield f"{where.table.name}.{where.name} names organisation {id}, which was merged into another one"
    doors = [speaks_for(id) for id in db.session.scalars(gone)]
    for name in DOORS:
        where = column(name)
        for start in range(0, len(doors), 500):
            for door in db.session.scalars(select(where).where(where.in_(doors[start : start + 500])).distinct()):
                yield f"{name} is {door}, and that organisation was merged into another one"


def what_is_gone_leads_on() -> Iterable[str]:
    leads = (Redirect.kind == Entry.kind) & (Redirect.slug == Entry.slug)
    query = select(Entry.id, Entry.state, Redirect.id.label("leads")).join(Merge, Merge.loser_id == Entry.id)
    for row in db.session.execute(query.outerjoin(Redirect, leads).where(Merge.undone.is_(None))):
        if row.state not in ("deleted", "suppressed") or row.leads is None:
            yield f"organisation {row.id} was merged into another one, and its address does not lead there"


checks = (
    Check("merges: nothing points to a record that was merged away", nothing_points_to_what_is_gone),
    Check("merges: such a record's address leads on", what_is_gone_leads_on),
)
