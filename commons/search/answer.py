"""One question, answered from a snapshot: which documents, in which order, and how many of what kind.

The audience comes first: words, counts and order are those of the documents that the viewer may read. All words are
wanted first; where that finds nothing, or hardly anything for a long question, any of them will do, and where nothing
holds them all, names that come close. That is decided before filters are looked at, so that a facet's number is what
its link shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commons.search import feedback, layout
from commons.search.analysis import words
from commons.search.facets import Box, Filters, Near, distances, narrowed, within
from commons.search.grammar import Query
from commons.search.hits import Hits, SnapshotHits
from commons.search.leaning import Leaning, leaned
from commons.search.nearly import close
from commons.search.order import Sort, arranged
from commons.search.ranking import Clause, clauses, score
from commons.search.snapshot import Floats, Ints, Scope, Snapshot

Matched = Literal["all", "any", "nearly"]
Match = Literal["auto", "all", "any", "nearly"]
LONG_QUESTION = 3  # from so many required words on, one or two hits for all of them are too little
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    ids: tuple[int, ...]  # of the documents on this page, in order
    scores: tuple[float, ...]
    facets: dict[str, dict[str | int, int]]
    matched: Matched  # pass it on as `match` in links, and the numbers stay true
    exact: int  # documents named exactly as the question, which come first
    distances: tuple[float, ...] = ()  # kilometres, where a place was given
    hits: Hits = field(kw_only=True, compare=False)  # every document found


@dataclass(frozen=True, slots=True)
class Matches:
    """Every document of the scope that answers the words, before filters."""

    ids: Ints
    scores: Floats
    matched: Matched
    exact: Ints
    clauses: Sequence[Clause] = ()
    whole: Ints = field(default_factory=lambda: np.empty(0, np.int32))  # the few that hold all words, where any will do

    @property
    def first(self) -> Ints:
        """What comes before everything else."""
        return self.exact if len(self.exact) else self.whole


def search(
    snapshot: Snapshot,
    query: Query,
    *,
    audiences: Collection[str] | None,
    filters: Filters | None = None,
    near: Near | None = None,
    bounds: Box | None = None,
    confirmed_after: int = 0,
    among: Sequence[int] | None = None,
    besides: Sequence[int] = (),
    sort: Sort = "relevance",
    offset: int = 0,
    limit: int = 20,
    facets: Sequence[str] = (),
    match: Match = "auto",
    leanings: Sequence[Leaning] = (),
) -> Found:
    """As `Backend.search` says. `audiences` is None only for work that shows nothing to anyone."""
    scope = snapshot.scope(audiences)
    matches = matching(snapshot, scope, query, match)
    ids = _placed(snapshot, _among(snapshot, matches.ids, among, besides), near, bounds, confirmed_after)
    hits, numbers = narrowed(snapshot, ids, filters or Filters(), facets)
    scores = matches.scores[np.searchsorted(matches.ids, hits)] if len(hits) < len(matches.ids) else matches.scores
    scores = leaned(snapshot, hits, scores, leanings, matches.matched == "all")
    names = tuple(words(" ".join(query.terms)))
    question = feedback.wanted(snapshot, scope, matches.clauses) if matches.matched == "any" else ()
    page, values = arranged(
        snapshot, hits, scores, matches.first, sort, near, names, max(0, offset), max(0, limit), question
    )
    return Found(
        total=len(hits),
        ids=tuple(snapshot.key[page].tolist()),
        scores=tuple(values.tolist()),
        facets=numbers,
        matched=matches.matched,
        exact=len(np.intersect1d(matches.exact, hits, assume_unique=True)),
        distances=tuple(distances(snapshot, page, near[0], near[1]).tolist()) if near is not None else (),
        hits=SnapshotHits(snapshot, hits),
    )


def _among(snapshot: Snapshot, ids: Ints, among: Sequence[int] | None, besides: Sequence[int]) -> Ints:
    if among is not None:
        ids = ids[np.isin(snapshot.key[ids], among)]
    return ids[~np.isin(snapshot.key[ids], besides)] if besides else ids


def _placed(
    snapshot: Snapshot,
    ids: Ints,
    near: Near | None,
    bounds: Box | None,
    confirmed_after: int,
) -> Ints:
    if confirmed_after:
        ids = ids[snapshot.confirmed[ids] >= confirmed_after]
    if near is not None:
        with np.errstate(invalid="ignore"):
            ids = ids[distances(snapshot, ids, near[0], near[1]) <= near[2]]
    return ids if bounds is None else ids[within(snapshot, ids, bounds)]


def matching(snapshot: Snapshot, scope: Scope, query: Query, match: Match) -> Matches:
    nothing = np.empty(0, np.int32)
    if query.empty:
        ids = without(snapshot, scope, np.flatnonzero(scope.mask).astype(np.int32), query)
        return Matches(ids, snapshot.boost[ids], "all", nothing)
    wanted = clauses(query, scope)
    if not wanted:
        return Matches(nothing, np.empty(0, np.float32), "all", nothing)
    exact = exact_names(snapshot, scope, query)
    total, count, hard = added(snapshot, scope, wanted)
    required = sum(clause.required for clause in wanted)
    whole = without(snapshot, scope, np.flatnonzero(count == required).astype(np.int32), query)
    if match == "all" or (match == "auto" and not too_little(len(whole), required, len(exact))):
        return Matches(whole, total[whole] * snapshot.boost[whole], "all", exact, wanted)
    some = (count > 0) & (hard == hard.max(initial=0)) if has_hard(wanted) else count > 0
    ids = without(snapshot, scope, np.flatnonzero(some).astype(np.int32), query)
    scores = total[ids] * snapshot.boost[ids]
    if match != "any" and not len(whole) and (joined := close(snapshot, scope, query, ids, scores)):
        kept = without(snapshot, scope, joined[0], query)
        return Matches(kept, joined[1][np.isin(joined[0], kept)], "nearly", exact, wanted)
    return Matches(ids, scores, "any", exact, wanted, whole if len(whole) < ENOUGH else whole[:0])


def added(
    snapshot: Snapshot, scope: Scope, wanted: list[Clause]
) -> tuple[Floats, NDArray[np.uint8], NDArray[np.uint8]]:
    """Per document: the sum of scores, how many required clauses it answers, and how many phrases."""
    total = np.zeros(snapshot.size, np.float32)
    count = np.zeros(snapshot.size, np.uint8)
    hard = np.zeros(snapshot.size, np.uint8)
    for clause in wanted:
        ids, scores = score(snapshot, scope, clause)
        total[ids] += scores if clause.times == 1 else scores * np.float32(clause.times)
        if clause.required and count.max(initial=0) < 255:
            count[ids] += 1
        if clause.phrase:
            hard[ids] += 1
    return total, count, hard


def has_hard(wanted: list[Clause]) -> bool:
    return any(clause.phrase for clause in wanted)


def too_little(found: int, required: int, exact: int) -> bool:
    return found == 0 or (required >= LONG_QUESTION and found < ENOUGH and not exact)


def exact_names(snapshot: Snapshot, scope: Scope, query: Query) -> Ints:
    if not query.terms or query.any_of or query.prefixes:
        return np.empty(0, np.int32)
    name = layout.name_key(" ".join(query.terms))
    ids = snapshot.postings(scope.fields, (layout.NAME + name,)).ids
    return without(snapshot, scope, ids[scope.mask[ids]], query)


def without(snapshot: Snapshot, scope: Scope, ids: Ints, query: Query) -> Ints:
    """Take out what the question excludes."""
    for word in query.excluded:
        for clause in clauses(Query(terms=(word,)) if " " not in word else Query(phrases=(word,)), scope):
            if clause.phrase or " " not in word:
                ids = ids[~np.isin(ids, score(snapshot, scope, clause).ids)]
    return ids
