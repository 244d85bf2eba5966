"""Who comes into question at all: at most about 1,400 of a hundred thousand, found on four roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching.index import Index
from directory.partnerships.matching.layout import Ints
from directory.partnerships.matching.postings import Floats
from directory.partnerships.matching.sought import Sought
from directory.partnerships.matching.weights import (
    ANYWHERE,
    BY_AREA,
    BY_GRAPH,
    BY_PLACE,
    BY_TEXT,
    DIRECT,
    NEARBY_AMONG,
    NEIGHBOURS,
)

RADIUS = 6371.0  # km, of the earth


@dataclass(frozen=True, slots=True)
class Candidates:
    slots: Ints
    raw: Floats  # fit of the text
    ties: Floats  # strength of the ways through the web of partnerships


def candidates(index: Index, sought: Sought, reach: float) -> Candidates:
    allowed = may_be_shown(index, sought)
    raw = index.scores(sought.wanted, sought.fields)
    raw *= allowed
    ties = web(index, sought)
    ties *= allowed
    best = greatest(raw, NEARBY_AMONG)
    found = [best[greatest(raw[best], BY_TEXT)], greatest(ties, BY_GRAPH)]
    if sought.point is not None:
        across = np.sqrt(np.maximum(2 - 2 * (index.points[best] @ sought.point), 0))
        near = np.exp(across * np.float32(-RADIUS / reach)) + np.float32(ANYWHERE)
        found.append(best[greatest(raw[best] * near, BY_PLACE)])
    found.append(of_same_area(index, sought, allowed))
    slots = np.unique(np.concatenate(found))
    return Candidates(slots, raw[slots], ties[slots])


def may_be_shown(index: Index, sought: Sought) -> NDArray[np.bool_]:
    """Open to partners, none of those left out, and with a language in common unless a translation will do."""
    anyhow = not sought.languages or sought.translation
    allowed = (index.open if anyhow else index.sharing(sought.languages)).copy()
    allowed[sought.closed] = False
    return allowed


def greatest(values: Floats, many: int) -> Ints:
    """Where the greatest values above 0 stand, in rising order; of equal ones the first."""
    some = np.flatnonzero(values > 0)
    if len(some) <= many:
        return some
    here = values[some]
    least = np.partition(here, len(some) - many)[len(some) - many]
    over = here > least
    over[np.flatnonzero(here == least)[: many - int(over.sum())]] = True
    return np.asarray(some[over])


def web(index: Index, sought: Sought) -> Floats:
    """Partners and partners' partners: Adamic and Adar 2003, each tie weaker the more took part in it."""
    found = np.zeros(index.size, np.float32)
    if not len(sought.neighbours):
        return found
    owner, others, weights = index.partners.of(sought.neighbours, NEIGHBOURS)
    friendly = np.log(2.0 + index.partners.sizes[sought.neighbours])
    through = sought.ties[owner] * weights / friendly[owner]
    np.add.at(found, others, through.astype(np.float32))
    found[sought.neighbours] += np.float32(DIRECT) * sought.ties
    return found


def of_same_area(index: Index, sought: Sought, allowed: NDArray[np.bool_]) -> Ints:
    """Those who name one of the same areas or goals in the same country, the most recently confirmed first."""
    lists = [index.with_concept(concept) for concept in sorted(sought.own)]
    some = np.unique(np.concatenate(lists)) if lists else np.empty(0, np.int64)
    some = some[allowed[some]]
    if sought.country:
        some = some[index.records["country"][some] == sought.country]
    order = np.lexsort((some, -index.records["confirmed"][some].astype(np.int64)))
    return some[order[:BY_AREA]].astype(np.int64)


def kilometres(points: Floats, here: Floats) -> Floats:
    """Along the earth, between points on the unit sphere."""
    chord = np.sqrt(np.square(points - here).sum(axis=1)) / 2
    return np.asarray(2 * RADIUS * np.arcsin(np.minimum(chord, 1)), np.float32)
