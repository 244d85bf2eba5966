"""The engine with its index in PostgreSQL: `SEARCH_URL=postgresql:` in the site's own database, `postgresql://…` in another one.

A process holds the columns and names of all documents and the posting lists that were asked for; for the rest it asks the
server, with one or two statements for most questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any, TypeVar, cast

from commons.room import SearchDocument
from commons.search.answer import Found, search
from commons.search.grammar import Query
from commons.search.index import IndexBroken, Report
from commons.search.memory import Memory
from commons.search.neighbours import neighbours
from commons.search.postgres import checking, writing
from commons.search.postgres.holder import RowHolder, warm
from commons.search.postgres.server import Server, State
from commons.search.postgres.snapshot import RowSnapshot
from commons.search.postgres.view import Outdated
from commons.search.suggest import Correction, Name, did_you_mean, names_like

T = TypeVar("T")
LISTS, ANSWERS = 40, 400  # how many are remembered: of those with a number for every document, and of all others
SEGMENTS = 10  # more than these are merged at a quiet moment
ATTEMPTS = 3  # at a question whose segments are merged away under it


class PostgresBackend:
    def __init__(self, url: str, *, follow: bool) -> None:
        self.server, self.follow = Server(url, follow=follow), follow
        self.holder = RowHolder(self.server, refreshed=warm if follow else None)
        self.lists, self.answers = Memory(LISTS), Memory(ANSWERS)

    def snapshot(self) -> RowSnapshot:
        """What there is, at once; the first question of a process waits for it to be read. Raises IndexBroken."""
        if self.follow:
            self.holder.start()
        else:
            self.holder.refresh()  # tests and commands see every write at once
        return cast(RowSnapshot, self.holder.current())

    def answered(self, ask: Callable[[RowSnapshot], T]) -> T:
        for _ in range(ATTEMPTS):
            try:
                return ask(self.snapshot())
            except Outdated:
                self.holder.refresh()
        raise IndexBroken("the index changes faster than it can be asked")

    # Asking

    def search(self, query: Query, *, audiences: Collection[str] | None, **asked: Any) -> Found:
        def ask(snapshot: RowSnapshot) -> Found:
            snapshot.prepare(query, audiences)
            return search(snapshot, query, audiences=audiences, **asked)

        return self.answered(ask)

    def names_like(self, typed: str, limit: int = 8) -> list[Name]:
        return self.answered(lambda snapshot: names_like(snapshot, typed, limit))

    def did_you_mean(self, query: Query) -> Correction | None:
        return self.answered(lambda snapshot: did_you_mean(snapshot, query))

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

    def state(self) -> State:
        return self.server.state()

    @property
    def position(self) -> int:
        return self.state().position

    @property
    def seen(self) -> int:
        return self.snapshot().position

    def reached(self) -> int:
        position = self.position  # first: what is written meanwhile must not count as read
        self.holder.refresh()
        if self.holder.fault is not None:
            raise self.holder.fault
        return position

    def generation(self) -> Hashable:
        return self.snapshot().generation

    def remembered(self, question: Hashable, make: Callable[[], T], *, large: bool = False) -> T:
        return (self.lists if large else self.answers).made(self.generation(), question, make)

    def documents(self) -> int:
        return int(self.server.asks("SELECT count(*) FROM document", {}, ())[0][0])

    def keys(self) -> set[int]:
        return {id for (id,) in self.server.asks("SELECT id FROM document", {}, ())}

    @property
    def whereabouts(self) -> str:
        return self.server.whereabouts

    # Following the log

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        latest, gone = {document.id: document for document in changed}, set(removed)
        documents = [document for id, document in latest.items() if id not in gone]
        with self.server.writing() as connection:
            if self.state().position > position:
                return 0  # another node has been here, with rows at least as new
            writing.apply(connection, documents, sorted(gone | latest.keys()), position)
        return len(documents)

    def rebuild(
        self, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None = None
    ) -> int:
        with self.server.writing() as connection:
            return writing.rebuild(connection, documents, position, progress)

    def tidy(self) -> None:
        if self.server.asks("SELECT count(*) FROM segment", {}, ())[0][0] > SEGMENTS:
            self.compact()

    def compact(self) -> int:
        """Merge small and worn segments; answers with the number merged."""
        with self.server.writing() as connection:
            return writing.compact(connection)

    def doubt(self) -> None:
        self.server.doubt()

    def look(self) -> None:
        if self.server.asks("SELECT doubt FROM state", {}, ()) == [(True,)]:
            with self.server.writing() as connection:
                connection.exec_driver_sql("UPDATE state SET doubt = false")
            if faults := self.check().faults:
                raise IndexBroken(faults[0])

    def check(self) -> Report:
        with self.server.reading() as connection:
            return checking.check(connection, self.position)
