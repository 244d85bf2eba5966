"""Fresh segments written as one, term after term, in the same memory for any number of documents.

A rebuild ends with it: a question looks into every segment for each of its words, and asking one large segment costs as
much as asking one small one.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from commons.search import layout
from commons.search.codes import Codes
from commons.search.reading import SegmentView
from commons.search.segments import Flat, write_segment
from commons.search.storage import DurableStorage


def joined(storage: DurableStorage, segments: list[Any]) -> list[Any]:
    """One segment in place of all, in which nothing was deleted yet; the files of the old ones go."""
    if len(segments) < 2:
        return segments
    views = [SegmentView(storage, segment, Codes()) for segment in segments]
    columns = [[view._column(name) for view in views] for name in layout.COLUMNS]
    size = sum(view.size for view in views)
    found = write_segment(
        storage,
        size,
        lambda field: _terms(views, field),
        lambda place: chain.from_iterable(columns[place]),
    )
    names = tuple(segment.make_filename(".") for segment in segments)
    for name in storage.list():
        if name.startswith(names):
            storage.delete_file(name)
    return [found]


def _terms(views: list[SegmentView], field: str) -> Iterator[tuple[str, Flat]]:
    bases = [sum(view.size for view in views[:at]) for at in range(len(views))]
    streams = [_moved(view, field, base) for view, base in zip(views, bases, strict=True)]
    for term, several in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        yield term, list(chain.from_iterable(flat for _term, flat in several))


def _moved(view: SegmentView, field: str, base: int) -> Iterator[tuple[str, Flat]]:
    for term, ids, weights, values in view.all_terms(field):
        flat: Flat = [None] * (3 * len(ids))
        flat[0::3], flat[1::3], flat[2::3] = [base + id for id in ids], weights, values
        yield term, flat
