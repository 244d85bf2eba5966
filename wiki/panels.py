"""What the wiki shows on other rooms' pages: what is known of a subject, and the pages that name an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.entries import links
from commons.entries.queries import latest
from commons.focus.subjects import Box, Known, Subject
from commons.members.models import Member
from commons.room import rooms
from commons.web import reader
from wiki import queries
from wiki.documents.comparing import written_by

SHOWN, MOST, TASKS = 8, 100, 2


def known_box(subject: Subject, _viewer: Member | None) -> Box:
    """Pages and files, of the latest those that lead into an area first, then those in the reader's language."""
    area = subject.key if subject.sort == "area" else None
    return Box(
        kinds=("page", "file"),
        asked=subject.words,
        empty=_("No page yet. What should somebody know who begins here? Three sentences are a good beginning."),
        begin=(_("Write a page"), url_for("wiki.new", focus=area)),
        order=lambda entry: (getattr(entry, "outline", "") != "area", entry.language not in ("", reader())),
        once=lambda entry: getattr(entry, "translation_of", None) or entry.id,
        line=_known_line,
    )


def _known_line(entry: Any) -> str:
    if entry.kind == "page":
        return str(entry.summary)
    about = rooms().kinds[entry.kind].about
    return about(entry) if about else ""


def pages_naming(entry: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Pages that link to it, or show it."""
    rows = [row for row in links.inward(entry, viewer, MOST) if row.kind == "page"]
    shown = [
        {"title": row.title, "url": url_for("wiki.page", slug=row.slug), "language": row.language, "summary": ""}
        for row in rows[:SHOWN]
    ]
    return {"pages": shown, "total": len(rows)} if rows else None


def wanting_sources(_profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Small things to mend for a newcomer: pages that ask for a source."""
    rows = latest(queries.needing_sources(viewer), TASKS)
    shown = [
        {"title": page.title, "url": url_for("wiki.page", slug=page.slug), "language": page.language, "summary": ""}
        for page in rows
    ]
    return {"pages": shown, "total": len(shown)} if shown else None


def evidence(ids: Sequence[int], _viewer: Member | None) -> list[Known]:
    """Who wrote the pages among these that stand."""
    found = latest(queries.standing(ids), len(ids))
    return [known for page in found for known in written_by(page)]
