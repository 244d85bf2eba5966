"""What the list of forums and the page of one show, and both as Atom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries import links
from commons.entries.documents import actor_name
from commons.entries.queries import by_id
from commons.entries.within import takes
from commons.forums.addressing import place_of, post_address
from commons.forums.documents.topics import area_chips, topic_rows
from commons.forums.models import Forum, Post, Topic
from commons.forums.queries import SORTINGS, counts_in, latest_in, may_edit_forum
from commons.forums.queries.listing import Listed
from commons.members.models import Member
from commons.room import rooms
from commons.text import excerpt, markdown
from commons.web import with_values

ON_TOP = 9  # forums that are shown with their latest topics
LATEST = 2
LABELS = {"active": _l("Latest answer"), "newest": _l("Newest topic"), "unanswered": _l("Without an answer")}


def forums_page(forums: Sequence[Forum], viewer: Member | None) -> dict[str, Any]:
    first = forums[:ON_TOP]
    latest, many = latest_in(first, viewer, LATEST), counts_in(forums, viewer)
    rows = topic_rows([topic for some in latest.values() for topic in some], viewer)
    known = {row["id"]: row for row in rows}
    return {
        "forums": [
            {
                **forum_row(forum),
                "about": excerpt(forum.text, 160),
                "topics": many.get(forum.id, 0),
                "areas": area_chips(forum.focus),
                "latest": [known[topic.id] for topic in latest.get(forum.id, ())],
            }
            for forum in first
        ],
        "others": [{**forum_row(forum), "topics": many.get(forum.id, 0)} for forum in forums[ON_TOP:]],
        "new_url": url_for("forums.new_forum") if viewer is not None and viewer.is_moderator else None,
        "atom_url": url_for("forums.forums_atom"),
    }


def forum_row(forum: Forum) -> dict[str, Any]:
    return {
        "id": forum.id,
        "title": forum.title,
        "language": forum.language,
        "url": url_for("forums.forum", slug=forum.slug),
    }


def forum_page(forum: Forum, topics: Sequence[Topic | Listed], sorting: str, viewer: Member | None) -> dict[str, Any]:
    may_begin = takes(forum, "topic", viewer) is not None
    group = by_id(forum.within_id, viewer) if forum.within_id else None
    return {
        "forum": forum,
        "entry": forum,
        "html": markdown(forum.text, links=lambda _names: links.shown(links.of(forum, viewer), viewer))
        if forum.text
        else "",
        "group": (group.title, rooms().kinds[group.kind].page(group)) if group is not None else None,
        "areas": area_chips(forum.focus),
        "rows": topic_rows(topics, viewer),
        "sorts": [
            {"label": LABELS[key], "url": with_values(sort=key if key != SORTINGS[0] else "", page=""), "current": now}
            for key, now in ((key, key == sorting) for key in SORTINGS)
        ],
        "begin_url": url_for("forums.new_topic", slug=forum.slug) if may_begin or viewer is None else None,
        "edit_url": url_for("forums.edit_forum", slug=forum.slug) if may_edit_forum(viewer, forum) else None,
        "atom_url": url_for("forums.forum_atom", slug=forum.slug) if forum.audience == "public" else None,
    }


def topic_entries(topics: Sequence[Topic]) -> list[dict[str, Any]]:
    """Topics as Atom: an entry for each, changed by its last post."""
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            "title": topic.title,
            "id": f"{site}/e/{topic.id}",
            "link": site + place_of(topic, topic.last_number),
            "updated": topic.last_at.isoformat(),
            "actor_name": actor_name(topic.last_by),
            "verb_label": _("wrote the last post"),
            "note": "",
        }
        for topic in topics
    ]


def post_entries(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Posts as Atom, with their beginning."""
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            "title": post.title,
            "id": f"{site}/e/{post.id}",
            "link": site + post_address(post),
            "updated": post.created.isoformat(),
            "actor_name": actor_name(post.author),
            "verb_label": _("wrote"),
            "note": excerpt(post.text, 300),
        }
        for post in posts
    ]
