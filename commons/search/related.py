"""Entries like this one, each with a reason that stands on both records: shared areas first, the rarer the better,
then nearness."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from commons.audience import index_filter
from commons.entries.queries import entries_by_id
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import rooms
from commons.search.index import IndexBroken
from commons.search.queries import engine

SHOWN = 4


def related(entry: Any, viewer: Member | None) -> list[dict[str, Any]]:
    if not entry.focus:
        return []
    place = None if entry.lat is None or entry.lon is None else (entry.lat, entry.lon)
    try:
        ids = engine().related(entry.id, entry.kind, entry.focus, place, audiences=index_filter(viewer), limit=SHOWN)
    except IndexBroken:
        return []
    return [_row(entry, other) for other in entries_by_id(ids, viewer, entry.kind)]


def _row(entry: Any, other: Any) -> dict[str, Any]:
    shared = tree().sorted(sorted(set(entry.focus) & set(other.focus)))
    reasons = [_("both work on %(areas)s", areas=", ".join(node.label for node in shared[:2]))] if shared else []
    if entry.city and entry.city == other.city:
        reasons.append(_("both in %(place)s", place=entry.city))
    return {"title": other.title, "url": rooms().kinds[other.kind].page(other), "reasons": reasons}
