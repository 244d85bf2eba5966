"""The invariants of proposals: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db
from commons.entries.asks import VOICES, speaks_for
from commons.members.models import Seat
from commons.room import Check
from directory.partnerships.dossiers.actions.agreeing import frozen
from directory.partnerships.dossiers.actions.seating import MEDIATOR, OBSERVER
from directory.partnerships.dossiers.actions.stepping import digest_of
from directory.partnerships.dossiers.models import Assent, Partnership, Party, Proposal, Step, Terms
from directory.partnerships.dossiers.queries import observers_of, parties_of, present


def chains_hold() -> Iterable[str]:
    """Every step holds the digest of the one before it, and its own is that of what it says."""
    before: dict[int, Step] = {}
    for step in db.session.scalars(select(Step).order_by(Step.proposal_id, Step.number)):
        last = before.get(step.proposal_id)
        if step.number != (last.number + 1 if last else 1) or step.before != (last.digest if last else ""):
            yield f"proposal {step.proposal_id}: step {step.number} does not follow the one before it"
        elif step.digest != digest_of(step):
            yield f"proposal {step.proposal_id}: step {step.number} was changed"
        before[step.proposal_id] = step
    for proposal in db.session.scalars(select(Proposal).order_by(Proposal.id)):
        last = before.get(proposal.id)
        if last is None or last.number != proposal.steps or last.went_to != proposal.stage:
            yield f"proposal {proposal.id}: it is not where its last step led"


def agreements_are_as_signed() -> Iterable[str]:
    """What was signed is what stands there."""
    known = {(one.proposal_id, one.number): one for one in db.session.scalars(select(Terms).order_by(Terms.id))}
    proposals = {one.id: one for one in db.session.scalars(select(Proposal))}
    for one in db.session.scalars(select(Assent).order_by(Assent.id)):
        terms = known.get((one.proposal_id, one.number))
        if terms is None or terms.digest != one.digest or frozen(proposals[one.proposal_id], terms) != terms.digest:
            yield f"proposal {one.proposal_id}: version {one.number} is not what was {one.how}"


def seats_follow_the_parties() -> Iterable[str]:
    """Nobody sits in a dossier who speaks for none of its parties and neither mediates nor observes; nobody who speaks or
    came is left out."""
    for proposal in db.session.scalars(select(Proposal).order_by(Proposal.id)):
        here = select(Party.organisation_id).where(Party.proposal_id == proposal.id, Party.state.in_(("in", "invited")))
        doors = [speaks_for(id) for id in db.session.scalars(here)]
        speak = select(Seat.member_id).where(Seat.audience.in_(doors), Seat.role.in_(VOICES))
        wanted = set(db.session.scalars(speak)) if doors else set[int]()
        sit = {
            seat.member_id: seat.role for seat in db.session.scalars(select(Seat).where(Seat.audience == proposal.door))
        }
        observers = {one.member_id for one in observers_of(proposal.id) if one.came is not None}
        if wanted - set(sit):
            yield f"proposal {proposal.id}: somebody who speaks for a party has no seat"
        if {id for id, role in sit.items() if role == OBSERVER} != observers:
            yield f"proposal {proposal.id}: its observers are not those who came"
        strange = [id for id, role in sit.items() if id not in wanted and role not in (MEDIATOR, OBSERVER)]
        if strange or any(role == MEDIATOR and id != proposal.mediator_id for id, role in sit.items()):
            yield f"proposal {proposal.id}: somebody sits in it who does not belong there"


def the_register_tells_what_parties_want() -> Iterable[str]:
    """What stands in the register was signed, and all its parties want it there."""
    query = select(Partnership).where(Partnership.state == "live").order_by(Partnership.id)
    for row in db.session.scalars(query):
        proposal = db.session.get(Proposal, row.proposal_id) if row.proposal_id else None
        here = present(parties_of(proposal.id)) if proposal is not None else []
        if proposal is not None and (not proposal.agreed or not all(one.shown for one in here)):
            yield f"partnership {row.id}: stands in the register, and not all its parties want that"


checks = (
    Check("proposals: the chains of steps hold", chains_hold),
    Check("proposals: agreements are as they were signed", agreements_are_as_signed),
    Check("proposals: seats follow the parties", seats_follow_the_parties),
    Check("register: tells what all parties want", the_register_tells_what_parties_want),
)
