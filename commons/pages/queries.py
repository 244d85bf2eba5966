"""What the sitemap and the home page read that is wider than one room."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from commons.db import db, now
from commons.entries.models import Change, Entry

CHUNK = 20_000  # ids a file; a sitemap may hold 50,000 addresses


def sitemap_chunks() -> int:
    last = db.session.scalar(select(func.max(Entry.id))) or 0
    return int(last) // CHUNK + 1


def sitemap_rows(chunk: int) -> list[tuple[str, str, str]]:
    """(kind, slug, date of the last change) of public entries with ids in this chunk."""
    if chunk > 10**6:
        return []
    low = chunk * CHUNK
    query = (
        select(Entry.kind, Entry.slug, Entry.updated)
        .where(Entry.id >= low, Entry.id < low + CHUNK, Entry.audience == "public", Entry.state == "live")
        .order_by(Entry.id)
    )
    return [(kind, slug, updated.date().isoformat()) for kind, slug, updated in db.session.execute(query)]


def edits_this_week() -> tuple[int, int]:
    """(edits, people who made them)"""
    row = db.session.execute(
        select(func.count(), func.count(func.distinct(Change.actor_id))).where(
            Change.actor_id.is_not(None), Change.at > now() - timedelta(days=7)
        )
    ).one()
    return int(row[0]), int(row[1])
