"""Who takes part: handing over within an organisation, further organisations, leaving, a mediator."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.models import Entry
from commons.members.models import Member, Outgoing
from commons.members.queries import member_named
from commons.members.seats import give_seat, take_seat
from commons.web import Forbidden, Invalid
from directory.partnerships.board.queries import accepts, are_there
from directory.partnerships.dossiers.actions.registering import follow_agreement
from directory.partnerships.dossiers.actions.seating import MEDIATOR, seat_people, unseat_people
from directory.partnerships.dossiers.actions.stepping import (
    Stand,
    begin,
    finish,
    take_back_assents,
    write_log,
)
from directory.partnerships.dossiers.models import Observer, Party, Proposal
from directory.partnerships.dossiers.queries import is_shut_out, mediated, parties_of, people_of, present, voice_now

MOST_PARTIES = 12


def hand_over(proposal: Proposal, username: str, *, actor: Member, organisation_id: int) -> None:
    """Another one of the same organisation answers from now on."""
    with transaction():
        stand = begin(proposal, "hand over", actor=actor, organisation_id=organisation_id)
        other = member_named(username)
        if other is None or not voice_now(other, organisation_id):
            raise Invalid({"username": _("Nobody with this user name speaks for your organisation.")})
        if stand.party is not None:
            stand.party.contact_id = other.id
        finish(stand)


def bring_in(proposal: Proposal, other: Entry, *, actor: Member, organisation_id: int) -> None:
    """A further organisation is wanted. When all parties want it, its people are asked, and read the dossier from then on."""
    with transaction():
        stand = begin(proposal, "bring in", actor=actor, organisation_id=organisation_id)
        row = next((one for one in stand.parties if one.organisation_id == other.id), None)
        if row is not None and row.state in ("in", "invited"):
            raise Invalid({"organisation": _("This organisation takes part already.")})
        if other.kind != "organisation" or not may_see(actor, other) or not are_there([other.id]):
            raise Invalid({"organisation": _("This organisation is not here.")})
        if not people_of([other.id]):
            raise Invalid({"organisation": _("Nobody speaks for this organisation here yet, so nobody can answer.")})
        if len([one for one in stand.parties if one.state != "left"]) >= MOST_PARTIES and row is None:
            raise Invalid({"organisation": _("At most %(limit)s.", limit=MOST_PARTIES)})
        here = [one.organisation_id for one in present(stand.parties)]
        if not accepts(other.id) or is_shut_out(here, other.id, actor):
            raise Invalid({"organisation": _("They take no proposals at the moment.")})
        row = row or Party(proposal_id=proposal.id, organisation_id=other.id, side="partner")
        before = [] if row.state == "left" else row.wanted or []
        row.state, row.left, row.wanted = "proposed", None, sorted({*before, organisation_id})
        db.session.add(row)
        db.session.flush()
        parties = parties_of(proposal.id)
        if {one.organisation_id for one in present(parties)} <= set(row.wanted):
            row.state = "invited"
            seat_people(proposal, [other.id])
        finish(stand._replace(parties=parties), {"organisation": other.id, "state": row.state})


def come_in(proposal: Proposal, *, actor: Member, organisation_id: int) -> None:
    """The organisation that was asked takes part. Terms that were written without it need a new version."""
    with transaction():
        stand = begin(proposal, "come in", actor=actor, organisation_id=organisation_id)
        if stand.party is None or stand.party.state != "invited":
            raise Forbidden(_("This cannot be done at this stage."))
        stand.party.state, stand.party.joined, stand.party.contact_id = "in", now(), actor.id
        _others_than_written(stand)


def leave(proposal: Proposal, *, actor: Member, organisation_id: int) -> None:
    """One organisation goes, the others go on; of two, nobody leaves: they decline, withdraw or end it. Who was asked and does
    not want to come in leaves too."""
    with transaction():
        stand = begin(proposal, "leave", actor=actor, organisation_id=organisation_id)
        if stand.party is None or (stand.party.state == "in" and len(present(stand.parties)) <= 2):
            raise Forbidden(_("You are only two. Close the proposal or end the partnership instead."))
        was, stand.party.state, stand.party.left = stand.party.state, "left", now()
        stand.party.turn = stand.party.shown = False
        if was == "in" and not proposal.is_in_force:
            _others_than_written(stand)
        else:
            finish(stand)
        unseat_people(proposal, organisation_id)
        if was == "in":
            follow_agreement(proposal, actor=actor)


def _others_than_written(stand: Stand) -> None:
    """The parties are not those of the last version any more: nobody's yes counts, and the next version is waited for."""
    proposal = stand.proposal
    take_back_assents(proposal)
    finish(
        stand, to="negotiating" if proposal.terms and proposal.stage in ("proposed", "negotiating", "agreed") else ""
    )


def want_mediator(proposal: Proposal, username: str, *, actor: Member, organisation_id: int) -> None:
    """One side names a moderator, or agrees to the one who is named. When all want them, they are asked to come."""
    with transaction():
        stand = begin(proposal, "mediate", actor=actor, organisation_id=organisation_id)
        named = member_named(username)
        if named is None or not named.is_moderator or not named.is_active:
            raise Invalid({"mediator": _("Nobody with this user name moderates here.")})
        if db.session.get(Observer, (proposal.id, named.id)) is not None:
            raise Invalid({"mediator": _("They are an observer here. Somebody else mediates.")})
        if any(voice_now(named, one.organisation_id) for one in present(stand.parties)):
            raise Invalid({"mediator": _("A mediator cannot speak for one of the organisations.")})
        before = proposal.mediator_wanted if proposal.mediator_id == named.id else []
        _dismiss(proposal, named)
        proposal.mediator_id, proposal.mediator_wanted = named.id, sorted({*before, organisation_id})
        finish(stand, {"wanted": proposal.mediator_wanted})
        if {one.organisation_id for one in present(stand.parties)} <= set(proposal.mediator_wanted) and named.email:
            key = f"mediate-{proposal.id}-{proposal.steps}"
            about = {"proposal": proposal.id}
            mail = Outgoing(member_id=named.id, recipient=named.email, letter="mediate", about=about, key=key)
            db.session.add(mail)


def _dismiss(proposal: Proposal, named: Member | None) -> None:
    """Whoever mediates and is not the one who is named loses the seat."""
    held = db.session.get(Member, proposal.mediator_id) if proposal.mediator_id else None
    if held is not None and (named is None or held.id != named.id):
        take_seat(held, proposal.door)


def come_to_mediate(id: int, *, actor: Member) -> Proposal:
    """The moderator whom all sides want takes the seat. From now on they read the dossier: its log tells all sides."""
    with transaction():
        proposal = mediated(id, actor)
        lock(proposal)
        proposal = mediated(id, actor)
        give_seat(actor, proposal.door, MEDIATOR)
        write_log(proposal, "mediator came", actor, MEDIATOR)
        return proposal


def stop_mediating(proposal: Proposal, *, actor: Member) -> None:
    """The mediator gives the seat back."""
    with transaction():
        lock(proposal)
        if proposal.mediator_id != actor.id:
            raise Forbidden(_("This cannot be done at this stage."))
        write_log(proposal, "mediator left", actor, MEDIATOR)
        take_seat(actor, proposal.door)
        proposal.mediator_id, proposal.mediator_wanted = None, []
