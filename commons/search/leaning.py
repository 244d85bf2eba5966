"""What a question leans to: results that fit come first, and nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from commons.search.facets import Filters, Near, distances, narrowed
from commons.search.snapshot import Bools, Floats, Ints, Snapshot

LOOSELY = 0.25  # of the weight, where not all words were found: a place alone must not beat the words


class Leaning(NamedTuple):
    fits: Filters | Near
    weight: float  # 1: whatever fits comes before all that does not; less: as much of the best score is added


def leaned(
    snapshot: Snapshot, hits: Ints, scores: Floats, leanings: Sequence[Leaning], strictly: bool = True
) -> Floats:
    """The scores of these documents, raised for each leaning that they fit. `strictly`: all words stand in all of them."""
    if not leanings or not len(hits):
        return scores
    best = np.float32(scores.max(initial=0.0) or 1.0)
    raised = scores.copy()
    for one in leanings:
        weight = one.weight if strictly else one.weight * LOOSELY
        raised[_fitting(snapshot, hits, one.fits)] += best * np.float32(weight)
    return raised


def _fitting(snapshot: Snapshot, hits: Ints, fits: Filters | Near) -> Bools:
    if isinstance(fits, Filters):
        return np.asarray(np.isin(hits, narrowed(snapshot, hits, fits, ())[0], assume_unique=True))
    with np.errstate(invalid="ignore"):
        return np.asarray(distances(snapshot, hits, fits[0], fits[1]) <= fits[2])
