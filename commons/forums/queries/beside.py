"""What stands beside the posts of a page and the topics of a list: one statement each for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import heads_by_id, visible
from commons.feed.models import Wishes
from commons.forums.models import Post
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
