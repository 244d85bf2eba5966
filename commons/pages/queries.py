"""What the sitemap and the home page read that is wider than one room."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from commons.audience import PUBLIC
from commons.db import db, now
from commons.entries.models import Change, Entry
from commons.room import rooms

CHUNK = 20_000  # ids a file; a sitemap may hold 50,000 addresses


def sitemap_chunks() -> int:
    last = db.session.scalar(select(func.max(Entry.id))) or 0
    return int(last) // CHUNK + 1


def sitemap_rows(chunk: int) -> list[tuple[str, str]]:
    """(path, date of the last change) of public entries with ids in this chunk; a post is read on its topic's page."""
    if chunk > 10**6:
        return []
    low = chunk * CHUNK
    query = (
        select(Entry.kind, Entry.id, Entry.slug, Entry.title, Entry.updated)
        .where(Entry.id >= low, Entry.id < low + CHUNK, Entry.audience == PUBLIC, Entry.state == "live")
        .where(Entry.kind != "post")
        .order_by(Entry.id)
    )
    kinds = rooms().kinds
    return [(kinds[row.kind].page(row), row.updated.date().isoformat()) for row in db.session.execute(query)]


def edits_this_week() -> tuple[int, int]:
    """(edits, people who made them)"""
    row = db.session.execute(
        select(func.count(), func.count(func.distinct(Change.actor_id))).where(
            Change.actor_id.is_not(None), Change.at > now() - timedelta(days=7)
        )
    ).one()
    return int(row[0]), int(row[1])
