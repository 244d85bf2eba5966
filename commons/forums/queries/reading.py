"""Finding forums, topics and posts, always as a viewer. No statement runs over all posts of a topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, inspect, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from commons.audience import keys, may_see, through
from commons.db import db, now, table
from commons.entries.asks import voices
from commons.entries.models import Change, Entry
from commons.entries.queries import find, heads_by_id, shown, visible
from commons.forums.models import PER_PAGE, Forum, MovedPost, Post, Topic
from commons.members.models import Member
from commons.room import rooms

AGAIN = timedelta(days=1)  # within which a form that comes twice means once


def topic_for(id: int, viewer: Member | None) -> Topic:
    """Raises 404 for what is hidden or missing, Gone for what was removed."""
    found: Topic = find(rooms().kinds["topic"], str(id), viewer)
    return found


def topic_with_place(id: int, viewer: Member | None) -> tuple[Topic, Entry | None]:
    """The same for reading, in one statement with its areas and what it stands in, if the viewer may see that."""
    row = db.session.execute(_topic_with_place(), {"slug": str(id)}).unique().one_or_none()
    if row is None:
        return topic_for(id, viewer), None
    topic, whole = row
    return shown(topic, viewer), whole if whole is not None and whole.is_live and may_see(viewer, whole) else None


@cache
def _topic_with_place() -> Select[Topic, Entry]:
    there = aliased(Entry, flat=True)
    query = select(Topic, there).outerjoin(there, there.id == Topic.within_id).options(joinedload(Topic.focus_links))
    return query.where(Topic.kind == "topic", Topic.slug == bindparam("slug"))


def post_for(id: int, viewer: Member | None) -> Post:
    found: Post = find(rooms().kinds["post"], str(id), viewer)
    return found


def forum_for(slug: str, viewer: Member | None) -> Forum:
    found: Forum = find(rooms().kinds["forum"], slug, viewer)
    return found


def page_of(number: int) -> int:
    """The page on which a post of this number stands."""
    return (max(1, number) - 1) // PER_PAGE + 1


def posts_of(topic: Topic, page: int, viewer: Member | None) -> list[Post]:
    """The posts of one page by number, with their authors; a removed one too, whose number stays. What was moved away
    leaves a gap. Nothing where the viewer may not see the topic."""
    first = (page - 1) * PER_PAGE
    asked = {"topic": topic.id, "first": first, "last": first + PER_PAGE, **keys(viewer)}
    return _lockable(db.session.scalars(_page_of_posts(), asked))


def posts_by_id(ids: Sequence[int], viewer: Member | None) -> list[Post]:
    """With their authors, in the order of their numbers; removed ones are left out."""
    query = _posts().where(Post.id.in_(ids), visible(viewer, Post)).order_by(Post.topic_id, Post.number)
    return _lockable(db.session.scalars(query)) if ids else []


def _lockable(posts: Iterable[Post]) -> list[Post]:
    """Forgets how they were loaded: a row that is read again to be locked cannot bring its author along on PostgreSQL."""
    found = list(posts)
    for post in found:
        inspect(post).load_options = ()
    return found


def _posts() -> Select[Any]:
    return select(Post).options(joinedload(Post.author).options(lazyload(Member.seats)))


@cache
def _page_of_posts() -> Select[Any]:
    """Built once, for every topic's page. Live ones and removed ones: what waits or was held back is nobody's."""
    here = and_(Post.number > bindparam("first"), Post.number <= bindparam("last"))
    shown = and_(through(Post.audience), Post.state.in_(("live", "deleted")))
    return _posts().where(Post.topic_id == bindparam("topic"), here, shown).order_by(Post.number)


def post_numbered(topic: Topic, number: int) -> Post | None:
    return db.session.scalar(select(Post).where(Post.topic_id == topic.id, Post.number == number))


def moved_to(topic_id: int, number: int, viewer: Member | None) -> Post | None:
    """The post that stood here before its topic was split or merged."""
    moved = select(MovedPost.post_id).where(MovedPost.topic_id == topic_id, MovedPost.number == number)
    found = db.session.scalar(moved)
    return shown(db.session.get(Post, found), viewer) if found is not None else None


def topics_in(entry: Entry, viewer: Member | None) -> Select[Any]:
    """The topics of a forum or a wall, pinned ones first, then those with the latest post."""
    return _topics().where(Topic.within_id == entry.id, visible(viewer, Topic)).order_by(*NEWEST)


def topics_about(entry: Entry, viewer: Member | None) -> Select[Any]:
    """What is said about an entry, wherever it stands."""
    return _topics().where(Topic.about_id == entry.id, visible(viewer, Topic)).order_by(*NEWEST)


def latest_about(entry: Entry, viewer: Member | None, many: int) -> list[Topic]:
    """The first of them, for a panel: pages ask this more often than anything else of a forum."""
    asked = {"about": entry.id, "many": many, **keys(viewer)}
    return list(db.session.scalars(_latest_about(), asked))


@cache
def _latest_about() -> Select[Any]:
    here = and_(Topic.about_id == bindparam("about"), through(Topic.audience), Topic.state == "live")
    return _topics().where(here).order_by(*NEWEST).limit(bindparam("many"))


def _topics() -> Select[Any]:
    people = [joinedload(one).options(lazyload(Member.seats)) for one in (Topic.author, Topic.last_by)]
    return select(Topic).options(*people)


NEWEST = (Topic.pinned.desc(), Topic.last_at.desc(), Topic.id.desc())
LATEST_BEGUN = (Topic.pinned.desc(), Topic.created.desc(), Topic.id.desc())


def site_forums(viewer: Member | None) -> list[Forum]:
    """The forums of the site in their order; those of groups stand in their groups."""
    query = select(Forum).where(Forum.within_id.is_(None), visible(viewer, Forum))
    return list(db.session.scalars(query.order_by(Forum.place, Forum.title, Forum.id)))


def forum_within(group: Entry, viewer: Member | None) -> Forum | None:
    """The forum of a group, if one was opened."""
    return db.session.scalar(select(Forum).where(Forum.within_id == group.id, visible(viewer, Forum)).limit(1))


def same_post(topic: Topic, text: str, actor: Member) -> Post | None:
    """What this member said last in the topic, if it was the same a short while ago: a form that came twice."""
    late = and_(Post.topic_id == topic.id, Post.number > topic.last_number - PER_PAGE)
    query = select(Post).where(late, Post.author_id == actor.id, Post.created > now() - AGAIN, Post.state == "live")
    last = db.session.scalar(query.order_by(Post.number.desc()).limit(1))
    return last if last is not None and last.text == text else None


def same_topic(title: str, text: str, within_id: int | None, actor: Member) -> Topic | None:
    """The same for a topic that was begun."""
    query = select(Topic).where(
        Topic.author_id == actor.id, Topic.created > now() - AGAIN, Topic.title == title, Topic.state == "live"
    )
    for topic in db.session.scalars(query.where(Topic.within_id == within_id).order_by(Topic.id.desc()).limit(3)):
        first = post_numbered(topic, 1)
        if first is not None and first.text == text:
            return topic
    return None


def last_line(entry: Entry) -> Change:
    """The newest line of the log about this entry."""
    return db.session.scalars(
        select(Change).where(Change.entry_id == entry.id).order_by(Change.seq.desc()).limit(1)
    ).one()


def latest_in(forums: Sequence[Forum], viewer: Member | None, many: int) -> dict[int, list[Topic]]:
    """forum: its topics with the latest posts, at most `many` each, in one statement."""
    ids = [forum.id for forum in forums]
    if not ids:
        return {}
    one = table(Topic)
    order = func.row_number().over(partition_by=Entry.within_id, order_by=(one.c.last_at.desc(), one.c.id.desc()))
    ranked = (
        select(one.c.id, order.label("rank"))
        .join(Entry, Entry.id == one.c.id)
        .where(Entry.within_id.in_(ids), visible(viewer))
        .subquery()
    )
    best = select(ranked.c.id).where(ranked.c.rank <= many)
    found: dict[int, list[Topic]] = {}
    for topic in db.session.scalars(
        _topics().where(Topic.id.in_(best)).order_by(Topic.last_at.desc(), Topic.id.desc())
    ):
        found.setdefault(topic.within_id or 0, []).append(topic)
    return found


def counts_in(forums: Sequence[Forum], viewer: Member | None) -> dict[int, int]:
    """forum: how many topics stand in it."""
    rows = db.session.execute(_counts(), {"forums": [forum.id for forum in forums], **keys(viewer)})
    return {id: many for id, many in rows if id is not None}


@cache
def _counts() -> Select[Any]:
    e = table(Entry)
    here = and_(e.c.within_id.in_(bindparam("forums", expanding=True)), e.c.kind == "topic", e.c.state == "live")
    return select(e.c.within_id, func.count()).where(here, through(e.c.audience)).group_by(e.c.within_id)


SORTINGS = ("active", "newest", "unanswered")


def sorted_topics(forum: Forum, viewer: Member | None, sorting: str) -> Select[Any]:
    """active: the latest post first; newest: the latest topic first; unanswered: those without an answer, newest first.
    Pinned ones always stand on top, but among the unanswered."""
    query = topics_in(forum, viewer)
    if sorting == "newest":
        return query.order_by(None).order_by(*LATEST_BEGUN)
    if sorting == "unanswered":
        waits = or_(Topic.posts == 1, and_(Topic.sort == "question", Topic.answer_id.is_(None)))
        return (
            query.where(waits, Topic.closed.is_(False)).order_by(None).order_by(Topic.created.desc(), Topic.id.desc())
        )
    return query


def latest_topics(viewer: Member | None, limit: int) -> list[Topic]:
    """Those with the latest posts in all forums, for Atom."""
    there = aliased(Entry, flat=True)
    query = _topics().join(there, there.id == Topic.within_id).where(there.kind == "forum", visible(viewer, Topic))
    return list(db.session.scalars(query.order_by(Topic.last_at.desc(), Topic.id.desc()).limit(limit)))


def latest_posts(topic: Topic, viewer: Member | None, limit: int) -> list[Post]:
    query = _posts().where(Post.topic_id == topic.id, visible(viewer, Post))
    return list(db.session.scalars(query.order_by(Post.number.desc()).limit(limit)))


def voices_of(member: Member) -> list[Entry]:
    """The organisations for which this member speaks."""
    return heads_by_id(sorted(voices(member)), member)
