"""Beginning a talk, saying yes or no to a first message, leaving. Who leaves has no seat from that moment on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.asks import ask
from commons.entries.within import ANYWHERE
from commons.feed.actions import unwatch, watch
from commons.forums.actions import add_topic
from commons.forums.models import Topic
from commons.forums.queries.reading import last_line
from commons.members.models import Member, Seat
from commons.talks.models import ASKED, MEMBER, Request
from commons.talks.queries import ASKS, OFF, how_to_reach, request_of, same_talk
from commons.web import Forbidden, Invalid

MOST = 7  # people whom one talk can have beside the one who begins it
A_DAY = 10  # first messages to strangers
LASTS = timedelta(days=30)  # that a first message waits


def begin(values: Mapping[str, Any], people: Sequence[Member], *, actor: Member) -> Topic:
    """A talk with these people. `values`: text, and a title if there is one. Somebody who does not know the actor is asked
    first, and alone: nobody is put into a room with others by a stranger. The same form sent twice is one talk.
    Raises Invalid or Forbidden."""
    others = list({one.id: one for one in people}.values())
    with transaction():
        lock(actor)
        if there := same_talk(str(values.get("text", "")).replace("\r\n", "\n").strip(), others, actor):
            return there
        asks = _checked(others, actor)
        title = str(values.get("title") or "").strip() or _called([actor, *others])
        given = {"title": title, "text": values.get("text", ""), "language": values.get("language", "")}
        topic = add_topic(given, place=ANYWHERE, actor=actor, sort="talk", sitting=others)
        if asks:
            _wait(topic, others[0], actor)
        else:
            for one in others:
                watch(topic, actor=one)
        ask(topic, [one.id for one in others], "message", last_line(topic))
        return topic


def _called(people: Sequence[Member]) -> str:
    names = sorted((one.name for one in people), key=str.casefold)
    return _("Talk with %(names)s", names=", ".join(names))[:200]


def _checked(others: Sequence[Member], actor: Member) -> bool:
    """Does it wait for a yes? Raises Invalid where it cannot be sent at all."""
    if not 1 <= len(others) <= MOST:
        raise Invalid({"to": _("Name one person, or up to %(most)s.", most=MOST)})
    ways = {one.id: how_to_reach(one, actor) for one in others}
    if shut := [one.name for one in others if ways[one.id] == OFF]:
        raise Invalid({"to": _("%(names)s: takes no messages at the moment.", names=", ".join(shut))})
    strangers = [one.name for one in others if ways[one.id] == ASKS]
    if strangers and len(others) > 1:
        names = ", ".join(strangers)
        raise Invalid({"to": _("%(names)s: you do not know each other yet. Write to them alone first.", names=names)})
    if strangers:
        _may_ask(others[0], actor)
    return bool(strangers)


def _may_ask(other: Member, actor: Member) -> None:
    lasts = select(func.count()).where(Request.asker_id == actor.id, Request.state.in_(("waiting", "declined")))
    if db.session.scalar(lasts.where(Request.asked_id == other.id)):
        raise Invalid({"to": _("Your first message to %(name)s waits for an answer.", name=other.name)})
    today = select(func.count()).where(Request.asker_id == actor.id, Request.at > now() - timedelta(days=1))
    if (db.session.scalar(today) or 0) >= A_DAY:
        raise Invalid({"to": _("You have written to many new people today. Your words are kept: send them tomorrow.")})


def _wait(topic: Topic, other: Member, actor: Member) -> None:
    seat = Seat.audience == topic.audience, Seat.member_id == other.id
    db.session.execute(update(Seat).where(*seat).values(role=ASKED))
    db.session.add(Request(topic_id=topic.id, asker_id=actor.id, asked_id=other.id))
    db.session.flush()
    db.session.expire(other, ["seats"])


def accept(topic: Topic, *, actor: Member) -> None:
    """From now on both write; the actor hears of it like of any talk."""
    with transaction():
        _answered(topic, actor, "accepted")
        db.session.execute(update(Seat).where(*_seat(topic, actor)).values(role=MEMBER))
        db.session.expire(actor, ["seats"])
        watch(topic, actor=actor)


def decline(topic: Topic, *, actor: Member) -> None:
    """The actor's seat ends. Who wrote is told nothing: for them it waits, and ends after 30 days as if nobody had answered."""
    with transaction():
        _answered(topic, actor, "declined")
        _stand_up(topic, actor)


def _answered(topic: Topic, actor: Member, state: str) -> None:
    lock(topic)
    request = request_of(topic)
    if request is None or request.asked_id != actor.id or request.state != "waiting":
        raise Forbidden(_("This message does not wait for you any more."))
    request.state = state
    db.session.flush()


def leave(topic: Topic, *, actor: Member) -> None:
    """The actor's seat ends at once. What they said stays for the others; when nobody is left, a follower erases it. Who was
    only asked declines so: a line that they left would tell whoever wrote to them."""
    with transaction():
        lock(topic)
        own = next((seat for seat in actor.seats if seat.audience == topic.audience), None)
        if own is None:
            raise Forbidden(_("You do not sit in this talk."))
        if own.role == ASKED:
            decline(topic, actor=actor)
            return
        request = request_of(topic)
        if request is not None and request.state == "waiting":
            request.state = "declined"
            db.session.execute(delete(Seat).where(Seat.audience == topic.audience, Seat.role == ASKED))
        record(topic, "left", None, actor=actor)
        _stand_up(topic, actor)


def _stand_up(topic: Topic, member: Member) -> None:
    unwatch(topic, actor=member)
    db.session.execute(delete(Seat).where(*_seat(topic, member)))
    db.session.expire(member, ["seats"])


def _seat(topic: Topic, member: Member) -> tuple[Any, Any]:
    return Seat.audience == topic.audience, Seat.member_id == member.id


def mute(topic: Topic, *, actor: Member) -> None:
    """The talk stays in the list; nobody is told of what is new in it."""
    watch(topic, actor=actor, how="muted")


def unmute(topic: Topic, *, actor: Member) -> None:
    watch(topic, actor=actor, how="notices")
