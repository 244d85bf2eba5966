"""Whom a letter to an organisation reaches, and the letters that are still open."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from commons.db import db, now
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.members.door import digest
from commons.members.models import Member, Seat
from commons.members.queries import apart
from directory.contact.models import Enquiry
from directory.models import Organisation

DAY = timedelta(days=1)
KEPT = timedelta(days=30)  # after the last word
PROVED_WITHIN = timedelta(days=7)
ANSWERS = 5


class Reached(NamedTuple):
    """Where one copy goes; never shown to anybody."""

    email: str
    language: str
    member_id: int | None


def reached(organisation: Organisation, sender: Member | None) -> list[Reached]:
    """The organisation's representatives here, without those who do not want to meet the sender; where it has none, the address
    of its record."""
    sits = Seat.audience == speaks_for(organisation.id)
    query = select(Member).join(Seat, Seat.member_id == Member.id).where(sits, Member.state == "active")
    people = db.session.scalars(query.where(Member.email.is_not(None)).order_by(Member.id)).all()
    shy = apart(sender)
    found = [Reached(one.email or "", one.language, one.id) for one in people if one.id not in shy]
    if found or not organisation.email:
        return found
    return [Reached(organisation.email, organisation.language, None)]


def written_today(address: str, sender: Member | None) -> int:
    """How many letters this address, or this member, wrote within a day."""
    mine = Enquiry.member_id == sender.id if sender is not None else Enquiry.address == address
    return db.session.scalar(select(func.count()).where(mine, Enquiry.created > now() - DAY)) or 0


def unproved(key: str, organisation: Organisation) -> Enquiry | None:
    """The letter that waits for its sender to press the button."""
    query = _letters().where(Enquiry.proof == digest(key), Enquiry.organisation_id == organisation.id)
    return db.session.scalar(query.where(Enquiry.state == "unproved", Enquiry.created > now() - PROVED_WITHIN))


def to_answer(key: str) -> Enquiry | None:
    """The letter that this key answers; not after 30 days of silence."""
    query = _letters().where(Enquiry.key == digest(key), Enquiry.state == "sent")
    return db.session.scalar(query.where(Enquiry.last_at > now() - KEPT))


def _letters() -> Select[Enquiry]:
    return select(Enquiry).options(selectinload(Enquiry.organisation.of_type(Entry)))
