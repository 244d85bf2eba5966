"""Writing one segment of the index in Whoosh's own format, without its word-by-word machinery.

Terms gather in memory as flat lists (document, weight, places, document, ...), are sorted once and written block by
block. Whoosh reads the result like any segment of its own (a test compares the two); building costs a fraction of
`add_document`.
"""

from __future__ import annotations

import pickle
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator
from operator import sub
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec
from whoosh.filedb.filetables import OrderedHashWriter

from commons.room import SearchDocument
from commons.search import layout
from commons.search.storage import DurableStorage

BLOCK = 4096  # postings read at once
FULL = 500_000  # postings held in memory before the segment is written
AS_ARRAY = 24  # from here on arrays are smaller and faster than tuples of numbers
TERM = struct.Struct("!BfIBBfII")
EXTENT = struct.Struct("!qi")
FIELD = struct.Struct("!H")
LENGTH = struct.Struct("!i")
INDEX = "MAIN"
Flat = list[Any]


class SegmentBuilder:
    """Collects documents, then writes them as one segment."""

    def __init__(self, storage: DurableStorage) -> None:
        self.storage = storage
        self.fields: dict[str, dict[str, Flat]] = {layout.CLOSED: {}, layout.OPEN: {}}
        self.columns: list[tuple[bytes, ...]] = []
        self.size = 0

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def full(self) -> bool:
        return self.size >= FULL

    def add(self, document: SearchDocument) -> None:
        weights, places, length = layout.postings(document)
        names = layout.folded_names(document)
        target = self.fields[layout.OPEN if document.audience == layout.PUBLIC else layout.CLOSED]
        number = len(self.columns)
        for term, weight in weights.items():
            found = places.get(term)
            value = array("H", found).tobytes() if found else b""
            flat = target.get(term)
            if flat is None:
                target[term] = [number, weight, value]
            else:
                flat += (number, weight, value)
        for name in names:
            target.setdefault(layout.NAME + name, []).extend((number, 1.0, b""))
        self.size += len(weights) + len(names)
        self.columns.append(
            (
                layout.numbers(document, length),
                layout.facets(document),
                "\n".join(names).encode(),
                layout.stream(document),
            )
        )

    def write(self) -> Any:
        """The new segment, its files written but not yet named in the table of contents."""
        return write_segment(self.storage, len(self), self._terms, lambda place: (row[place] for row in self.columns))

    def _terms(self, field: str) -> Iterator[tuple[str, Flat]]:
        found = self.fields[field]
        for term in sorted(found):
            yield term, found.pop(term)


def write_segment(
    storage: DurableStorage,
    size: int,
    terms: Callable[[str], Iterator[tuple[str, Flat]]],
    column: Callable[[int], Iterable[bytes]],
) -> Any:
    """`terms`: those of a field in order, each with its postings; `column`: that of layout.COLUMNS, row by row."""
    segment = W3Codec(blocklimit=BLOCK, compression=0).new_segment(storage, INDEX)
    segment.set_doc_count(size)
    with segment.create_file(storage, W3Codec.POSTS_EXT) as posts:
        table = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        names = (layout.CLOSED, layout.OPEN)
        table.extras["fieldmap"] = {name: number for number, name in enumerate(names)}
        for number, name in enumerate(names):
            head = FIELD.pack(number)
            for term, flat in terms(name):
                table.add(head + term.encode(), write_postings(posts, flat))
        table.close()
    schema = layout.schema()
    for place, name in enumerate(layout.COLUMNS):
        file = storage.create_file(W3Codec.column_filename(segment, name))
        writer = schema[name].column_type.writer(file)
        for number, value in enumerate(column(place)):
            writer.add(number, value)
        writer.finish(size)
        file.close()
    return segment


def write_postings(posts: Any, flat: Flat) -> bytes:
    """Append one posting list to the file; answers with the row of the term table."""
    ids, weights, values = flat[0::3], flat[1::3], flat[2::3]
    start, count, out = posts.tell(), len(ids), [WHOOSH3_HEADER_MAGIC]
    for at in range(0, count, BLOCK):
        end = min(at + BLOCK, count)
        some = weights[at:end]
        block = (steps(ids[at:end]), short_weights(some), tuple(filter(None, values[at:end])))
        data = pickle.dumps(block, pickle.HIGHEST_PROTOCOL)
        info = pickle.dumps((end - at, ids[end - 1], max(some), 0, 1, 1), 2)
        length = len(info) + len(data)
        out += (LENGTH.pack(-length if end == count else length), info, data)
    written = b"".join(out)
    posts.write(written)
    row = TERM.pack(0, sum(weights), count, 1, 1, max(weights), ids[0], ids[-1])
    return row + EXTENT.pack(start, len(written))


def steps(ids: list[int]) -> tuple[int, ...] | array[int]:
    deltas = (ids[0], *map(sub, ids[1:], ids))
    return array("I", deltas) if len(deltas) > AS_ARRAY else deltas


def short_weights(weights: list[float]) -> float | tuple[float, ...] | array[float] | None:
    first = weights[0]
    if weights.count(first) == len(weights):
        return None if first == 1.0 else first
    return array("f", weights) if len(weights) > AS_ARRAY else tuple(weights)
