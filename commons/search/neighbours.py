"""Which documents of a snapshot are like one: shared areas, the rarer the better, then nearness."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from commons.search.facets import distances
from commons.search.snapshot import Snapshot

CLOSE = 100.0  # kilometres
CLOSENESS = 1.0  # what being close counts, beside the logarithm of how rare an area is


def neighbours(
    snapshot: Snapshot,
    entry: int,
    kind: str,
    areas: Sequence[int],
    place: tuple[float, float] | None,
    audiences: Collection[str],
    limit: int,
) -> list[int]:
    scope = snapshot.scope(audiences)
    same = scope.mask & (snapshot.single["kind"] == snapshot.codes.code("kind", kind)) & (snapshot.key != entry)
    owners, values = snapshot.several["area"]
    score = np.zeros(snapshot.size, np.float32)
    for area in areas:
        with_it = owners[values == snapshot.codes.code("area", str(area))]
        with_it = with_it[scope.mask[with_it]]
        score[with_it] += math.log(1 + scope.count / (1 + len(with_it)))
    hits = np.flatnonzero((score > 0) & same).astype(np.int32)
    if place is not None and len(hits):
        with np.errstate(invalid="ignore"):
            score[hits[distances(snapshot, hits, *place) <= CLOSE]] += CLOSENESS
    best = hits[np.lexsort((snapshot.key[hits], -score[hits]))][:limit]
    return [int(key) for key in snapshot.key[best]]
