"""Whom a letter to an organisation reaches, and the letters that are still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from commons.db import db, now
from commons.entries.asks import has_voice, speaks_for
from commons.entries.models import Entry, Revision
from commons.members.door import digest
from commons.members.models import Member, Seat
from commons.members.queries import apart
from commons.text import mail_key
from directory.contact.models import Copy, Enquiry
from directory.models import Organisation

DAY = timedelta(days=1)
KEPT = timedelta(days=30)  # after the last word
PROVED_WITHIN = timedelta(days=7)
ANSWERS = 5
TYPED = timedelta(days=7)  # that an address typed by a member waits before any mail goes there
TO_A_RECORD = 2  # mails of one day to the address of a record, from all senders together


class Reached(NamedTuple):
    """Where one copy goes; never shown to anybody."""

    email: str
    language: str
    member_id: int | None


def reached(organisation: Organisation, sender: Member | None) -> list[Reached]:
    """The organisation's representatives here, without those who do not want to meet the sender; where it has none, the address
    of its record, if there is reason to believe it."""
    sits = Seat.audience == speaks_for(organisation.id)
    query = select(Member).join(Seat, Seat.member_id == Member.id).where(sits, Member.state == "active")
    people = db.session.scalars(query.where(Member.email.is_not(None)).order_by(Member.id)).all()
    shy = apart(sender)
    found = [Reached(one.email or "", one.language, one.id) for one in people if one.id not in shy]
    if found or not organisation.email or not _is_believed(organisation):
        return found
    return [Reached(organisation.email, organisation.language, None)]


def _is_believed(organisation: Organisation) -> bool:
    """The record was confirmed or comes from a named source, and no member has typed this address in the last days."""
    if not organisation.confirmed and not organisation.source:
        return False
    fresh = (Revision.entry_id == organisation.id, Revision.at > now() - TYPED, Revision.author_id.is_not(None))
    return not any("email" in changes for changes in db.session.scalars(select(Revision.changes).where(*fresh)))


def had_enough(found: Sequence[Reached]) -> bool:
    """Did the address of the record get all the mails of one day?"""
    addresses = [mail_key(one.email) for one in found if one.member_id is None]
    today = select(func.count()).where(Copy.address.in_(addresses), Copy.at > now() - DAY)
    return bool(addresses) and (db.session.scalar(today) or 0) >= TO_A_RECORD


def written_today(address: str, sender: Member | None) -> int:
    """How many letters this address, or this member, wrote within a day."""
    mine = Enquiry.member_id == sender.id if sender is not None else Enquiry.address == address
    return db.session.scalar(select(func.count()).where(mine, Enquiry.created > now() - DAY)) or 0


def unproved(key: str, organisation: Organisation) -> Enquiry | None:
    """The letter that waits for its sender to press the button."""
    query = _letters().where(Enquiry.proof == digest(key), Enquiry.organisation_id == organisation.id)
    return db.session.scalar(query.where(Enquiry.state == "unproved", Enquiry.created > now() - PROVED_WITHIN))


def to_answer(key: str) -> Enquiry | None:
    """The letter that this key answers; not after 30 days of silence, and only for who would be written to today."""
    sent = select(Copy, Enquiry).join(Enquiry, Enquiry.id == Copy.enquiry_id).where(Copy.digest == digest(key))
    sent = sent.options(selectinload(Enquiry.organisation.of_type(Entry)))
    row = db.session.execute(sent.where(Enquiry.state == "sent", Enquiry.last_at > now() - KEPT)).one_or_none()
    return row.Enquiry if row is not None and _is_still_theirs(*row) else None


def _is_still_theirs(copy: Copy, enquiry: Enquiry) -> bool:
    organisation = db.session.get_one(Organisation, enquiry.organisation_id)
    if copy.member_id is not None:
        return has_voice(db.session.get(Member, copy.member_id), organisation.id)
    return copy.address == mail_key(organisation.email) and not _is_spoken_for(organisation)


def _is_spoken_for(organisation: Organisation) -> bool:
    sits = select(Seat.id).join(Member, Member.id == Seat.member_id).where(Member.state == "active")
    return db.session.scalar(sits.where(Seat.audience == speaks_for(organisation.id)).limit(1)) is not None


def _letters() -> Select[Enquiry]:
    return select(Enquiry).options(selectinload(Enquiry.organisation.of_type(Entry)))
