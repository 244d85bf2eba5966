"""How what was kept is listed, and what the button beside an entry shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from commons.entries.models import Entry
from commons.entries.tagged import entry_rows
from commons.feed.models import Kept
from commons.feed.queries import is_kept
from commons.members.door import viewer
from commons.members.models import Member
from commons.room import rooms


def kept_rows(found: Sequence[Kept], viewer: Member) -> list[dict[str, Any]]:
    """What may be seen, as rows of a list; of the rest only that it is gone, and since when it was kept."""
    shown = {row["id"]: row for row in entry_rows([one.entry_id for one in found], viewer)}
    return [
        {**shown.get(one.entry_id, {"gone": True}), "kept": one.at}
        | {"drop_url": url_for("feed.drop", entry_id=one.entry_id)}
        for one in found
    ]


def keep_of(entry: Entry) -> dict[str, Any] | None:
    """Has this viewer kept it, and the address that changes it; nothing for visitors."""
    who = viewer()
    if who is None or not entry.is_live:
        return None
    on, collection = is_kept(entry, who), rooms().kinds[entry.kind].collection
    keep = url_for("feed.keep", collection=collection, slug=entry.slug)
    return {
        "on": on,
        "url": url_for("feed.drop", entry_id=entry.id) if on else keep,
        "page": rooms().kinds[entry.kind].page(entry),
    }
