"""The site's own order over a bounded number of candidates, with the numbers of the reader's scope."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from commons.search.nearly import CLOSE, STEEP
from commons.search.order import CLOSENESS, EXACT, WINDOW, closeness
from commons.search.postgres.asking import Part
from commons.search.postgres.rows import PARTS, WEIGHED, hashed
from commons.search.ranking import K1, B

Floats = NDArray[np.float64]


class Scope(NamedTuple):
    """What one set of audiences may read, with the statistics of just that."""

    documents: int
    average: float  # length of a document
    languages: tuple[str, ...]


class Candidate(NamedTuple):
    id: int
    boost: float
    length: float
    names: list[str]
    weighing: bytes
    first: bool  # before all others
    follows: list[bool]  # one for each sequence of the question
    fits: list[bool]  # one for each leaning


class Asked(Protocol):
    parts: list[Part]
    holders: list[int]  # how many documents of the scope each part finds
    near: dict[int, float]  # documents whose names come close, and how close


def ranked(
    candidates: Sequence[Candidate], asked: Asked, scope: Scope, names: Sequence[str], leanings: Sequence[float]
) -> list[tuple[int, float]]:
    """(id, score): what comes first in any case, then by score; among the first results a name close to the question counts
    too. `leanings`: the weight of each, as a part of the best score."""
    scores = scored(candidates, asked.parts, asked.holders, scope)
    if asked.near:
        near = np.array([asked.near.get(one.id, -np.inf) for one in candidates])
        scores += max(float(scores.max(initial=0.0)), 1.0) * STEEP ** (near - CLOSE)
    best = scores.max(initial=0.0) or 1.0
    for number, weight in enumerate(leanings):
        scores += weight * best * np.array([one.fits[number] for one in candidates], bool)
    lift = EXACT * np.array([one.first for one in candidates], bool)
    order = sorted(range(len(candidates)), key=lambda at: (-scores[at] - lift[at], candidates[at].id))
    wanted = frozenset(names)
    for at in order[:WINDOW] if names else ():
        scores[at] *= 1.0 + CLOSENESS * closeness(candidates[at].names, wanted)
    scores += lift
    order[:WINDOW] = sorted(order[:WINDOW], key=lambda at: (-scores[at], candidates[at].id))
    return [(candidates[at].id, float(scores[at])) for at in order]


def scored(candidates: Sequence[Candidate], parts: Sequence[Part], holders: Sequence[int], scope: Scope) -> Floats:
    """BM25; `holders`: how many documents of the scope each part finds."""
    lengths = np.array([one.length for one in candidates])
    norm = K1 * (1 - B) + K1 * B / scope.average * lengths
    total = np.zeros(len(candidates))
    for weights, part, many in zip(weighed(candidates, parts), parts, holders, strict=True):
        rarity = math.log(1.0 + (scope.documents - many + 0.5) / (many + 0.5))
        total += part.times * rarity * (K1 + 1) * weights / (weights + norm)
    boosted: Floats = total * np.array([one.boost for one in candidates])
    return boosted


def weighed(candidates: Sequence[Candidate], parts: Sequence[Part]) -> list[Floats]:
    """The weight of each part in each candidate: of its forms the heaviest, of words that follow each other the lightest."""
    sizes = np.array([len(one.weighing) for one in candidates], np.int64) // WEIGHED.itemsize
    rows = np.frombuffer(b"".join(one.weighing for one in candidates), WEIGHED)
    owners = np.repeat(np.arange(len(candidates)), sizes)
    terms = {term for part in parts for term in (*part.lexemes, *(one for _, words in part.sequences for one in words))}
    wanted = np.isin(rows["lexeme"], np.fromiter(map(hashed, terms), np.uint32, len(terms)))
    rows, owners = rows[wanted], owners[wanted]

    def of(term: str) -> Floats:
        found = np.zeros(len(candidates))
        here = rows["lexeme"] == hashed(term)
        found[owners[here]] = rows["weight"][here] / PARTS
        return found

    known = {term: of(term) for term in terms}
    nothing, answer, at = np.zeros(len(candidates)), [], 0
    for part in parts:
        weights = [known[term] for term in part.lexemes]
        for _, words in part.sequences:
            follows = np.array([one.follows[at] for one in candidates], bool)
            weights.append(np.where(follows, np.maximum(1.0, np.minimum.reduce([known[word] for word in words])), 0.0))
            at += 1
        answer.append(np.maximum.reduce(weights) if weights else nothing)
    return answer
