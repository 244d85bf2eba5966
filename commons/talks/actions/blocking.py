"""Blocking and muting. Nobody is told, and everything can be undone."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select

from commons.db import db, now, transaction
from commons.forums.models import Topic
from commons.members.models import Block, Member
from commons.members.queries import forget_kept_away
from commons.talks.actions.talking import decline
from commons.talks.models import WHO, Request, TalkWish
from commons.talks.queries import request_of, talk_for
from commons.web import Forbidden, Invalid


def block(other: Member, *, actor: Member, how: str = "block") -> Block:
    """`how`: block (neither meets the other) or mute (only the actor is spared). A second choice replaces the first."""
    if not actor.is_active:
        raise Forbidden(_("You may not do this."))
    if other.id == actor.id:
        raise Invalid({"username": _("That is you.")})
    if how not in ("block", "mute"):
        raise Invalid({"how": _("Choose one of the list.")})
    with transaction():
        row = db.session.get(Block, (actor.id, other.id)) or Block(member_id=actor.id, other_id=other.id)
        row.how, row.at = how, now()
        db.session.add(row)
        forget_kept_away()
        if how == "block":
            _decline_waiting(other, actor)
        return row


def _decline_waiting(other: Member, actor: Member) -> None:
    """Their first message, if one waits for the actor."""
    waits = select(Request.topic_id).where(Request.asker_id == other.id, Request.asked_id == actor.id)
    for topic_id in db.session.scalars(waits.where(Request.state == "waiting")).all():
        decline(talk_for(topic_id, actor), actor=actor)


def decline_and_block(topic: Topic, *, actor: Member) -> None:
    """Says no to a first message, and never again to whoever wrote it."""
    request = request_of(topic)
    asker = db.session.get(Member, request.asker_id) if request is not None else None
    with transaction():
        decline(topic, actor=actor)
        if asker is not None:
            block(asker, actor=actor)


def unblock(other: Member, *, actor: Member) -> None:
    with transaction():
        db.session.execute(delete(Block).where(Block.member_id == actor.id, Block.other_id == other.id))
        forget_kept_away()


def choose_who_writes(who: str, *, actor: Member) -> None:
    """Who may write first: everybody (a stranger's first message waits for a yes), contacts or nobody. Raises Invalid."""
    if who not in WHO:
        raise Invalid({"who": _("Choose one of the list.")})
    with transaction():
        row = db.session.get(TalkWish, actor.id) or TalkWish(member_id=actor.id)
        row.who = who
        db.session.add(row)
