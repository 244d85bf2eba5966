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
MOST = 255  # times that a term counts in one text
AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Postings:
    terms: Hashes  # sorted
    starts: Ints  # one more than terms
    slots: NDArray[np.int32]  # rising within a term
    strengths: Floats

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
    """The terms of many texts in one field, text after text, with how often each stands there (255 at most)."""

    owners: NDArray[np.int32]  # the slot of each text, rising
    sizes: Ints  # different terms of each text, at least one
    codes: NDArray[np.uint32]  # places in the vocabulary
    counts: NDArray[np.uint8]
    vocabulary: Hashes  # in any order, each once

    def lengths(self) -> Floats:
        """How many words each text has."""
        if not len(self.owners):
            return np.empty(0, np.float32)
        return np.add.reduceat(self.counts, np.cumsum(self.sizes) - self.sizes, dtype=np.int64).astype(np.float32)


def of_counts(found: Mapping[int, Mapping[int, int]]) -> Texts:
    """From slot -> term -> how often."""
    slots = sorted(slot for slot, counts in found.items() if counts)
    sizes = np.array([len(found[slot]) for slot in slots], np.int64)
    many = int(sizes.sum())
    terms = np.fromiter((term for slot in slots for term in found[slot]), np.uint64, many)
    vocabulary, codes = np.unique(terms, return_inverse=True)
    counts = np.fromiter((min(count, MOST) for slot in slots for count in found[slot].values()), np.uint8, many)
    return Texts(np.array(slots, np.int32), sizes, codes.astype(np.uint32), counts, vocabulary)


def postings(texts: Texts, average: float) -> Postings:
    """Turn texts with terms into terms with slots, a few thousand texts at a time, so that little is held twice.

    The strength is that of BM25 (Robertson and others 1994): tf (k + 1) / (tf + k (1 - b + b length / average)).
    """
    terms, starts, ranks = sorted_terms(texts)
    slots, strengths = np.empty(len(texts.codes), np.int32), np.empty(len(texts.codes), np.float32)
    norm = (K1 * (1 - B + B * texts.lengths() / max(average, 1.0))).astype(np.float32)
    ends = np.concatenate(([0], np.cumsum(texts.sizes)))
    free = starts[:-1].copy()
    for first in range(0, len(texts.owners), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        part = slice(ends[first], ends[min(first + AT_ONCE, len(texts.owners))])
        places = ranks[texts.codes[part]]
        order = np.argsort(places, kind="stable")
        ordered = places[order]
        new = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        runs = np.diff(np.append(new, len(ordered)))
        to = free[ordered] + np.arange(len(ordered)) - np.repeat(new, runs)
        counts = texts.counts[part].astype(np.float32)
        strength = counts * np.float32(K1 + 1) / (counts + np.repeat(norm[some], texts.sizes[some]))
        slots[to] = np.repeat(texts.owners[some], texts.sizes[some])[order]
        strengths[to] = strength[order]
        free[ordered[new]] += runs
    return Postings(terms, starts, slots, strengths)


def sorted_terms(texts: Texts) -> tuple[Hashes, Ints, Ints]:
    """The terms that some text has, where the postings of each start, and the rank of each code."""
    many = np.zeros(len(texts.vocabulary), np.int64)
    for first in range(0, len(texts.codes), AT_ONCE * 64):
        many += np.bincount(texts.codes[first : first + AT_ONCE * 64], minlength=len(many))
    order = np.argsort(texts.vocabulary)
    order = order[many[order] > 0]
    ranks = np.zeros(len(many), np.int64)
    ranks[order] = np.arange(len(order))
    return texts.vocabulary[order], np.concatenate(([0], np.cumsum(many[order]))), ranks


def collect(found: Postings, terms: Hashes, weights: Floats, into: Floats) -> None:
    """Add weight times strength of each term to every slot that has it."""
    starts, ends = found.find(terms)
    some = [one for one in zip(starts.tolist(), ends.tolist(), weights, strict=True) if one[1] > one[0]]
    if some:
        slots = np.concatenate([found.slots[start:end] for start, end, _weight in some])
        np.add.at(into, slots, np.concatenate([weight * found.strengths[start:end] for start, end, weight in some]))
