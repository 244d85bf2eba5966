"""A seat at a door behind which there may be more doors: whoever is given a seat at an organisation sits at its proposals too.

Which doors follow is said by the rooms (`Room.seated`), in the same transaction, so that nobody sits a moment too long.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from commons.db import db, transaction
from commons.members.models import Member, Seat
from commons.room import rooms


def give_seat(member: Member, audience: str, role: str) -> None:
    """A seat, or another role at the seat that they have."""
    with transaction():
        seat = db.session.scalar(select(Seat).where(Seat.member_id == member.id, Seat.audience == audience))
        if seat is None:
            db.session.add(Seat(member_id=member.id, audience=audience, role=role))
        else:
            seat.role = role
        _tell(member, audience, role)


def take_seat(member: Member, audience: str) -> None:
    """Nothing happens to who does not sit there."""
    with transaction():
        db.session.execute(delete(Seat).where(Seat.member_id == member.id, Seat.audience == audience))
        _tell(member, audience, "")


def _tell(member: Member, audience: str, role: str) -> None:
    db.session.flush()
    db.session.expire(member, ["seats"])
    for room in rooms().all:
        if room.seated is not None:
            room.seated(member, audience, role)
