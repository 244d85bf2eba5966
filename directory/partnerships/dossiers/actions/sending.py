"""The first words to another organisation, and what keeps its people from mail that nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.actions import remove_entry
from commons.entries.asks import VOICES
from commons.entries.models import Entry
from commons.forums.actions import add_post
from commons.forums.queries import last_line
from commons.members.models import Member
from commons.moderation.newcomers import DAY
from commons.text import clean_line
from commons.web import Forbidden, Invalid
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import accepts, is_answerable
from directory.partnerships.dossiers.actions.opening import open_dossier
from directory.partnerships.dossiers.actions.stepping import ask_again, begin, finish
from directory.partnerships.dossiers.fields import INTEREST, REASONS, checked
from directory.partnerships.dossiers.models import Party, Proposal, ShutDoor
from directory.partnerships.dossiers.queries import conversation_of, is_shut_out, people_of, voice_now
from directory.partnerships.dossiers.transitions import REOPENED_WITHIN, SHUT, TALKING, UNANSWERED

MOST_WAITING = 5  # proposals of one organisation that nobody has answered
SAME_WORDS = timedelta(days=30)


def send_interest(about: Entry, values: Mapping[str, Any], *, actor: Member, organisation_id: int) -> Proposal:
    """From an organisation for which the actor speaks, about a need, an offer or an organisation. `values`: text (200 to 600
    characters), language. Raises Invalid and Forbidden; who was shut out is told what everybody is told where proposals are
    not taken."""
    given = checked(INTEREST, {"text": "", "language": "", **values})
    with transaction():
        sender = _sender(actor, organisation_id)
        receiver_id = receiver_of(about)
        _may_send(about, receiver_id, sender, given["text"], actor)
        title = about.title if isinstance(about, Posting) else _between(sender, about)
        sides = [(sender.id, "sender"), (receiver_id, "receiver")]
        begun = {"title": title, "text": given["text"], "language": given["language"]}
        proposal = open_dossier(begun, about.id, sides, actor=actor, stage="interest", action="send")
        ask_again(proposal, people_of([receiver_id]), "interest", last_line(proposal))
        return proposal


def _between(one: Entry, other: Entry) -> str:
    return _("%(one)s and %(other)s", one=one.title, other=other.title)[:300]


def receiver_of(about: Entry) -> int:
    """The organisation to which a proposal about this goes; 0: none."""
    if isinstance(about, Posting):
        return about.within_id or 0
    return about.id if about.kind == "organisation" else 0


def _sender(actor: Member, organisation_id: int) -> Entry:
    if voice_now(actor, organisation_id) not in VOICES:
        raise Forbidden(_("Only those who speak for an organisation write in its name."))
    found = db.session.get(Entry, organisation_id)
    if found is None or not found.is_live:
        raise Forbidden(_("Only those who speak for an organisation write in its name."))
    lock(found)  # so that what it sent is counted once
    return found


def _may_send(about: Entry, receiver_id: int, sender: Entry, text: str, actor: Member) -> None:
    if not receiver_id or not may_see(actor, about):
        raise Forbidden(_("Nobody can be asked about this."))
    if receiver_id == sender.id or voice_now(actor, receiver_id):
        raise Invalid({"organisation": _("You speak for this organisation yourself. Choose another one to write to.")})
    takes = is_answerable(about) if isinstance(about, Posting) else accepts(receiver_id)
    if not takes or not people_of([receiver_id]) or is_shut_out([sender.id], receiver_id, actor):
        raise Invalid({"text": _("They take no proposals at the moment. Your words are kept here; you can copy them.")})
    if actor.created > now() - DAY and actor.trusted is None and not actor.is_moderator:
        raise Invalid(
            {"text": _("You joined today. Your words are kept: tomorrow you can write to other organisations.")}
        )
    _not_again(about, receiver_id, sender.id)
    _not_too_many(sender.id, text)


def _not_again(about: Entry, receiver_id: int, sender_id: int) -> None:
    mine = select(Party.proposal_id).where(Party.organisation_id == sender_id, Party.side == "sender")
    before = select(Proposal.id).where(Proposal.about_id == about.id, Proposal.id.in_(mine))
    if not isinstance(about, Posting):
        before = before.where(Proposal.stage.in_((*TALKING, "agreed")))
    if db.session.scalar(before.limit(1)) is not None:
        raise Invalid({"text": _("Your organisation has answered this already. You find it among its proposals.")})


def _not_too_many(sender_id: int, text: str) -> None:
    mine = select(Party.proposal_id).where(Party.organisation_id == sender_id, Party.side == "sender")
    sent = select(Proposal.text).where(Proposal.id.in_(mine))
    waiting = sent.where(Proposal.stage.in_(UNANSWERED)).with_only_columns(func.count())
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Invalid(
            {
                "text": _(
                    "%(number)s proposals of your organisation wait for an answer. Your words are kept: "
                    "send them when one is answered, or take one back.",
                    number=MOST_WAITING,
                )
            }
        )
    lately = db.session.scalars(sent.where(Proposal.created > now() - SAME_WORDS))
    if any(_same(one) == _same(text) for one in lately):
        raise Invalid(
            {"text": _("You sent the same words to others. Say to these people what you would do with them.")}
        )


def _same(text: str) -> str:
    return clean_line(" ".join(text.split())).casefold()


def ask_question(proposal: Proposal, text: str, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """Before they decide, those who were asked want to know more; the answer goes the same way."""
    with transaction():
        action = "ask" if proposal.stage == "interest" else "answer"
        stand = begin(proposal, action, actor=actor, organisation_id=organisation_id, seen=seen)
        say(proposal, text, actor=actor, organisation_id=organisation_id)
        finish(stand, {"text": text})


def say(proposal: Proposal, text: str, *, actor: Member, organisation_id: int = 0) -> None:
    """A message in the conversation of the dossier, for one of the parties; a mediator speaks for themself."""
    with transaction():
        topic = conversation_of(proposal)
        if topic is None or not may_see(actor, proposal):
            raise Forbidden(_("You may not write here."))
        speaks = organisation_id if organisation_id and voice_now(actor, organisation_id) else None
        if organisation_id and speaks is None:
            raise Forbidden(_("You do not speak for this organisation here."))
        add_post(topic, text, actor=actor, voice_id=speaks, once=True)


def talk(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """Yes, let us see whether it fits: both sides work in the dossier from now on."""
    with transaction():
        stand = begin(proposal, "talk", actor=actor, organisation_id=organisation_id, seen=seen)
        if stand.party is not None:
            stand.party.contact_id = actor.id
        finish(stand)


def close(
    proposal: Proposal,
    action: str,
    reason: str,
    note: str = "",
    *,
    actor: Member,
    organisation_id: int,
    shut: bool = False,
    seen: int = 0,
) -> None:
    """`action`: decline or withdraw. With a reason of REASONS and, if there is more to say, a note. `shut`: the organisation
    takes no more proposals from the sender, who is not told."""
    words = clean_line(note)[:500]
    if reason not in REASONS:
        raise Invalid({"reason": _("Choose one of the list.")})
    with transaction():
        stand = begin(proposal, action, actor=actor, organisation_id=organisation_id, seen=seen)
        proposal.reason, proposal.note = reason, words
        sender = next((one for one in stand.parties if one.side == "sender"), None)
        if shut and action == "decline" and sender is not None and sender.organisation_id != organisation_id:
            shut_out(organisation_id, sender.organisation_id)
        finish(stand, {"reason": reason, "note": words})


def shut_out(organisation_id: int, other_id: int) -> None:
    if db.session.get(ShutDoor, (organisation_id, other_id)) is None:
        db.session.add(ShutDoor(organisation_id=organisation_id, other_id=other_id))


def let_in(organisation_id: int, other_id: int, *, actor: Member) -> None:
    """Takes back that nothing more is taken from that organisation. Stewards only."""
    with transaction():
        if voice_now(actor, organisation_id) not in VOICES[1:]:
            raise Forbidden(_("Only stewards and signatories of your organisation do this."))
        row = db.session.get(ShutDoor, (organisation_id, other_id))
        if row is not None:
            db.session.delete(row)


def put_away(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """The exploration rests; either side opens it again."""
    with transaction():
        finish(begin(proposal, "archive", actor=actor, organisation_id=organisation_id, seen=seen))


def reopen(proposal: Proposal, *, actor: Member, organisation_id: int, seen: int = 0) -> None:
    """Within 30 days by the side that closed it; what was put away by either side, whenever they like."""
    with transaction():
        stand = begin(proposal, "reopen", actor=actor, organisation_id=organisation_id, seen=seen)
        if proposal.stage != "archived" and proposal.since < now() - REOPENED_WITHIN:
            raise Forbidden(_("It was closed more than 30 days ago. Write a new proposal instead."))
        proposal.reason = proposal.note = ""
        finish(stand)


def remove_proposal(
    proposal: Proposal, *, actor: Member | None, note: str, verb: str = "removed", via: str = ""
) -> None:
    """By moderators, after a report: first words that harm. What both sides work on stays theirs."""
    if proposal.stage not in (*UNANSWERED, *SHUT):
        raise Forbidden(_("Both sides work on this. Only they close it."))
    remove_entry(proposal, actor=actor, note=note, verb=verb, via=via)
