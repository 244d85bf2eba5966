"""From text to the numbered terms of the match index, through the site's own analysis.

A word counts under its stem in the language of its text, so that `drilling` meets `drills`; what has no stem counts as
it is folded, and a script without spaces as pairs of characters. Terms are kept as 64-bit digests: the index can say
which texts share a term, and the texts themselves say how it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b

from commons.search.analysis import WORD, study
from commons.search.stems import stem, tongue
from commons.search.stopwords import stopwords

KEPT = 60_000  # words whose terms are remembered, for each language
remembered: dict[str, dict[str, tuple[int, ...]]] = {}


def digest(term: str) -> int:
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@cache
def stops(language: str) -> frozenset[str]:
    return stopwords(("en", language) if language else ("en",))


def terms_of(raw: str, language: str) -> tuple[int, ...]:
    """Of one written word; `language` is an answer of `tongue`."""
    found = [
        digest(stem(piece.term, language))
        for piece in study(raw).pieces
        if piece.term not in stops(language) and (len(piece.term) > 1 or not piece.term.isascii())
    ]
    return tuple(dict.fromkeys(found))


def terms(text: str, language: str) -> list[int]:
    """All terms of a text, as often as they stand in it."""
    return [term for _, some in spelt(text, language) for term in some]


def spelt(text: str, language: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each written word with its terms."""
    spoken = tongue(language)
    known = remembered.setdefault(spoken, {})
    if len(known) > KEPT:
        known.clear()
    for raw in WORD.findall(text):
        some = known.get(raw)
        if some is None:
            some = known[raw] = terms_of(raw, spoken)
        yield raw, some


def counted(texts: Iterable[str], language: str) -> Counter[int]:
    return Counter(term for text in texts for term in terms(text, language))


def written(texts: Iterable[str], language: str) -> dict[int, str]:
    """How each term of some texts is written where it stands first, in small letters."""
    found: dict[int, str] = {}
    for text in texts:
        for raw, some in spelt(text, language):
            for term in some:
                if term not in found:
                    found[term] = raw if raw.isupper() else raw.lower()
    return found
