"""One segment of the index, its columns in memory and its posting lists asked for and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from commons.search import layout
from commons.search.codes import Codes
from commons.search.index import IndexBroken
from commons.search.postgres.packing import occurrences, parted, postings
from commons.search.ranking import LOOKED_AT
from commons.search.reading import (
    NOTHING,
    NOWHERE,
    Columns,
    Ints,
    Places,
    Postings,
    SegmentView,
    initials,
)
from commons.search.storage import broken_when_failing

Heads = tuple[NDArray[np.bytes_], NDArray[np.int32]]
Asks = Callable[[str, dict[str, Any], Collection[int]], Sequence[Any]]
FIELDS = frozenset({layout.OPEN, layout.CLOSED})
PARTS = "SELECT first FROM part WHERE segment = %(segment)s ORDER BY first"
PART = "SELECT numbers, facets, names FROM part WHERE segment = %(segment)s AND first = %(first)s"
LISTS = """
SELECT term, segment, field, documents, steps, weights FROM posting
WHERE term = ANY(%(terms)s) AND field = ANY(%(fields)s) AND segment = ANY(%(segments)s) ORDER BY first
"""
WHERE_IT_STANDS = """
SELECT documents, steps, times, places FROM posting
WHERE term = %(term)s AND field = %(field)s AND segment = %(segment)s ORDER BY first
"""
BEGINNING = """
SELECT prefix, segment, field, term, documents FROM
unnest(%(prefixes)s::text[]) prefix, unnest(%(segments)s::bigint[]) segment, unnest(%(fields)s::text[]) field, LATERAL (
    SELECT term, sum(documents)::int AS documents FROM posting
    WHERE term >= prefix AND term < prefix || %(last)s
        AND posting.field = field.field AND posting.segment = segment.segment
    GROUP BY term ORDER BY term LIMIT %(most)s) begun
ORDER BY term
"""
WORDS = """
SELECT DISTINCT term FROM posting WHERE term > %(after)s AND field = %(field)s AND segment = %(segment)s
ORDER BY term LIMIT %(most)s
"""
EVERYTHING = """
SELECT term, documents, steps, weights, times, places FROM posting
WHERE segment = %(segment)s AND field = %(field)s ORDER BY term, first
"""
STREAMS = "SELECT number, words FROM stream WHERE segment = %(segment)s ORDER BY number"
STILL = "SELECT id FROM segment WHERE id = ANY(%(segments)s)"
LAST = "\U0010ffff"
AT_ONCE = 50_000  # words in one statement
MOST_BEGUN = 200  # prefixes whose words are kept
HEAD = 24  # bytes of a name by which it is found in memory


class Outdated(IndexBroken):
    """A segment was merged into another, or the index was made again: look anew."""


def answer(connection: Connection, statement: str, values: dict[str, Any], segments: Collection[int]) -> Sequence[Any]:
    """Raises Outdated where one of the segments is no more: they go with all their rows, so what is there afterwards was
    there before."""
    link: Any = connection.connection.driver_connection
    with link.cursor(binary=True) as cursor:
        rows: Sequence[Any] = cursor.execute(statement, values).fetchall()
        if segments:
            still = {id for (id,) in cursor.execute(STILL, {"segments": list(segments)}).fetchall()}
            if not still.issuperset(segments):
                raise Outdated("the segments were merged or made again")
    return rows


class Kept(NamedTuple):
    """A segment as merging asks about it."""

    id: int
    size: int
    gone: tuple[int, ...]

    def doc_count_all(self) -> int:
        return self.size

    def doc_count(self) -> int:
        return self.size - len(self.gone)

    def deleted_count(self) -> int:
        return len(self.gone)

    def deleted_docs(self) -> tuple[int, ...]:
        return self.gone


class RowView(SegmentView):
    def __init__(self, asks: Asks, id: int, size: int, codes: Codes) -> None:
        self.asks, self.id, self.size, self.codes, self.fields = asks, id, size, codes, FIELDS
        self.facets: list[bytes] = []
        self.names: list[bytes] = []
        with broken_when_failing("the columns cannot be read"):
            found = []
            for (first,) in self.asked(PARTS):
                ((numbers, facets, names),) = self.asked(PART, first=first)
                found.append(numbers)
                self.facets += parted(facets)
                self.names += parted(names)
            numbers = np.frombuffer(b"".join(found), layout.NUMBERS)
            if not len(numbers) == len(self.facets) == len(self.names) == size:
                raise ValueError("a column is short")
            self.columns = Columns(numbers, initials(self.names), *codes.read(self.facets))
        self.warm: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self.kept, self.lock = 0, Lock()
        self.spelling = self.grams = self.areas = None
        self.apart = {}
        self.heads: dict[str, Heads] | None = None
        self.begun: dict[tuple[str, str], list[tuple[str, int]]] = {}

    def asked(self, statement: str, **values: Any) -> Sequence[Any]:
        return self.asks(statement, {"segment": self.id, **values}, (self.id,))

    def read(self, field: str, term: str) -> Postings:
        return lists(self.asks, [self], (field,), (term,)).get((self.id, field, term), NOTHING)

    def places(self, field: str, term: str, among: Ints) -> Places:
        with broken_when_failing("the places of a word cannot be read"):
            rows = self.asked(WHERE_IT_STANDS, field=field, term=term)
            if not rows:
                return NOWHERE
            every = occurrences(rows)
            here = np.isin(every.ids, among)
            return Places(every.ids[here], every.places[here])

    def vocabulary(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        key = (field, prefix)
        found = self.begun.get(key)
        if found is None:
            found = beginning(self.asks, [self], (field,), (prefix,)).get((self.id, *key), [])
            self.keep_beginning(key, found)
        return found[:limit]

    def keep_beginning(self, key: tuple[str, str], found: list[tuple[str, int]]) -> None:
        with self.lock:
            if len(self.begun) >= MOST_BEGUN:
                self.begun = {}
            self.begun[key] = found

    def bearers(self, field: str, prefix: str, limit: int) -> list[tuple[str, list[int]]]:
        """From the names in memory."""
        written, owners = self.alphabet()[field]
        key = prefix.removeprefix(layout.NAME)
        head = key.encode()[:HEAD]
        first, last = (
            np.searchsorted(written, head),
            np.searchsorted(written, head + b"\xff" * (HEAD - len(head)), "right"),
        )
        numbers = dict.fromkeys(owners[first:last][: limit if len(head) < HEAD else None].tolist())
        found = [(name, number) for number in numbers for name in self.names_of(number) if name.startswith(key)]
        return [(layout.NAME + name, [number]) for name, number in found]

    def alphabet(self) -> dict[str, Heads]:
        if self.heads is None:
            self.heads = heads(self.names, self.columns.single["audience"], self.codes)
        return self.heads

    def words(self, field: str) -> Iterator[str]:
        after = "/"  # the sign before 0
        while found := self.asked(WORDS, field=field, after=after, most=AT_ONCE):
            yield from (term for (term,) in found)
            after = found[-1][0]

    def all_terms(self, field: str) -> Iterator[tuple[str, list[int], list[float], list[bytes]]]:
        for term, rows in groupby(self.asked(EVERYTHING, field=field), key=lambda row: row[0]):
            parts = [row[1:] for row in rows]
            found = postings([part[:3] for part in parts])
            where = occurrences([(many, steps, times, places) for many, steps, _, times, places in parts])
            ends = np.searchsorted(where.ids, found.ids, side="right").tolist()
            flat = where.places.astype("<u2")
            values = [flat[start:end].tobytes() for start, end in zip([0, *ends], ends, strict=False)]
            yield term, found.ids.tolist(), found.weights.tolist(), values

    def names_of(self, document: int) -> list[str]:
        found = self.names[document]
        return found.decode().split("\n") if found else []

    def stream_of(self, document: int) -> bytes:
        rows = self.asked(
            "SELECT words FROM stream WHERE segment = %(segment)s AND number = %(number)s", number=document
        )
        return bytes(rows[0][0]) if rows else b""

    def _column(self, name: str) -> Any:
        """As merging copies them."""
        if name == "numbers":
            return [row.tobytes() for row in self.columns.numbers]
        return [words for _, words in self.asked(STREAMS)] if name == "stream" else getattr(self, name)


def lists(
    asks: Asks, views: Sequence[RowView], fields: Sequence[str], terms: Sequence[str]
) -> dict[tuple[int, str, str], Postings]:
    """By segment, field and term: what stands in the index of these, in one statement."""
    segments = [view.id for view in views]
    with broken_when_failing("a posting list cannot be read"):
        rows: dict[tuple[int, str, str], list[Any]] = {}
        asked = {"terms": list(terms), "fields": list(fields), "segments": segments}
        for term, segment, field, *row in asks(LISTS, asked, segments):
            rows.setdefault((segment, field, term), []).append(row)
        sizes = {view.id: view.size for view in views}
        return {key: within(postings(found), sizes[key[0]]) for key, found in rows.items()}


def beginning(
    asks: Asks, views: Sequence[RowView], fields: Sequence[str], prefixes: Sequence[str]
) -> dict[tuple[int, str, str], list[tuple[str, int]]]:
    """By segment, field and prefix: the first words that begin so, in order, and how many documents hold each."""
    segments = [view.id for view in views]
    found: dict[tuple[int, str, str], list[tuple[str, int]]] = {}
    asked = {"prefixes": list(prefixes), "segments": segments, "fields": list(fields), "last": LAST, "most": LOOKED_AT}
    for prefix, segment, field, term, many in asks(BEGINNING, asked, segments):
        found.setdefault((segment, field, prefix), []).append((term, many))
    return found


def heads(rows: Sequence[bytes], audience: NDArray[np.int32], codes: Codes) -> dict[str, Heads]:
    """By field: how each name begins, in order, and whose it is."""
    public = audience == codes.code("audience", layout.PUBLIC)
    found = {}
    for field, mine in ((layout.OPEN, public), (layout.CLOSED, ~public)):
        named = [
            (name, number) for number in np.flatnonzero(mine).tolist() for name in rows[number].split(b"\n") if name
        ]
        written = np.array([name[:HEAD] for name, _ in named], f"S{HEAD}")
        order = np.argsort(written, kind="stable")
        found[field] = written[order], np.array([number for _, number in named], np.int32)[order]
    return found


def within(found: Postings, size: int) -> Postings:
    if found.ids[0] < 0 or found.ids[-1] >= size:
        raise ValueError("a posting points past the end")
    return found
