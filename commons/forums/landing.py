"""Rows of an import on their way into topics and posts: one batch is one transaction, written without the session.

A topic and a post are known again by their ids at the source, wherever they stand by now. What is here stays as it is; a
topic that was removed here takes no more posts. Nobody is told of what comes in, and nothing stirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Protocol

from sqlalchemy import bindparam, select, update

from commons.db import db, now, table
from commons.entries import links
from commons.entries.actions import create_entry, digest, take_log_lock
from commons.entries.bulk import new_ids
from commons.entries.models import Change, Entry, Revision
from commons.forums.models import Forum, ForumAuthor, Post, Topic
from commons.forums.rows import PostRow, TopicRow, in_markdown
from commons.members.models import Member
from commons.text import linked, skeleton
from commons.text import slug as slug_of

VIA = "import"
NOTE = "Imported from {source}"
MANY = 500  # names of one statement
FOLLOWING = ("posts", "last_number", "last_at", "last_by_id")  # what a topic says of its posts


class Job(Protocol):
    source: str
    licence: str
    counts: dict[str, int]
    forums: dict[str, tuple[int, str]]
    writers: dict[str, int]


@dataclass(slots=True)
class Standing:
    """A topic as it stands here, and as the batch will leave it."""

    id: int
    within_id: int | None
    title: str
    audience: str
    language: str
    licence: str
    state: str = "live"
    author_id: int | None = None
    at: datetime = field(default_factory=now)
    posts: int = 0
    last_number: int = 0
    last_at: datetime = field(default_factory=now)
    last_by_id: int | None = None
    source_id: str = ""
    is_new: bool = False


@dataclass(slots=True)
class Batch:
    """What will be written, in the order of its rows."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)


def land_topics(job: Job, rows: Sequence[TopicRow]) -> None:
    """Brings in one batch, in which each topic stands once; called inside a transaction."""
    known = _topics_here(job.source, [row.source_id for row in rows])
    fresh = [row for row in rows if row.source_id not in known]
    _open_forums(job, [row.forum or job.source for row in fresh])
    take_log_lock()
    here = _posts_here(job.source, [post.source_id for row in rows for post in row.posts])
    _meet_writers(job, [post.author for row in rows for post in row.posts])
    missing = [_missing(job, row, known.get(row.source_id), here) for row in rows]
    ids = iter(new_ids(len(fresh) + sum(map(len, missing))))
    for row in fresh:
        known[row.source_id] = _new(job, row, next(ids))
    _write(job, [(known[row.source_id], posts) for row, posts in zip(rows, missing, strict=True)], ids)


def count_topics(job: Job, rows: Sequence[TopicRow]) -> None:
    """What the batch would do."""
    known = _topics_here(job.source, [row.source_id for row in rows])
    here = _posts_here(job.source, [post.source_id for row in rows for post in row.posts])
    for row in rows:
        standing = known.get(row.source_id)
        job.counts["topics"] += standing is None
        job.counts["posts"] += len(_missing(job, row, standing, here))


def _missing(job: Job, row: TopicRow, topic: Standing | None, here: set[str]) -> list[PostRow]:
    """The posts that are to come; the others are counted."""
    missing = [post for post in row.posts if post.source_id not in here]
    job.counts["unchanged"] += len(row.posts) - len(missing)
    if topic is None or topic.state == "live":
        return missing
    job.counts["kept"] += len(missing)
    return []


def _topics_here(source: str, ids: Sequence[str]) -> dict[str, Standing]:
    """By their ids at the source; their rows are locked in the order of their ids, as answers lock them."""
    entry, topic = table(Entry).c, table(Topic).c
    mine = (entry.source == source) & (entry.kind == "topic") & entry.source_id.in_(ids)
    db.session.execute(select(entry.id).where(mine).order_by(entry.id).with_for_update(key_share=True))
    names = ("id", "within_id", "title", "audience", "language", "licence", "state", "author_id", "source_id")
    columns = [*(entry[name] for name in names), *(topic[name] for name in FOLLOWING)]
    rows = db.session.execute(select(*columns).join_from(table(Entry), table(Topic), entry.id == topic.id).where(mine))
    return {row.source_id: Standing(**row._mapping) for row in rows}


def _posts_here(source: str, ids: Sequence[str]) -> set[str]:
    entry, found = table(Entry).c, set[str]()
    for start in range(0, len(ids), MANY):
        mine = entry.source_id.in_(ids[start : start + MANY])
        query = select(entry.source_id).where(entry.source == source, mine, entry.kind == "post")
        found |= set(db.session.scalars(query))
    return found


def _open_forums(job: Job, names: Iterable[str]) -> None:
    """Those of the source that are not here yet; `job.forums` holds (id, audience)."""
    for name in dict.fromkeys(names):
        if name in job.forums:
            continue
        mine = (Forum.source == job.source, Forum.source_id == name)
        forum = db.session.scalar(select(Forum).where(*mine).order_by(Forum.state.desc(), Forum.id).limit(1))
        if forum is None:
            forum = Forum(source=job.source, source_id=name, licence=job.licence)
            create_entry(forum, {"title": name, "text": ""}, actor=None, note=NOTE.format(source=job.source), via=VIA)
        job.forums[name] = forum.id, forum.audience


def _new(job: Job, row: TopicRow, id: int) -> Standing:
    forum, audience = job.forums[row.forum or job.source]
    job.counts["topics"] += 1
    topic = Standing(id, forum, row.title, audience, row.language, job.licence, is_new=True)
    topic.author_id, topic.at, topic.source_id = job.writers.get(row.posts[0].author), row.at, row.source_id
    return topic


def _write(job: Job, topics: Sequence[tuple[Standing, list[PostRow]]], ids: Iterator[int]) -> None:
    batch, note = Batch(), NOTE.format(source=job.source)[:300]
    for topic, posts in topics:
        if topic.is_new:
            values = {"title": topic.title, "sort": "discussion", "language": topic.language}
            _add(batch, job, topic, topic.id, values, topic.author_id, topic.at, topic.source_id, note)
        for post in posts:
            _answer(batch, job, topic, post, next(ids), note)
    fresh = [topic for topic, _posts in topics if topic.is_new]
    _insert(Entry, batch.entries)
    _insert(Topic, [{"id": topic.id, "sort": "discussion", "choices": [], **_following(topic)} for topic in fresh])
    _insert(Post, batch.posts)
    _insert(Revision, batch.revisions)
    _insert(Change, batch.log)
    _carry([topic for topic, posts in topics if posts and not topic.is_new])
    _link(batch.posts)
    job.counts["posts"] += len(batch.posts)


def _answer(batch: Batch, job: Job, topic: Standing, post: PostRow, id: int, note: str) -> None:
    author = job.writers.get(post.author)
    topic.posts, topic.last_number, topic.last_at, topic.last_by_id = (
        topic.posts + 1,
        topic.last_number + 1,
        post.at,
        author,
    )
    words = in_markdown(post.text)
    _add(batch, job, topic, id, {"text": words}, author, post.at, post.source_id, note)
    batch.posts.append({"id": id, "topic_id": topic.id, "number": topic.last_number, "text": words})


def _add(
    batch: Batch,
    job: Job,
    topic: Standing,
    id: int,
    values: Mapping[str, Any],
    author: int | None,
    at: datetime,
    source_id: str,
    note: str,
) -> None:
    """The entry of a topic or of a post in it, with its first revision and its line in the log."""
    is_post = id != topic.id
    place = {"kind": "post" if is_post else "topic", "within_id": topic.id if is_post else topic.within_id}
    shown = {"title": topic.title, "audience": topic.audience, "language": topic.language, "licence": topic.licence}
    origin = {"source": job.source, "source_id": source_id, "author_id": author, "created": at, "updated": at}
    batch.entries.append({"id": id, "slug": str(id), "state": "live", "version": 1, **place, **shown, **origin})
    changes = {name: [None, value] for name, value in values.items()}
    first = {"entry_id": id, "number": 1, "at": at, "author_id": author, "note": note, "minor": False, "hidden": False}
    batch.revisions.append({**first, "changes": changes, "digest": digest("", 1, changes)})
    line = {"entry_id": id, "thread_id": topic.id, "at": now(), "actor_id": None, "verb": "imported", "revision": 1}
    batch.log.append({**line, "note": note, "via": VIA})


def _following(topic: Standing) -> dict[str, Any]:
    return {name: getattr(topic, name) for name in FOLLOWING}


def _carry(topics: Sequence[Standing]) -> None:
    columns = table(Topic).c
    values = {name: bindparam(f"of_{name}", type_=columns[name].type) for name in FOLLOWING}
    query = update(table(Topic)).where(columns.id == bindparam("of_id")).values(values)
    rows = [{f"of_{name}": getattr(topic, name) for name in ("id", *FOLLOWING)} for topic in topics]
    if rows:
        db.session.execute(query, rows)


def _link(posts: Sequence[Mapping[str, Any]]) -> None:
    """The names in the texts, with what they mean, found for all of them at once."""
    named = {post["id"]: linked(post["text"]) for post in posts}
    every = list(dict.fromkeys(name for names in named.values() for name in names))
    meant = links.targets(every)
    links.insert({id: {name: meant[name] for name in names if name in meant} for id, names in named.items()})


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(table(model).insert(), rows)


# --- writers ---


def _meet_writers(job: Job, names: Iterable[str]) -> None:
    """`job.writers` knows all of these afterwards: placeholders, who can never sign in."""
    new = [name for name in dict.fromkeys(names) if name and name not in job.writers]
    for start in range(0, len(new), MANY):
        some = ForumAuthor.name.in_(new[start : start + MANY])
        rows = db.session.execute(
            select(ForumAuthor.name, ForumAuthor.member_id).where(some, ForumAuthor.source == job.source)
        )
        job.writers |= {row.name: row.member_id for row in rows}
    for name in new:
        if name not in job.writers:
            job.writers[name] = _placeholder(job.source, name)


def _placeholder(source: str, name: str) -> int:
    """The same one as for pages of the same source."""
    mark = blake2b(f"{source}\0{name}".encode(), digest_size=6).hexdigest()
    username = f"{slug_of(name)[:20].strip('-')}~{mark}"  # ~ stands in no name that can be registered
    id = db.session.scalar(select(Member.id).where(Member.username == username))
    if id is None:
        member = Member(username=username, skeleton=skeleton(username), name=name, state="placeholder")
        db.session.add(member)
        db.session.flush()
        id = member.id
    db.session.add(ForumAuthor(source=source, name=name, member_id=id))
    db.session.flush()
    return id
