"""What the home page shows: real counts or none."""

from __future__ import annotations

from typing import Any

from flask import url_for

from commons.db import now
from commons.entries.documents import log_row
from commons.entries.queries import changes, latest
from commons.focus.queries import area_counts, tree
from commons.members.models import Member
from commons.pages.queries import edits_this_week
from commons.search.maps import world_map
from directory import queries as directory


def home_page(viewer: Member | None) -> dict[str, Any]:
    counts = directory.counts(viewer)
    edits, people = edits_this_week()
    found = latest(changes(viewer), 5)
    numbers = area_counts(viewer)
    headings = [
        {"label": node.label, "url": url_for("focus.area", slug=node.slug), "count": numbers.get(node.id, 0)}
        for node in tree().headings
    ]
    return {
        "map": world_map(viewer),
        "counts": {**counts, "areas": len(tree().nodes), "edits_week": edits, "people_week": people},
        "recent": [log_row(line) for line in found],
        "newest": directory.newest(viewer, 3),
        "headings": headings,
        "to_check": directory.to_check(viewer, now().toordinal()),
    }
