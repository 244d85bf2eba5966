"""The search engine of one process: the index on disk and the snapshot in memory, or a PostgreSQL.

Made with the application, warmed by the first question, refreshed by a thread. With Whoosh each web process holds its
own snapshot and only the worker writes; `postgresql:` is one index for any number of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, current_app

from commons.room import SearchDocument
from commons.search.answer import Found, search
from commons.search.backend import Backend
from commons.search.grammar import Query
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore, Report
from commons.search.memory import Memory
from commons.search.neighbours import neighbours
from commons.search.postgres.backend import PostgresBackend
from commons.search.snapshot import Snapshot
from commons.search.suggest import Correction, Name, did_you_mean, names_like, warm

T = TypeVar("T")
LISTS, ANSWERS = 40, 400  # how many are remembered: of those with a number for every document, and of all others
SEGMENTS = 10  # more than these are merged at a quiet moment


class WhooshBackend:
    """Embedded: a folder of files that one process writes, and a snapshot in NumPy arrays that answers."""

    def __init__(self, folder: Path, *, follow: bool) -> None:
        self.store = IndexStore(folder)
        self.holder = SnapshotHolder(self.store, refreshed=warm if follow else None)
        self.follow = follow
        self.lists, self.answers = Memory(LISTS), Memory(ANSWERS)

    def snapshot(self) -> Snapshot:
        """What there is, at once; the first question of a process waits for it to be read. Raises IndexBroken."""
        if self.follow:
            self.holder.start()
        else:
            self.holder.refresh()  # tests and commands see every write at once
        return self.holder.current()

    # Asking

    def search(self, query: Query, *, audiences: Collection[str] | None, **asked: Any) -> Found:
        return search(self.snapshot(), query, audiences=audiences, **asked)

    def names_like(self, typed: str, limit: int = 8) -> list[Name]:
        return names_like(self.snapshot(), typed, limit)

    def did_you_mean(self, query: Query) -> Correction | None:
        return did_you_mean(self.snapshot(), query)

    def related(
        self,
        entry: int,
        kind: str,
        areas: Sequence[int],
        place: tuple[float, float] | None,
        *,
        audiences: Collection[str],
        limit: int,
    ) -> list[int]:
        return neighbours(self.snapshot(), entry, kind, areas, place, audiences, limit)

    # Its state

    @property
    def position(self) -> int:
        return self.store.position

    @property
    def seen(self) -> int:
        return self.snapshot().position

    def reached(self) -> int:
        position = self.store.position  # first: what is written meanwhile must not count as read
        self.holder.refresh()
        if self.holder.fault is not None:
            raise self.holder.fault
        return position

    def generation(self) -> Hashable:
        return self.snapshot().generation

    def remembered(self, question: Hashable, make: Callable[[], T], *, large: bool = False) -> T:
        return (self.lists if large else self.answers).made(self.generation(), question, make)

    def documents(self) -> int:
        return sum(int(segment.doc_count()) for segment in self.store.open_reader().segments)

    def keys(self) -> set[int]:
        return self.store.keys()

    @property
    def whereabouts(self) -> str:
        return f"folder {self.store.directory().name}"

    # Following the log

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        return self.store.apply(changed, removed, position)

    def rebuild(
        self, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None = None
    ) -> int:
        return self.store.rebuild(documents, position, progress)

    def tidy(self) -> None:
        if len(self.store.open_reader().segments) > SEGMENTS:
            self.store.compact()

    def doubt(self) -> None:
        self.store.doubt()

    def look(self) -> None:
        self.store.look()

    def check(self) -> Report:
        return self.store.check()


def whoosh() -> WhooshBackend:
    """The embedded engine itself, for whoever looks into its files: tests and measurements. Raises TypeError where it is not in use."""
    found = current_app.extensions["search"]
    if not isinstance(found, WhooshBackend):
        raise TypeError("the search of this site is not the embedded one")
    return found


def start(app: Flask) -> None:
    app.extensions["search"] = made(app)


def made(app: Flask) -> Backend:
    url = str(app.config["SEARCH_URL"])
    if url.startswith("postgresql:"):
        own = str(app.config["SQLALCHEMY_DATABASE_URI"])
        return PostgresBackend(own if url == "postgresql:" else url, follow=not app.testing)
    if url.startswith("whoosh:"):
        folder = Path(url.removeprefix("whoosh:") or Path(app.config["COMMONS_DATA"]) / "search")
        return WhooshBackend(folder, follow=not app.testing)
    raise ValueError(f"SEARCH_URL is {url!r}; it takes whoosh:, whoosh:FOLDER, postgresql: or postgresql://…")
