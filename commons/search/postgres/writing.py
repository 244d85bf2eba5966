"""Batches and whole indexes, each in one transaction: what is read is the state before or the state after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection

from commons.room import SearchDocument
from commons.search.index import IndexBusy
from commons.search.postgres import tables
from commons.search.postgres.rows import row

THESE = "AND id = ANY(%(ids)s)"


def take_turn(connection: Connection) -> None:
    """One writer at a time, whichever node it stands on; nothing here has to be quick."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    mine = connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s)", (tables.LOCK,)).scalar_one()
    if not mine:
        raise IndexBusy


def apply(connection: Connection, documents: Sequence[SearchDocument], touched: list[int], position: int) -> None:
    """`touched`: what is to be removed and what is to be written, which may stand in the index already."""
    if touched:
        count(connection, "-", touched)
        connection.exec_driver_sql("DELETE FROM entry WHERE id = ANY(%s)", (touched,))
        copy(connection, documents, None)
        count(connection, "", touched)
    connection.exec_driver_sql("UPDATE state SET position = %s, generation = %s", (position, time.time_ns()))


def count(connection: Connection, sign: str, ids: list[int]) -> None:
    for statement in (tables.COUNTED, tables.MEASURED):
        connection.exec_driver_sql(statement.format(sign=sign, which=THESE), {"ids": ids})


def copy(connection: Connection, documents: Iterable[SearchDocument], progress: Callable[[int], None] | None) -> int:
    link: Any = connection.connection.driver_connection
    statement = sql.SQL(f"COPY entry ({tables.COLUMNS}) FROM STDIN")
    many = 0
    with link.cursor() as cursor, cursor.copy(statement) as into:
        for document in documents:
            into.write_row(row(document))
            many += 1
            if progress and many % 1000 == 0:
                progress(many)
    if progress:
        progress(many)
    return many


def rebuild(
    connection: Connection, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None
) -> int:
    do = connection.exec_driver_sql
    do(f"DROP SCHEMA IF EXISTS {tables.BEFORE} CASCADE")
    do(f"CREATE SCHEMA {tables.NEXT}")
    do(f"SET LOCAL search_path = {tables.NEXT}, public")
    many(connection, tables.TABLES)
    written = copy(connection, documents, progress)
    for statement in (tables.COUNTED, tables.MEASURED):
        do(statement.format(sign="", which=""))
    many(connection, tables.INDEXES)
    if do("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')").scalar_one():
        many(connection, tables.SPELLING)
    do(
        "INSERT INTO state (version, position, generation) VALUES (%s, %s, %s)",
        (tables.VERSION, position, time.time_ns()),
    )
    if do("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", (tables.SCHEMA,)).scalar_one():
        do(f"ALTER SCHEMA {tables.SCHEMA} RENAME TO {tables.BEFORE}")
    do(f"ALTER SCHEMA {tables.NEXT} RENAME TO {tables.SCHEMA}")
    return written


def many(connection: Connection, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
