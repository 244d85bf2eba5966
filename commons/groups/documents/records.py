"""Search documents, public records, cards and feeds of groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db
from commons.entries.documents import actor_name
from commons.focus.queries import tree
from commons.groups.doors import SEEN, WAYS
from commons.groups.forms import JOIN_WORDS, MODULE_WORDS
from commons.groups.models import Group
from commons.room import SearchDocument
from commons.text import excerpt, plain

LONGEST_ABOUT = 160


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for group in db.session.scalars(select(Group).where(Group.id.in_(ids), Group.state == "live")):
        yield search_document(group)


def search_document(group: Group) -> SearchDocument:
    areas, nodes = tree().with_parents(group.focus), tree().nodes
    return SearchDocument(
        id=group.id,
        kind="group",
        audience=group.audience,
        language=group.language,
        title=group.title,
        text="\n\n".join(filter(None, (group.summary, plain(group.text)))),
        areas=areas,
        sdgs=sorted({goal for area in group.focus if area in nodes for goal in nodes[area].sdgs}),
        languages=[group.language] if group.language else [],
        updated=int(group.updated.timestamp()),
        boost=0.5 if group.archived else 1.0,
    )


def record(group: Group) -> dict[str, Any]:
    """The public record: API and open data. Nothing about who belongs to it."""
    return {
        "summary": group.summary,
        "text": group.text,
        "visibility": group.visibility,
        "joining": group.joining,
        "questions": group.questions,
        "modules": group.modules,
        "archived": group.archived.isoformat() if group.archived else None,
    }


def about(group: Group) -> str:
    """One line for its card."""
    return group.summary or excerpt(plain(group.text), LONGEST_ABOUT)


def seen_by(group: Group) -> str:
    return str(SEEN[group.visibility])


def joined_how(group: Group) -> str:
    return _("Archived: it can be read.") if group.archived else str(WAYS[group.visibility, group.joining].sentence)


def field_words(value: Any) -> Any:
    """How to join and what a group uses, as people read them in its history."""
    words = {**JOIN_WORDS, **MODULE_WORDS}
    return [str(words.get(one, one)) for one in value] if isinstance(value, list) else str(words.get(value, value))


def group_rows(groups: Sequence[Group], sizes: dict[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "title": group.title,
            "language": group.language,
            "url": url_for("groups.group", slug=group.slug),
            "about": about(group),
            "size": sizes.get(group.id, 0),
            "joining": joined_how(group),
            "visibility": group.visibility,
            "areas": areas(group)[:3],
            "archived": group.archived,
        }
        for group in groups
    ]


def areas(group: Group) -> list[tuple[str, str]]:
    return [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(group.focus)]


def feed_rows(groups: Sequence[Group]) -> list[dict[str, Any]]:
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            "title": group.title,
            "id": f"{site}/e/{group.id}",
            "link": f"{site}/e/{group.id}",
            "updated": group.updated.isoformat(),
            "actor_name": actor_name(group.author),
            "verb_label": _("founded this group"),
            "note": group.summary,
        }
        for group in groups
    ]
