"""How watched entries are listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from commons.entries.models import Entry
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
