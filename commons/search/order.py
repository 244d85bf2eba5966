"""The order of results, and one page of it. Equal results stand in the order of their numbers, so that pages never
overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from commons.search.facets import Near, distances
from commons.search.feedback import COMPARED, Wanted, settled
from commons.search.snapshot import Floats, Ints, Snapshot

Sort = Literal["relevance", "updated", "confirmed", "distance", "title"]
WINDOW = 100  # results whose names are compared with the question
CLOSENESS = 1.0
EXACT = 1000.0  # more than words can weigh


def arranged(
    snapshot: Snapshot,
    hits: Ints,
    scores: Floats,
    first: Ints,
    sort: Sort,
    near: Near | None,
    names: tuple[str, ...],
    offset: int,
    limit: int,
    question: Sequence[Wanted] = (),
) -> tuple[Ints, Floats]:
    """The documents of one page and their scores. `first`: by relevance these come before all others. `question`: where the
    first results are to be compared by its words."""
    if sort == "title":
        page = by_title(snapshot, hits, offset, limit)
        return hits[page], scores[page]
    if sort == "relevance" and not names and not len(first) and np.ptp(scores) == 0 if len(scores) else False:
        sort = "updated"
    if sort == "relevance":
        return by_relevance(snapshot, hits, scores, first, names, offset, limit, question)
    if sort == "distance" and near is not None:
        values: NDArray[Any] = -distances(snapshot, hits, near[0], near[1])
    else:
        values = (snapshot.confirmed if sort == "confirmed" else snapshot.updated)[hits]
    page = best(values, snapshot.key[hits], offset + limit)[offset:]
    return hits[page], scores[page]


def best(values: NDArray[Any], keys: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Where the greatest values stand, in order."""
    if many <= 0:
        return np.empty(0, np.int64)
    some: NDArray[np.int64] = np.arange(len(values))
    if len(values) > 4 * many:
        least = np.partition(values, len(values) - many)[len(values) - many]
        some = np.flatnonzero(values >= least)
    order = np.lexsort((keys[some], -values[some]))[:many]
    return np.asarray(some[order])


def by_relevance(
    snapshot: Snapshot,
    hits: Ints,
    scores: Floats,
    first: Ints,
    names: tuple[str, ...],
    offset: int,
    limit: int,
    question: Sequence[Wanted] = (),
) -> tuple[Ints, Floats]:
    """What comes first in any case, then by score; among the first results a name close to the question counts as well,
    and what they say of each other."""
    scores, keys = scores.copy(), snapshot.key[hits]
    lift = np.where(np.isin(hits, first), np.float32(EXACT), np.float32(0.0))
    order = best(scores + lift, keys, max(WINDOW, offset + limit))
    if names:
        window = order[:WINDOW]
        wanted = frozenset(names)
        for at in window.tolist():
            scores[at] *= 1.0 + CLOSENESS * closeness(snapshot.names(int(hits[at])), wanted)
        order[:WINDOW] = window[np.lexsort((keys[window], -(scores + lift)[window]))]
    if question and len(order) > 1:
        window = order[:COMPARED]
        scores[window] = settled(scores[window], snapshot.streams(hits[window]), question)
        order[:COMPARED] = window[np.lexsort((keys[window], -(scores + lift)[window]))]
    page = order[offset : offset + limit]
    return hits[page], (scores + lift)[page]


def closeness(names: list[str], wanted: frozenset[str]) -> float:
    """1 for a name of just these words, 0 for names that share none: the best of a document's names."""
    found = 0.0
    for name in names:
        words = set(name.split())
        shared = len(words & wanted)
        if shared:
            found = max(found, 2.0 * shared / (len(words) + len(wanted)))
    return found * found


def by_title(snapshot: Snapshot, hits: Ints, offset: int, limit: int) -> NDArray[np.int64]:
    """Sorted by the first letters in bulk, and within equal ones by the whole title where this page needs it."""
    head, tail = snapshot.initials[0][hits], snapshot.initials[1][hits]
    order = np.argsort(snapshot.title_rank()[hits])
    if not len(order) or not limit or offset >= len(order):
        return np.empty(0, np.int64)
    first, last = offset, min(offset + limit, len(order)) - 1
    while first > 0 and same(head, tail, order[first - 1], order[first]):
        first -= 1
    while last + 1 < len(order) and same(head, tail, order[last], order[last + 1]):
        last += 1
    whole = sorted(
        order[first : last + 1].tolist(),
        key=lambda at: (snapshot.names(int(hits[at]))[:1], int(snapshot.key[hits[at]])),
    )
    return np.array(whole[offset - first : offset - first + limit], np.int64)


def same(head: NDArray[Any], tail: NDArray[Any], one: int, other: int) -> bool:
    return bool(head[one] == head[other] and tail[one] == tail[other])
