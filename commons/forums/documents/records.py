"""Search documents, public records and the words that a feed shows. A private talk has none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from commons.audience import MEMBERS, PUBLIC
from commons.db import db
from commons.entries.models import Entry, EntryLink
from commons.focus.queries import tree
from commons.forums.models import PER_PAGE, Forum, Post, Topic
from commons.forums.queries import posts_by_id
from commons.forums.queries.beside import first_posts
from commons.members.models import Member
from commons.room import SearchDocument
from commons.text import excerpt, plain

LONGEST = 40_000  # characters of a topic's document
TEASER = 200


def forum_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for forum in db.session.scalars(select(Forum).where(Forum.id.in_(ids), Forum.state == "live")):
        yield SearchDocument(
            id=forum.id,
            kind="forum",
            audience=forum.audience,
            language=forum.language,
            title=forum.title,
            text=plain(forum.text),
            updated=int(forum.updated.timestamp()),
            **_areas(forum.focus),
        )


def topic_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Title, the accepted answer first, then the first page of posts; what comes later are documents of their own."""
    open_to_some = (Topic.state == "live", Topic.sort != "talk")
    topics = db.session.scalars(select(Topic).where(Topic.id.in_(ids), *open_to_some)).all()
    texts, tags = _texts([topic.id for topic in topics]), _tags([topic.id for topic in topics])
    answers = _answers([topic.answer_id for topic in topics if topic.answer_id])
    for topic in topics:
        found = texts.get(topic.id, {})
        answer = answers.get(topic.answer_id or 0)
        first = [answer] if answer else []
        rest = [text for id, text in found.items() if id != topic.answer_id or not answer]
        areas = _areas(topic.focus)
        yield SearchDocument(
            id=topic.id,
            kind="topic",
            audience=topic.audience,
            language=topic.language,
            title=topic.title,
            text=_joined([*first, *rest]),
            type=topic.sort,
            languages=[topic.language] if topic.language else [],
            updated=int(topic.last_at.timestamp()),
            labels=tags.get(topic.id, ()),
            **areas,
        )


def _joined(texts: Iterable[str]) -> str:
    kept: list[str] = []
    room = LONGEST
    for text in texts:
        words = plain(text[: 2 * room])[:room]
        kept.append(words)
        room -= len(words) + 2
        if room <= 0:
            break
    return "\n\n".join(kept)


def _areas(focus: Sequence[int]) -> dict[str, Any]:
    nodes = tree().nodes
    areas = tree().with_parents(list(focus))
    return {
        "areas": areas,
        "sdgs": sorted({goal for area in focus if area in nodes for goal in nodes[area].sdgs}),
    }


def _texts(topics: Sequence[int]) -> dict[int, dict[int, str]]:
    """topic: its first page of posts that stand, by their ids, in order."""
    query = select(Post.topic_id, Post.id, Post.text).where(
        Post.topic_id.in_(topics), Post.number <= PER_PAGE, Post.state == "live"
    )
    found: dict[int, dict[int, str]] = {}
    for row in db.session.execute(query.order_by(Post.topic_id, Post.number)):
        found.setdefault(row.topic_id, {})[row.id] = row.text
    return found


def _answers(ids: Sequence[int]) -> dict[int, str]:
    query = select(Post.id, Post.text).where(Post.id.in_(ids), Post.state == "live")
    return {row.id: row.text for row in db.session.execute(query)} if ids else {}


def _tags(topics: Sequence[int]) -> dict[int, list[str]]:
    """topic: the tags of its first page of posts."""
    query = (
        select(Post.topic_id, EntryLink.slug)
        .join(Post, Post.id == EntryLink.source_id)
        .where(Post.topic_id.in_(topics), Post.number <= PER_PAGE, Post.state == "live", EntryLink.kind == "tag")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(query.order_by(Post.topic_id, EntryLink.slug)):
        found.setdefault(row.topic_id, []).append(row.slug)
    return found


def post_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Posts behind the first page; those on it are part of their topic's document."""
    query = (
        select(Post.id, Post.audience, Post.language, Post.text, Post.created, Post.topic_id)
        .where(Post.id.in_(ids), Post.number > PER_PAGE, Post.state == "live")
        .order_by(Post.id)
    )
    rows = db.session.execute(query).all()
    whole = {row.topic_id for row in rows}
    asked = select(Topic).where(Topic.id.in_(whole), Topic.state == "live", Topic.sort != "talk")
    topics = {topic.id: topic for topic in db.session.scalars(asked)} if whole else {}
    for row in rows:
        if (topic := topics.get(row.topic_id)) is not None:
            yield SearchDocument(
                id=row.id,
                kind="post",
                audience=row.audience,
                language=row.language,
                title=topic.title,
                text=_joined([row.text]),
                type=topic.sort,
                updated=int(row.created.timestamp()),
                boost=0.8,
                **_areas(topic.focus),
            )


def forum_record(forum: Forum) -> dict[str, Any]:
    return {"text": forum.text, "place": forum.place, "within": forum.within_id}


def topic_record(topic: Topic) -> dict[str, Any]:
    """`text` is that of the first post; `posts` how many stand. What not every reader of the topic may see has no number."""
    return {
        "sort": topic.sort,
        "text": topic.first.text if topic.first else "",
        "posts": topic.posts,
        "answer": topic.answer_id,
        "closed": topic.closed,
        "pinned": topic.pinned,
        "forum": _number(topic.whole, topic),
        "about": _number(topic.about, topic),
        "last_at": topic.last_at.isoformat(),
    }


def _number(named: Entry | None, topic: Topic) -> int | None:
    if named is None or not named.is_live:
        return None
    wide = {PUBLIC, topic.audience} | (set() if topic.audience == PUBLIC else {MEMBERS})
    return named.id if named.audience in wide else None


def post_record(post: Post) -> dict[str, Any]:
    return {"topic": post.topic_id, "number": post.number, "text": post.text, "reply_to": post.reply_to_id}


def topic_teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    return {id: excerpt(text, TEASER) for id, text in first_posts(ids, viewer).items()}


def post_teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    return {post.id: excerpt(post.text, TEASER) for post in posts_by_id(ids, viewer)}
