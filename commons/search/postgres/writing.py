"""Batches and whole indexes, each in one transaction: what is read is the state before or the state after."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from psycopg import sql
from sqlalchemy import Connection

from commons.room import SearchDocument
from commons.search import layout
from commons.search.codes import Codes
from commons.search.compaction import copy_live, worth_merging
from commons.search.index import IndexBusy
from commons.search.postgres import tables
from commons.search.postgres.holder import GONE, SEGMENTS
from commons.search.postgres.packing import joined, posting
from commons.search.postgres.view import Kept, RowView, answer
from commons.search.segments import SegmentBuilder

NO_FILES: Any = None  # a builder needs them to write files only
Rows = Iterable[tuple[Any, ...]]


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
        gone = "INSERT INTO gone SELECT segment, number FROM document WHERE id = ANY(%s)"
        connection.exec_driver_sql(gone, (touched,))
        connection.exec_driver_sql("DELETE FROM document WHERE id = ANY(%s)", (touched,))
        write(connection, documents, None)
    connection.exec_driver_sql("UPDATE state SET position = %s", (position,))
    changed(connection)


def changed(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE state SET generation = %s", (time.time_ns(),))


def write(connection: Connection, documents: Iterable[SearchDocument], progress: Callable[[int], None] | None) -> int:
    """One new segment, part after part. Answers with the number of documents."""
    segment, size, terms = time.time_ns(), 0, 0
    builder = SegmentBuilder(NO_FILES)
    for document in documents:
        builder.add(document)
        if progress and (size + len(builder)) % 1000 == 0:
            progress(size + len(builder))
        if builder.full:
            terms += copy_part(connection, builder, segment, size)
            size += len(builder)
            builder = SegmentBuilder(NO_FILES)
    if len(builder):
        terms += copy_part(connection, builder, segment, size)
        size += len(builder)
    if size:
        connection.exec_driver_sql("INSERT INTO segment VALUES (%s, %s, %s)", (segment, size, terms))
    if progress:
        progress(size)
    return size


def copy_part(connection: Connection, builder: SegmentBuilder, segment: int, first: int) -> int:
    """Answers with the number of posting lists."""
    numbers, facets, names, streams = zip(*builder.columns, strict=True)
    keys = np.frombuffer(b"".join(numbers), layout.NUMBERS)["key"].tolist()
    copy(connection, "part", [(segment, first, b"".join(numbers), joined(facets), joined(names))])
    copy(connection, "stream", ((segment, number, words) for number, words in enumerate(streams, first)))
    copy(connection, "document", ((key, segment, number) for number, key in enumerate(keys, first)))
    lists = ((term, field, flat) for field, terms in builder.fields.items() for term, flat in sorted(terms.items()))
    return copy(
        connection, "posting", ((term, field, segment, first, *posting(flat, first)) for term, field, flat in lists)
    )


def copy(connection: Connection, table: str, rows: Rows) -> int:
    link: Any = connection.connection.driver_connection
    statement, many = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table)), 0
    with link.cursor() as cursor, cursor.copy(statement) as into:
        into.set_types(tables.COPIED[table])
        for row in rows:
            into.write_row(row)
            many += 1
    return many


def rebuild(
    connection: Connection, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None
) -> int:
    do = connection.exec_driver_sql
    do(f"DROP SCHEMA IF EXISTS {tables.BEFORE} CASCADE")
    do(f"CREATE SCHEMA {tables.NEXT}")
    do(f"SET LOCAL search_path = {tables.NEXT}, public")
    several(connection, tables.TABLES)
    written = write(connection, documents, progress)
    several(connection, tables.INDEXES)
    do(
        "INSERT INTO state (version, position, generation) VALUES (%s, %s, %s)",
        (tables.VERSION, position, time.time_ns()),
    )
    if do("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", (tables.SCHEMA,)).scalar_one():
        do(f"ALTER SCHEMA {tables.SCHEMA} RENAME TO {tables.BEFORE}")
    do(f"ALTER SCHEMA {tables.NEXT} RENAME TO {tables.SCHEMA}")
    return written


def several(connection: Connection, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)


def compact(connection: Connection) -> int:
    """Merge small and worn segments into one; answers with the number merged."""
    asks = partial(answer, connection)
    codes, gone = Codes(), dict(asks(GONE, {}, ()))
    every = [Kept(id, size, tuple(gone.get(id, ()))) for id, size in asks(SEGMENTS, {}, ())]
    chosen: list[Kept] = worth_merging(every)
    if not chosen:
        return 0
    builder = SegmentBuilder(NO_FILES)
    for one in chosen:
        copy_live(RowView(asks, one.id, one.size, codes), one, builder)
    forget(connection, [one.id for one in chosen])
    if len(builder):
        segment = time.time_ns()
        terms = copy_part(connection, builder, segment, 0)
        connection.exec_driver_sql("INSERT INTO segment VALUES (%s, %s, %s)", (segment, len(builder), terms))
    changed(connection)
    return len(chosen)


def forget(connection: Connection, segments: Collection[int]) -> None:
    for table in tables.OF_SEGMENT:
        column = "id" if table == "segment" else "segment"
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (list(segments),))
