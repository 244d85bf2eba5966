"""What the first documents found say of each other.

A document is believed as much as those that are most like it: among the first results of a long question, what stands
beside documents that answer goes up, and what stands beside weak ones goes down (regularised scores: F. Diaz, CIKM
2005). Words that stand beside each other in the question count once more where they stand near each other in a
document. No document is found by it, so totals and facets stay as they are.

Everything comes from the streams (`layout.stream`) of these documents, all of which the viewer may read, and from the
rarity of the question's words in the same scope. OWN, TOGETHER and NEIGHBOURS are the best of those tried
one after the other on the even questions of Cranfield (nDCG@10 .532 without all this, .556 with it); its odd questions
(.551, .583) and CACM (.542, .546) confirm the values, though the design was made with both collections in sight. A hundred
documents COMPARED gave .002 more there; sixty keep it quick.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commons.search import layout
from commons.search.ranking import K1, B, Clause, score
from commons.search.snapshot import Floats, Scope, Snapshot

LEAST_WORDS = 3  # of a question, for its results to be compared
COMPARED = 60  # documents
NEIGHBOURS = 5
OWN = 1.5  # weight of a document's own score beside the likenesses (0 to 1) of its neighbours
TOGETHER = 0.3  # weight of neighbouring words
REACH = 8  # places between them
BETWEEN = 4  # other words of the question between them
Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of the question as streams hold it, in whichever language, and how rare it is."""

    marks: frozenset[int]
    rarity: float


def wanted(snapshot: Snapshot, scope: Scope, clauses: Sequence[Clause]) -> tuple[Wanted, ...]:
    """The words of the question in order; none where there are too few of them."""
    asked = [clause for clause in clauses if not clause.phrase]
    if len(asked) < LEAST_WORDS:
        return ()
    return tuple(
        Wanted(marks(clause, scope.languages), rarity(len(score(snapshot, scope, clause).ids), scope.count))
        for clause in asked
    )


def marks(clause: Clause, languages: tuple[str, ...]) -> frozenset[int]:
    words = {word for reading in clause.readings for word in (*reading.forms, *reading.sequence)}
    return frozenset(layout.mark(word, language) for word in words for language in ("", *languages))


def rarity(holding: int, count: int) -> float:
    """Of a word that so many of the documents hold: BM25's logarithm."""
    return math.log(1.0 + (count - holding + 0.5) / (holding + 0.5))


def settled(scores: Floats, streams: Sequence[bytes], question: Sequence[Wanted]) -> Doubles:
    """The scores of the first documents once they are compared, on the same scale."""
    sizes = np.array([len(stream) // 4 for stream in streams], np.int64)
    owners = np.repeat(np.arange(len(streams)), sizes)
    tokens = np.frombuffer(b"".join(streams), np.uint32).astype(np.int64)
    words, places = tokens >> layout.PLACE, tokens & ((1 << layout.PLACE) - 1)
    raised = scores.astype(np.float64) + TOGETHER * together(owners, words, places, len(streams), question)
    likeness = nearest(alike(owners, words, sizes))
    # Rounded, so that equal documents stay equal whatever order they were added up in.
    found: Doubles = np.round((likeness @ raised + OWN * raised) / (likeness.sum(axis=1) + OWN), 5)
    return found


def together(owners: Numbers, words: Numbers, places: Numbers, many: int, question: Sequence[Wanted]) -> Doubles:
    """Per document: for each two neighbouring words of the question, how near they come to each other in it."""
    known = np.array([(mark, at) for at, word in enumerate(question) for mark in word.marks], np.int64)
    if not len(known):  # only beginnings of words were asked for
        return np.zeros(many)
    known = known[np.argsort(known[:, 0], kind="stable")]
    at = np.minimum(np.searchsorted(known[:, 0], words), len(known) - 1)
    asked = known[at, 0] == words
    owner, place, which = owners[asked], places[asked], known[at[asked], 1]
    pairs = len(question) - 1
    near = np.zeros(many * pairs)
    for step in range(1, BETWEEN + 1):
        apart = place[step:] - place[:-step]
        first = np.minimum(which[step:], which[:-step])
        meet = (owner[step:] == owner[:-step]) & (np.abs(which[step:] - which[:-step]) == 1)
        meet &= (apart > 0) & (apart <= REACH)
        np.add.at(near, owner[step:][meet] * pairs + first[meet], 1.0 / apart[meet])
    rarest = np.array([min(one.rarity, other.rarity) for one, other in zip(question, question[1:], strict=False)])
    weighed: Doubles = (2.0 * near / (near + 1.0)).reshape(many, pairs) @ rarest
    return weighed


def alike(owners: Numbers, words: Numbers, sizes: Numbers) -> Doubles:
    """How alike each two of the documents are, 0 to 1: the cosine over the words that not only one of them has."""
    many = len(sizes)
    _, at, times = np.unique(words, return_inverse=True, return_counts=True)
    shared = times > 1
    width = int(shared.sum())
    column = np.cumsum(shared) - 1
    kept = shared[at]
    often = np.bincount(owners[kept] * width + column[at[kept]], minlength=many * width).reshape(many, width)
    holding = (often > 0).sum(axis=0)
    often, holding = often[:, holding > 1].astype(np.float64), holding[holding > 1]
    norm = K1 * (1 - B) + K1 * B * sizes / max(float(sizes.mean()), 1.0)
    weights = often / (often + norm[:, None]) * np.log(1.0 + (many - holding + 0.5) / (holding + 0.5))
    length = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    weights /= np.maximum(length, 1e-9)
    found: Doubles = weights @ weights.T
    np.fill_diagonal(found, 0.0)
    return found


def nearest(likeness: Doubles) -> Doubles:
    """The same, where only each document's nearest neighbours count."""
    if len(likeness) <= NEIGHBOURS:
        return likeness
    least = np.sort(likeness, axis=1)[:, -NEIGHBOURS, None]
    return np.where(likeness >= least, likeness, 0.0)
