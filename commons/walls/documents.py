"""How walls and polls are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from commons.audience import MEMBERS, PUBLIC
from commons.entries import links
from commons.entries.documents import actor_name
from commons.entries.models import Entry
from commons.entries.queries import latest
from commons.entries.within import takes
from commons.feed.documents import reactions_of
from commons.forums.documents.posts import person, voice_row
from commons.forums.models import Post, Topic
from commons.forums.queries import may_answer
from commons.forums.queries.beside import heads
from commons.members.models import Member
from commons.members.queries import kept_away
from commons.people.queries import profile_of
from commons.room import rooms
from commons.text import Link, markdown
from commons.walls.actions import has_ended
from commons.walls.forms import MINE, ShareForm
from commons.walls.queries import first_posts, shares_on, votes, walls_of

LATEST = 10  # on a profile, a group's page, an organisation's page
WALLS = ("profile", "group", "organisation")  # kinds on whose pages people share something


def share_rows(topics: Sequence[Topic], viewer: Member | None) -> list[dict[str, Any]]:
    """Shares as a wall shows them; those of people whom the viewer does not want to meet are folded."""
    posts = first_posts(topics)
    if not posts:
        return []
    ids, shy = [post.id for post in posts.values()], kept_away(viewer)
    known, voices = links.shown_in(ids, viewer), heads([one.voice_id for one in topics], viewer)
    marks = reactions_of(ids, viewer, shy)
    return [
        _share_row(topic, posts[topic.id], known)
        | {"reactions": marks[posts[topic.id].id], "folded": topic.author_id in shy}
        | {"voice": voice_row(voices.get(topic.voice_id or 0))}
        for topic in topics
        if topic.id in posts
    ]


def _share_row(topic: Topic, post: Post, known: Mapping[int, Mapping[str, Link]]) -> dict[str, Any]:
    return {
        "id": topic.id,
        "title": topic.title,
        "language": post.language,
        "html": markdown(post.text, links=lambda _names: known.get(post.id, {}), anchor=f"s{topic.id}"),
        "url": rooms().kinds["topic"].page(topic),
        "at": topic.created,
        **person(post.author),
        "answers": max(0, topic.posts - 1),
        "poll": bool(topic.choices),
        "edited_url": url_for("entries.history", collection="posts", slug=post.slug) if post.version > 1 else None,
        "only_members": topic.audience != PUBLIC,
    }


def wall_panel(wall: Entry, viewer: Member | None) -> dict[str, Any] | None:
    """The latest of what was shared here; nothing where there is nothing and the viewer may not begin."""
    if wall is None:
        return None
    found = latest(shares_on(wall, viewer).limit(LATEST), LATEST)
    may = takes(wall, "topic", viewer) is not None
    if not found and not may:
        return None
    collection = rooms().kinds[wall.kind].collection
    return {
        "shares": share_rows(found, viewer),
        "wall_url": url_for("walls.wall", collection=collection, slug=wall.slug) if len(found) == LATEST else None,
        "share_url": url_for("walls.share", on=_value_of(wall, viewer)) if may else None,
    }


def _value_of(wall: Entry, viewer: Member | None) -> str:
    return MINE if wall.kind == "profile" and viewer is not None and wall.author_id == viewer.id else str(wall.id)


def walls_to_choose(member: Member) -> list[tuple[str, str]]:
    """(value, words) of the walls on which this member may post: their own first."""
    others = walls_of(member)
    named = [
        (str(wall.id), _("%(kind)s: %(name)s", kind=rooms().kinds[wall.kind].label, name=wall.title)) for wall in others
    ]
    return [(MINE, _("My own wall")), *named]


def is_hidden(member: Member | None) -> bool:
    """Does this member hide their profile, so that nobody else sees their wall?"""
    own = profile_of(member) if member is not None else None
    return own is not None and own.audience not in (PUBLIC, MEMBERS)


def composer(_subject: Any, viewer: Member | None) -> dict[str, Any] | None:
    """The short form over the feed; everything else that can be shared stands on a page of its own."""
    if viewer is None or not viewer.may_write:
        return None
    return {"form": ShareForm(formdata=None, walls=walls_to_choose(viewer)), "share_url": url_for("walls.share")}


def poll_panel(topic: Topic, viewer: Member | None) -> dict[str, Any] | None:
    """The choices of a poll; how often each was chosen is told to those who chose, and to everybody when it has ended."""
    if not topic.choices:
        return None
    counts, mine = votes(topic, viewer)
    total, ended = sum(counts.values()), has_ended(topic)
    told = ended or mine is not None
    return {
        "choices": [
            {"number": number, "words": words, "mine": number == mine}
            | (
                {"count": counts.get(number, 0), "percent": round(100 * counts.get(number, 0) / (total or 1))}
                if told
                else {}
            )
            for number, words in enumerate(topic.choices)
        ],
        "total": total,
        "told": told,
        "ended": ended,
        "until": topic.choose_until,
        "chosen": mine is not None,
        "language": topic.language,
        "vote_url": url_for("walls.vote", id=topic.id) if not ended and may_answer(viewer, topic) else None,
        "sign_in_url": url_for("members.sign_in", next=rooms().kinds["topic"].page(topic)) if viewer is None else None,
    }


def feed_rows(topics: Sequence[Topic]) -> list[dict[str, Any]]:
    """Public shares as the lines of an Atom feed."""
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            "title": topic.title,
            "id": f"{site}/e/{topic.id}",
            "link": f"{site}/e/{topic.id}",
            "updated": topic.created.isoformat(),
            "actor_name": actor_name(topic.author),
            "verb_label": _("shared something"),
            "note": "",
        }
        for topic in topics
    ]
