"""PostgreSQL as the search engine: `SEARCH_URL=postgresql:` in the site's own database, `postgresql://…` in another one.

Questions never wait for who writes and are given up after two seconds. A server that does
not answer is left alone for a while, so that pages do not wait for it one after the other: they are answered from the
database meanwhile, where that is another one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeVar

import psycopg
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from commons.room import SearchDocument
from commons.search import layout
from commons.search.analysis import words
from commons.search.answer import Found, Match
from commons.search.facets import Box, Filters, Near
from commons.search.grammar import Query
from commons.search.index import IndexBroken, Report
from commons.search.leaning import Leaning
from commons.search.memory import Memory
from commons.search.order import Sort
from commons.search.postgres import asking, naming, tables, writing
from commons.search.postgres.answering import Page, counted, distances, named, ordered
from commons.search.postgres.asking import Where
from commons.search.postgres.found import RowHits
from commons.search.postgres.ranking import Scope
from commons.search.postgres.reader import Reader
from commons.search.postgres.wanting import wanted
from commons.search.suggest import Correction, Name

T = TypeVar("T")
PATIENCE = 2000  # milliseconds of one statement
REST = 5.0  # seconds for which a server that does not answer is left alone
TIDY = 3600.0  # seconds between two looks for words that no document has any more
ALIKE = 0.4  # part of the trigrams typed that a name must have to be looked at
OPTIONS = {
    "statement_timeout": PATIENCE,
    "work_mem": "32MB",
    "jit": "off",
    "enable_seqscan": "off",  # the planner thinks that reading the words of every row costs nothing
    "search_path": f"{tables.SCHEMA},public",
    "pg_trgm.word_similarity_threshold": ALIKE,
}


class State(NamedTuple):
    position: int
    generation: int


class PostgresBackend:
    def __init__(self, url: str, *, follow: bool) -> None:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise ValueError("SEARCH_URL is postgresql: but the site's database is not PostgreSQL; name one")
        self.engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=5,
            max_overflow=15,
            pool_timeout=2,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 2,
                "options": " ".join(f"-c{name}={value}" for name, value in OPTIONS.items()),
                "prepare_threshold": None,
            },
        )
        self.whereabouts = f"schema {tables.SCHEMA} of {address.host or address.query.get('host') or 'the database'}"
        self.lists, self.answers, self.scopes = Memory(40), Memory(400), Memory(64)
        self.rest = REST if follow else 0.0
        self.rests_until, self.tidied = 0.0, time.monotonic()

    # Asking

    def search(
        self,
        query: Query,
        *,
        audiences: Collection[str] | None,
        filters: Filters | None = None,
        near: Near | None = None,
        bounds: Box | None = None,
        confirmed_after: int = 0,
        among: Sequence[int] | None = None,
        besides: Sequence[int] = (),
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 20,
        facets: Sequence[str] = (),
        match: Match = "auto",
        leanings: Sequence[Leaning] = (),
    ) -> Found:
        with self.reading() as connection:
            reader = self._reader(connection, audiences)
            asked = wanted(reader, query, match)
            base, chosen = asking.only(asked.where.copy(), among, besides), asking.filtered(filters)
            asking.narrow(base, near, bounds, confirmed_after)
            total, numbers, level = counted(reader, base, chosen, facets)
            for one in chosen.values():
                base.add(str(one), **one.values)
            names = tuple(words(" ".join(query.terms)))
            page = Page(sort, near, max(0, offset), max(0, limit), leanings)
            best = ordered(reader, asked, base, page, names, total, level)
            ids = tuple(id for id, _ in best)
            return Found(
                total=total,
                ids=ids,
                scores=tuple(score for _, score in best),
                facets=numbers,
                matched=asked.matched,
                exact=named(reader, asked, base),
                distances=distances(reader, list(ids), near) if near is not None else (),
                hits=RowHits(self.reading, base),
            )

    def names_like(self, typed: str, limit: int = 8) -> list[Name]:
        with self.reading() as connection:
            return naming.names_like(connection, typed, limit)

    def did_you_mean(self, query: Query) -> Correction | None:
        with self.reading() as connection:
            public = self._reader(connection, {layout.PUBLIC}).scope
            return naming.did_you_mean(connection, query, public.languages)

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
        with self.reading() as connection:
            count = self._reader(connection, audiences).scope.documents
            return naming.related(connection, entry, kind, areas, place, audiences, limit, count)

    def _reader(self, connection: Connection, audiences: Collection[str] | None) -> Reader:
        doors = asking.readable(audiences)
        statement = (
            f"SELECT tongue, sum(documents), sum(length) FROM scope WHERE {doors} AND documents > 0 GROUP BY tongue"
        )

        def make() -> Scope:
            rows = connection.exec_driver_sql(statement, doors.values).all()
            count = sum(int(many) for _, many, _ in rows)
            average = sum(float(length) for *_, length in rows) / count if count else 1.0
            return Scope(count, average or 1.0, tuple(sorted(tongue for tongue, *_ in rows if tongue)))

        name = None if audiences is None else frozenset(audiences)
        return Reader(connection, self.scopes.made(self._state(connection).generation, name, make), doors)

    # Its state

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Each statement sees what is committed by then; a transaction would go on seeing nothing in an index that was swapped
        in after it began. Raises IndexBroken for whatever the server has to say."""
        if time.monotonic() < self.rests_until:
            raise IndexBroken("the search server did not answer a moment ago")
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated or _away(error):
                self.rests_until = time.monotonic() + self.rest
            raise IndexBroken(f"the search server: {type(error).__name__}: {str(error)[:200]}") from error

    def _state(self, connection: Connection) -> State:
        row = connection.exec_driver_sql("SELECT version, position, generation FROM state").one_or_none()
        if row is None or row[0] != tables.VERSION:
            raise IndexBroken("the index was written by another version")
        return State(row[1], row[2])

    def state(self) -> State:
        with self.reading() as connection:
            return self._state(connection)

    @property
    def position(self) -> int:
        return self.state().position

    def reached(self) -> int:
        return self.state().position

    def generation(self) -> Hashable:
        return self.state().generation

    def remembered(self, question: Hashable, make: Callable[[], T], *, large: bool = False) -> T:
        return (self.lists if large else self.answers).made(self.generation(), question, make)

    def documents(self) -> int:
        with self.reading() as connection:
            return int(connection.exec_driver_sql("SELECT coalesce(sum(documents), 0) FROM scope").scalar_one())

    def keys(self) -> set[int]:
        return set(RowHits(self.reading, Where()).ids().tolist())

    # Following the log

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                writing.take_turn(connection)
                yield connection
        except (SQLAlchemyError, psycopg.Error) as error:
            raise IndexBroken(f"the index cannot be changed: {type(error).__name__}: {str(error)[:200]}") from error

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        latest, gone = {document.id: document for document in changed}, set(removed)
        documents = [document for id, document in latest.items() if id not in gone]
        with self.writing() as connection:
            if self._state(connection).position > position:
                return 0  # another node has been here, with rows at least as new
            writing.apply(connection, documents, sorted(gone | latest.keys()), position)
        return len(documents)

    def rebuild(
        self, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None = None
    ) -> int:
        self._wish_for_trigrams()
        with self.writing() as connection:
            return writing.rebuild(connection, documents, position, progress)

    def _wish_for_trigrams(self) -> None:
        """Not everybody may add extensions; then there are no spellings."""
        with suppress(SQLAlchemyError), self.engine.begin() as connection:
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")

    def tidy(self) -> None:
        if time.monotonic() - self.tidied > TIDY:
            self.tidied = time.monotonic()
            with self.writing() as connection:
                connection.exec_driver_sql("DELETE FROM frequency WHERE documents <= 0")

    def doubt(self) -> None:
        if time.monotonic() < self.rests_until:
            return
        with suppress(SQLAlchemyError), self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 100")
            connection.exec_driver_sql("UPDATE state SET doubt = true WHERE NOT doubt")

    def look(self) -> None:
        with self.reading() as connection:
            doubted = connection.exec_driver_sql("SELECT doubt FROM state").scalar()
        if doubted:
            with self.writing() as connection:
                connection.exec_driver_sql("UPDATE state SET doubt = false")
            if faults := self.check().faults:
                raise IndexBroken(faults[0])

    def check(self) -> Report:
        faults = []
        with self.reading() as connection:
            position = self._state(connection).position
            count, size = connection.exec_driver_sql(
                "SELECT count(*), (SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relnamespace = %s::regnamespace AND relkind = 'r') FROM entry",
                (tables.SCHEMA,),
            ).one()
            counted = connection.exec_driver_sql("SELECT coalesce(sum(documents), 0) FROM scope").scalar_one()
            if counted != count:
                faults.append(f"{count} documents stand in the index, {counted} are counted")
        return Report(count, 0, 1, position, int(size or 0), tuple(faults))


def _away(error: BaseException) -> bool:
    """The server cannot be reached, or its connections are all in use."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, (OSError, TimeoutError)) or (
        isinstance(cause, psycopg.OperationalError) and not isinstance(cause, psycopg.errors.QueryCanceled)
    )
