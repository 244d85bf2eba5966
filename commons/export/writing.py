"""Writes an export: all tables as they are at one moment, row by row, into a folder that is there when it is whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from commons.db import db, is_postgresql, now
from commons.export import schema
from commons.export.blobs import BLOB, write_blobs
from commons.export.folder import MADE, Folder, new_folder
from commons.export.numbers import highest, keeps_numbers
from commons.export.public import ENTRY, REVISION, Public
from commons.export.tables import Exported, Refused, exported, forgotten
from commons.export.values import line, turned, writers

FORMAT, VERSION = "common-ground-export", 1
BATCH = 1000
Tick = Callable[[int], None]


@dataclass(slots=True)
class Job:
    """One export that is being written."""

    connection: Connection
    folder: Folder
    share: Public | None  # none: everything
    tick: Tick
    licences: Counter[str] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)


def export_site(target: Path, *, public: bool = False, tick: Tick = lambda many: None) -> dict[str, int]:
    """Writes the site to the new folder `target`; returns how many rows of each table. Raises Refused."""
    if names := forgotten():
        raise Refused(f"No room says whether these tables are exported: {', '.join(names)}.")
    tables = exported()
    share = Public(tables) if public else None
    with new_folder(target, closed=not public) as folder, _one_moment() as connection:
        job = Job(connection, folder, share, tick)
        described = {
            one.name: _table(job, one) for one in sorted(tables, key=lambda one: one.name) if one.public or not public
        }
        _content(job, {one.table: one for one in tables}[BLOB])
        _describe(job, described)
    return {name: table["rows"] for name, table in described.items()}


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """Everything that is read through it is the database at one moment, however long reading takes."""
    with db.engine.connect() as connection:
        level: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        yield connection.execution_options(**level) if is_postgresql() else connection


def _table(job: Job, one: Exported) -> dict[str, Any]:
    names = job.share.names(one) if job.share else [column.name for column in one.table.columns]
    written = job.folder.write_lines(f"{one.name}.jsonl.gz", _lines(job, one, names))
    job.folder.write(f"schema/{one.name}.json", _pretty(schema.json_schema(one, names)))
    more = {} if job.share or not keeps_numbers(one.table) else {"highest": highest(job.connection, one.table)}
    return {"file": f"{one.name}.jsonl.gz", **asdict(written), **more, "columns": schema.columns(one, names)}


def _lines(job: Job, one: Exported, names: list[str]) -> Iterator[list[str]]:
    query = job.share.rows(one) if job.share else sa.select(*one.table.columns)
    turns = writers([one.table.c[name] for name in names])
    found = job.connection.execute(query.order_by(*map(_in_bytes, one.key)), execution_options={"yield_per": BATCH})
    for some in found.partitions():
        rows = [dict(zip(names, row, strict=True)) for row in some]
        if one.table is ENTRY:
            job.licences.update(row["licence"] for row in rows)
            job.sources.update((row["source"], row["licence"]) for row in rows if row["source"])
        if job.share and one.table is REVISION:
            rows = job.share.scrubbed(job.connection, rows)
        yield [line(turned(row, turns)) for row in rows]
        job.tick(len(rows))


def _content(job: Job, blobs: Exported) -> None:
    """What the rows of `blob` that went out speak of."""
    rows = job.share.rows(blobs) if job.share else sa.select(BLOB)
    digests = rows.with_only_columns(BLOB.c.digest).order_by(_in_bytes(BLOB.c.digest))
    write_blobs(job.folder, iter(job.connection.scalars(digests).all()))


def _in_bytes(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """PostgreSQL sorts words as its locale says; every export has one order."""
    return sa.collate(column, "C") if is_postgresql() and isinstance(column.type, sa.String) else column


def _describe(job: Job, tables: dict[str, dict[str, Any]]) -> None:
    name = current_app.config["SITE_NAME"]
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "scope": "public" if job.share else "full",
        "site": name,
        "licences": dict(sorted(job.licences.items())),
        "sources": [
            {"source": source, "licence": licence, "entries": many}
            for (source, licence), many in sorted(job.sources.items())
        ],
        "tables": tables,
    }
    job.folder.write("manifest.json", _pretty(manifest))
    job.folder.write("SCHEMA.md", schema.for_people(name, job.share is not None, tables))
    job.folder.seal()
    job.folder.write(MADE, f"{now().isoformat(timespec='seconds')}\n{current_app.config['SITE_URL']}\n")


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
