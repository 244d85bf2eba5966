"""From text to the numbered terms of the match index, through the site's own analysis.

A word counts under its stem in the language of its text, so that `drilling` meets `drills`; what has no stem counts as
it is folded, and a script without spaces as pairs of characters. Terms are kept as 64-bit digests: the index can say
which texts share a term, and the texts themselves say how it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, KeysView
from functools import cache
from hashlib import blake2b

from commons.search.analysis import WORD, study
from commons.search.stems import stem, tongue
from commons.search.stopwords import stopwords
from directory.partnerships.matching.fillers import FILLERS, TONGUES

KEPT = 100_000  # words whose terms are remembered, for each language
PLAIN = re.compile("[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")  # what WORD finds in ASCII, several times as fast
remembered: dict[str, dict[str, tuple[int, ...]]] = {}


def digest(term: str) -> int:
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@cache
def stops(language: str) -> frozenset[str]:
    return stopwords((*TONGUES, language) if language else TONGUES) | FILLERS


def terms_of(raw: str, language: str) -> tuple[int, ...]:
    """Of one written word; `language` is an answer of `tongue`."""
    found = [
        digest(stem(piece.term, language))
        for piece in study(raw).pieces
        if piece.term not in stops(language) and (len(piece.term) > 1 or not piece.term.isascii())
    ]
    return tuple(dict.fromkeys(found))


def split(text: str) -> list[str]:
    return (PLAIN if text.isascii() else WORD).findall(text)


def known_words(language: str) -> dict[str, tuple[int, ...]]:
    known = remembered.setdefault(language, {})
    if len(known) > KEPT:
        known.clear()
    return known


def counted(texts: Iterable[str], language: str) -> Counter[int]:
    """The terms of some texts, with how often they stand there."""
    spoken = tongue(language)
    known = known_words(spoken)
    found: list[int] = []
    for text in texts:
        for raw in split(text):
            if raw not in known:
                known[raw] = terms_of(raw, spoken)
            found += known[raw]
    return Counter(found)


def written(texts: Iterable[str], language: str, wanted: KeysView[int], liked: Container[str] = ()) -> dict[int, str]:
    """How each wanted term is written in some texts, in small letters: as one of the liked words, else as it comes first."""
    spoken = tongue(language)
    known = known_words(spoken)
    found: dict[int, str] = {}
    for text in texts:
        there = dict.fromkeys(split(text))
        known.update({raw: terms_of(raw, spoken) for raw in there if raw not in known})
        for raw in [raw for raw in there if not wanted.isdisjoint(known[raw])]:
            word = raw if raw.isupper() else raw.lower()
            for term in known[raw]:
                if term in wanted and (term not in found or (word in liked and found[term] not in liked)):
                    found[term] = word
    return found
