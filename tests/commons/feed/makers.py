"""What the tests of the feed make: changes by somebody, groups with a forum, topics with posts, people who leave."""

from __future__ import annotations

from itertools import count
from typing import Any

from commons.db import db, transaction
from commons.entries.actions import create_entry, record
from commons.entries.bulk import new_ids
from commons.entries.models import Change
from commons.forums.models import Forum, Post, Topic
from commons.groups.models import Group
from commons.members.models import Block, Member, Seat
from commons.people.models import Profile
from directory.actions import edit_organisation
from directory.models import Organisation

numbers = count(1)


def changed(organisation: Organisation, actor: Member, words: str) -> None:
    edit_organisation(organisation, {"description": words}, version=organisation.version, actor=actor, note=words)


def leave(member: Member, audience: str) -> None:
    with transaction():
        for seat in list(member.seats):
            if seat.audience == audience:
                db.session.delete(seat)
    db.session.expire_all()


def sit(member: Member, audience: str, role: str = "member") -> None:
    with transaction():
        db.session.add(Seat(member_id=member.id, audience=audience, role=role))
    db.session.expire_all()


def block(member: Member, other: Member, how: str = "block") -> None:
    with transaction():
        db.session.add(Block(member_id=member.id, other_id=other.id, how=how))


def group(title: str, *people: Member, actor: Member, private: bool = False) -> Group:
    """A group of these people and its founder."""
    with transaction():
        made = Group(id=new_ids(1)[0], visibility="private" if private else "public")
        made.audience = made.inner_audience
        for one in {actor.id: actor, **{one.id: one for one in people}}.values():
            db.session.add(Seat(member_id=one.id, audience=made.door, role="admin" if one is actor else "member"))
        create_entry(made, {"title": title}, actor=actor)
    db.session.expire_all()
    return made


def forum(title: str, *, actor: Member, within: Group | None = None) -> Forum:
    with transaction():
        audience = within.inner_audience if within else "public"
        made = Forum(within_id=within.id if within else None, audience=audience)
        create_entry(made, {"title": title}, actor=actor)
        return made


def topic(title: str, *, actor: Member, within: Any = None, audience: str = "", **values: Any) -> Topic:
    with transaction():
        made = Topic(id=new_ids(1)[0], within_id=within.id if within else None, **values)
        made.slug = str(made.id)
        made.audience = audience or (within.inner_audience if isinstance(within, Group) else None) or "public"
        if within is not None and not isinstance(within, Group):
            made.audience = within.audience
        create_entry(made, {"title": title}, actor=actor)
        return made


def post(topic: Topic, text: str = "", *, actor: Member) -> Post:
    with transaction():
        made = Post(id=new_ids(1)[0], topic_id=topic.id, within_id=topic.id, audience=topic.audience)
        made.slug, made.number = str(made.id), next(numbers)
        create_entry(made, {"title": topic.title, "text": text or "Words."}, actor=actor)
        return made


def profile(member: Member, audience: str = "members") -> Profile:
    with transaction():
        made = Profile(member_id=member.id, slug=member.username, title=member.name, author_id=member.id)
        made.audience, made.open_to_follow = audience, True
        db.session.add(made)
        record(made, "created", {}, actor=member)
        return made


def last_line() -> Change:
    found = db.session.query(Change).order_by(Change.seq.desc()).first()
    assert found is not None
    return found
