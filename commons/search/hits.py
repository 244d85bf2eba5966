"""Everything that a question found, however a back end keeps it: what maps, saved searches and totals need of it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from commons.search.snapshot import Ints, Snapshot


class Hits(Protocol):
    def ids(self) -> NDArray[np.int64]:
        """Every document found, in no order that means anything."""

    def points(self) -> NDArray[Any]:
        """Latitude and longitude of those that have a place, one row each, in the order of `ids`."""

    def confirmed(self, after: int) -> int:
        """How many were confirmed at this moment (seconds since 1970) or later."""


class SnapshotHits:
    """Numbers of one snapshot."""

    __slots__ = ("numbers", "snapshot")

    def __init__(self, snapshot: Snapshot, numbers: Ints) -> None:
        self.snapshot, self.numbers = snapshot, numbers

    def ids(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.snapshot.key[self.numbers]
        return found

    def points(self) -> NDArray[Any]:
        rows = np.column_stack((self.snapshot.lat[self.numbers], self.snapshot.lon[self.numbers]))
        placed: NDArray[Any] = rows[~np.isnan(rows).any(axis=1)]
        return placed

    def confirmed(self, after: int) -> int:
        return int((self.snapshot.confirmed[self.numbers] >= after).sum())
