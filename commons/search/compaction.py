"""Which segments to merge, and how: small ones and those with many deleted rows, never the big ones for a handful of
rows.

The order within a segment has no meaning, so a merge copies what lives, one old segment after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commons.search import layout
from commons.search.reading import SegmentView
from commons.search.segments import SegmentBuilder

SMALL = 0.1  # of the largest segment
WORN = 0.3  # share of deleted rows
MOST = 40_000  # rows merged at once, to bound memory


def worth_merging(segments: Sequence[Any]) -> list[Any]:
    if not segments:
        return []
    largest = max(segment.doc_count() for segment in segments)
    by_size = sorted(segments, key=lambda segment: int(segment.doc_count()))
    small = [segment for segment in by_size if segment.doc_count() <= max(1000, largest * SMALL)]
    worn = [
        segment
        for segment in by_size
        if segment not in small and segment.deleted_count() > WORN * segment.doc_count_all()
    ]
    chosen: list[Any] = []
    rows = 0
    for segment in (*small, *worn):
        rows += segment.doc_count()
        if rows > MOST and chosen:
            break
        chosen.append(segment)
    clean = not any(segment.deleted_count() for segment in chosen)
    return [] if len(chosen) == 1 and clean else chosen


def copy_live(view: SegmentView, segment: Any, builder: SegmentBuilder) -> None:
    gone = set(segment.deleted_docs())
    moved: dict[int, int] = {}
    columns = [view._column(name) for name in layout.COLUMNS]
    for number in range(view.size):
        if number not in gone:
            moved[number] = len(builder.columns)
            builder.columns.append(tuple(column[number] for column in columns))
    for field in (layout.OPEN, layout.CLOSED):
        target = builder.fields[field]
        for term, ids, weights, values in view.all_terms(field):
            flat = [
                part
                for row in zip(ids, weights, values, strict=True)
                if row[0] in moved
                for part in (moved[row[0]], *row[1:])
            ]
            if flat:
                target.setdefault(term, []).extend(flat)
                builder.size += len(flat) // 3
