"""Putting topics in order: pinned, closed, moved, split, merged. Always topics are locked in the order of their ids, before
their posts, so that two who do this never wait for each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, or_, select, update

from commons.audience import MEMBERS, PUBLIC
from commons.db import db, lock, lock_all, now, on_commit, table, transaction
from commons.entries.actions import apply_changes, create_entry, record
from commons.entries.bulk import new_ids
from commons.entries.followers import wake
from commons.entries.hiding import show_to
from commons.entries.models import Change, Entry, Redirect
from commons.entries.queries import last_seq
from commons.entries.within import takes
from commons.feed.models import Watch
from commons.forums.actions.editing import recount
from commons.forums.actions.posting import carry
from commons.forums.fields import TOPIC, checked
from commons.forums.models import Forum, MovedPost, Post, Topic
from commons.forums.queries import may_moderate
from commons.groups.models import Group
from commons.members.models import Member
from commons.web import Forbidden, Invalid, whole_number

MANY = 500  # rows of one statement
FAR = 1_000_000_000  # added to numbers on their way: no topic has so many posts


def pin(topic: Topic, *, actor: Member, on: bool = True) -> None:
    """On top of its forum, or no longer."""
    with transaction():
        _organised(topic, actor)
        if topic.pinned != on:
            carry(topic, pinned=on)
            record(topic, "pinned" if on else "unpinned", None, actor=actor)


def close(topic: Topic, *, actor: Member, note: str) -> None:
    """Nobody answers any more; it can still be read. Raises Invalid without a reason."""
    with transaction():
        _organised(topic, actor)
        _reason(note)
        if not topic.closed:
            carry(topic, closed=True)
            record(topic, "closed", None, actor=actor, note=note)


def reopen(topic: Topic, *, actor: Member, note: str = "") -> None:
    with transaction():
        _organised(topic, actor)
        if topic.closed:
            carry(topic, closed=False)
            record(topic, "reopened", None, actor=actor, note=note)


def _organised(topic: Topic, actor: Member) -> None:
    """The topic, locked, if this member may put it in order."""
    lock(topic)
    _may(topic, actor)


def _may(topic: Topic, actor: Member) -> None:
    if not topic.is_live or not may_moderate(actor, topic):
        raise Forbidden(_("Only those who moderate this topic can do that."))


def _reason(note: str) -> None:
    if not note.strip():
        raise Invalid({"note": _("Say why: the reason stands in the log.")})


def is_wider(old: str, new: str) -> bool:
    """Would somebody see it at this door who does not see it at the other?"""
    return new != old and old != PUBLIC and not (old == MEMBERS and new.startswith("group:"))


def move(topic: Topic, forum: Forum, *, actor: Member, note: str = "", confirmed: bool = False) -> None:
    """To another forum, with its posts. Whoever sees that forum sees them then: where these are others than now, only who
    wrote all of it does so, and `confirmed`; else raises Invalid. Where fewer will see it, a reason is asked for."""
    with transaction():
        _organised(topic, actor)
        audience = takes(forum, "topic", actor)
        if audience is None:
            raise Forbidden(_("You may not add anything here."))
        _of_a_forum(topic)
        if topic.within_id == forum.id:
            return
        if is_wider(topic.audience, audience):
            _agreed(topic, "forum", audience, actor, confirmed)
        if audience != topic.audience and audience != PUBLIC:
            _reason(note)
        topic.within_id = forum.id
        record(topic, "moved over", None, actor=actor, note=note)
        if audience != topic.audience:
            show_to(topic, audience, actor=actor, note=note)


def _agreed(topic: Topic, field: str, audience: str, actor: Member, confirmed: bool) -> None:
    """What was said to a few is shown to more only by who said it: all of it, also what was taken back and may come again."""
    wrote = or_(Post.author_id.is_(None), Post.author_id != actor.id)
    if db.session.scalar(select(Post.id).where(Post.topic_id == topic.id, wrote).limit(1)) is not None:
        sentence = _(
            "Others wrote in this topic for those who see it now, so it stays. Write a summary where more people read it."
        )
        raise Invalid({field: sentence})
    if not confirmed:
        raise Invalid({"confirm": _who_sees(audience)})


def _who_sees(audience: str) -> str:
    if audience == PUBLIC:
        return _(
            "Everybody would see this topic and all its posts then, also without an account. Say that you mean it."
        )
    if audience == MEMBERS:
        return _("All members of this site would see this topic and all its posts then. Say that you mean it.")
    group = db.session.get(Group, whole_number(audience.partition(":")[2]))
    return _(
        "All who belong to “%(group)s” would see this topic and all its posts then. Say that you mean it.",
        group=group.title if group is not None else "",
    )


def _of_a_forum(topic: Topic) -> None:
    if topic.sort not in ("discussion", "question"):
        raise Invalid({"topic": _("This stands on a wall and stays there.")})


def split(topic: Topic, posts: Sequence[int], title: str, *, actor: Member, note: str = "") -> Topic:
    """Makes the posts with these numbers a topic of their own, in the same place, in the order in which they stand; its
    author is that of the first of them. Their old addresses lead on. Raises Invalid or Forbidden."""
    given = checked(TOPIC, {"title": title, "sort": "discussion", "language": topic.language, "focus": topic.focus})
    with transaction():
        _organised(topic, actor)
        _of_a_forum(topic)
        rows = _chosen(topic, posts)
        id = new_ids(1)[0]
        made = Topic(id=id, slug=str(id), within_id=topic.within_id, audience=topic.audience, licence=topic.licence)
        create_entry(made, given, actor=actor, note=note)
        made.author_id, made.about_id = rows[0].author_id, topic.about_id
        db.session.flush()
        if topic.answer_id in {row.id for row in rows}:
            _unmark(topic, actor, note)
        _leave(topic, [(row.number, row.id) for row in rows])
        _place(made, {row.id: number for number, row in enumerate(rows, start=1)})
        record(topic, "split", None, actor=actor, note=note)
        recount(topic)
        recount(made)
        return made


def _chosen(topic: Topic, numbers: Sequence[int]) -> list[Post]:
    if 1 in numbers:
        raise Invalid({"posts": _("The first post is what the topic says, so it stays.")})
    ids = select(Post.id).where(Post.topic_id == topic.id, Post.number.in_(sorted(set(numbers))), Post.state == "live")
    rows = sorted(lock_all(Post, db.session.scalars(ids).all()), key=lambda post: post.number)
    if not rows or len(rows) != len(set(numbers)):
        raise Invalid({"posts": _("Choose posts that stand in this topic.")})
    return rows


def _unmark(topic: Topic, actor: Member, note: str) -> None:
    changes = apply_changes(topic, {"answer_id": None})
    topic.version, topic.updated = topic.version + 1, now()
    record(topic, "edited", changes, actor=actor, note=note)


def _leave(topic: Topic, numbered: Sequence[tuple[int, int]]) -> None:
    """Whoever asks for these numbers of the topic finds the posts where they stand from now on."""
    rows = [{"topic_id": topic.id, "number": number, "post_id": id} for number, id in numbered]
    for start in range(0, len(rows), MANY):
        db.session.execute(table(MovedPost).insert(), rows[start : start + MANY])


def _place(topic: Topic, numbers: dict[int, int]) -> None:
    """Posts by their ids stand in this topic under these numbers, which nobody else in it has. An answer to a post that
    stands elsewhere is an answer to nobody; each gets a line that names nobody, and its older lines follow it."""
    ids, line = (
        sorted(numbers),
        {"at": now(), "actor_id": None, "verb": "moved over", "revision": None, "note": "", "via": ""},
    )
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        number = case({id: numbers[id] for id in some}, value=table(Post).c.id)
        here = table(Post).c.id.in_(some)
        db.session.execute(update(table(Post)).where(here).values(topic_id=topic.id, number=number))
        db.session.execute(update(table(Entry)).where(table(Entry).c.id.in_(some)).values(within_id=topic.id))
        db.session.execute(update(table(Change)).where(table(Change).c.entry_id.in_(some)).values(thread_id=topic.id))
        db.session.execute(table(Change).insert(), [line | {"entry_id": id, "thread_id": topic.id} for id in some])
    post, other = table(Post), table(Post).alias()
    apart = select(other.c.id).where(other.c.id == post.c.reply_to_id, other.c.topic_id != post.c.topic_id)
    moved = select(other.c.id).where(other.c.topic_id == topic.id)
    touched = post.c.topic_id == topic.id
    db.session.execute(
        update(post).where(touched | post.c.reply_to_id.in_(moved), apart.exists()).values(reply_to_id=None)
    )
    db.session.flush()
    db.session.expire_all()
    on_commit(wake)


def merge(topic: Topic, into: Topic, *, actor: Member, note: str, confirmed: bool = False) -> Topic:
    """All posts of the topic stand in the other one from now on, in order of time behind its first; the topic's address leads
    there, and so do its numbers. Raises Invalid where one has a poll, without a reason, and where others than now
    would see the posts, unless the actor wrote them all and it is `confirmed`."""
    with transaction():
        lock_all(Topic, {topic.id, into.id})
        for one in (topic, into):
            _may(one, actor)
            _of_a_forum(one)
        _reason(note)
        _fit_together(topic, into, actor, confirmed)
        rows = db.session.execute(_in_time(topic, into)).all()
        fresh = _new_numbers(rows, into)
        theirs = [(row.number, row.id) for row in rows if row.topic_id == topic.id]
        _renumber(into, {row.id: fresh[row.id] for row in rows if row.topic_id == into.id})
        if topic.audience != into.audience:
            show_to(topic, into.audience, actor=actor, note=note)
        _leave(topic, theirs)
        _place(into, {id: fresh[id] for _number, id in theirs})
        _lead_on(topic, into, actor, note)
        record(into, "merged", None, actor=actor, note=note)
        recount(into)
        return into


def _fit_together(topic: Topic, into: Topic, actor: Member, confirmed: bool) -> None:
    if topic.id == into.id:
        raise Invalid({"into": _("A topic cannot be merged into itself.")})
    if topic.choices or into.choices:
        raise Invalid({"into": _("A topic with a poll stays as it is: its votes belong to it.")})
    if is_wider(topic.audience, into.audience):
        _agreed(topic, "into", into.audience, actor, confirmed)


def _in_time(topic: Topic, into: Topic) -> Any:
    """The first post of the topic that stays remains its first."""
    post, entry = table(Post).c, table(Entry).c
    first = case(((post.topic_id == into.id) & (post.number == 1), 0), else_=1)
    query = select(post.id, post.topic_id, post.number, entry.created).join_from(
        table(Post), table(Entry), entry.id == post.id
    )
    return query.where(post.topic_id.in_((topic.id, into.id))).order_by(
        first, entry.created, post.topic_id, post.number
    )


def _new_numbers(rows: Sequence[Any], into: Topic) -> dict[int, int]:
    """post: its number. What stands in front of the first newcomer keeps its own; where all newcomers come later than it,
    everything does. A number from which a post was moved away is not given again."""
    first = next((place for place, row in enumerate(rows) if row.topic_id != into.id), len(rows))
    numbers = {row.id: row.number for row in rows[:first]}
    all_later = all(row.topic_id != into.id for row in rows[first:])
    last = into.last_number if all_later else max(numbers.values(), default=0)
    left = set(db.session.scalars(select(MovedPost.number).where(MovedPost.topic_id == into.id)))
    free = (number for number in count(last + 1) if number not in left)
    return numbers | {row.id: number for row, number in zip(rows[first:], free, strict=False)}


def _renumber(topic: Topic, numbers: dict[int, int]) -> None:
    """By way of numbers that nobody has, because no two posts may have the same one in between."""
    post = table(Post)
    db.session.execute(update(post).where(post.c.topic_id == topic.id).values(number=post.c.number + FAR))
    ids = sorted(numbers)
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        number = case({id: numbers[id] for id in some}, value=post.c.id)
        db.session.execute(update(post).where(post.c.id.in_(some)).values(number=number))


def _lead_on(topic: Topic, into: Topic, actor: Member, note: str) -> None:
    """The topic goes; its address is one of the other's from now on, and whoever followed it follows the other."""
    former = topic.slug
    topic.state, topic.updated, topic.slug = "deleted", now(), f"{topic.slug}-merged"
    record(topic, "removed", None, actor=actor, note=note)
    older = update(Redirect).where(Redirect.entry_id == topic.id).values(entry_id=into.id)
    db.session.execute(older)
    db.session.add(Redirect(kind="topic", slug=former, entry_id=into.id))
    here = select(Watch.member_id).where(Watch.entry_id == into.id)
    followers = select(Watch.member_id, Watch.how).where(Watch.entry_id == topic.id, Watch.member_id.not_in(here))
    rows = [{"member_id": row.member_id, "entry_id": into.id, "how": row.how} for row in db.session.execute(followers)]
    if rows:
        since = last_seq()
        db.session.execute(table(Watch).insert(), [row | {"at": now(), "since": since, "mail": ""} for row in rows])
    db.session.flush()


__all__ = ["close", "is_wider", "merge", "move", "pin", "reopen", "split"]
