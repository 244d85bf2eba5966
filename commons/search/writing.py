"""What one batch does to the files: new segments, marks on deleted rows, and the table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, clean_files

from commons.room import SearchDocument
from commons.search import layout
from commons.search.joining import joined
from commons.search.reading import SegmentView, numbers_of
from commons.search.segments import INDEX, SegmentBuilder
from commons.search.storage import DurableStorage


def write_all(
    storage: DurableStorage, documents: Iterable[SearchDocument], progress: Callable[[int], None] | None
) -> tuple[int, list[Any]]:
    """Segment after segment, so that memory stays the same for any number of documents, and these joined into one. Keys
    must not come twice."""
    segments: list[Any] = []
    builder = SegmentBuilder(storage)
    count = 0
    for document in documents:
        builder.add(document)
        count += 1
        if builder.full:
            segments.append(builder.write())
            builder = SegmentBuilder(storage)
        if progress and count % 1000 == 0:
            progress(count)
    if len(builder):
        segments.append(builder.write())
    if progress:
        progress(count)
    return count, joined(storage, segments)


def delete(storage: DurableStorage, segments: list[Any], keys: set[int]) -> None:
    wanted = np.fromiter(keys, np.int64, len(keys))
    for segment in segments:
        rows = numbers_of(storage, segment)
        for number in np.flatnonzero(np.isin(rows["key"], wanted)).tolist():
            segment.delete_document(number)


def commit(storage: DurableStorage, toc: Any) -> None:
    """Empty segments go, the rest is named in a new table of contents; then what nobody names is removed."""
    segments = [segment for segment in toc.segments if segment.doc_count()]
    TOC(layout.schema(), segments, toc.generation + 1).write(storage, INDEX)
    clean_files(storage, INDEX, toc.generation + 1, segments)


def live_keys(view: SegmentView, segment: Any) -> NDArray[np.int64]:
    live = np.ones(view.size, bool)
    live[list(segment.deleted_docs())] = False
    found: NDArray[np.int64] = view.columns.numbers["key"][live]
    return found


def read_through(view: SegmentView, segment: Any) -> NDArray[np.int64]:
    for field in view.fields:
        for _, ids, _, _ in view.all_terms(field):
            if ids[-1] >= view.size:
                raise ValueError("a posting points past the end")
    return live_keys(view, segment)
