"""A voice for an organisation: given, changed, handed on, given back. The record is never left with people of whom none signs,
unless the last one goes; then it is open again."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import VOICES, ask, speaks_for, voice_at
from commons.entries.models import Entry
from commons.members.models import Member
from commons.members.seats import give_seat, take_seat
from commons.people.models import Affiliation
from commons.people.queries.affiliations import open_at
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.representing.models import Claim
from directory.representing.queries.claims import invited_by, open_claim
from directory.representing.queries.people import (
    Speaker,
    given_by,
    may_change,
    signs_alone,
    speakers,
)

DOOR = speaks_for(0).removesuffix("0")
MOST = 30  # people who speak for one organisation, those invited among them


def seated(member: Member, audience: str, voice: str) -> None:
    """Whenever a seat at an organisation is given or taken, wherever that is done, in the same transaction."""
    number = audience.removeprefix(DOOR)
    organisation = db.session.get(Entry, int(number)) if audience.startswith(DOOR) and number.isdigit() else None
    if organisation is None:
        return
    people = speakers(organisation.id)
    if not people:
        record(organisation, "open again", None, actor=None)
    elif voice and [one.id for one in people] == [member.id]:
        record(organisation, "represented", None, actor=None)


def seat(organisation: Entry, member: Member, voice: str, *, role: str, by: Member | None) -> None:
    """Makes this member one of the people who speak for it, and shows them as belonging to it."""
    with transaction():
        held = open_at(member, organisation.id)
        if held is None:
            held = Affiliation(member_id=member.id, organisation_id=organisation.id, role=role, at=now())
            db.session.add(held)
        held.state, held.represents, held.proof = "confirmed", True, ""
        held.role, held.decided, held.decided_by_id = held.role or role, now(), by.id if by else None
        give_seat(member, speaks_for(organisation.id), voice)


def invite(organisation: Organisation, member: Member, voice: str, *, actor: Member) -> Claim:
    """An offer to speak for the organisation; it holds until they answer. Raises Invalid or Forbidden."""
    with transaction():
        lock(organisation)
        people = speakers(organisation.id)
        if voice not in given_by(actor, people):
            raise Forbidden(_("You may not give this role."))
        if any(one.id == member.id for one in people):
            raise Invalid({"username": _("They speak for it already.")})
        if open_claim(member, organisation.id) is not None:
            raise Invalid({"username": _("They were invited already, or ask themselves.")})
        if len(people) + len(invited_by(organisation.id)) >= MOST:
            raise Invalid({"username": _("%(n)s people speak for it: that is as many as there can be.", n=MOST)})
        made = Claim(organisation_id=organisation.id, member_id=member.id, way="invited", voice=voice, by_id=actor.id)
        db.session.add(made)
        line = record(organisation, "asked", None, actor=actor)
        ask(organisation, [member.id], "representing", line)
        return made


def answer_invitation(claim: Claim, yes: bool, *, actor: Member) -> None:
    """Raises Forbidden where it was taken back, or who invited may not give the role any more."""
    with transaction():
        lock(claim)
        if not claim.is_open or claim.way != "invited" or claim.member_id != actor.id or not actor.may_write:
            raise Forbidden(_("This invitation does not hold any more."))
        claim.state, claim.decided = "accepted" if yes else "declined", now()
        if yes:
            organisation = db.session.get_one(Organisation, claim.organisation_id)
            lock(organisation)
            inviter = db.session.get(Member, claim.by_id or 0)
            if claim.voice not in given_by(inviter, speakers(organisation.id)):
                raise Forbidden(_("This invitation does not hold any more."))
            seat(organisation, actor, claim.voice, role="", by=inviter)


def take_back_invitation(claim: Claim, *, actor: Member) -> None:
    with transaction():
        lock(claim)
        if claim.voice not in given_by(actor, speakers(claim.organisation_id)):
            raise Forbidden(_("Others decide this."))
        if claim.is_open and claim.way == "invited":
            claim.state, claim.decided = "withdrawn", now()


def change_voice(organisation: Organisation, member: Member, voice: str, *, actor: Member) -> None:
    """Another role for one of its people. Raises Invalid or Forbidden."""
    with transaction():
        lock(organisation)
        people = speakers(organisation.id)
        person = _one_of(people, member)
        if voice not in given_by(actor, people) or not may_change(actor, person, people):
            raise Forbidden(_("You may not give this role."))
        if voice != VOICES[-1] and signs_alone(member.id, people):
            raise Invalid({"voice": _("Nobody else signs. Make somebody else a signatory first.")})
        give_seat(member, speaks_for(organisation.id), voice)


def hand_over(organisation: Organisation, member: Member, *, actor: Member) -> None:
    """The signatory makes somebody else the signatory, and stays as a steward."""
    with transaction():
        lock(organisation)
        if voice_at(actor, organisation.id) != VOICES[-1] or member.id == actor.id:
            raise Forbidden(_("Only who signs can hand that over."))
        _one_of(speakers(organisation.id), member)
        give_seat(member, speaks_for(organisation.id), VOICES[-1])
        give_seat(actor, speaks_for(organisation.id), VOICES[1])


def leave(organisation: Organisation, member: Member, *, actor: Member) -> None:
    """They speak for it no more; that they belong to it stays as it is. Oneself, or who may change what they may do. Raises
    Invalid for the last who signs while others are there."""
    with transaction():
        lock(organisation)
        people = speakers(organisation.id)
        person = _one_of(people, member)
        if member.id != actor.id and not may_change(actor, person, people):
            raise Forbidden(_("Others decide this."))
        if len(people) > 1 and signs_alone(member.id, people):
            raise Invalid({"voice": _("Nobody else signs. Make somebody else a signatory first.")})
        held = open_at(member, organisation.id)
        if held is not None:
            held.represents = False
        take_seat(member, speaks_for(organisation.id))


def _one_of(people: list[Speaker], member: Member) -> Speaker:
    found = next((one for one in people if one.id == member.id), None)
    if found is None:
        raise Invalid({"username": _("This person does not speak for the organisation.")})
    return found
