"""Reads an export into an empty site: everything in one transaction, so that it is there whole or not at all.

Tables come in the order of their foreign keys. A column that points to its own table, or that closes a circle of
tables, is left empty at first and filled in a second pass, which is right on every database.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from commons.db import db, now, transaction
from commons.entries.followers import all_followers
from commons.entries.models import Change, Position
from commons.export.blobs import read_blobs
from commons.export.checking import be_empty, read_manifest
from commons.export.numbers import go_on_after
from commons.export.tables import Exported, Refused, exported
from commons.export.values import readers, turned
from commons.export.writing import BATCH

Tick = Callable[[int], None]
JSON_OR_NULL = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def import_site(folder: Path, tick: Tick = lambda many: None) -> dict[str, int]:
    """Returns how many rows came into each table. Raises Refused, and then nothing has changed."""
    tables = exported()
    manifest, names = read_manifest(folder, tables)
    with transaction():
        connection = db.session.connection()
        be_empty(connection, tables)
        counts = fill(connection, folder, [one for one in tables if one.name in manifest], tick)
        for name, many in counts.items():
            if many != manifest[name]["rows"]:
                raise Refused(
                    f"{name} has {many:,} rows and should have {manifest[name]['rows']:,}. Nothing was imported."
                )
        for one in tables:
            go_on_after(connection, one.table, manifest.get(one.name, {}).get("highest", 0))
        _at_the_end_of_the_log(connection)
        read_blobs(connection, folder, names)
    return counts


def fill(connection: Connection, folder: Path, tables: list[Exported], tick: Tick) -> dict[str, int]:
    """All rows, and then the pointers that had to wait for them."""
    counts = {one.name: _insert(connection, folder, one, tick) for one in tables}
    for one in tables:
        if one.late:
            _point(connection, folder, one)
    return counts


def _insert(connection: Connection, folder: Path, one: Exported, tick: Tick) -> int:
    known = readers(list(one.table.columns))
    nullable = {column.name for column in one.table.columns if column.nullable and isinstance(column.type, sa.JSON)}
    done = 0
    for rows in _batches(folder, one):
        into = one.table.insert()
        if nullable:
            into = into.values({name: sa.bindparam(name, type_=JSON_OR_NULL) for name in nullable & rows[0].keys()})
        _run(connection, one, into, [{**turned(row, known), **dict.fromkeys(one.late)} for row in rows])
        done += len(rows)
        tick(len(rows))
    return done


def _point(connection: Connection, folder: Path, one: Exported) -> None:
    """The second pass: pointers to rows that are all there now."""
    late = sorted(one.late)
    update = one.table.update().where(*(column == sa.bindparam(f"key_{column.name}") for column in one.key))
    update = update.values({name: sa.bindparam(f"late_{name}") for name in late})
    for rows in _batches(folder, one):
        pointing = [
            {f"key_{column.name}": row[column.name] for column in one.key}
            | {f"late_{name}": row[name] for name in late}
            for row in rows
            if any(row.get(name) is not None for name in late)
        ]
        if pointing:
            _run(connection, one, update, pointing)


def _run(connection: Connection, one: Exported, statement: sa.Insert | sa.Update, rows: list[dict[str, Any]]) -> None:
    try:
        connection.execute(statement, rows)
    except (DataError, IntegrityError) as fault:
        why = str(fault.orig).splitlines()[0]
        raise Refused(f"The database does not take the rows of {one.name}: {why}. Nothing was imported.") from fault


def _batches(folder: Path, one: Exported) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    with gzip.open(folder / f"{one.name}.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            rows.append(json.loads(line))
            if len(rows) == BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _at_the_end_of_the_log(connection: Connection) -> None:
    """What the log tells was done on the old site: no follower does it again."""
    last = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(Change.seq), 0)))
    connection.execute(sa.delete(Position))
    connection.execute(
        sa.insert(Position),
        [{"follower": follower.name, "seq": last, "at": now(), "fault": ""} for follower in all_followers()],
    )
