"""Keeps a process up with the index in PostgreSQL, from a thread of its own, as `commons.search.holder` does for files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, cast

from commons.search import suggest
from commons.search.holder import SnapshotHolder
from commons.search.index import Generation, IndexBroken, IndexStore
from commons.search.postgres.snapshot import RowSnapshot
from commons.search.postgres.view import Asks, Outdated, RowView
from commons.search.snapshot import Snapshot

SEGMENTS = "SELECT id, size FROM segment ORDER BY id"
POSITION = "SELECT position FROM state"
GONE = "SELECT segment, array_agg(number) FROM gone GROUP BY segment"


class Store(Protocol):
    def asks(self, statement: str, values: dict[str, Any], segments: Collection[int]) -> Sequence[Any]: ...

    def generation(self) -> Generation: ...

    def doubt(self) -> None: ...


class RowHolder(SnapshotHolder):
    def __init__(self, store: Store, refreshed: Callable[[Snapshot], None] | None) -> None:
        super().__init__(cast(IndexStore, store), refreshed=refreshed)
        self.asks: Asks = store.asks
        self.rows: dict[int, RowView] = {}

    def refresh(self) -> bool:
        """While the server is away, what is held stays in use."""
        try:
            return super().refresh()
        except IndexBroken:
            return False

    def _read(self) -> Snapshot:
        for _ in range(5):
            generation = self.store.generation()
            try:
                position = self.asks(POSITION, {}, ())[0][0]
                found = {id: self._view(id, size) for id, size in self.asks(SEGMENTS, {}, ())}
                gone = dict(self.asks(GONE, {}, ()))
            except Outdated:
                continue
            if generation == self.store.generation():
                self.rows = found
                deleted = [gone.get(id, []) for id in found]
                snapshot = RowSnapshot(self.asks, list(found.values()), deleted, self.codes, generation)
                snapshot.position = position
                return snapshot
        raise IndexBroken("the index changes faster than it can be read")

    def _view(self, id: int, size: int) -> RowView:
        if id not in self.rows:
            self.rows[id] = RowView(self.asks, id, size, self.codes)
        return self.rows[id]


def warm(snapshot: Snapshot) -> None:
    """For the refreshing thread: the first one who types after a change need not wait."""
    for view in cast(RowSnapshot, snapshot).rows:
        view.alphabet()
    suggest.warm(snapshot)
