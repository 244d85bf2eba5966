"""What forums show on other rooms' pages: the talk about an organisation or a page; and what is like a topic that is begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.audience import may_see
from commons.entries.models import Entry
from commons.entries.within import takes
from commons.focus.subjects import Box, Known, Subject
from commons.forums.documents.topics import topic_rows
from commons.forums.queries import latest_about, site_forums
from commons.forums.queries.beside import accepted_answers
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


def asked_box(subject: Subject, _viewer: Member | None) -> Box:
    """Topics, of the latest those that wait for an answer first."""
    return Box(
        kinds=("topic",),
        asked=subject.words,
        empty=_("Nobody has asked anything yet. A question helps the next one who has it too."),
        begin=(_("Ask a question"), url_for("forums.begin")),
        order=lambda topic: not topic.waits,
        mark=lambda topic: _("waits for an answer") if topic.waits else "",
        line=lambda topic: ngettext("%(n)s post", "%(n)s posts", topic.posts, n=topic.posts),
    )


def asking(asked: Any, viewer: Member | None) -> dict[str, Any]:
    """Where a search found nothing: the same words as a question to people."""
    return {"words": asked.query.text, "url": url_for("forums.begin", title=asked.query.text[:200])}


def evidence(ids: Sequence[int], _viewer: Member | None) -> list[Known]:
    """Who wrote the answers that settled the questions among these topics; answers to oneself aside."""
    return [Known(topic, author, "answered", 1.0, at) for topic, author, at in accepted_answers(ids)]


def places_to_begin(subject: Entry | None, viewer: Member | None, title: str = "") -> list[dict[str, Any]]:
    """The forums in which this member may begin a topic about it, in their order. `title`: words that are there already."""
    about = subject.id if subject is not None else None
    return [
        {
            "title": forum.title,
            "language": forum.language,
            "about": excerpt(forum.text, 160),
            "url": url_for("forums.new_topic", slug=forum.slug, about=about, title=title or None),
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
