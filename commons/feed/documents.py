"""How watched entries are listed, and what the button beside an entry shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from commons.entries.models import Entry
from commons.feed.queries import watchers
from commons.members.door import viewer
from commons.room import rooms


def watched_rows(found: Sequence[Entry]) -> list[dict[str, Any]]:
    return [_row(entry) for entry in found]


def _row(entry: Entry) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    return {
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": entry.title,
        "language": entry.language,
        "url": kind.page(entry),
        "at": entry.updated,
        "unwatch_url": url_for("feed.unwatch", collection=kind.collection, slug=entry.slug),
    }


def watch_of(entry: Entry) -> dict[str, Any] | None:
    """Is this viewer watching, the address that changes it, and how many people watch; nothing for visitors."""
    who = viewer()
    if who is None or not entry.is_live:
        return None
    many, on = watchers(entry, who)
    endpoint = "feed.unwatch" if on else "feed.watch"
    collection = rooms().kinds[entry.kind].collection
    return {"on": on, "count": many, "url": url_for(endpoint, collection=collection, slug=entry.slug)}
