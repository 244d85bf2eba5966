"""Asking to know each other, agreeing, and ending it. Contacts follow each other."""

from __future__ import annotations

from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.asks import ask
from commons.feed.actions import unwatch, watch
from commons.members.models import Member
from commons.people.actions.profiles import own_profile
from commons.people.models import Contact
from commons.people.queries import profile_of
from commons.people.queries.contacts import WAITING, between, waiting_requests
from commons.text import clean_text, problems
from commons.web import Forbidden, Invalid

MOST_WAITING = 20  # requests of one member that nobody answered


def ask_contact(other: Member, note: str, *, actor: Member) -> str:
    """The state now: asked, or agreed where the other had asked already. Who blocked the actor is asked in vain, and the
    actor is not told. Raises Invalid, Forbidden."""
    if not actor.may_write or actor.id == other.id:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    if sentence := problems(note, lines=True, limit=500):
        raise Invalid({"note": sentence})
    with transaction():
        take_log_lock()
        row = between(actor.id, other.id)
        if row is not None and row.state == "agreed":
            return "agreed"
        if row is not None and row.asker_id == other.id and row.state == "asked":
            _agree(row, other, actor)
            return "agreed"
        if waiting_requests(actor) >= MOST_WAITING:
            raise Invalid(
                {"note": _("Many of your requests wait for an answer. Take some back before you ask others.")}
            )
        _ask(other, clean_text(note).strip(), actor)
        return "asked"


def _ask(other: Member, note: str, actor: Member) -> None:
    row = db.session.get(Contact, (actor.id, other.id))
    if row is None:
        row = Contact(asker_id=actor.id, asked_id=other.id)
        db.session.add(row)
    elif row.state in WAITING:
        return
    else:  # it was declined, and taken back: asking again changes nothing for the other
        row.state = "declined"
        return
    row.note, row.at = note, now()
    line = record(own_profile(actor), "asked", None, actor=actor)
    ask(line.entry, [other.id], "contact", line)


def agree(other: Member, *, actor: Member) -> None:
    """The actor agrees to what the other asked."""
    with transaction():
        row = _asked_by(other, actor)
        _agree(row, other, actor)


def decline(other: Member, *, actor: Member) -> None:
    """Nobody is told: for who asked, the request waits."""
    with transaction():
        _asked_by(other, actor).state = "declined"


def _asked_by(other: Member, actor: Member) -> Contact:
    row = db.session.get(Contact, (other.id, actor.id))
    if row is not None:
        lock(row)
    if row is None or row.state != "asked":
        raise Forbidden(_("This request was taken back or answered."))
    return row


def _agree(row: Contact, other: Member, actor: Member) -> None:
    row.state, row.at, row.note = "agreed", now(), ""
    db.session.flush()
    for one, two in ((actor, other), (other, actor)):
        profile = own_profile(two)
        if may_see(one, profile):
            watch(profile, actor=one, how="feed")
    line = record(own_profile(actor), "asked", None, actor=actor)
    ask(line.entry, [other.id], "accepted", line)


def end_contact(other: Member, *, actor: Member) -> None:
    """Takes back a request, or ends a contact: either may, alone and at once."""
    with transaction():
        row = between(actor.id, other.id)
        if row is None:
            return
        lock(row)
        if row.state == "agreed":
            _unfollow(actor, other)
            _unfollow(other, actor)
            db.session.delete(row)
        elif row.asker_id == actor.id:
            if row.state == "asked":
                db.session.delete(row)
            else:
                row.state = "closed"


def _unfollow(member: Member, other: Member) -> None:
    if profile := profile_of(other):
        unwatch(profile, actor=member)


def follow_person(other: Member, *, actor: Member) -> None:
    """Without asking, where the other allows it."""
    profile = profile_of(other)
    if profile is None:
        raise Forbidden(_("Ask this person first: they decide who follows them."))
    watch(profile, actor=actor, how="feed")
