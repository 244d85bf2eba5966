"""Forums, topics and groups with defaults: a test says only what it is about."""

from __future__ import annotations

from itertools import count
from typing import Any

from flask import current_app

from commons.db import db, transaction
from commons.entries.actions import create_entry
from commons.entries.within import place_in
from commons.forums.actions import add_forum, add_topic
from commons.forums.addressing import place_of, topic_address
from commons.forums.models import Forum, Topic
from commons.groups.models import Group
from commons.members.models import Member, Seat
from tests.cast import Cast

numbers = count(1)


def old_hands() -> None:
    """Everybody of the cast is trusted: what newcomers may do is another matter."""
    cast = Cast()
    with transaction():
        for name in ("ana", "ben", "chi", "una"):
            getattr(cast, name).trusted = getattr(cast, name).created


def forum(title: str = "", *, actor: Member | None = None, **values: Any) -> Forum:
    return add_forum({"title": title or f"Forum {next(numbers)}", **values}, actor=actor or Cast().mo)


def topic(
    title: str = "",
    text: str = "What do you do in winter?",
    *,
    actor: Member | None = None,
    within: Forum | None = None,
    sort: str = "discussion",
    **more: Any,
) -> Topic:
    who = actor or Cast().ana
    place = place_in((within or forum()).id, "topic", who)
    values = {"title": title or f"Topic {next(numbers)}", "text": text, "language": "en"}
    values |= {name: more.pop(name) for name in ("focus", "language") if name in more}
    return add_topic(values, place=place, actor=who, sort=sort, **more)


def talk(*sitting: Member, actor: Member | None = None, text: str = "Between us.") -> Topic:
    values = {"title": "A talk", "text": text}
    return add_topic(
        values, place=place_in(0, "topic", Cast().ana), actor=actor or Cast().ana, sort="talk", sitting=sitting
    )


def group(visibility: str = "private", *, members: tuple[Member, ...] = (), admin: Member | None = None) -> Group:
    made = Group(visibility=visibility, audience="public" if visibility == "public" else "members")
    with transaction():
        create_entry(made, {"title": f"Group {next(numbers)}"}, actor=admin or Cast().ana)
        made.audience = made.inner_audience
        for member, role in [(one, "member") for one in members] + [(admin or Cast().ana, "admin")]:
            db.session.add(Seat(member_id=member.id, audience=made.door, role=role))
            db.session.flush()
            db.session.expire(member, ["seats"])
    return made


def address_of(topic: Topic) -> str:
    with current_app.test_request_context():
        return topic_address(topic)


def address_in(topic: Topic, number: int) -> str:
    with current_app.test_request_context():
        return place_of(topic, number)
