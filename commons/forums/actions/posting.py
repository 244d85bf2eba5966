"""Beginning a topic and answering in one: the post, its number, the derived columns of its topic and whom it asks, in one
transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import HTTPException

from commons.audience import may_see
from commons.db import db, lock, table, transaction
from commons.entries.actions import create_entry
from commons.entries.asks import ask
from commons.entries.bulk import new_ids
from commons.entries.models import Entry
from commons.entries.queries import by_id
from commons.entries.within import Place
from commons.feed.actions import mark_seen, watch
from commons.forums.fields import POST_FIELDS, checked, checked_new
from commons.forums.models import Post, Topic
from commons.forums.queries import last_line, same_post, same_topic, speaks_as, why_not
from commons.members.models import Member, Seat
from commons.moderation.newcomers import admit
from commons.web import Forbidden, Gone, Invalid


def add_topic(
    values: Mapping[str, Any],
    *,
    place: Place,
    actor: Member,
    sort: str = "discussion",
    about_id: int | None = None,
    voice_id: int | None = None,
    choices: Sequence[str] = (),
    choose_until: datetime | None = None,
    sitting: Sequence[Member] = (),
    via: str = "",
    once: bool = False,
) -> Topic:
    """A topic with its first post. `values`: title, text, language, focus. `place` comes from `place_in`; a talk has none:
    it is for its author and those `sitting` in it. `once`: the same words of the same member sent again within a day are the
    topic that is there. Raises Invalid or Forbidden."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    given, words = checked_new({**values, "choices": list(choices)}, sort)
    _fits(about_id, voice_id, choices, actor)
    with transaction():
        if once and (there := same_topic(given["title"], words, place.within_id, actor)):
            return there
        admit(actor, "talk" if sort == "talk" else "topic", words)
        id = new_ids(1)[0]
        where = Place(None, _seated(id, (actor, *sitting))) if sort == "talk" else place
        topic = Topic(id=id, slug=str(id), within_id=where.within_id, audience=where.audience, licence=_licence(sort))
        topic.about_id, topic.voice_id, topic.choose_until = about_id, voice_id, choose_until
        create_entry(topic, given, actor=actor, via=via)
        _append(topic, words, actor=actor, voice_id=voice_id, via=via)
        watch(topic, actor=actor)
        mark_seen(topic, actor=actor, number=1)
        return topic


def add_post(
    topic: Topic,
    text: str,
    *,
    actor: Member,
    reply_to: Post | None = None,
    voice_id: int | None = None,
    language: str = "",
    via: str = "",
    once: bool = False,
) -> Post:
    """An answer at the end of the topic. `once`: the same words sent again at once are the post that is there. Raises Invalid
    where the text does not fit or the topic takes no answers (any more), Forbidden for members who may not write at all."""
    if not actor.may_write:
        raise Forbidden(_("Prove your e-mail address first; then you can write."))
    words = checked(POST_FIELDS, {"text": text})["text"]
    _fits(None, voice_id, (), actor)
    with transaction():
        lock(topic)
        if sentence := why_not(actor, topic):
            raise Invalid({"text": sentence})
        if once and (there := same_post(topic, words, actor)):
            return there
        admit(actor, "post", words)
        reply_to = reply_to if reply_to is not None and reply_to.topic_id == topic.id else None
        post = _append(topic, words, actor=actor, reply_to=reply_to, voice_id=voice_id, language=language, via=via)
        _ask_those_addressed(topic, post, reply_to)
        watch(topic, actor=actor)
        mark_seen(topic, actor=actor, number=post.number)
        return post


def _ask_those_addressed(topic: Topic, post: Post, reply_to: Post | None) -> None:
    """Whom it answers, whose question it is; in a talk everybody who sits in it."""
    line = last_line(post)
    asked = {reply_to.author_id} if reply_to is not None else set()
    asked |= {topic.author_id} if topic.sort == "question" else set()
    if topic.is_private:
        seats = select(Seat.member_id).where(Seat.audience == topic.audience, Seat.role == "member")
        ask(post, db.session.scalars(seats).all(), "message", line)
    else:
        ask(post, [one for one in asked if one is not None], "reply", line)


def _append(
    topic: Topic,
    words: str,
    *,
    actor: Member,
    reply_to: Post | None = None,
    voice_id: int | None = None,
    language: str = "",
    via: str = "",
) -> Post:
    """The next post of a topic whose row is locked, or new in this transaction."""
    id, number = new_ids(1)[0], topic.last_number + 1
    post = Post(id=id, slug=str(id), topic_id=topic.id, number=number, within_id=topic.id, audience=topic.audience)
    post.language, post.licence, post.voice_id = language or topic.language, topic.licence, voice_id
    post.reply_to_id = reply_to.id if reply_to is not None else None
    create_entry(post, {"title": topic.title, "text": words}, actor=actor, via=via)
    carry(topic, posts=topic.posts + 1, last_number=number, last_at=post.created, last_by_id=actor.id)
    return post


def carry(topic: Topic, **columns: Any) -> None:
    """Writes columns that follow from the posts: no change of the topic, so no line in the log."""
    db.session.execute(update(table(Topic)).where(table(Topic).c.id == topic.id).values(**columns))
    for name, value in columns.items():
        set_committed_value(topic, name, value)
    db.session.expire(topic, ["last_by"])


def _seated(id: int, people: Sequence[Member]) -> str:
    """Gives each of these a seat at the door of the talk; returns its audience."""
    door = f"talk:{id}"
    for member in {one.id: one for one in people}.values():
        db.session.add(Seat(member_id=member.id, audience=door))
    db.session.flush()
    for member in people:
        db.session.expire(member, ["seats"])
    return door


def _licence(sort: str) -> str:
    return "all rights reserved" if sort == "talk" else "CC BY-SA 4.0"


def _fits(about_id: int | None, voice_id: int | None, choices: Sequence[str], actor: Member) -> None:
    faults: dict[str, str] = {}
    if about_id is not None and not _standing(about_id, actor):
        faults["about"] = _("What this is about is not there any more.")
    if voice_id is not None and not (speaks_as(actor, voice_id) and _standing(voice_id, actor)):
        faults["voice"] = _("You do not speak for this organisation here.")
    if len(choices) == 1:
        faults["choices"] = _("Give at least two choices, or none.")
    if faults:
        raise Invalid(faults)


def _standing(id: int, actor: Member) -> bool:
    try:
        found: Entry = by_id(id, actor)
    except (HTTPException, Gone):
        return False
    return found.is_live and may_see(actor, found)
