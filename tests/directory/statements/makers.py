"""Organisations that may say something of others, and what they say."""

from __future__ import annotations

from datetime import timedelta

from commons.db import db, now, transaction
from commons.entries.asks import speaks_for
from commons.members.models import Member
from commons.members.seats import give_seat
from commons.people.models import Affiliation
from directory.models import Organisation
from directory.statements.actions import add_statement
from directory.statements.models import Statement
from tests import make

WORDS = "We built three wells together, and they came on time every day."


def represent(organisation: Organisation, member: Member, role: str = "steward", days: int = 8) -> None:
    """This member speaks for it, since so many days."""
    with transaction():
        made = Affiliation(member_id=member.id, organisation_id=organisation.id, represents=True, state="confirmed")
        made.decided = now() - timedelta(days=days)
        db.session.add(made)
        give_seat(member, speaks_for(organisation.id), role)


def speaking(title: str, member: Member, role: str = "steward") -> Organisation:
    made = make.organisation(title)
    represent(made, member, role)
    return made


def statement(actor: Member, text: str = WORDS) -> Statement:
    about = make.organisation()
    return add_statement(about, speaking("", actor), {"text": text}, actor=actor)
