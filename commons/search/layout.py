"""What one document leaves in the index: weighted terms with their places, and four columns.

Documents that everyone may read stand in the field `open`, all others in `closed`: a visitor's question never opens
the second, so its words, counts and spellings cannot show through. Weights of the parts of a document are added up
per term before ranking. A name as a whole is a term too (`"world water watch`), which makes exact names and names
that begin so one look-up each.

The fourth column, the stream, is the way back from a document to its words: for comparing the few documents that a
question found, not for finding any.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from whoosh import columns, fields, formats

from commons.room import SearchDocument
from commons.search.analysis import KEPT, STEM, WORD, known, study, words
from commons.search.stems import stem, tongue
from commons.search.stopwords import stopwords

VERSION = 3  # of everything below and of the analysis: another number means that the index is rebuilt
OPEN, CLOSED = "open", "closed"
PUBLIC = "public"
NAME = '"'
TITLE_WEIGHT = 2.0
NAMES_WEIGHT = 1.5
LAST_PLACE = 65_535
GAP = 4  # places between parts, so that no phrase reaches from one into the next
LONGEST_NAME = 120
STREAM = 256  # words of a document that its stream begins with
STREAM_LETTERS = 4096
PLACE = 10  # bits for a place in the stream
LAST_STREAMED = (1 << PLACE) - 1 - STREAM  # no word that begins later is part of it
SINGLE = ("kind", "audience", "country", "type", "tongue")
SEVERAL = ("area", "sdg", "language")
COLUMNS = ("numbers", "facets", "names", "stream")
BETWEEN, WITHIN = "\x1f", "\x1e"

NUMBERS = np.dtype(
    [
        ("key", "<i8"),
        ("updated", "<i8"),
        ("confirmed", "<i8"),
        ("lat", "<f4"),
        ("lon", "<f4"),
        ("boost", "<f4"),
        ("length", "<f4"),
        ("written", "<u4"),  # always 1: a row of zeros would not be written
    ]
)
PACKED = struct.Struct("<qqqffffI")
streamed: dict[str, dict[str, tuple[int, tuple[int, ...]]]] = {}  # by language, what was written


class Places(formats.Format):  # type: ignore[misc]
    """A posting's value: the places of the word, 16 bits each."""

    def decode_positions(self, value: bytes) -> list[int]:
        return array("H", value).tolist()


def schema() -> fields.Schema:
    text = fields.FieldType(Places(), None, scorable=False)
    return fields.Schema(
        **{OPEN: text, CLOSED: text},
        numbers=fields.COLUMN(columns.FixedBytesColumn(NUMBERS.itemsize)),
        facets=fields.COLUMN(columns.VarBytesColumn()),
        names=fields.COLUMN(columns.VarBytesColumn()),
        stream=fields.COLUMN(columns.VarBytesColumn()),
    )


def weighted(document: SearchDocument) -> Iterator[tuple[str, float]]:
    yield document.title, TITLE_WEIGHT
    for name in document.names:
        yield name, NAMES_WEIGHT
    for label in document.labels:
        yield label, 1.0
    yield document.place, 1.0
    yield document.text, 1.0


def folded_names(document: SearchDocument) -> list[str]:
    """Title first, then every other name, each once, folded and with single spaces."""
    found = (name_key(name) for name in (document.title, *document.names))
    return [name for name in dict.fromkeys(found) if name]


def name_key(name: str) -> str:
    return " ".join(words(name))[:LONGEST_NAME]


def postings(document: SearchDocument) -> tuple[dict[str, float], dict[str, list[int]], float]:
    """Weight of each term, places of each word, and the length of the document."""
    weights: dict[str, float] = {}
    places: dict[str, list[int]] = {}
    language = tongue(document.language)
    at = 0
    length = 0.0
    for text, weight in weighted(document):
        if not text:
            continue
        for raw in WORD.findall(text):
            word = known.get(raw) or study(raw)
            for term, offset, _, _ in word.pieces:
                if term in weights:
                    weights[term] += weight
                    places[term].append(min(at + offset, LAST_PLACE))
                else:
                    weights[term] = weight
                    places[term] = [min(at + offset, LAST_PLACE)]
            at += word.width
            length += weight * word.width
        at += GAP
    add_stems(weights, places, language)
    return weights, places, length


def add_stems(weights: dict[str, float], places: dict[str, list[int]], language: str) -> None:
    if not language:
        return
    for term in places:
        root = stem(term, language)
        if root != term:
            root = STEM + root
            weights[root] = weights.get(root, 0.0) + weights[term]
    # A word that is its own stem is not written twice; where others share the stem, their sum counts it too.
    for term in places:
        root = STEM + term
        if root in weights:
            weights[root] += weights[term]


def stream(document: SearchDocument) -> bytes:
    """The first words of title and text, in order, without stop words: 32 bits each, the mark of its root and its place."""
    language = tongue(document.language)
    marked = streamed.setdefault(language, {})
    found = array("I")
    at = 0
    for text in (document.title, document.text):
        for raw in WORD.findall(text[:STREAM_LETTERS]):
            word = marked.get(raw) or streamed_word(raw, language, marked)
            if at > LAST_STREAMED or len(found) >= STREAM:
                break
            for step in word[1]:
                found.append(at + step)
            at += word[0]
        at += GAP
    return found[:STREAM].tobytes()


def streamed_word(
    raw: str, language: str, marked: dict[str, tuple[int, tuple[int, ...]]]
) -> tuple[int, tuple[int, ...]]:
    """The width of a written word, and its terms as they stand in a stream that it begins."""
    word = known.get(raw) or study(raw)
    stops = stopwords((language or "en",))
    pieces = [piece for piece in word.pieces[: word.width] if piece.term not in stops and piece.offset < STREAM]
    if len(marked) >= KEPT:
        marked.clear()
    found = marked[raw] = word.width, tuple(mark(piece.term, language) << PLACE | piece.offset for piece in pieces)
    return found


def mark(term: str, language: str) -> int:
    """A number of 22 bits for the root of a word. Two roots may share one; among the words of a few documents that is rare."""
    return crc32(stem(term, language).encode("utf-8", "replace")) >> PLACE


def numbers(document: SearchDocument, length: float) -> bytes:
    nowhere = document.lat is None or document.lon is None
    lat = float("nan") if nowhere else float(document.lat or 0.0)
    lon = float("nan") if nowhere else float(document.lon or 0.0)
    return PACKED.pack(document.id, document.updated, document.confirmed, lat, lon, document.boost, length, 1)


def facets(document: SearchDocument) -> bytes:
    languages = dict.fromkeys(language for language in (document.language, *document.languages) if language)
    values = (
        document.kind,
        document.audience,
        document.country.upper(),
        document.type,
        tongue(document.language),
        WITHIN.join(map(str, dict.fromkeys(document.areas))),
        WITHIN.join(map(str, dict.fromkeys(document.sdgs))),
        WITHIN.join(languages),
    )
    return BETWEEN.join(value.replace(BETWEEN, " ") for value in values).encode()
