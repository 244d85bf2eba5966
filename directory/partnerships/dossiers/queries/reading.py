"""A dossier and what stands in it. Only who sits in it finds it; what the machine reads names no viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from commons.db import db
from commons.entries.asks import VOICES, speaks_for, voices
from commons.entries.models import Entry
from commons.entries.queries import find, visible
from commons.forums.models import Topic
from commons.members.models import Member, Seat
from commons.members.queries import apart
from commons.room import rooms
from directory.models import Organisation
from directory.partnerships.dossiers.models import (
    Account,
    Assent,
    Commitment,
    Meeting,
    Observer,
    Party,
    Proposal,
    ShutDoor,
    Step,
    Terms,
)
from directory.partnerships.dossiers.transitions import FORCE, TALKING, move
from directory.representing.keys import open_key


def proposal_for(id: int, viewer: Member | None) -> Proposal:
    """404 for everybody who does not sit in it."""
    found: Proposal = find(rooms().kinds["proposal"], str(id), viewer)
    return found


def parties_of(proposal_id: int) -> list[Party]:
    """The sender first; those who left too."""
    query = select(Party).where(Party.proposal_id == proposal_id).order_by(Party.id)
    return list(db.session.scalars(query.options(joinedload(Party.contact).options(lazyload(Member.seats)))))


def present(parties: Iterable[Party]) -> list[Party]:
    return [one for one in parties if one.state == "in"]


def names_of(ids: Iterable[int]) -> dict[int, Entry]:
    """The heads of organisations by id, also of those that were removed since: a dossier still names them."""
    wanted = sorted(set(ids))
    return {one.id: one for one in db.session.scalars(select(Entry).where(Entry.id.in_(wanted)))} if wanted else {}


def voice_now(member: Member, organisation_id: int) -> str:
    """The role in which a member speaks for an organisation, asked anew from the database: what a page saw a moment ago does
    not count."""
    seat = select(Seat.role).join(Member, Member.id == Seat.member_id)
    mine = (Seat.member_id == member.id, Seat.audience == speaks_for(organisation_id), Member.state == "active")
    found = db.session.scalar(seat.where(*mine, Member.verified.is_not(None)))
    return found if found in VOICES else ""


def people_of(organisation_ids: Iterable[int], least: str = VOICES[0]) -> list[int]:
    """Active members who speak for one of these organisations, at least in this role."""
    roles = VOICES[VOICES.index(least) :]
    doors = [speaks_for(id) for id in organisation_ids]
    query = select(Seat.member_id).join(Member, Member.id == Seat.member_id)
    here = query.where(Seat.audience.in_(doors), Seat.role.in_(roles), Member.state == "active")
    return sorted(set(db.session.scalars(here))) if doors else []


def is_shut_out(sender_ids: Iterable[int], receiver_id: int, actor: Member) -> bool:
    """Is the receiver closed to one of these organisations, or does nobody there want to meet the one who writes?"""
    shut = ShutDoor.organisation_id == receiver_id, ShutDoor.other_id.in_(sorted(sender_ids))
    found = db.session.scalar(select(ShutDoor.other_id).where(*shut).limit(1))
    return found is not None or set(people_of([receiver_id])) <= apart(actor)


def is_renewed(proposal: Proposal, organisation_id: int) -> bool:
    """Has this organisation begun anew about the same with what is still open?"""
    mine = select(Party.proposal_id).where(Party.organisation_id == organisation_id, Party.state == "in")
    begun = select(Step.proposal_id).where(Step.number == 1, Step.action == "renew", Step.proposal_id.in_(mine))
    still = Proposal.stage.in_((*TALKING, "agreed", *FORCE)), Proposal.state == "live"
    same = Proposal.about_id == proposal.about_id, Proposal.id > proposal.id, Proposal.id.in_(begun)
    return db.session.scalar(select(Proposal.id).where(*still, *same).limit(1)) is not None


def seats_of(proposal: Proposal) -> list[Seat]:
    query = select(Seat).where(Seat.audience == proposal.door).order_by(Seat.id)
    return list(db.session.scalars(query.options(selectinload(Seat.member).options(lazyload(Member.seats)))))


def last_terms(proposal: Proposal) -> Terms | None:
    return terms_numbered(proposal, proposal.terms) if proposal.terms else None


def last_terms_and_assents(proposal: Proposal) -> tuple[Terms | None, list[Assent]]:
    """The last version, and who said yes to it, in one statement."""
    same = (Assent.proposal_id == Terms.proposal_id) & (Assent.number == Terms.number)
    query = select(Terms, Assent).outerjoin(Assent, same).where(Terms.proposal_id == proposal.id)
    rows = db.session.execute(query.where(Terms.number == proposal.terms).order_by(Assent.id)).all()
    return (rows[0][0] if rows else None), [assent for _terms, assent in rows if assent is not None]


def terms_numbered(proposal: Proposal, number: int) -> Terms | None:
    return db.session.scalar(select(Terms).where(Terms.proposal_id == proposal.id, Terms.number == number))


def terms_of(proposal: Proposal) -> list[Terms]:
    return list(db.session.scalars(select(Terms).where(Terms.proposal_id == proposal.id).order_by(Terms.number)))


def assents_of(proposal: Proposal, number: int = 0) -> list[Assent]:
    """To one version, or to all."""
    query = select(Assent).where(Assent.proposal_id == proposal.id).order_by(Assent.id)
    return list(db.session.scalars(query.where(Assent.number == number) if number else query))


def steps_of(proposal: Proposal) -> list[Step]:
    people = joinedload(Step.actor).options(lazyload(Member.seats))
    query = select(Step).where(Step.proposal_id == proposal.id).order_by(Step.number)
    return list(db.session.scalars(query.options(people)))


def commitments_of(proposal: Proposal) -> list[Commitment]:
    query = select(Commitment).where(Commitment.proposal_id == proposal.id)
    return list(db.session.scalars(query.order_by(Commitment.due, Commitment.id)))


def accounts_of(proposal: Proposal) -> list[Account]:
    return list(db.session.scalars(select(Account).where(Account.proposal_id == proposal.id).order_by(Account.id)))


def meetings_of(proposal: Proposal) -> list[Meeting]:
    query = select(Meeting).where(Meeting.proposal_id == proposal.id).order_by(Meeting.id.desc())
    return list(db.session.scalars(query.limit(5)))


def meeting_of(proposal: Proposal, id: int) -> Meeting:
    query = select(Meeting).where(Meeting.proposal_id == proposal.id, Meeting.id == id)
    return (db.session.scalar(query) if 0 < id < 2**31 else None) or abort(404)


def places_of(ids: Iterable[int]) -> dict[int, tuple[str, float | None]]:
    """organisation: its country and its longitude."""
    wanted = sorted(set(ids))
    query = select(Organisation.id, Organisation.country, Organisation.lon).where(Organisation.id.in_(wanted))
    return {id: (country, lon) for id, country, lon in db.session.execute(query)} if wanted else {}


def conversation_of(proposal: Proposal) -> Topic | None:
    """The first topic in the dossier: what the parties say to each other."""
    query = select(Topic).where(Topic.within_id == proposal.id, Topic.state == "live").options(lazyload("*"))
    return db.session.scalar(query.order_by(Topic.id).limit(1))


def proposals_of(viewer: Member, organisation_id: int = 0) -> Select[Any]:
    """The dossiers of the organisations for which a member speaks, or of one of them, and those they mediate or observe; what
    waits for an answer first, then what moved last."""
    mine = sorted(voices(viewer)) if not organisation_id else [organisation_id]
    here = select(Party.proposal_id).where(Party.organisation_id.in_(mine), Party.state.in_(("in", "invited")))
    turn = here.where(Party.turn)
    among = Proposal.id.in_(here)
    observes = select(Observer.proposal_id).where(Observer.member_id == viewer.id)
    others = Proposal.mediator_id == viewer.id, Proposal.id.in_(observes)
    wanted = among if organisation_id else or_(among, *others)
    query = select(Proposal).where(visible(viewer, Proposal), wanted)
    return query.order_by(Proposal.id.in_(turn).desc(), Proposal.stirred.desc(), Proposal.id.desc())


def mediated(id: int, viewer: Member) -> Proposal:
    """The proposal that a moderator is asked to mediate; 404 for everybody else."""
    found = db.session.get(Proposal, id) if 0 < id < 2**31 else None
    asked = found is not None and found.mediator_id == viewer.id and viewer.is_moderator and found.is_live
    return found if asked and found is not None and _all_want(found) else abort(404)


def observers_of(proposal_id: int) -> list[Observer]:
    """Those who came, and those whom a party named; in the order of their user names."""
    query = select(Observer).join(Member, Member.id == Observer.member_id).where(Observer.proposal_id == proposal_id)
    people = joinedload(Observer.member).options(lazyload(Member.seats))
    return list(db.session.scalars(query.order_by(Member.username).options(people)))


def observing(proposal_id: int) -> list[int]:
    """The members who came to observe, by their ids."""
    here = Observer.proposal_id == proposal_id, Observer.came.is_not(None)
    return list(db.session.scalars(select(Observer.member_id).where(*here).order_by(Observer.member_id)))


def observed(id: int, viewer: Member) -> tuple[Proposal, Observer]:
    """The proposal that a member is asked to observe, or observes; 404 for everybody else."""
    row = db.session.get(Observer, (id, viewer.id)) if 0 < id < 2**31 else None
    found = db.session.get(Proposal, id) if row is not None else None
    if row is None or found is None or not found.is_live or not viewer.may_write:
        abort(404)
    asked = row.came is not None or all(one.organisation_id in row.wanted for one in present(parties_of(id)))
    return (found, row) if asked else abort(404)


def _all_want(proposal: Proposal) -> bool:
    wanted: Sequence[int] = proposal.mediator_wanted
    return all(one.organisation_id in wanted for one in present(parties_of(proposal.id)))


def own_organisations(viewer: Member | None) -> list[int]:
    """For which the viewer speaks."""
    return sorted(id for id, role in voices(viewer).items() if role in VOICES)


def parties_of_all(ids: Sequence[int]) -> dict[int, list[Party]]:
    """proposal: its parties, for lists."""
    found: dict[int, list[Party]] = {}
    query = select(Party).where(Party.proposal_id.in_(ids)).order_by(Party.id)
    for row in db.session.scalars(query) if ids else ():
        found.setdefault(row.proposal_id, []).append(row)
    return found


def meeting_of_key(key: str, purpose: str) -> Meeting | None:
    """The meeting of a link in a mail, while the link is good and the dossier is there."""
    row = open_key(key, purpose)
    found = db.session.get(Meeting, int(row.about["meeting"])) if row is not None else None
    return found if found is not None and db.session.get_one(Proposal, found.proposal_id).is_live else None


def awaits_guest(meeting: Meeting) -> bool:
    """Can its guest choose a time now: is none chosen, does the talk go on, and is the organisation there that offered it?"""
    proposal = db.session.get_one(Proposal, meeting.proposal_id)
    here = [one.organisation_id for one in present(parties_of(proposal.id))]
    talking = proposal.is_live and move(proposal.stage, "choose") is not None
    return meeting.chosen is None and talking and meeting.organisation_id in here


def answer_of_key(key: str) -> tuple[Proposal, Member, int] | None:
    """The proposal that waits for the answer of this link, whose link it is, and for which organisation; None where something
    happened since it was sent."""
    row = open_key(key, "proposal")
    found = db.session.get(Proposal, row.entry_id) if row is not None and row.entry_id else None
    member = db.session.get(Member, row.member_id) if row is not None and row.member_id else None
    if row is None or found is None or member is None:
        return None
    waits = found.is_live and found.steps == row.about["step"] and voice_now(member, row.organisation_id)
    return (found, member, row.organisation_id) if waits else None


def open_proposals(viewer: Member, organisation_id: int) -> Select[Any]:
    """Those of one organisation that are neither closed nor over."""
    return proposals_of(viewer, organisation_id).where(Proposal.stage.in_((*TALKING, "agreed", *FORCE)))


def standing_in(proposal: Proposal, viewer: Member | None) -> Select[Any]:
    """Pages, files and topics of the dossier, what stirred last first."""
    query = select(Entry).where(Entry.within_id == proposal.id, visible(viewer))
    return query.order_by(Entry.stirred.desc(), Entry.id.desc())
