"""Small indexes for the tests of the search, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from commons.room import SearchDocument
from commons.search.answer import Found, search
from commons.search.grammar import parse
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from commons.search.snapshot import Snapshot

EVERYONE = frozenset({"public"})


def entry(id: int, title: str = "", **more: Any) -> SearchDocument:
    given: dict[str, Any] = {"kind": "organisation", "audience": "public", "language": "en", "updated": 1000 + id}
    return SearchDocument(id=id, title=title or f"entry {id}", **(given | more))


def snapshot_of(folder: Path, *batches: Iterable[SearchDocument], removed: Iterable[int] = ()) -> Snapshot:
    """One segment per batch; what was removed is removed at the end."""
    store = IndexStore(folder)
    store.rebuild([], 0)
    for position, batch in enumerate(batches, 1):
        store.apply(batch, (), position)
    if removed:
        store.apply((), removed, len(batches) + 1)
    return SnapshotHolder(store).current()


def ask(snapshot: Snapshot, text: str, **more: Any) -> Found:
    options: dict[str, Any] = {"audiences": EVERYONE, "limit": 1000}
    return search(snapshot, parse(text), **(options | more))
