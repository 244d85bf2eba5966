"""The invariants of topics and posts: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from commons.db import db, table
from commons.entries.models import Entry
from commons.forums.models import Post, Topic
from commons.room import Check


def columns_follow_from_the_posts() -> Iterable[str]:
    """A topic that was removed as a whole keeps the columns that it had."""
    one, post, topic = table(Entry).alias(), table(Post), table(Topic)
    counted = (
        select(post.c.topic_id, func.max(post.c.number).label("highest"))
        .add_columns(func.count().filter(one.c.state == "live").label("many"))
        .join(one, one.c.id == post.c.id)
        .group_by(post.c.topic_id)
        .subquery()
    )
    whole = table(Entry).alias()
    rows = (
        select(topic.c.id, topic.c.posts, topic.c.last_number, counted.c.many, counted.c.highest)
        .join(whole, whole.c.id == topic.c.id)
        .outerjoin(counted, counted.c.topic_id == topic.c.id)
        .where(whole.c.state == "live")
        .order_by(topic.c.id)
    )
    for row in db.session.execute(rows):
        if row.posts != (row.many or 0):
            yield f"topic {row.id}: says {row.posts} posts, {row.many or 0} stand"
        if row.last_number < (row.highest or 0):
            yield f"topic {row.id}: its last number is {row.last_number}, a post has {row.highest}"


def the_last_post_is_the_last() -> Iterable[str]:
    """When and by whom is that of the highest number that stands."""
    last, later = aliased(Post, flat=True), aliased(Post, flat=True)
    newer = select(later.id).where(later.topic_id == last.topic_id, later.number > last.number, later.state == "live")
    rows = (
        select(Topic.id)
        .join(last, last.topic_id == Topic.id)
        .where(Topic.state == "live", last.state == "live", ~newer.exists())
        .where((Topic.last_at != last.created) | Topic.last_by_id.is_distinct_from(last.author_id))
    )
    for id in db.session.scalars(rows.order_by(Topic.id)):
        yield f"topic {id}: its last post is another one than it says"


def posts_are_shown_to_whom_their_topic_is() -> Iterable[str]:
    there = aliased(Topic, flat=True)
    unlike = (Post.audience != there.audience) | Post.within_id.is_distinct_from(Post.topic_id)
    rows = select(Post.id, there.id.label("topic")).join(there, there.id == Post.topic_id).where(unlike)
    for row in db.session.execute(rows.order_by(Post.id)):
        yield f"post {row.id}: does not stand where its topic {row.topic} does"


def answers_stand_in_their_topics() -> Iterable[str]:
    found = aliased(Post, flat=True)
    rows = (
        select(Topic.id)
        .outerjoin(found, found.id == Topic.answer_id)
        .where(Topic.answer_id.is_not(None), Topic.state == "live")
        .where(found.id.is_(None) | (found.topic_id != Topic.id) | (found.state != "live"))
    )
    for id in db.session.scalars(rows.order_by(Topic.id)):
        yield f"topic {id}: its accepted answer does not stand in it"


def talks_have_doors_of_their_own() -> Iterable[str]:
    for row in db.session.execute(select(Topic.id, Topic.audience).where(Topic.sort == "talk").order_by(Topic.id)):
        if row.audience != f"talk:{row.id}":
            yield f"talk {row.id}: is shown to {row.audience}"


checks = (
    Check("topics: counts and numbers follow from the posts", columns_follow_from_the_posts),
    Check("topics: the last post is the last", the_last_post_is_the_last),
    Check("posts: shown to whom their topic is", posts_are_shown_to_whom_their_topic_is),
    Check("questions: the accepted answer stands in them", answers_stand_in_their_topics),
    Check("talks: behind doors of their own", talks_have_doors_of_their_own),
)
