"""How one document is kept: its words as the site's own analysis reads them, never as a dictionary of PostgreSQL does.

    forests          a word as it is folded, with its places: for phrases and prefixes
    en!forest        its stem in the language of the document (`!forests` where that has no stems): for everybody else
    "forest watch    a name as a whole
    @forest          a word of a name

Places beyond 16,383 and after the 255th of a word are not kept, which is PostgreSQL's limit: phrases are found in the
first part of very long texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

import numpy as np

from commons.room import SearchDocument
from commons.search import layout
from commons.search.analysis import STEM
from commons.search.stems import stem, tongue

NAMED = "@"
LAST_PLACE, MOST_PLACES = 16_383, 255
LARGEST = 900_000  # bytes of a tsvector, which may have a million
WEIGHED = np.dtype([("lexeme", "<u4"), ("weight", "<u2")])
PARTS = 2.0  # weights are kept in halves


def row(document: SearchDocument) -> tuple[Any, ...]:
    """In the order of `tables.COLUMNS`."""
    weights, places, length = layout.postings(document)
    language, names = tongue(document.language), layout.folded_names(document)
    plain = {word: weights[word] for word in places}
    stems: dict[str, float] = {}
    for word, weight in plain.items():
        root = rooted(word, language)
        stems[root] = stems.get(root, 0.0) + weight
    whole = {layout.NAME + name for name in names} | {NAMED + word for name in names for word in name.split()}
    placed = document.lat is not None and document.lon is not None
    return (
        document.id,
        document.kind,
        document.audience,
        language,
        document.country.upper(),
        document.type,
        list(dict.fromkeys(document.areas)),
        list(dict.fromkeys(document.sdgs)),
        list(dict.fromkeys(one for one in (document.language, *document.languages) if one)),
        document.updated,
        document.confirmed,
        document.lat if placed else None,
        document.lon if placed else None,
        document.boost,
        length,
        names[0] if names else "",
        names,
        vector(places, (*sorted(whole), *stems)),
        weighing({**plain, **stems}),
        layout.stream(document),
        "\n".join(names),
    )


def rooted(word: str, language: str) -> str:
    """Under what a word stands in documents of this tongue; "" is every language without stems."""
    return f"{language}{STEM}{stem(word, language)}"


def lexeme(term: str) -> str:
    """As it is written in a tsvector and in a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def hashed(term: str) -> int:
    return crc32(term.encode())


def vector(places: dict[str, list[int]], others: Iterable[str]) -> str:
    parts, size = [], 0
    for term in others:
        parts.append(lexeme(term))
        size += len(term.encode()) + 4
    for word, found in places.items():
        kept = [str(place + 1) for place in found[:MOST_PLACES] if place < LAST_PLACE]
        size += len(word.encode()) + 4 + 2 * len(kept)
        if size > LARGEST:
            break
        parts.append(f"{lexeme(word)}:{','.join(kept)}" if kept else lexeme(word))
    return " ".join(parts)


def weighing(weights: dict[str, float]) -> bytes:
    found = np.empty(len(weights), WEIGHED)
    found["lexeme"] = np.fromiter(map(hashed, weights), np.uint32, len(weights))
    found["weight"] = np.minimum(np.rint(np.fromiter(weights.values(), np.float64, len(weights)) * PARTS), 65_535)
    return found.tobytes()
