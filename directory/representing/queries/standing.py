"""What the page of every organisation has to know of it, in one statement."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from commons.db import db
from commons.entries.asks import speaks_for
from commons.members.models import Member, Seat
from directory.representing.models import Confirmation, Reminder


class Standing(NamedTuple):
    represented: bool
    confirmed: bool  # the organisation has once confirmed its record
    unanswered: bool  # it was once asked in vain


def standing(organisation_id: int) -> Standing:
    sits = select(Seat.id).join(Member, Member.id == Seat.member_id).where(Seat.audience == speaks_for(organisation_id))
    asked = select(Reminder.id).where(Reminder.organisation_id == organisation_id, Reminder.answer == "none")
    said = select(Confirmation.id).where(Confirmation.organisation_id == organisation_id)
    row = db.session.execute(select(sits.where(Member.state == "active").exists(), said.exists(), asked.exists())).one()
    return Standing(*(bool(one) for one in row))
