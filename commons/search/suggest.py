"""Names while typing, and "did you mean": from what everyone may read, and from nothing else.

Both look only at the field of public documents and check that a living public document stands behind what they offer.
The words of closed documents are in another field, which this file never opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from commons.search import layout
from commons.search.analysis import WORD, words
from commons.search.folding import fold
from commons.search.grammar import Query
from commons.search.nearly import MOST_WORDS, WHILE_TYPING, grams, meant, nearby, sharing
from commons.search.reading import SegmentView
from commons.search.snapshot import Scope, Snapshot
from commons.search.spelling import Vocabulary, closest
from commons.search.stopwords import stopwords

PUBLIC = frozenset({layout.PUBLIC})
LONGEST = 100  # letters that are read
ENTRIES = 200  # names that begin so looked at, in all segments together
FEWEST = 20  # of them in each segment
SHORTEST = 2
SHORTEST_WORD = 4  # shorter words have too many neighbours to guess
USED = 4  # a word that so many public documents hold is no slip
SURE = 0.7  # likeness of a name from which on its words are offered
COMMON = 25  # how many times more frequent a neighbour must be to be offered for a word that does exist


class Name(NamedTuple):
    id: int
    name: str  # folded; show the title from the database


@dataclass(frozen=True, slots=True)
class Correction:
    text: str  # the whole question, with the words replaced
    words: dict[str, str]


def names_like(snapshot: Snapshot, typed: str, limit: int = 8) -> list[Name]:
    """Public documents whose name begins so, then those whose name holds every typed word, the last one unfinished; where
    there are none, those whose name comes close."""
    asked = words(typed[:LONGEST])[:MOST_WORDS]
    key = " ".join(asked)
    if len(key) < SHORTEST and key.isascii():
        return []
    scope = snapshot.scope(PUBLIC)
    found: dict[int, str] = {}
    for number, name in sorted(beginning(snapshot, scope, key), key=lambda pair: in_order(snapshot, *pair)):
        found.setdefault(number, name)
    if len(found) < limit:
        for number, name in sorted(holding(snapshot, scope, asked), key=lambda pair: in_order(snapshot, *pair)):
            found.setdefault(number, name)
    if not found and any(len(word) >= SHORTEST_WORD for word in asked):
        found = {one.number: one.name for one in nearby(snapshot, scope, asked, unfinished=True)}
    return [Name(int(snapshot.key[number]), name) for number, name in list(found.items())[:limit]]


def in_order(snapshot: Snapshot, number: int, name: str) -> tuple[float, int, str]:
    return -float(snapshot.boost[number]), len(name), name


def beginning(snapshot: Snapshot, scope: Scope, key: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    many = max(FEWEST, ENTRIES // max(1, len(snapshot.views)))
    for view, base in zip(snapshot.views, snapshot.bases, strict=False):
        for term, ids in view.bearers(layout.OPEN, layout.NAME + key, many):
            found += [(number + base, term[1:]) for number in ids if scope.mask[number + base]]
    return found


def holding(snapshot: Snapshot, scope: Scope, asked: list[str]) -> list[tuple[int, str]]:
    found = []
    for number in sharing(snapshot, scope, asked, unfinished=True, least=1.0, most=WHILE_TYPING):
        found += [(number, name) for name in snapshot.names(number) if holds(name.split(), asked)]
    return found


def holds(name: list[str], typed: list[str]) -> bool:
    return all(word in name for word in typed[:-1]) and any(word.startswith(typed[-1]) for word in name)


def did_you_mean(snapshot: Snapshot, query: Query) -> Correction | None:
    """The likeliest spelling of words that no public document holds, or hardly any beside a common neighbour. Of several
    words those that stand together in a name are likelier than each one's commonest neighbour."""
    scope = snapshot.scope(PUBLIC)
    stops = stopwords(scope.languages or ("en",))
    asked = list(dict.fromkeys(word for term in query.terms for word in words(term)))
    doubtful = [
        word
        for word in asked
        if len(word) >= SHORTEST_WORD and word not in stops and frequency(snapshot, scope, word) < USED
    ]
    if not doubtful:
        return None
    named = together(snapshot, scope, asked)
    replaced: dict[str, str] = {}
    for word in doubtful:
        other = named.get(word, "")
        if better := other if worth(snapshot, scope, word, other) else likelier(snapshot, scope, word):
            replaced[word] = better
    if not replaced:
        return None
    text = WORD.sub(lambda match: replaced.get(fold(match.group()), match.group()), query.text)
    return Correction(text, replaced)


def together(snapshot: Snapshot, scope: Scope, asked: list[str]) -> dict[str, str]:
    """The words of the closest name in place of those that were typed."""
    if not 2 <= len(asked) <= MOST_WORDS:
        return {}
    near = nearby(snapshot, scope, asked)
    return meant(asked, near[0].name) if near and near[0].likeness >= SURE else {}


def worth(snapshot: Snapshot, scope: Scope, word: str, other: str) -> bool:
    """Whether another word may be offered in place of this one: always where nothing holds it, else a far commoner one."""
    known = frequency(snapshot, scope, word)
    return bool(other) and frequency(snapshot, scope, other) > known * COMMON


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
        grams(view)
        view.area_names()
        view.under(0)
