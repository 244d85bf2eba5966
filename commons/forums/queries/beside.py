"""What stands beside the posts of a page and the topics of a list: one statement each for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import heads_by_id, visible
from commons.feed.models import Wishes
from commons.forums.models import Post, Topic
from commons.members.models import Member


def reasons_of(posts: Sequence[Post]) -> dict[int, str]:
    """removed post: why, as the log says."""
    ids = [post.id for post in posts if not post.is_live]
    if not ids:
        return {}
    query = select(Change.entry_id, Change.note).where(Change.entry_id.in_(ids), Change.verb.in_(("removed", "undid")))
    return {row.entry_id: row.note for row in db.session.execute(query.order_by(Change.seq))}


def numbers_of(ids: Sequence[int], viewer: Member | None) -> dict[int, int]:
    """post: its number, of those that stand."""
    if not ids:
        return {}
    query = select(Post.id, Post.number).where(Post.id.in_(ids), visible(viewer, Post))
    return {row.id: row.number for row in db.session.execute(query)}


def heads(ids: Sequence[int | None], viewer: Member | None) -> dict[int, Entry]:
    """Titles and addresses of what is named beside: forums, organisations that speak, what a topic is about."""
    return {one.id: one for one in heads_by_id(sorted({id for id in ids if id is not None}), viewer)}


def read_to(viewer: Member | None) -> int:
    """The line of the log up to which this member said that all is read."""
    if viewer is None:
        return 0
    return db.session.scalar(select(Wishes.read_to).where(Wishes.member_id == viewer.id)) or 0


def first_posts(topics: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """topic: how its first post begins."""
    query = select(Post.topic_id, Post.text).where(Post.topic_id.in_(topics), Post.number == 1, visible(viewer, Post))
    return {row.topic_id: row.text for row in db.session.execute(query)} if topics else {}


def accepted_answers(ids: Sequence[int]) -> list[tuple[int, int, datetime]]:
    """(topic, author, when) of the answers that settled what somebody else asked, whoever may see them: for the machine."""
    answer = aliased(Post, flat=True)
    query = (
        select(Topic.id, answer.author_id, answer.created)
        .join(answer, answer.id == Topic.answer_id)
        .where(Topic.id.in_(ids), Topic.state == "live", Topic.sort == "question", answer.state == "live")
        .where(answer.author_id != Topic.author_id)
        .order_by(Topic.id)
    )
    return [(topic, author, at) for topic, author, at in db.session.execute(query) if author is not None]
