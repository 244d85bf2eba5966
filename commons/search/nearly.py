"""Names that come close to what is typed, though there is a slip in it.

Trigrams find the names that share most with the words, among documents of the scope only and without any statistics;
these few are compared word by word. A name comes close when its words, slips forgiven, are enough of what is typed,
and at least one of them is another word than the one typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from commons.search.analysis import words
from commons.search.grammar import Query
from commons.search.grams import Grams, of_segment, typed
from commons.search.order import best
from commons.search.reading import SegmentView
from commons.search.snapshot import Floats, Ints, Scope, Snapshot
from commons.search.spelling import slips_between
from commons.search.stopwords import stopwords

MOST_WORDS = 6  # of a question; in a longer one the words that are right find what is meant
LEAST = 0.3  # part of the trigrams typed that a name must have to be looked at
LOOKED_AT = 100  # documents whose names are compared word by word
WHILE_TYPING = 50  # the same for a list that opens at each letter
CLOSE = 0.6  # part of what is typed that must be in a name
WHOLE = 0.8  # the same where all words are in use: then a slip has made one word another
USED = 4  # a word that so many documents hold is no slip
LONG = 4  # letters from which on two slips are forgiven
HALF = 0.5  # likeness from which on a word is taken for another
STOP = 0.2  # weight of a word that says little, beside others
EXTRA = 0.1  # what a name costs of which hardly anything was typed
STEEP = 10_000.0  # so many times the best of the words is a name without any slip; order counts more than distance


class Close(NamedTuple):
    likeness: float  # up to 1
    number: int  # of the document in the snapshot
    name: str


def grams(view: SegmentView) -> dict[str, Grams]:
    """The trigrams of a segment, prepared once; `suggest.warm` does it before anyone asks."""
    with view.lock:
        if view.grams is None:
            view.grams = of_segment(list(view.names), view.columns.single["audience"], view.codes)
        return view.grams


def sharing(
    snapshot: Snapshot, scope: Scope, asked: Sequence[str], *, unfinished: bool, least: float, most: int
) -> list[int]:
    """The documents of the scope whose names share most trigrams with the words, at least that part of them; the shorter
    name first."""
    wanted = typed(asked, unfinished)
    ids, shares = [np.empty(0, np.int64)], [np.empty(0)]
    for view, base in zip(snapshot.views, snapshot.bases, strict=False):
        made = grams(view)
        for field in scope.fields:
            shared = made[field].shared(wanted)
            hits = np.flatnonzero(shared >= max(1.0, least * len(wanted)))
            owners = made[field].owners[hits] + base
            readable = scope.mask[owners]
            ids.append(owners[readable])
            shares.append(shared[hits[readable]] - made[field].sizes[hits[readable]] / 256)
    every = np.concatenate(ids)
    order = best(np.concatenate(shares), snapshot.key[every], 2 * most)
    return list(dict.fromkeys(every[order].tolist()))[:most]


def nearby(snapshot: Snapshot, scope: Scope, asked: Sequence[str], unfinished: bool = False) -> list[Close]:
    """The names of the scope that come close to the words, the closest first; of each document its best."""
    stops = stopwords(scope.languages or ("en",))
    weights = [(STOP if word in stops else 1.0) * len(word) for word in asked]
    spellings: list[Spellings] = [Spellings(word) for word in asked]
    if unfinished:
        spellings[-1] = Beginnings(asked[-1])
    found = []
    most = WHILE_TYPING if unfinished else LOOKED_AT
    for number in sharing(snapshot, scope, asked, unfinished=unfinished, least=LEAST, most=most):
        near, name = max((alike(spellings, weights, name.split()), name) for name in snapshot.names(number))
        if near >= CLOSE:
            found.append(Close(near, number, name))
    return sorted(found, key=lambda one: (-one.likeness, int(snapshot.key[one.number])))


class Spellings(dict[str, float]):
    """How much of a typed word is right, by the word that may be meant: 0 where too little is, 1 for the word itself."""

    def __init__(self, word: str) -> None:
        self.word, self.letters = word, letters(word)
        self.most = 1 if len(word) < LONG else 2

    def __missing__(self, other: str) -> float:
        self[other] = found = self.right(other)
        return found

    def right(self, other: str) -> float:
        most = self.most
        if abs(len(self.word) - len(other)) > most or (self.letters ^ letters(other)).bit_count() > 2 * most:
            return 0.0
        slips = slips_between(self.word, other, most)
        right = 1.0 - slips / max(len(self.word), len(other), LONG - 1)
        return right if slips <= most and right >= HALF else 0.0


class Beginnings(Spellings):
    """The same for a word that may go on."""

    def right(self, other: str) -> float:
        if other.startswith(self.word):
            return 1.0
        many = len(self.word)
        return max(super(Beginnings, self).right(other[:length]) for length in (many - 1, many, many + 1))


def letters(word: str) -> int:
    """Which letters a word has, as bits; one slip changes two of them at most."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found


def alike(spellings: Sequence[Spellings], weights: Sequence[float], name: Sequence[str]) -> float:
    """Up to 1 for a name of just these words; 0 where every word of it that was typed stands there as it was typed."""
    total, other, left = 0.0, False, list(name)
    for spelling, weight in zip(spellings, weights, strict=True):
        if not left:
            break
        best = spelling.word if spelling.word in left else max(left, key=spelling.__getitem__)
        if right := spelling[best]:
            total += weight * right
            other |= right < 1.0
            left.remove(best)
    if not other:
        return 0.0
    return total / sum(weights) - EXTRA * max(0, len(name) - len(weights)) / (len(name) + len(weights))


def meant(asked: Sequence[str], name: str) -> dict[str, str]:
    """For each word that is another in the name: that one."""
    found = {}
    for spelling in map(Spellings, asked):
        right, other = max((spelling[other], other) for other in name.split())
        if 0.0 < right < 1.0:
            found[spelling.word] = other
    return found


def frequency(snapshot: Snapshot, scope: Scope, word: str) -> int:
    """In how many living documents of the scope a word stands."""
    return int(scope.mask[snapshot.postings(scope.fields, (word,)).ids].sum())


def close(snapshot: Snapshot, scope: Scope, query: Query, ids: Ints, scores: Floats) -> tuple[Ints, Floats] | None:
    """What any of the words found, joined with the documents whose names come close, which come first; None where no
    name does. `ids` are numbers by rising number."""
    asked = words(" ".join(query.terms))
    if not 0 < len(asked) <= MOST_WORDS or query.phrases or query.any_of or query.prefixes:
        return None
    least = CLOSE if any(frequency(snapshot, scope, word) < USED for word in asked) else WHOLE
    near = sorted((one for one in nearby(snapshot, scope, asked) if one.likeness >= least), key=lambda one: one.number)
    if not near:
        return None
    numbers = np.array([one.number for one in near], np.int32)
    likeness = np.array([one.likeness for one in near], np.float32)
    every = np.union1d(ids, numbers).astype(np.int32)
    joined = np.zeros(len(every), np.float32)
    joined[np.searchsorted(every, ids)] = scores
    top = max(float(scores.max(initial=0.0)), 1.0)
    joined[np.searchsorted(every, numbers)] += np.float32(top) * np.float32(STEEP) ** (likeness - np.float32(CLOSE))
    return every, joined
