"""Two organisations with two people each, and proposals between them at any stage: a test says only what it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.asks import speaks_for
from commons.entries.models import Change, Entry
from commons.members.actions import make_member
from commons.members.models import Member
from commons.members.seats import give_seat
from directory.models import Organisation
from directory.partnerships.board.models import Openness
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.queries import steps_of
from directory.partnerships.dossiers.tending import tend
from tests import make
from tests.cast import PASSWORD

numbers = count(1)
WORDS = (
    "We are a small garden of the neighbourhood and would like to learn from you how to compost in winter. "
    "We bring beds for two nights, a kitchen, and twelve people who would like to dig, to listen and to write it down."
)


def person(username: str, role: str = "member") -> Member:
    """Somebody who has been here for a while."""
    made = make_member(username, f"{username}@example.org", name=username.title(), role=role, password=PASSWORD)
    with transaction():
        made.trusted = now()
    return made


def speak(member: Member, organisation: Organisation, role: str = "steward") -> Member:
    with transaction():
        give_seat(member, speaks_for(organisation.id), role)
    return member


def organisation(title: str = "", closed: bool = False, **people: Member) -> Organisation:
    """`people`: role=member, as steward=ana."""
    made = make.organisation(title or f"Partner {next(numbers)}", country="KE", actor=make.someone())
    for role, member in people.items():
        speak(member, made, role)
    with transaction():
        db.session.add(Openness(organisation_id=made.id, open=not closed))
    return made


class Two:
    """Garden writes to Soil; each has a delegate, a steward and a signatory."""

    def __init__(self) -> None:
        self.people = {
            f"{side}_{role}": person(f"{side}.{role}")
            for side in ("garden", "soil")
            for role in ("delegate", "steward", "signatory")
        }
        self.found()

    def found(self) -> None:
        """Organisations that have nothing to do with each other yet, of the same people."""
        self.garden = organisation("Garden", False, **self.of("garden"))
        self.soil = organisation("Soil", False, **self.of("soil"))

    def of(self, side: str) -> dict[str, Member]:
        return {role: self.people[f"{side}_{role}"] for role in ("delegate", "steward", "signatory")}

    def __getattr__(self, name: str) -> Member:
        return self.people[name]

    def ids(self) -> tuple[int, int]:
        return self.garden.id, self.soil.id

    def send(self, about: Any = None, text: str = "") -> Proposal:
        return actions.send_interest(
            about or self.soil, {"text": text or WORDS}, actor=self.garden_delegate, organisation_id=self.garden.id
        )

    def terms(self, **values: Any) -> dict[str, Any]:
        gives = {str(self.garden.id): "Beds for two nights", str(self.soil.id): "Two days of teaching"}
        return {"title": "Two composting days", "goal": "Twelve people keep a heap alone", "gives": gives, **values}

    def at(self, stage: str) -> Proposal:
        """A proposal at this stage, brought there on the road that people take."""
        proposal = self.send()
        for walk in ROADS[stage]:
            walk(self, proposal)
        assert proposal.stage == stage
        return proposal


def _do(action: Callable[..., Any], who: str, *args: Any) -> Callable[[Two, Proposal], None]:
    def walk(two: Two, proposal: Proposal) -> None:
        side = two.garden if who.startswith("garden") else two.soil
        given = [one(two) if callable(one) else one for one in args]
        action(proposal, *given, actor=getattr(two, who), organisation_id=side.id)

    return walk


def sign_both(two: Two, proposal: Proposal) -> None:
    for who, side in ((two.garden_signatory, two.garden), (two.soil_signatory, two.soil)):
        actions.sign(proposal, proposal.terms, who.name, PASSWORD, actor=who, organisation_id=side.id)


def _expired(two: Two, proposal: Proposal) -> None:
    later(proposal, 46)


TALK = _do(actions.talk, "soil_delegate")
PROPOSE = _do(actions.write_terms, "garden_steward", lambda two: two.terms())
COUNTER = _do(actions.write_terms, "soil_steward", lambda two: two.terms(goal="Twenty people keep a heap alone"))
ACCEPT = _do(actions.accept, "soil_steward", 1)
AMEND = _do(actions.write_terms, "soil_steward", lambda two: two.terms(goal="Thirty people keep a heap alone"))
END = _do(actions.give_notice, "soil_steward", "dates")
COMPLETE = _do(actions.complete, "garden_steward", {"text": "It grew.", "result": "reached"})
ACTIVE = [TALK, PROPOSE, ACCEPT, sign_both]
ROADS: dict[str, list[Callable[[Two, Proposal], None]]] = {
    "interest": [],
    "question": [_do(actions.ask_question, "soil_delegate", "In which month?")],
    "exploring": [TALK],
    "proposed": [TALK, PROPOSE],
    "negotiating": [TALK, PROPOSE, COUNTER],
    "agreed": [TALK, PROPOSE, ACCEPT],
    "active": ACTIVE,
    "amending": [*ACTIVE, AMEND],
    "paused": [*ACTIVE, _do(actions.pause, "soil_steward")],
    "ending": [*ACTIVE, END],
    "completed": [*ACTIVE, COMPLETE],
    "ended": [*ACTIVE, END, lambda two, proposal: later(proposal, 31)],
    "inactive": [*ACTIVE, lambda two, proposal: later(proposal, 731)],
    "declined": [_do(actions.close, "soil_delegate", "decline", "not now")],
    "withdrawn": [_do(actions.close, "garden_delegate", "withdraw", "other")],
    "expired": [_expired],
    "archived": [TALK, _do(actions.put_away, "soil_delegate")],
}


def back_dated(proposal: Proposal, days: float) -> None:
    """As if so many days had gone by in this stage."""
    ago = timedelta(days=days)
    with transaction():
        record(proposal, "asked", None, actor=None)
        proposal.counted, proposal.since = proposal.counted - ago, proposal.since - ago
        db.session.flush()
        inside = select(Entry.id).where((Entry.within_id == proposal.id) | (Entry.id == proposal.id))
        for line in db.session.scalars(select(Change).where(Change.thread_id.in_(inside))):
            line.at -= ago


def later(proposal: Proposal, days: float) -> None:
    """The worker looks after so many days."""
    back_dated(proposal, days)
    tend()
    db.session.refresh(proposal)


def steps(proposal: Proposal) -> list[str]:
    return [step.action for step in steps_of(proposal)]
