"""A member's talks: the list, the people in each, words in them. Every statement begins at the seats of the one who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, lazyload

from commons.audience import visible_to
from commons.db import db, now
from commons.entries.queries import visible
from commons.feed.models import Watch
from commons.feed.queries import seen_of
from commons.files.models import File
from commons.forums.models import Post, Topic
from commons.forums.queries.reading import AGAIN
from commons.members.models import Member, Seat
from commons.talks.models import ASKED, MEMBER, Request

DOOR = "talk:"
SHOWN = 140  # characters of the last message in the list


@dataclass(slots=True)
class Talk:
    """One talk as one member sees it in their list."""

    topic: Topic
    people: list[Member] = field(default_factory=list)  # the others, by name
    last: Post | None = None
    unread: int = 0
    request: Request | None = None


def doors_of(viewer: Member, role: str) -> list[str]:
    """The doors of talks at which the member sits in this role."""
    return sorted(seat.audience for seat in viewer.seats if seat.audience.startswith(DOOR) and seat.role == role)


def _mine(viewer: Member, role: str) -> ColumnElement[bool]:
    return and_(Topic.sort == "talk", Topic.audience.in_(doors_of(viewer, role)), Topic.state == "live")


def talks_of(viewer: Member, role: str, page: int, per_page: int) -> tuple[list[Talk], int]:
    """One page of the member's talks in this role, the latest message first, and how many there are: six statements."""
    if not doors_of(viewer, role):
        return [], 0
    here = _mine(viewer, role)
    total = db.session.scalar(select(func.count()).select_from(Topic).where(here)) or 0
    query = select(Topic).where(here).order_by(Topic.last_at.desc(), Topic.id.desc()).options(lazyload("*"))
    topics = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)).all()
    return _whole(topics, viewer), int(total)


def _whole(topics: Sequence[Topic], viewer: Member) -> list[Talk]:
    if not topics:
        return []
    talks = {topic.id: Talk(topic) for topic in topics}
    seats = select(Seat.audience, Member).join(Member, Member.id == Seat.member_id).options(lazyload(Member.seats))
    doors = {talk.topic.audience: talk for talk in talks.values()}
    for door, member in db.session.execute(seats.where(Seat.audience.in_(doors)).order_by(Member.name, Member.id)):
        if member.id != viewer.id:
            doors[door].people.append(member)
    last = tuple_(Post.topic_id, Post.number).in_([(topic.id, topic.last_number) for topic in topics])
    for post in db.session.scalars(select(Post).where(last, Post.state == "live")):
        talks[post.topic_id].last = post
    asked = select(Request, Member).join(Member, Member.id == Request.asked_id).options(lazyload(Member.seats))
    for row, member in db.session.execute(asked.where(Request.topic_id.in_(talks))):
        talks[row.topic_id].request = row
        if row.asker_id == viewer.id and row.state != "accepted":  # the same, whether they said no or nothing
            talks[row.topic_id].people = [member]
    seen = seen_of(list(talks), viewer)
    for talk in talks.values():
        read = seen[talk.topic.id].number if talk.topic.id in seen else 0
        talk.unread = max(0, talk.topic.last_number - read) if talk.topic.last_by_id != viewer.id else 0
    return list(talks.values())


def talk_for(topic_id: int, viewer: Member) -> Topic:
    """A talk that this member sits in, else 404."""
    query = select(Topic).where(Topic.id == topic_id, Topic.sort == "talk", visible_to(viewer, Topic.audience))
    found = db.session.scalar(query) if topic_id < 2**31 else None
    return found or abort(404)


def people_in(topic: Topic) -> list[tuple[Member, str]]:
    """Who sits in it, with their roles, by name."""
    query = select(Member, Seat.role).join(Seat, Seat.member_id == Member.id).options(lazyload(Member.seats))
    rows = db.session.execute(query.where(Seat.audience == topic.audience).order_by(Member.name, Member.id))
    return [(member, role) for member, role in rows]


def request_of(topic: Topic) -> Request | None:
    return db.session.get(Request, topic.id)


def first_post(topic: Topic) -> Post | None:
    return db.session.scalar(select(Post).where(Post.topic_id == topic.id, Post.number == 1))


def files_in(topic: Topic, viewer: Member) -> list[File]:
    """What was brought into the talk, the oldest first."""
    query = select(File).where(File.within_id == topic.id, visible(viewer, File)).options(lazyload("*"))
    return list(db.session.scalars(query.order_by(File.id).limit(100)))


def is_muted(topic: Topic, viewer: Member) -> bool:
    row = db.session.get(Watch, (viewer.id, topic.id))
    return row is not None and row.how == "muted"


def talk_between(viewer: Member, other: Member) -> Topic | None:
    """The latest talk that only these two sit in, both by their own will."""
    others = select(Seat.audience).where(Seat.member_id == other.id, Seat.role == MEMBER)
    two = select(Seat.audience).where(Seat.audience.in_(doors_of(viewer, MEMBER))).group_by(Seat.audience)
    query = select(Topic).where(_mine(viewer, MEMBER), Topic.audience.in_(others))
    query = query.where(Topic.audience.in_(two.having(func.count() == 2)))
    return db.session.scalar(query.order_by(Topic.last_at.desc()).limit(1))


def same_talk(text: str, people: Sequence[Member], actor: Member) -> Topic | None:
    """The talk that the same words of the same member to the same people made a short while ago: a form that came twice."""
    query = select(Topic).where(_mine(actor, MEMBER), Topic.author_id == actor.id, Topic.created > now() - AGAIN)
    wanted = {actor.id, *(one.id for one in people)}
    for topic in db.session.scalars(query.order_by(Topic.id.desc()).limit(5)):
        first, asked = first_post(topic), request_of(topic)
        sitting = {member.id for member, _role in people_in(topic)} | ({asked.asked_id} if asked else set())
        if sitting == wanted and first is not None and first.text == text:
            return topic
    return None


def found_words(viewer: Member, words: str) -> Select[Post]:
    """Messages that hold these words, newest first, in the talks that the member takes part in or is asked into."""
    talks = select(Topic.id).where(or_(_mine(viewer, MEMBER), _mine(viewer, ASKED)))
    here = [Post.topic_id.in_(talks), Post.state == "live"]
    here += [
        or_(Post.text.icontains(word, autoescape=True), Post.title.icontains(word, autoescape=True))
        for word in words.split()[:8]
    ]
    people = joinedload(Post.author).options(lazyload(Member.seats))
    return select(Post).where(*here).options(people).order_by(Post.id.desc())
