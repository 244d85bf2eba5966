"""What `flask site check` asks of this room."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from commons.db import db
from commons.entries.asks import speaks_for
from commons.entries.models import Entry, Revision
from commons.members.models import Seat
from commons.room import Check
from directory.representing.models import Confirmation


def seats_of_nothing() -> Iterable[str]:
    door = speaks_for(0).removesuffix("0")
    audiences = db.session.scalars(select(Seat.audience).where(Seat.audience.startswith(door)).distinct()).all()
    numbers = {audience: audience.removeprefix(door) for audience in audiences}
    ids = [int(number) for number in numbers.values() if number.isdigit()]
    known = set(db.session.scalars(select(Entry.id).where(Entry.id.in_(ids), Entry.kind == "organisation")))
    for audience, number in sorted(numbers.items()):
        if not number.isdigit() or int(number) not in known:
            yield f"somebody sits at {audience}, and there is no such organisation"


def words_on_nothing() -> Iterable[str]:
    then = aliased(Revision)
    said = (then.entry_id == Confirmation.organisation_id) & (then.number == Confirmation.number)
    query = select(Confirmation).outerjoin(then, said).where(then.id.is_(None))
    for word in db.session.scalars(query.order_by(Confirmation.id)):
        yield f"organisation {word.organisation_id}: it confirmed version {word.number}, which is not there"


checks = (
    Check("organisations: who speaks for one speaks for one that is there", seats_of_nothing),
    Check("organisations: what was confirmed is a version", words_on_nothing),
)
