"""Names while typing, and "did you mean": from what everyone may read, and from nothing else.

Both look only at the field of public documents and check that a living public document stands behind what they offer.
The words of closed documents are in another field, which this file never opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from commons.search import layout
from commons.search.analysis import WORD, Reading, words
from commons.search.folding import fold
from commons.search.grammar import Query
from commons.search.ranking import Clause, score
from commons.search.reading import SegmentView
from commons.search.snapshot import Scope, Snapshot
from commons.search.spelling import Vocabulary, closest
from commons.search.stopwords import stopwords

PUBLIC = frozenset({layout.PUBLIC})
ENTRIES = 200  # names looked at per segment
SHORTEST = 2
SHORTEST_WORD = 4  # shorter words have too many neighbours to guess
USED = 4  # a word that so many public documents hold is no slip
COMMON = 25  # how many times more frequent a neighbour must be to be offered for a word that does exist


class Name(NamedTuple):
    id: int
    name: str  # folded; show the title from the database


@dataclass(frozen=True, slots=True)
class Correction:
    text: str  # the whole question, with the words replaced
    words: dict[str, str]


def names_like(snapshot: Snapshot, typed: str, limit: int = 8) -> list[Name]:
    """Public documents whose name begins so, then those whose name holds every typed word, the last one unfinished."""
    key = " ".join(words(typed[:100]))
    if len(key) < SHORTEST and key.isascii():
        return []
    scope = snapshot.scope(PUBLIC)
    found: dict[int, str] = {}
    for name, number in sorted(
        beginning(snapshot, scope, key), key=lambda pair: (-float(snapshot.boost[pair[1]]), len(pair[0]), pair[0])
    ):
        found.setdefault(number, name)
    if len(found) < limit:
        for number, name in holding(snapshot, scope, key.split(), limit * 4):
            found.setdefault(number, name)
    return [Name(int(snapshot.key[number]), name) for number, name in list(found.items())[:limit]]


def beginning(snapshot: Snapshot, scope: Scope, key: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for view, base in zip(snapshot.views, snapshot.bases, strict=False):
        for term, _ in view.vocabulary(layout.OPEN, layout.NAME + key, ENTRIES):
            ids = view.postings(layout.OPEN, term).ids + base
            found += [(term[1:], number) for number in ids[scope.mask[ids]].tolist()]
    return found


def holding(snapshot: Snapshot, scope: Scope, typed: list[str], limit: int) -> list[tuple[int, str]]:
    """The best documents for the words, of which a name holds them all."""
    if not typed:
        return []
    wanted = [Clause((Reading(word, (word,)),)) for word in typed[:-1]] + [
        Clause((Reading(typed[-1], prefix=typed[-1]),))
    ]
    parts = [score(snapshot, scope, clause) for clause in wanted]
    total = np.zeros(snapshot.size, np.float32)
    ids = parts[0].ids
    for part in parts:
        total[part.ids] += part.weights
        ids = ids[np.isin(ids, part.ids)]
    ids = ids[np.lexsort((snapshot.key[ids], -total[ids]))][:limit]
    found = []
    for number in ids.tolist():
        for name in snapshot.names(number):
            if holds(name.split(), typed):
                found.append((number, name))
                break
    return found


def holds(name: list[str], typed: list[str]) -> bool:
    return all(word in name for word in typed[:-1]) and any(word.startswith(typed[-1]) for word in name)


def did_you_mean(snapshot: Snapshot, query: Query) -> Correction | None:
    """The likeliest spelling of words that no public document holds, or hardly any beside a common neighbour."""
    scope = snapshot.scope(PUBLIC)
    stops = stopwords(scope.languages or ("en",))
    replaced: dict[str, str] = {}
    for word in dict.fromkeys(word for term in query.terms for word in words(term)):
        if len(word) >= SHORTEST_WORD and word not in stops and (better := likelier(snapshot, scope, word)):
            replaced[word] = better
    if not replaced:
        return None
    text = WORD.sub(lambda match: replaced.get(fold(match.group()), match.group()), query.text)
    return Correction(text, replaced)


def likelier(snapshot: Snapshot, scope: Scope, word: str) -> str | None:
    known = frequency(snapshot, scope, word)
    if known >= USED:
        return None
    candidates: dict[str, int] = {}
    for view in snapshot.views:
        for other, distance in closest(vocabulary(view), word):
            candidates[other] = min(distance, candidates.get(other, distance))
    candidates.pop(word, None)
    ranked = sorted(
        (
            (distance, other[0] != word[0], -frequency(snapshot, scope, other), other)
            for other, distance in candidates.items()
        )
    )
    for distance, _, count, other in ranked:
        if -count > (0 if not known else known * COMMON) and (not known or distance == 1):
            return other
    return None


def frequency(snapshot: Snapshot, scope: Scope, word: str) -> int:
    """In how many living public documents a word stands."""
    return int(scope.mask[snapshot.postings(scope.fields, (word,)).ids].sum())


def vocabulary(view: SegmentView) -> Vocabulary:
    """The public words of a segment, prepared once; `warm` does it before anyone asks."""
    with view.lock:
        if view.spelling is None:
            view.spelling = Vocabulary(view.words(layout.OPEN))
        return view.spelling


def warm(snapshot: Snapshot) -> None:
    """For the refreshing thread: the first misspelt question after a commit need not wait."""
    for view in snapshot.views:
        vocabulary(view)
