"""From the words of a question to scored documents.

BM25 over one catch-all field in which words of the title and other names weigh more. A word stands for itself and its
stems in the languages that the reader's documents are written in; the best form counts, not their sum. What stands under
an area of focus is found by the area's names too. Every number comes from the scope.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.search.analysis import Reading, forms, readings
from commons.search.grammar import Query
from commons.search.reading import NOTHING, Postings
from commons.search.snapshot import Ints, Scope, Snapshot, greatest
from commons.search.stopwords import stopwords

K1 = 2.0
B = 0.75
MOST_EXPANSIONS = 50
LOOKED_AT = 2000  # words of the vocabulary that a prefix may run through


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of the readings; all clauses together are the question."""

    readings: tuple[Reading, ...]
    required: bool = True
    phrase: bool = False
    times: int = 1


def clauses(query: Query, scope: Scope) -> list[Clause]:
    """Everything that the question asks for; stop words only where there is nothing else."""
    stops = stopwords(scope.languages or ("en",))
    words = Counter(reading for term in query.terms for reading in readings(term))
    found = [Clause((reading,), times=times) for reading, times in words.items() if not is_stop(reading, stops)]
    for phrase in query.phrases:
        found.append(Clause((phrase_reading(phrase),), phrase=True))
        found += [Clause((reading,), required=False) for reading in readings(phrase) if not is_stop(reading, stops)]
    for group in query.any_of:
        found.append(Clause(tuple(reading for word in group for reading in readings(word))))
    found += [Clause((Reading(prefix, prefix=prefix),)) for prefix in query.prefixes]
    return list(dict.fromkeys(found)) or [Clause((reading,), times=times) for reading, times in words.items()]


def is_stop(reading: Reading, stops: frozenset[str]) -> bool:
    word = reading.forms[0] if reading.forms else ""
    return bool(word) and (word in stops or (len(word) == 1 and word.isalpha() and word.isascii()))


def phrase_reading(phrase: str) -> Reading:
    parts: list[str] = []
    for reading in readings(phrase):
        parts += reading.sequence or reading.forms or (reading.prefix,)
    return Reading(phrase, sequence=tuple(parts)) if len(parts) > 1 else Reading(phrase, tuple(parts))


def score(snapshot: Snapshot, scope: Scope, clause: Clause) -> Postings:
    """The documents of the scope that a clause finds, each with its part of the score."""
    return scope.scored(clause.readings, lambda: weigh(snapshot, scope, occurrences(snapshot, scope, clause.readings)))


def occurrences(snapshot: Snapshot, scope: Scope, wanted: tuple[Reading, ...]) -> Postings:
    found = [postings for reading in wanted for postings in read(snapshot, scope, reading) if len(postings.ids)]
    text = greatest([postings.ids for postings in found], [postings.weights for postings in found], snapshot.size)
    both = [one for one in (text, under_named(snapshot, scope, wanted)) if len(one.ids)]
    return greatest([one.ids for one in both], [one.weights for one in both], snapshot.size, added=True)


def under_named(snapshot: Snapshot, scope: Scope, wanted: tuple[Reading, ...]) -> Postings:
    """The documents under areas with a name that answers: each such area weighs as much as one word of their own."""
    areas: set[int] = set()
    for view, base in zip(snapshot.views, snapshot.bases, strict=False):
        for reading in wanted:
            rows = [base + row for row in view.area_names().rows(reading)]
            areas |= {snapshot.codes.code("area", str(snapshot.key[row])) for row in rows if scope.mask[row]}
    found = [ids for area in sorted(areas) if area > 0 and len(ids := snapshot.under(area))]
    return greatest(found, [np.ones(len(ids), np.float32) for ids in found], snapshot.size, added=True)


def read(snapshot: Snapshot, scope: Scope, reading: Reading) -> list[Postings]:
    found: list[Postings] = []
    for word in reading.forms:
        for form, languages in forms(word, scope.languages).items():
            found.append(spoken(snapshot, snapshot.postings(scope.fields, (form,)), languages))
    if reading.sequence:
        found.append(side_by_side(snapshot, scope, reading.sequence))
    if reading.prefix:
        found.append(snapshot.postings(scope.fields, expansions(snapshot, scope, reading.prefix)))
    return found


def spoken(snapshot: Snapshot, found: Postings, languages: tuple[str, ...]) -> Postings:
    """Only documents in one of the languages; () keeps all."""
    if not languages or not len(found.ids):
        return found
    codes = [snapshot.codes.code("tongue", language) for language in languages]
    kept = np.isin(snapshot.single["tongue"][found.ids], codes)
    return Postings(found.ids[kept], found.weights[kept])


def side_by_side(snapshot: Snapshot, scope: Scope, sequence: tuple[str, ...]) -> Postings:
    """Documents in which the words follow each other, verified by their places."""
    lists = [snapshot.postings(scope.fields, (word,)) for word in sequence]
    holding = reduce(common, sorted((postings.ids for postings in lists), key=len))
    if not len(holding):
        return NOTHING
    at = np.empty(0, np.int64)
    for number, word in enumerate(sequence):
        here = snapshot.places(scope.fields, word, holding) - number
        at = here if number == 0 else at[among(at, here)]
        if not len(at):
            return NOTHING
    ids = np.unique(at >> 17).astype(np.int32)
    weights = [postings.weights[np.searchsorted(postings.ids, ids)] for postings in lists]
    return Postings(ids, np.minimum.reduce(weights))


def common(some: Ints, more: Ints) -> Ints:
    """What stands in both; both are sorted."""
    return some[among(some, more)]


def among(
    values: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which values are among the others; both are sorted."""
    if not len(others):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(others, values), len(others) - 1)
    return np.asarray(others[at] == values)


def expansions(snapshot: Snapshot, scope: Scope, prefix: str) -> tuple[str, ...]:
    """The words that begin so and stand in most documents that the reader may see."""
    count: dict[str, int] = {}
    for view in snapshot.views:
        for field in scope.fields:
            for term, documents in view.vocabulary(field, prefix, LOOKED_AT):
                count[term] = count.get(term, 0) + documents
    if len(count) <= MOST_EXPANSIONS:
        return tuple(sorted(count))
    likely = sorted(count, key=lambda term: (-count[term], term))[: 2 * MOST_EXPANSIONS]
    seen = {term: int(scope.mask[snapshot.postings(scope.fields, (term,)).ids].sum()) for term in likely}
    return tuple(
        sorted((term for term in likely if seen[term]), key=lambda term: (-seen[term], term))[:MOST_EXPANSIONS]
    )


def weigh(snapshot: Snapshot, scope: Scope, found: Postings) -> Postings:
    """BM25 within the scope."""
    readable = scope.mask[found.ids]
    ids, weights = (found.ids, found.weights) if readable.all() else (found.ids[readable], found.weights[readable])
    if not len(ids):
        return NOTHING
    rarity = math.log(1.0 + (scope.count - len(ids) + 0.5) / (len(ids) + 0.5))
    norm = np.float32(K1 * (1 - B)) + np.float32(K1 * B / scope.average) * snapshot.length[ids]
    parts = np.float32(rarity * (K1 + 1)) * weights / (weights + norm)
    return Postings(ids, parts.astype(np.float32, copy=False))
