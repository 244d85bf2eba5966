"""Records with people of their own, and what a test reads of mails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from commons.db import db, now, table, transaction
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.members.models import Member, Outgoing, Seat
from commons.members.post import send_due
from commons.members.seats import give_seat
from commons.room import rooms
from directory.models import Organisation
from tests import make

SITE = "https://www.solar.example"


def solar(**values: Any) -> Organisation:
    return make.organisation("Solar Aid", **({"website": SITE, "email": "office@solar.example"} | values))


def speak(organisation: Organisation, member: Member, voice: str = "signatory") -> None:
    give_seat(member, speaks_for(organisation.id), voice)


def voices(organisation: Organisation) -> dict[int, str]:
    query = select(Seat.member_id, Seat.role).where(Seat.audience == speaks_for(organisation.id))
    return {row.member_id: row.role for row in db.session.execute(query)}


def at_home(*people: Member) -> None:
    """They are here for long: no newcomers any more."""
    with transaction():
        for one in people:
            one.trusted = now()


def age(organisation: Organisation, days: int, confirmed: str = "") -> None:
    """As if it had been here for so long, behind the back of its history."""
    with transaction():
        then = now() - timedelta(days=days)
        for model, values in ((Entry, {"created": then}), (Organisation, {"confirmed": confirmed})):
            key = table(model).c.id
            db.session.execute(update(table(model)).where(key == organisation.id).values(**values))
    db.session.refresh(organisation)


def letters(to: str = "") -> list[Any]:
    """What would be sent now, written as the worker does it."""
    db.session.rollback()
    rows = db.session.scalars(select(Outgoing).where(Outgoing.letter != "").order_by(Outgoing.id)).all()
    made = [rooms().letters()[row.letter](row) for row in rows if row.letter in ("claim", "reminder")]
    return [one for one in made if one is not None and to in ("", one.to)]


def links(letter: Any) -> list[str]:
    found = re.findall(r"http://localhost(/\S+)", letter.text)
    assert found and all(link in letter.html for link in found)
    return found


def sent() -> int:
    return send_due()
