"""What forums show on other rooms' pages: the talk about an organisation or a page; and what is like a topic that is begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from commons.audience import may_see
from commons.entries.models import Entry
from commons.entries.within import takes
from commons.forums.documents.topics import topic_rows
from commons.forums.queries import latest_about, site_forums
from commons.members.models import Member
from commons.room import rooms
from commons.text import excerpt

SHOWN = 3


def talk_about(entry: Any, viewer: Member | None) -> dict[str, Any] | None:
    """The topics about it with the latest posts, and where one is begun. Nothing about what waits to be looked at."""
    if not entry.is_live or not may_see(viewer, entry):
        return None
    found = latest_about(entry, viewer, SHOWN + 1)
    return {
        "rows": topic_rows(found[:SHOWN], viewer),
        "more_url": url_for("forums.about", id=entry.id) if len(found) > SHOWN else None,
        "ask_url": url_for("forums.begin", about=entry.id),
    }


def places_to_begin(subject: Entry | None, viewer: Member | None) -> list[dict[str, Any]]:
    """The forums in which this member may begin a topic about it, in their order."""
    about = subject.id if subject is not None else None
    return [
        {
            "title": forum.title,
            "language": forum.language,
            "about": excerpt(forum.text, 160),
            "url": url_for("forums.new_topic", slug=forum.slug, about=about),
        }
        for forum in site_forums(viewer)
        if takes(forum, "topic", viewer) is not None
    ]


def similar_rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    kinds = rooms().kinds
    return [
        {
            "title": entry.title,
            "url": kinds[entry.kind].page(entry),
            "kind": entry.kind,
            "kind_label": str(kinds[entry.kind].label),
            "language": entry.language,
        }
        for entry in entries
    ]
