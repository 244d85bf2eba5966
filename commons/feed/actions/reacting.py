"""Thanking, recommending, and saying that one wants to take part."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select

from commons.audience import may_see
from commons.db import db, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.asks import ask
from commons.entries.models import Change, Entry
from commons.feed.models import REACTIONS, Reaction
from commons.feed.queries import answering_for
from commons.members.models import Member
from commons.web import Forbidden, Invalid

SAID = {"recommend": "recommended", "interested": "is interested"}  # which reactions are lines of the log
PEOPLE = "profile"  # what people make is thanked and recommended, not people


def react(entry: Entry, what: str, *, actor: Member) -> None:
    """`what` is one of REACTIONS; a second time changes nothing. Who answers for an entry is told once of each who is
    interested. Raises Forbidden for what the member may not see, Invalid."""
    if not may_see(actor, entry) or not entry.is_live or entry.kind == PEOPLE:
        raise Forbidden(_("You may not react to this."))
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    if what not in REACTIONS:
        raise Invalid({"what": _("Choose one of the list.")})
    with transaction():
        take_log_lock()  # two at once: the second finds the row of the first
        if db.session.get(Reaction, (entry.id, actor.id, what)) is None:
            db.session.add(Reaction(entry_id=entry.id, member_id=actor.id, what=what))
            db.session.flush()
            _say(entry, what, actor)


def _say(entry: Entry, what: str, actor: Member) -> None:
    """Once for each member, also when it was taken back meanwhile."""
    if (verb := SAID.get(what)) is None:
        return
    said = select(Change.seq).where(Change.entry_id == entry.id, Change.actor_id == actor.id, Change.verb == verb)
    if db.session.scalar(said.limit(1)) is None:
        line = record(entry, verb, None, actor=actor)
        if what == "interested":
            ask(entry, answering_for(entry), "interested", line)


def take_back(entry: Entry, what: str, *, actor: Member) -> None:
    mine = delete(Reaction).where(Reaction.entry_id == entry.id, Reaction.member_id == actor.id, Reaction.what == what)
    with transaction():
        db.session.execute(mine)
