"""Entries like this one, each with a reason that stands on both records: shared areas first, the rarer the better,
then nearness."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flask_babel import gettext as _

from commons.audience import index_filter
from commons.entries.queries import entries_by_id
from commons.focus.queries import tree
from commons.members.models import Member
from commons.room import rooms
from commons.search.facets import distances
from commons.search.index import IndexBroken
from commons.search.queries import engine

SHOWN = 4
CLOSE = 100.0  # kilometres


def related(entry: Any, viewer: Member | None) -> list[dict[str, Any]]:
    if not entry.focus:
        return []
    try:
        snapshot = engine().snapshot()
        scope = snapshot.scope(index_filter(viewer))
    except IndexBroken:
        return []
    owners, values = snapshot.several["area"]
    score = np.zeros(snapshot.size, np.float32)
    for area in entry.focus:
        with_it = owners[values == snapshot.codes.code("area", str(area))]
        score[with_it] += math.log(1 + scope.count / (1 + len(with_it)))
    score[
        ~scope.mask | (snapshot.single["kind"] != snapshot.codes.code("kind", entry.kind)) | (snapshot.key == entry.id)
    ] = 0
    hits = np.flatnonzero(score > 0).astype(np.int32)
    if entry.lat is not None and entry.lon is not None and len(hits):
        with np.errstate(invalid="ignore"):
            score[hits[distances(snapshot, hits, entry.lat, entry.lon) <= CLOSE]] += 1.0
    best = hits[np.argsort(-score[hits], kind="stable")[:SHOWN]]
    return [_row(entry, other) for other in entries_by_id([int(key) for key in snapshot.key[best]], viewer, entry.kind)]


def _row(entry: Any, other: Any) -> dict[str, Any]:
    shared = tree().sorted(sorted(set(entry.focus) & set(other.focus)))
    reasons = [_("both work on %(areas)s", areas=", ".join(node.label for node in shared[:2]))] if shared else []
    if entry.city and entry.city == other.city:
        reasons.append(_("both in %(place)s", place=entry.city))
    return {"title": other.title, "url": rooms().kinds[other.kind].page(other), "reasons": reasons}
