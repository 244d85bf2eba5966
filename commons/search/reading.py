"""One segment of the index, read into NumPy arrays and kept: a later commit adds a segment and leaves this one warm.

Only immutable things live here; which documents were deleted since is the snapshot's business.
"""

from __future__ import annotations

import pickle
import struct
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import accumulate, islice
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from commons.search import layout
from commons.search.area_names import AreaNames
from commons.search.codes import Codes
from commons.search.grams import Grams
from commons.search.spelling import Vocabulary
from commons.search.storage import DurableStorage, broken_when_failing

LENGTH = struct.Struct("!i")
EXTENT = struct.Struct("!qi")
EXTENT_AT = struct.calcsize("!BfIBBfII")
COUNT = struct.Struct("!I")
COUNT_AT = struct.calcsize("!Bf")
FIRST = struct.Struct("!I")
FIRST_AT = struct.calcsize("!BfIBBf")
KEPT = 1_500_000  # postings kept per segment: about 12 MB
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


class Postings(NamedTuple):
    ids: Ints
    weights: Floats


class Places(NamedTuple):
    ids: Ints  # one per occurrence
    places: Ints


class Columns(NamedTuple):
    numbers: NDArray[Any]  # layout.NUMBERS
    initials: NDArray[np.uint64]  # the first sixteen bytes of the folded title, as two numbers
    single: dict[str, Ints]
    several: dict[str, tuple[Ints, Ints]]  # owners and values, in the order of the owners


NOTHING = Postings(np.empty(0, np.int32), np.empty(0, np.float32))
NOWHERE = Places(np.empty(0, np.int32), np.empty(0, np.int32))


class SegmentView:
    below: tuple[Ints, Ints] | None = None  # documents and areas in the order of the areas

    def __init__(self, storage: DurableStorage, segment: Any, codes: Codes) -> None:
        codec = segment.codec()
        self.storage, self.segment, self.codes = storage, segment, codes
        self.size: int = segment.doc_count_all()
        self.terms = codec.terms_reader(storage, segment)
        self.fields = frozenset(self.terms.indexed_field_names())
        self.buffer = storage.open_file(segment.make_filename(codec.POSTS_EXT)).buffer
        self.perdoc = codec.per_document_reader(storage, segment)
        self.names = self._column("names")
        self.streams = self._column("stream")
        self.columns = self._columns(codes)
        self.warm: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self.kept = 0
        self.spelling: Vocabulary | None = None
        self.grams: dict[str, Grams] | None = None
        self.areas: AreaNames | None = None
        self.apart: dict[str, NDArray[Any]] = {}
        self.lock = Lock()

    def _column(self, name: str) -> Any:
        return self.perdoc.column_reader(name, layout.schema()[name].column_type)

    def _columns(self, codes: Codes) -> Columns:
        numbers = numbers_of(self.storage, self.segment)
        single, several = codes.read(self._column("facets"))
        return Columns(numbers, initials(self.names), single, several)

    def row(self, field: str, term: str) -> bytes | None:
        if field not in self.fields:
            return None
        found: bytes | None = self.terms._tindex.get(self.terms._keycoder(field, term.encode()))
        return found

    def postings(self, field: str, term: str) -> Postings:
        key = (field, term)
        with self.lock:
            if (found := self.warm.get(key)) is not None:
                self.warm.move_to_end(key)
                return found
        return self.keep(key, self.read(field, term))

    def read(self, field: str, term: str) -> Postings:
        with broken_when_failing("a posting list cannot be read"):
            row = self.row(field, term)
            return NOTHING if row is None else self._within(decode(self._blocks(row)))

    def keep(self, key: tuple[str, str], found: Postings) -> Postings:
        with self.lock:
            if self.warm.setdefault(key, found) is found:
                self.kept += len(found.ids) + 16
            while self.kept > KEPT and len(self.warm) > 1:
                self.kept -= len(self.warm.popitem(last=False)[1].ids) + 16
        return found

    def places(self, field: str, term: str, among: Ints) -> Places:
        """Where a word stands in some documents."""
        with broken_when_failing("the places of a word cannot be read"):
            row = self.row(field, term)
            wanted = np.zeros(self.size, bool)
            wanted[among] = True
            return NOWHERE if row is None else decode_places(self._blocks(row), wanted)

    def _within(self, found: Postings) -> Postings:
        if found.ids[0] < 0 or found.ids[-1] >= self.size or len(found.ids) != len(found.weights):
            raise ValueError("a posting points past the end")
        return found

    def _blocks(self, row: bytes) -> Iterator[tuple[int, Any]]:
        at, _ = EXTENT.unpack_from(row, EXTENT_AT)
        at += 4  # the header
        while True:
            (length,) = LENGTH.unpack_from(self.buffer, at)
            block = BytesIO(self.buffer[at + 4 : at + 4 + abs(length)])
            count = pickle.load(block)[0]
            yield count, pickle.load(block)
            if length < 0:
                return
            at += 4 + length

    def vocabulary(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Terms that begin so, in order, with the number of documents (deleted ones included)."""
        if field not in self.fields:
            return []
        with broken_when_failing("the vocabulary cannot be read"):
            return [
                (term, COUNT.unpack_from(row, COUNT_AT)[0]) for term, row in islice(self._rows(field, prefix), limit)
            ]

    def bearers(self, field: str, prefix: str, limit: int) -> list[tuple[str, list[int]]]:
        """The same with the documents themselves; who alone bears a name is known without reading a posting list."""
        if field not in self.fields:
            return []
        with broken_when_failing("the vocabulary cannot be read"):
            rows = list(islice(self._rows(field, prefix), limit))
            return [
                (
                    term,
                    [FIRST.unpack_from(row, FIRST_AT)[0]]
                    if COUNT.unpack_from(row, COUNT_AT)[0] == 1
                    else self.postings(field, term).ids.tolist(),
                )
                for term, row in rows
            ]

    def words(self, field: str) -> Iterator[str]:
        """Every word of a field, without stems and whole names."""
        if field in self.fields:
            yield from (term for term, _ in self._rows(field, "", start="0"))

    def _rows(self, field: str, prefix: str, start: str = "") -> Iterator[tuple[str, bytes]]:
        head = self.terms._keycoder(field, b"")
        beginning = head + prefix.encode()
        for key, row in self.terms._tindex.items_from(head + (start or prefix).encode()):
            if not key.startswith(beginning):
                return
            yield key[len(head) :].decode(), row

    def all_terms(self, field: str) -> Iterator[tuple[str, list[int], list[float], list[bytes]]]:
        """Every term with its postings as plain lists, for writing them into another segment."""
        if field not in self.fields:
            return
        for term, row in self._rows(field, ""):
            ids: list[int] = []
            weights: list[float] = []
            values: list[bytes] = []
            for count, (steps, weight, places) in self._blocks(row):
                ids += accumulate(steps)
                flat = weight is None or isinstance(weight, float)
                weights += [weight or 1.0] * count if flat else weight
                values += places or (b"",) * count
            yield term, ids, weights, values

    def numbers(self, name: str) -> NDArray[Any]:
        """A column of its own; they stand row by row in the file."""
        if name not in self.apart:
            self.apart[name] = np.ascontiguousarray(self.columns.numbers[name])
        return self.apart[name]

    def lean_on(
        self,
        numbers: Mapping[str, NDArray[Any]],
        initials: NDArray[np.uint64],
        single: Mapping[str, Ints],
        several: Mapping[str, tuple[Ints, Ints]],
    ) -> None:
        """The same columns, as the beginnings of longer ones that somebody else holds."""
        many = {facet: len(owners) for facet, (owners, _values) in self.columns.several.items()}
        self.apart = {name: column[: self.size] for name, column in numbers.items()}
        self.columns = Columns(
            self.columns.numbers,
            initials[: self.size],
            {facet: column[: self.size] for facet, column in single.items()},
            {facet: (several[facet][0][:end], several[facet][1][:end]) for facet, end in many.items()},
        )

    def under(self, area: int) -> Ints:
        """The documents under an area (code), in order; areas themselves are not meant."""
        if self.below is None:
            owners, values = self.columns.several["area"]
            others = self.columns.single["kind"][owners] != self.codes.code("kind", "focus")
            owners, values = owners[others], values[others]
            some = values.astype(np.uint16) if values.max(initial=0) <= np.iinfo(np.uint16).max else values
            order = np.argsort(some, kind="stable")  # by counting, where the numbers are short
            self.below = owners[order], values[order]
        owners, values = self.below
        first, end = np.searchsorted(values, np.array((area, area + 1), values.dtype))
        return owners[first:end]

    def area_names(self) -> AreaNames:
        if self.areas is None:
            rows = np.flatnonzero(self.columns.single["kind"] == self.codes.code("kind", "focus"))
            self.areas = AreaNames((number, self.names_of(number)) for number in rows.tolist())
        return self.areas

    def stream_of(self, document: int) -> bytes:
        with broken_when_failing("a stream cannot be read"):
            found: bytes = self.streams[document]
        return found

    def names_of(self, document: int) -> list[str]:
        """Folded title and other names."""
        with broken_when_failing("a name cannot be read"):
            found: bytes = self.names[document]
        return found.decode().split("\n") if found else []


def numbers_of(storage: DurableStorage, segment: Any) -> NDArray[Any]:
    """The column of numbers of a segment, straight from its file."""
    buffer = storage.open_file(segment.codec().column_filename(segment, "numbers")).buffer
    found = np.frombuffer(buffer, layout.NUMBERS)
    if len(found) != segment.doc_count_all() or not found["written"].all():
        raise ValueError("a column is short")
    return found


def initials(names: Any) -> NDArray[np.uint64]:
    heads = np.array([row[:16] for row in names], "S16")
    return heads.view(">u8").reshape(len(heads), 2).astype(np.uint64) if len(heads) else np.empty((0, 2), np.uint64)


def decode(blocks: Any) -> Postings:
    ids, weights = [], []
    for count, (steps, weight, _) in blocks:
        ids.append(np.cumsum(np.asarray(steps, dtype=np.int64)).astype(np.int32))
        flat = weight is None or isinstance(weight, float)
        weights.append(
            np.full(count, 1.0 if weight is None else weight, np.float32) if flat else np.asarray(weight, np.float32)
        )
    if len(ids) == 1:
        return Postings(ids[0], weights[0])
    return Postings(np.concatenate(ids), np.concatenate(weights))


def decode_places(blocks: Any, wanted: NDArray[np.bool_]) -> Places:
    ids, places = [], []
    for _, (steps, _, values) in blocks:
        if values:
            documents = np.cumsum(np.asarray(steps, dtype=np.int64)).astype(np.int32)
            here = np.flatnonzero(wanted[documents])
            some = [values[at] for at in here.tolist()]
            ids.append(np.repeat(documents[here], np.fromiter(map(len, some), np.int64, len(some)) // 2))
            places.append(np.frombuffer(b"".join(some), np.uint16).astype(np.int32))
    return Places(np.concatenate(ids), np.concatenate(places)) if ids else NOWHERE
