"""The server as a process knows it: connections, patience, and how far the index has come.

Questions never wait for who writes, and a statement is given up after two seconds. A server that does not answer is
left alone for a while, so that pages do not wait for it one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from commons.search.index import Generation, IndexBroken
from commons.search.postgres import tables, writing
from commons.search.postgres.view import answer
from commons.search.storage import IndexAway

PATIENCE = 2000  # milliseconds of one statement
REST = 5.0  # seconds for which a server that does not answer is left alone
OPTIONS = {"statement_timeout": PATIENCE, "jit": "off", "search_path": f"{tables.SCHEMA},public"}


class State(NamedTuple):
    position: int
    generation: int


class Server:
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
        self.rest = REST if follow else 0.0
        self.rests_until = 0.0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Each statement sees what is committed by then; a transaction would go on seeing nothing in an index that was swapped
        in after it began. Raises IndexBroken for whatever the server has to say."""
        if time.monotonic() < self.rests_until:
            raise IndexAway("the search server did not answer a moment ago")
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated or _away(error):
                self.rests_until = time.monotonic() + self.rest
            raise _sort(error)(f"the search server: {type(error).__name__}: {str(error)[:200]}") from error

    def asks(self, statement: str, values: dict[str, Any], segments: Collection[int]) -> Sequence[Any]:
        """What a statement finds. As `view.answer` says."""
        with self.reading() as connection:
            return answer(connection, statement, values, segments)

    def state(self) -> State:
        rows = self.asks("SELECT version, position, generation FROM state", {}, ())
        if not rows or rows[0][0] != tables.VERSION:
            raise IndexBroken("the index was written by another version")
        return State(*rows[0][1:])

    def generation(self) -> Generation:
        return (self.state().generation,)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                writing.take_turn(connection)
                yield connection
        except (SQLAlchemyError, psycopg.Error) as error:
            raise _sort(error)(f"the index cannot be changed: {type(error).__name__}: {str(error)[:200]}") from error

    def doubt(self) -> None:
        if time.monotonic() < self.rests_until:
            return
        with suppress(SQLAlchemyError), self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 100")
            connection.exec_driver_sql("UPDATE state SET doubt = true WHERE NOT doubt")


def _cause(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _away(error: BaseException) -> bool:
    """The server cannot be reached."""
    cause = _cause(error)
    return isinstance(cause, OSError) or (
        isinstance(cause, psycopg.OperationalError) and not isinstance(cause, psycopg.errors.QueryCanceled)
    )


def _sort(error: BaseException) -> type[IndexBroken]:
    """A server that is away, slow, or whose connections are all in use says nothing about what it holds."""
    slow = isinstance(_cause(error), (psycopg.errors.QueryCanceled, PoolTimeout))
    return IndexAway if slow or _away(error) else IndexBroken
