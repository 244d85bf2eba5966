"""Lists of numbers as bytes. A list in which all are alike is written as one of them.

A posting list has four: the steps from one document to the next, the weight of the term in each, how often it stands
there, and its places one document after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.search.reading import Places, Postings

STEP, WEIGHT, TIMES, PLACE = np.dtype("<i4"), np.dtype("<f4"), np.dtype("<u4"), np.dtype("<u2")
Flat = Sequence[Any]


def packed(numbers: NDArray[Any]) -> bytes:
    alike = len(numbers) > 1 and bool((numbers == numbers[0]).all())
    return numbers[:1].tobytes() if alike else numbers.tobytes()


def unpacked(written: bytes, dtype: np.dtype[Any], many: int) -> NDArray[Any]:
    """Raises ValueError where it is not so many numbers."""
    found = np.frombuffer(written, dtype)
    if len(found) == 1 and many > 1:
        return np.full(many, found[0])
    if len(found) != many:
        raise ValueError("a list of numbers is short")
    return found


def posting(flat: Flat, first: int) -> tuple[int, bytes, bytes, bytes, bytes]:
    """`flat`: document, weight, places, document, ... as a segment gathers them; `first`: the number of its first document."""
    ids, places = np.array(flat[0::3], STEP) + np.int32(first), flat[2::3]
    steps = np.diff(ids, prepend=np.int32(0)).astype(STEP)
    weights, times = np.array(flat[1::3], WEIGHT), np.fromiter(map(len, places), TIMES, len(places)) // PLACE.itemsize
    return len(ids), packed(steps), packed(weights), packed(times.astype(TIMES)), b"".join(places)


def postings(rows: Sequence[tuple[int, bytes, bytes]]) -> Postings:
    """From the number of documents, steps and weights of each part, in order."""
    ids = [np.cumsum(unpacked(steps, STEP, many), dtype=np.int32) for many, steps, _ in rows]
    weights = [unpacked(written, WEIGHT, many).astype(np.float32, copy=False) for many, _, written in rows]
    return Postings(ids[0], weights[0]) if len(rows) == 1 else Postings(np.concatenate(ids), np.concatenate(weights))


def occurrences(rows: Sequence[tuple[int, bytes, bytes, bytes]]) -> Places:
    """From the number of documents, steps, times and places of each part."""
    ids, places = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for many, steps, times, written in rows:
        ids.append(np.repeat(np.cumsum(unpacked(steps, STEP, many), dtype=np.int32), unpacked(times, TIMES, many)))
        places.append(np.frombuffer(written, PLACE).astype(np.int32))
    return Places(np.concatenate(ids), np.concatenate(places))


def joined(rows: Sequence[bytes]) -> bytes:
    """Rows of any length as one."""
    return np.array([len(rows), *map(len, rows)], "<u4").tobytes() + b"".join(rows)


def parted(written: bytes) -> list[bytes]:
    many = int(np.frombuffer(written, "<u4", 1)[0])
    ends = (np.cumsum(np.frombuffer(written, "<u4", many, 4), dtype=np.int64) + 4 * (many + 1)).tolist()
    return [written[start:end] for start, end in zip([4 * (many + 1), *ends], ends, strict=False)]
