"""Changing what was said, taking it away, and choosing the answer to a question. Always the topic is locked before the post,
so that two of these never wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from commons.db import db, lock, now, table, transaction
from commons.entries.actions import apply_changes, edit_entry, record
from commons.entries.asks import ask
from commons.entries.models import Change, Entry
from commons.forums.actions.posting import carry
from commons.forums.fields import POST_FIELDS, TOPIC, checked
from commons.forums.models import Post, Topic, Vote
from commons.forums.queries import last_line, may_answer_be_chosen, may_edit_post, may_edit_topic, may_moderate
from commons.members.models import Member
from commons.moderation.newcomers import modest
from commons.web import Forbidden, Invalid

ALONG = "went with its topic"  # the verb of posts whose topic was removed: what comes back with it


def edit_topic(
    topic: Topic,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """What changed. Its author and who moderates it; raises Conflict, Invalid or Forbidden."""
    given = checked(TOPIC, values)
    with transaction():
        lock(topic)
        if not may_edit_topic(actor, topic):
            raise Forbidden(_("You may not change this."))
        _stays_whole(topic, given)
        return edit_entry(topic, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)


def _stays_whole(topic: Topic, given: Mapping[str, Any]) -> None:
    faults = {}
    sort = given.get("sort", topic.sort)
    if sort != topic.sort and {sort, topic.sort} != {"discussion", "question"}:
        faults["sort"] = _("Only a discussion and a question can become each other.")
    if "choices" in given and given["choices"] != topic.choices and _is_voted_on(topic):
        faults["choices"] = _("Somebody has chosen already, so the choices stay as they are.")
    if (answer := given.get("answer_id")) is not None and not _answers(topic, answer):
        faults["answer_id"] = _("That post does not stand in this topic any more.")
    if faults:
        raise Invalid(faults)


def _is_voted_on(topic: Topic) -> bool:
    return bool(db.session.scalar(select(func.count()).where(Vote.topic_id == topic.id)))


def _answers(topic: Topic, post_id: int) -> bool:
    row = db.session.get(Post, post_id)
    return row is not None and row.topic_id == topic.id and row.is_live and row.number > 1


def edit_post(
    post: Post,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    minor: bool = False,
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """What changed. Its author at any time, and who moderates the topic; raises Conflict, Invalid or Forbidden."""
    given = checked(POST_FIELDS, values)
    with transaction():
        _topic_of(post)
        if not may_edit_post(actor, post):
            raise Forbidden(_("You may not change this."))
        modest(actor, given.get("text", ""))
        return edit_entry(post, given, version=version, actor=actor, note=note, minor=minor, verb=verb, via=via)


def _topic_of(post: Post) -> Topic:
    """The topic, locked."""
    topic = db.session.get(Topic, post.topic_id)
    assert topic is not None
    lock(topic)
    return topic


def accept_answer(topic: Topic, post: Post | None, *, actor: Member, version: int = 0) -> None:
    """Marks the post that answers a question, and only that one; None: none. With the `version` that was looked at, somebody
    else's other choice since raises Conflict; without it the last one wins."""
    with transaction():
        lock(topic)
        if not may_answer_be_chosen(actor, topic):
            raise Forbidden(_("Who asked the question chooses its answer."))
        seen, verb = version or topic.version, "chose an answer" if post is not None else "edited"
        values = {"answer_id": post.id if post is not None else None}
        changed = edit_topic(topic, values, version=seen, actor=actor, verb=verb)
        if changed and post is not None and post.author_id is not None:
            ask(post, [post.author_id], "accepted", last_line(topic))


def remove_post(post: Post, *, actor: Member | None, note: str = "", via: str = "") -> None:
    """Its number stays, with the reason. Its author may, and who moderates the topic (with a reason); the first post takes the
    whole topic along, which its author may only while nobody else has answered. `actor` None: the site itself."""
    with transaction():
        topic = _topic_of(post)
        lock(post)
        reason = _reason(topic, post, actor, note)
        if post.number == 1:
            _remove_topic(topic, actor, reason, via)
        elif post.is_live:
            post.state, post.updated = "deleted", now()
            record(post, "removed", None, actor=actor, note=reason, via=via)
            if topic.answer_id == post.id:
                _unmark(topic, actor, reason, via)
            recount(topic)


def _unmark(topic: Topic, actor: Member | None, reason: str, via: str) -> None:
    """Whoever takes away the answer need not be who may change the question."""
    changes = apply_changes(topic, {"answer_id": None})
    topic.version, topic.updated = topic.version + 1, now()
    record(topic, "edited", changes, actor=actor, note=reason, via=via)


def _reason(topic: Topic, post: Post, actor: Member | None, note: str) -> str:
    if actor is None:
        return note
    is_own = post.author_id == actor.id and actor.may_write
    if not (is_own or may_moderate(actor, topic)) or not topic.is_live:
        raise Forbidden(_("You may not remove this."))
    if is_own:
        if post.number == 1 and not may_moderate(actor, topic) and _others(topic, actor):
            raise Forbidden(_("Others have answered, so the topic stays. You can change your own words in it."))
        return note.strip() or _("Taken back by its author")
    if not note.strip():
        raise Invalid({"note": _("Say why: the reason is shown in its place.")})
    return note


def _others(topic: Topic, actor: Member) -> bool:
    query = select(Post.id).where(Post.topic_id == topic.id, Post.author_id != actor.id, Post.state == "live")
    return db.session.scalar(query.limit(1)) is not None


def _remove_topic(topic: Topic, actor: Member | None, reason: str, via: str) -> None:
    topic.state, topic.updated = "deleted", now()
    record(topic, "removed", None, actor=actor, note=reason, via=via)
    _move_posts(topic, "live", "deleted", ALONG, reason)


def remove_topic(topic: Topic, *, actor: Member | None, note: str, via: str = "") -> None:
    """The topic with all its posts."""
    first = db.session.scalar(select(Post).where(Post.topic_id == topic.id, Post.number == 1))
    assert first is not None
    remove_post(first, actor=actor, note=note, via=via)


def bring_back_topic(topic: Topic, *, actor: Member, note: str) -> None:
    """The topic with the posts that were removed with it; those that were removed before stay so."""
    with transaction():
        lock(topic)
        if not actor.is_moderator or topic.is_private:
            raise Forbidden(_("Only moderators bring pages back."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason stands in the log.")})
        _stands(topic)
        if not _has_posts(topic):
            raise Forbidden(_("This topic was merged with another one, and its posts stand there."))
        topic.state, topic.updated = "live", now()
        record(topic, "brought back", None, actor=actor, note=note)
        _move_posts(topic, "deleted", "live", "came with its topic", note)
        recount(topic)


def _stands(topic: Topic) -> None:
    whole = db.session.get(Entry, topic.within_id) if topic.within_id else None
    if whole is not None and not whole.is_live:
        raise Forbidden(_("What it stands in was removed. Bring that back first."))


def _has_posts(topic: Topic) -> bool:
    return db.session.scalar(select(Post.id).where(Post.topic_id == topic.id).limit(1)) is not None


def bring_back_post(post: Post, *, actor: Member, note: str) -> None:
    with transaction():
        topic = _topic_of(post)
        lock(post)
        if not may_moderate(actor, topic) or not topic.is_live:
            raise Forbidden(_("Only moderators bring pages back."))
        if not note.strip():
            raise Invalid({"note": _("Say why: the reason stands in the log.")})
        post.state, post.updated = "live", now()
        record(post, "brought back", None, actor=actor, note=note)
        recount(topic)


def _move_posts(topic: Topic, old: str, new: str, verb: str, note: str) -> None:
    """All posts of the topic at once, with a line each that names nobody."""
    query = select(Post.id).where(Post.topic_id == topic.id, Post.state == old)
    if new == "live":
        gone = (Change.entry_id == Post.id, Change.verb.in_((ALONG, "removed")))
        how = select(Change.verb).where(*gone).order_by(Change.seq.desc()).limit(1).scalar_subquery()
        query = query.where(how == ALONG)
    ids = list(db.session.scalars(query.order_by(Post.id)))
    line = {"at": now(), "actor_id": None, "verb": verb, "revision": None, "note": note[:300], "via": ""}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        db.session.execute(update(Entry).where(Entry.id.in_(some)).values(state=new))
        db.session.execute(table(Change).insert(), [line | {"entry_id": id, "thread_id": topic.id} for id in some])


def recount(topic: Topic) -> None:
    """The derived columns from the posts as they stand: after one was taken away, brought back or moved."""
    where = (Post.topic_id == topic.id, Post.state == "live")
    many = db.session.scalar(select(func.count()).select_from(Post).where(*where)) or 0
    last = db.session.scalar(select(Post).where(*where).order_by(Post.number.desc()).limit(1))
    highest = db.session.scalar(select(func.max(Post.number)).where(Post.topic_id == topic.id)) or 0
    columns: dict[str, Any] = {"posts": int(many), "last_number": max(topic.last_number, int(highest))}
    if last is not None:
        columns |= {"last_at": last.created, "last_by_id": last.author_id}
    carry(topic, **columns)
