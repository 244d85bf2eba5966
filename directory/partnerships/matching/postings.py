"""Which organisations hold a term, and how strongly: arrays over a sorted list of term digests.

The strength is BM25's part of the term frequency, from 0 to K1 + 1; how rare the term is comes in when it is asked for,
because that changes with every card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching.weights import K1, B

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
FIELDS = ("profile", "offers", "needs", "concepts")
TEXTS = FIELDS[:3]


@dataclass(frozen=True, slots=True)
class Postings:
    terms: Hashes  # sorted
    starts: Ints  # one more than terms
    slots: NDArray[np.int32]  # rising within a term
    strengths: NDArray[np.float16]

    def find(self, asked: Hashes) -> tuple[Ints, Ints]:
        """Where the postings of each term start and end; the same number twice for a term that nobody has."""
        if not len(self.terms):
            nowhere = np.zeros(len(asked), np.int64)
            return nowhere, nowhere
        at = np.minimum(np.searchsorted(self.terms, asked), len(self.terms) - 1)
        known = self.terms[at] == asked
        return np.where(known, self.starts[at], 0), np.where(known, self.starts[at + 1], 0)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        return {"terms": self.terms, "starts": self.starts, "slots": self.slots, "strengths": self.strengths}


@dataclass(frozen=True, slots=True)
class Texts:
    """The terms of many texts in one field, text after text, with how often each stands there."""

    owners: NDArray[np.int32]  # the slot of each text
    sizes: NDArray[np.int64]  # different terms of each text
    terms: Hashes
    counts: NDArray[np.float32]

    def lengths(self) -> Floats:
        """How many words each text has."""
        total = np.concatenate(([0.0], np.cumsum(self.counts, dtype=np.float64)))
        ends = np.cumsum(self.sizes)
        return np.asarray(total[ends] - total[ends - self.sizes], np.float32)


def of_counts(found: Mapping[int, Mapping[int, float]]) -> Texts:
    """From slot -> term -> how often."""
    sizes = np.fromiter(map(len, found.values()), np.int64, len(found))
    many = int(sizes.sum())
    terms = np.fromiter((term for each in found.values() for term in each), np.uint64, many)
    counts = np.fromiter((count for each in found.values() for count in each.values()), np.float32, many)
    return Texts(np.fromiter(found, np.int32, len(found)), sizes, terms, counts)


def strengths(texts: Texts, average: float) -> Floats:
    """BM25 (Robertson and others 1994) without the rarity: tf (k + 1) / (tf + k (1 - b + b length / average))."""
    norm = K1 * (1 - B + B * texts.lengths() / max(average, 1.0))
    counts = texts.counts
    return np.asarray(counts * np.float32(K1 + 1) / (counts + np.repeat(norm, texts.sizes)), np.float32)


def postings(texts: Texts, weights: Floats) -> Postings:
    """Turn texts with terms into terms with slots."""
    slots = np.repeat(texts.owners, texts.sizes)
    order = np.lexsort((slots, texts.terms)) if len(texts.owners) and (np.diff(texts.owners) < 0).any() else None
    if order is None:
        order = np.argsort(texts.terms, kind="stable")
    ordered = texts.terms[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else np.empty(0, int)
    starts = np.append(first, len(ordered)).astype(np.int64)
    return Postings(ordered[first], starts, slots[order], weights[order].astype(np.float16))


def collect(found: Postings, terms: Hashes, weights: Floats, into: Floats) -> None:
    """Add weight times strength of each term to every slot that has it."""
    starts, ends = found.find(terms)
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
        if end > start:
            into[found.slots[start:end]] += np.float32(weight) * found.strengths[start:end]


def strength_in(found: Postings, terms: Hashes, slots: NDArray[np.integer]) -> Floats:
    """Terms by slots: the strength of each term in each of a few slots."""
    grid = np.zeros((len(terms), len(slots)), np.float32)
    for row, (start, end) in enumerate(zip(*(each.tolist() for each in found.find(terms)), strict=True)):
        if end > start:
            here = found.slots[start:end]
            at = np.minimum(np.searchsorted(here, slots), end - start - 1)
            grid[row] = np.where(here[at] == slots, found.strengths[start:end][at], 0)
    return grid


NONE = Postings(np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float16))
