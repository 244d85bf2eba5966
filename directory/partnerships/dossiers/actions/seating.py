"""Who sits in a dossier: everybody who speaks for one of its parties, a mediator, and observers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from commons.audience import may_see
from commons.db import db
from commons.entries.asks import speaks_for, voices
from commons.feed.actions import watch
from commons.members.models import Member, Seat
from commons.members.seats import give_seat, take_seat
from directory.partnerships.dossiers.models import Observer, Party, Proposal
from directory.partnerships.dossiers.queries import conversation_of
from directory.partnerships.dossiers.transitions import SHUT, UNANSWERED

CLOSED = (*UNANSWERED, *SHUT, "archived")  # the conversation goes on by questions and answers, or not at all
PARTY, MEDIATOR, OBSERVER = "party", "mediator", "observer"  # the roles of a seat in a dossier


def seat_people(proposal: Proposal, organisation_ids: Iterable[int]) -> None:
    """Everybody who speaks for these organisations now."""
    doors = [speaks_for(id) for id in organisation_ids]
    people = select(Member).join(Seat, Seat.member_id == Member.id).where(Seat.audience.in_(doors))
    for member in db.session.scalars(people.order_by(Member.id)).unique().all():
        _seat(proposal, member)


def unseat_people(proposal: Proposal, organisation_id: int) -> None:
    """Those who speak for this organisation and for no other party that is there."""
    people = select(Member).join(Seat, Seat.member_id == Member.id).where(Seat.audience == speaks_for(organisation_id))
    for member in db.session.scalars(people.order_by(Member.id)).unique().all():
        _unseat(proposal, member)


def seated(member: Member, audience: str, role: str) -> None:
    """Somebody came to speak for an organisation, or does so no more (`role` is empty): their seats at its dossiers follow."""
    start = speaks_for(0).removesuffix("0")
    number = audience.removeprefix(start)
    if not audience.startswith(start) or not number.isdigit():
        return
    here = select(Party.proposal_id).where(Party.organisation_id == int(number), Party.state.in_(("in", "invited")))
    for proposal in db.session.scalars(select(Proposal).where(Proposal.id.in_(here)).order_by(Proposal.id)).all():
        if role:
            _seat(proposal, member)
        else:
            _unseat(proposal, member)


def _seat(proposal: Proposal, member: Member) -> None:
    """Who comes to speak for a party observes no more."""
    held = next((seat.role for seat in member.seats if seat.audience == proposal.door), "")
    db.session.execute(delete(Observer).where(Observer.proposal_id == proposal.id, Observer.member_id == member.id))
    if held in ("", OBSERVER):
        give_seat(member, proposal.door, PARTY)
    db.session.flush()  # who began the conversation follows it already
    topic = conversation_of(proposal)
    if topic is not None and member.is_active and may_see(member, topic):
        watch(topic, actor=member)


def _unseat(proposal: Proposal, member: Member) -> None:
    """A mediator keeps their seat, and who speaks for another party."""
    mine = sorted(voices(member))
    other = select(Party.id).where(
        Party.proposal_id == proposal.id, Party.organisation_id.in_(mine), Party.state.in_(("in", "invited"))
    )
    held = next((seat for seat in member.seats if seat.audience == proposal.door), None)
    if held is None or held.role == MEDIATOR or db.session.scalar(other.limit(1)) is not None:
        return
    take_seat(member, proposal.door)


def takes(viewer: Member | None, proposal: Proposal, kind: str) -> str | None:
    """Who sees what this viewer puts into the dossier: all who sit in it. Nothing is added to one that is closed.
    An observer writes in the conversation that is there, and adds nothing beside it."""
    if kind not in ("topic", "page", "file") or viewer is None or not viewer.may_write or not proposal.is_live:
        return None
    sits = any(seat.audience == proposal.door and seat.role != OBSERVER for seat in viewer.seats)
    return proposal.door if sits and proposal.stage not in CLOSED else None
