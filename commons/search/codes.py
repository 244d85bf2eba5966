"""Small numbers for the values of facets, the same in every segment and every generation of one process."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from commons.search.layout import BETWEEN, SEVERAL, SINGLE, WITHIN

Ints = NDArray[np.int32]
UNKNOWN = -1
KEPT = 10_000  # rows of facets remembered while a segment is read; most come again soon


class Codes:
    """Values are only ever added, so a code means the same for as long as the process lives. Code 0 is no value."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {facet: [""] for facet in (*SINGLE, *SEVERAL)}
        self.numbers: dict[str, dict[str, int]] = {facet: {"": 0} for facet in (*SINGLE, *SEVERAL)}
        self.lock = Lock()

    def code(self, facet: str, value: str) -> int:
        """The code of a value that a question names; UNKNOWN where no document has it."""
        return self.numbers[facet].get(value, UNKNOWN)

    def enter(self, facet: str, value: str) -> int:
        known = self.numbers[facet]
        found = known.get(value)
        if found is None:
            found = len(self.values[facet])
            self.values[facet].append(value)
            known[value] = found
        return found

    def read(self, rows: Iterable[bytes]) -> tuple[dict[str, Ints], dict[str, tuple[Ints, Ints]]]:
        """The facet columns of one segment."""
        seen: dict[bytes, tuple[list[int], list[list[int]]]] = {}
        single: list[list[int]] = [[] for _ in SINGLE]
        owners: list[list[int]] = [[] for _ in SEVERAL]
        values: list[list[int]] = [[] for _ in SEVERAL]
        with self.lock:
            for number, row in enumerate(rows):
                if len(seen) > KEPT:
                    seen.clear()
                ones, lists = seen.get(row) or seen.setdefault(row, self._parse(row))
                for column, code in zip(single, ones, strict=True):
                    column.append(code)
                for owner, value, codes in zip(owners, values, lists, strict=True):
                    owner += [number] * len(codes)
                    value += codes
        arrays = {facet: np.array(column, np.int32) for facet, column in zip(SINGLE, single, strict=True)}
        pairs = {
            facet: (np.array(owner, np.int32), np.array(value, np.int32))
            for facet, owner, value in zip(SEVERAL, owners, values, strict=True)
        }
        return arrays, pairs

    def _parse(self, row: bytes) -> tuple[list[int], list[list[int]]]:
        parts = row.decode().split(BETWEEN)
        if len(parts) != len(SINGLE) + len(SEVERAL):
            raise ValueError("a row of facets is damaged")
        ones = [self.enter(facet, part) for facet, part in zip(SINGLE, parts, strict=False)]
        rest = parts[len(SINGLE) :]
        lists = [
            [self.enter(facet, value) for value in part.split(WITHIN) if value]
            for facet, part in zip(SEVERAL, rest, strict=True)
        ]
        return ones, lists
