"""How topics leave: rows of lists, and what a topic's page and a forum's page show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from commons.entries.documents import panels
from commons.entries.models import Entry
from commons.feed.models import Seen
from commons.feed.queries import seen_of
from commons.focus.queries import tree
from commons.forums.addressing import before_number, place_of, spot, words_of
from commons.forums.documents.posts import person, post_rows, voice_row
from commons.forums.models import Post, Topic
from commons.forums.queries import may_edit_topic, may_moderate, page_of, why_not
from commons.forums.queries.beside import heads, read_to
from commons.forums.queries.listing import Listed
from commons.members.models import Member
from commons.room import rooms

LABELS = {"discussion": _l("Discussion"), "question": _l("Question"), "share": _l("Share"), "talk": _l("Private talk")}


def topic_rows(topics: Sequence[Topic | Listed], viewer: Member | None) -> list[dict[str, Any]]:
    """Topics with their authors and who spoke last, as `topics_in` gives them."""
    seen = seen_of([topic.id for topic in topics], viewer)
    read = read_to(viewer) if seen else 0
    front = before_number("forums.topic", id=0, words="-")
    people = {one.id: person(one) for topic in topics for one in (topic.author, topic.last_by) if one is not None}
    return [
        {
            **_row(topic, f"{front}{topic.id}/{words_of(topic)}", _unread(topic, seen.get(topic.id), read)),
            "starter": people.get(topic.author_id or 0) or person(None),
            "last_by": people.get(topic.last_by_id or 0),
        }
        for topic in topics
    ]


def _unread(topic: Topic | Listed, seen: Seen | None, read: int) -> int:
    """How many posts came since this member read the topic; 0 for one that they never opened. `read`: the line of the log up
    to which they said that all is read."""
    if seen is None or (read and topic.stirred <= read):
        return 0
    return max(0, topic.last_number - seen.number)


def _row(topic: Topic | Listed, url: str, new: int) -> dict[str, Any]:
    return {
        "id": topic.id,
        "kind": "topic",
        "title": topic.title,
        "language": topic.language,
        "url": url,
        "sort": topic.sort,
        "sort_label": LABELS[topic.sort],
        "pinned": topic.pinned,
        "closed": topic.closed,
        "answered": topic.answer_id is not None,
        "poll": bool(topic.choices),
        "areas": area_chips(topic.focus),
        "replies": max(0, topic.posts - 1),
        "last_at": topic.last_at,
        "last_url": spot(url, topic.last_number),
        "new": new,
        "new_url": spot(url, topic.last_number - new + 1) if new else None,
    }


def area_chips(focus: Iterable[int]) -> list[tuple[str, str]]:
    return [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(tuple(focus))]


def topic_page(
    topic: Topic, posts: Sequence[Post], page: int, viewer: Member | None, whole: Entry | None = None
) -> dict[str, Any]:
    """`posts`: those of the page, and the accepted answer where it stands on another one. `whole`: what the topic stands in,
    if that is known already."""
    named = [topic.about_id, topic.voice_id, *(post.voice_id for post in posts)]
    beside = heads([None if whole else topic.within_id, *named], viewer)
    whole = whole or beside.get(topic.within_id or 0)
    outer = heads([whole.within_id], viewer).get(whole.within_id or 0) if whole and whole.within_id else None
    rows = post_rows(topic, posts, viewer, beside)
    seen = seen_of([topic.id], viewer).get(topic.id)
    new = _unread(topic, seen, 0)
    refused = why_not(viewer, topic) if viewer is not None else ""
    return {
        "topic": topic,
        "entry": topic,
        "sort_label": LABELS[topic.sort],
        "crumbs": [_crumb(one) for one in (outer, whole) if one is not None],
        "areas": area_chips(topic.focus),
        "about": head_row(beside.get(topic.about_id or 0)),
        "voice": voice_row(beside.get(topic.voice_id or 0)),
        "rows": [row for row in rows if page_of(row["number"]) == page],
        "answer": next((row for row in rows if row.get("is_answer")), None) if page == 1 else None,
        "first_new": topic.last_number - new + 1 if new else 0,
        "new": new,
        "new_url": place_of(topic, topic.last_number - new + 1) if new else None,
        "last_url": place_of(topic, topic.last_number),
        "panels": panels("topic", topic, viewer),
        "ends": panels("topic end", topic, viewer),
        "may_edit": may_edit_topic(viewer, topic),
        "may_moderate": may_moderate(viewer, topic),
        "refused": refused,
        "may_answer": viewer is not None and not refused,
        "seen_url": url_for("forums.seen", id=topic.id) if viewer is not None else None,
        "atom_url": url_for("forums.topic_atom", id=topic.id) if topic.audience == "public" else None,
    }


def _crumb(entry: Entry) -> tuple[str, str]:
    return entry.title, rooms().kinds[entry.kind].page(entry)


def head_row(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    kind = rooms().kinds[entry.kind]
    row = {"title": entry.title, "language": entry.language, "url": kind.page(entry)}
    return row | {"kind": entry.kind, "kind_label": kind.label}


__all__ = ["area_chips", "head_row", "topic_page", "topic_rows"]
