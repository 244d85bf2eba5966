"""What stands on a wall, on whose walls a member may post, and how a poll stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, lazyload

from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import cards_by_id
from commons.entries.within import takes
from commons.forums.models import Post, Topic, Vote
from commons.forums.queries import topics_in
from commons.members.models import Member


def shares_on(wall: Entry, viewer: Member | None) -> Select[Any]:
    """What was shared on this wall, newest first."""
    shares = topics_in(wall, viewer).where(Topic.sort == "share")
    shares = shares.options(lazyload(Topic.focus_links))
    return shares.order_by(None).order_by(Topic.pinned.desc(), Topic.created.desc(), Topic.id.desc())


def first_posts(topics: Sequence[Topic]) -> dict[int, Post]:
    """topic: what it says. For topics that the viewer was shown."""
    people = joinedload(Post.author).options(lazyload(Member.seats))
    query = select(Post).where(
        Post.topic_id.in_([topic.id for topic in topics]), Post.number == 1, Post.state == "live"
    )
    return {post.topic_id: post for post in db.session.scalars(query.options(people))} if topics else {}


def walls_of(member: Member) -> list[Any]:
    """The groups and organisations at whose doors this member sits and on whose walls they may post."""
    doors = [
        seat.audience.partition(":")[2]
        for seat in member.seats
        if seat.audience.startswith(("group:", "organisation:"))
    ]
    found = cards_by_id(sorted(int(door) for door in doors if door.isdigit()), member)
    return [entry for entry in found if takes(entry, "topic", member) is not None]


def votes(topic: Topic, viewer: Member | None) -> tuple[Mapping[int, int], int | None]:
    """(choice: how many chose it, what this viewer chose). Who chose what is never asked for anybody else."""
    mine = func.max(case((Vote.member_id == (viewer.id if viewer else 0), 1), else_=0))
    rows = db.session.execute(
        select(Vote.choice, func.count(), mine).where(Vote.topic_id == topic.id).group_by(Vote.choice)
    ).all()
    return {choice: int(many) for choice, many, _own in rows}, next(
        (choice for choice, _many, own in rows if own), None
    )
