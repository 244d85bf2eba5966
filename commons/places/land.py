"""Whose land lies where: the whole earth in cells of a twentieth of a degree (5.6 km), as runs along each row.

Number 0 is water (seas and large lakes), 255 land that belongs to no country in our list, everything else the row of
`countries.json` plus one. Stored as runs it needs one megabyte in memory instead of 26, and answers for thousands of
points in one go.
"""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
WATER = 0

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Land:
    cells_a_degree: int
    starts: NDArray[np.int64]  # first cell of each run, counted from the north-west
    owners: NDArray[np.uint8]

    def owner_at(self, lat: Numbers, lon: Numbers) -> NDArray[np.uint8]:
        columns, rows = 360 * self.cells_a_degree, 180 * self.cells_a_degree
        row = np.clip(((90 - lat) * self.cells_a_degree).astype(np.int64), 0, rows - 1)
        column = (((lon + 180) % 360) * self.cells_a_degree).astype(np.int64) % columns
        found: NDArray[np.uint8] = self.owners[np.searchsorted(self.starts, row * columns + column, side="right") - 1]
        return found


@lru_cache(maxsize=1)
def land() -> Land:
    raw = gzip.decompress((DATA / "land.bin.gz").read_bytes())
    cells_a_degree, count = struct.unpack_from("<HI", raw)
    lengths = np.frombuffer(raw, "<u2", count, 6).astype(np.int64)
    owners = np.frombuffer(raw, np.uint8, count, 6 + 2 * count)
    return Land(cells_a_degree, np.cumsum(lengths) - lengths, owners)
