"""Observers: a funder or a broker whom all parties want to read along. They write in the conversation and move nothing."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.db import db, lock, now, transaction
from commons.feed.actions import watch
from commons.members.models import Member, Outgoing
from commons.members.queries import apart, member_named
from commons.members.seats import give_seat, take_seat
from commons.web import Invalid
from directory.partnerships.dossiers.actions.seating import OBSERVER
from directory.partnerships.dossiers.actions.stepping import Stand, begin, finish, write_log
from directory.partnerships.dossiers.models import Observer, Proposal
from directory.partnerships.dossiers.queries import conversation_of, observed, observers_of, people_of, present

MOST_OBSERVERS = 3


def want_observer(proposal: Proposal, username: str, *, actor: Member, organisation_id: int) -> None:
    """One party names a member, or agrees to one who is named. When all parties want them, they are asked to come."""
    with transaction():
        stand = begin(proposal, "observe", actor=actor, organisation_id=organisation_id)
        named = _somebody(username, stand)
        row = db.session.get(Observer, (proposal.id, named.id), populate_existing=True)
        if row is not None and row.came is not None:
            raise Invalid({"observer": _("They are an observer here already.")})
        if row is None and len(observers_of(proposal.id)) >= MOST_OBSERVERS:
            raise Invalid({"observer": _("At most %(limit)s observers.", limit=MOST_OBSERVERS)})
        row = row or Observer(proposal_id=proposal.id, member_id=named.id, wanted=[])
        row.wanted = sorted({*row.wanted, organisation_id})
        db.session.add(row)
        finish(stand, {"observer": named.id, "wanted": row.wanted})
        if {one.organisation_id for one in present(stand.parties)} <= set(row.wanted):
            key = f"observe-{proposal.id}-{proposal.steps}"
            about = {"proposal": proposal.id}
            mail = Outgoing(member_id=named.id, recipient=named.email or "", letter="observe", about=about, key=key)
            db.session.add(mail)


def _somebody(username: str, stand: Stand) -> Member:
    """Who may be named. Whether an account is closed, or somebody does not want to meet the other, is not told."""
    named = member_named(username)
    if named is None or not named.may_write or not named.email or stand.actor is None or named.id in apart(stand.actor):
        raise Invalid({"observer": _("Nobody with this user name can observe here.")})
    if named.trusted is None:
        raise Invalid({"observer": _("Their account is new. Name them again when they have been here for a while.")})
    if named.id in people_of(one.organisation_id for one in stand.parties if one.state != "left"):
        raise Invalid({"observer": _("An observer cannot speak for one of the organisations.")})
    if named.id == stand.proposal.mediator_id:
        raise Invalid({"observer": _("They are asked to mediate. Somebody else observes.")})
    return named


def come_to_observe(id: int, *, actor: Member) -> Proposal:
    """The member whom all parties want takes the seat. From now on they read the dossier: its log tells all sides."""
    with transaction():
        proposal, row = observed(id, actor)
        lock(proposal)
        db.session.refresh(row)
        proposal, row = observed(id, actor)
        if row.came is None:
            give_seat(actor, proposal.door, OBSERVER)
            row.came = now()
            write_log(proposal, "observer came", actor, OBSERVER)
            topic = conversation_of(proposal)
            if topic is not None:
                watch(topic, actor=actor)
        return proposal


def stop_observing(id: int, *, actor: Member) -> None:
    """The observer gives the seat back, or does not want it."""
    with transaction():
        proposal, row = observed(id, actor)
        lock(proposal)
        _take_out(proposal, row, actor)


def show_out(proposal: Proposal, username: str, *, actor: Member, organisation_id: int) -> None:
    """One party alone is enough, at any stage; so is a no to somebody who is named and did not come yet."""
    with transaction():
        stand = begin(proposal, "show out", actor=actor, organisation_id=organisation_id)
        row = next((one for one in observers_of(proposal.id) if one.member.username == username), None)
        if row is None:
            raise Invalid({"observer": _("They are no observer here any more.")})
        who = row.member
        finish(stand, {"observer": who.id})
        _take_out(proposal, row, who)


def _take_out(proposal: Proposal, row: Observer, who: Member) -> None:
    """They read nothing here from this moment on. Who never came left nothing to tell."""
    came = row.came is not None
    db.session.delete(row)
    take_seat(who, proposal.door)
    if came:
        write_log(proposal, "observer left", who, OBSERVER)
