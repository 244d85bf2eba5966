"""What the wiki shows on other rooms' pages beside `pages_about`: the pages that name an organisation."""

from __future__ import annotations

from typing import Any

from flask import url_for

from commons.entries import links
from commons.entries.queries import latest
from commons.members.models import Member
from wiki import queries

SHOWN, MOST, TASKS = 8, 100, 2


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
