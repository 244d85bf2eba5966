"""Bringing a file of organisations in: streamed, in batches that are committed whole, and known again the next time.

Each batch is one transaction: rows, first revisions and lines of the log, and how far the file has been read.
Killed at any moment, the same command goes on where it stopped. A row is known by (source, id at the source) and by
a digest of its content; the same file again changes nothing. A field that a person has edited since is never
overwritten. Imported records are candidates (status "unconfirmed") until somebody confirms them, and the whole
import can be undone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from commons.cli import write_rejected
from commons.db import db, lock, lock_all, now, on_commit, transaction
from commons.entries.followers import wake
from commons.focus.queries import AreasByName
from commons.places.gazetteer import country_code
from directory.imports.cleaning import Doubtful
from directory.imports.fields import CLEANERS
from directory.imports.mapping import FieldMapping, Skipped, choose_mapping
from directory.imports.raw import BadRow, RawRow
from directory.imports.reading import read_rows
from directory.imports.rows import OrganisationRow, to_row
from directory.landing import insert_rows, known_rows, merged_rows, resolve_relations, update_row
from directory.models import ImportRun, Organisation

BATCH = 2000  # rows at most in one transaction; fewer where that would keep others from writing for long
LONG = 0.7  # seconds
PEEK = 50  # rows that a mapping is chosen by


class AlreadyRunning(Exception):
    """Another process is bringing in the same file."""


@dataclass
class Import:
    """One run over one file; `counts` is the summary."""

    run: ImportRun
    mapping: FieldMapping
    dry_run: bool
    rejected_file: Path | None
    tick: Callable[[int], None] = lambda many: None
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("imported", "updated", "unchanged", "skipped", "rejected"), 0)
    )
    areas: AreasByName = field(default_factory=AreasByName)
    size: int = 25  # of the next batch: it begins small and grows with what this machine can do


def import_file(
    path: Path,
    *,
    source: str = "",
    licence: str = "",
    mapping: str = "",
    dry_run: bool = False,
    rejected: Path | None = None,
    tick: Callable[[int], None] = lambda many: None,
) -> Import:
    """Reads the file to its end and returns the counts; rejected rows go to `rejected` (CSV: row, name, reason)."""
    rows = read_rows(path)
    first = list(islice(rows, PEEK))
    chosen = choose_mapping(mapping, source=source, first_rows=[row.values for row in first if isinstance(row, RawRow)])
    run = _begun(
        path, source or chosen.source.title or path.name, licence or chosen.licence or "not stated", chosen, dry_run
    )
    job = Import(run, chosen, dry_run, rejected, tick)
    job.counts |= run.counts
    seen = _Seen()
    stream, left = chain(first, rows), run.rows
    while batch := list(islice(stream, min(BATCH, left) or job.size)):
        _batch(job, batch, seen, again=left > 0)
        left = max(0, left - len(batch))
        tick(len(batch))
    if not dry_run:
        _ended(job)
    return job


def _begun(path: Path, source: str, licence: str, mapping: FieldMapping, dry_run: bool) -> ImportRun:
    known = select(ImportRun).where(
        ImportRun.source == source, ImportRun.file == path.name, ImportRun.state == "running"
    )
    if not dry_run and (run := db.session.scalar(known.order_by(ImportRun.id.desc()))) is not None:
        return run
    run = ImportRun(
        source=source[:120],
        licence=licence[:60],
        about=mapping.about,
        taken=mapping.source.date,
        file=path.name,
        rows=0,
        counts={},
        state="running",
    )
    if not dry_run:
        with transaction():
            db.session.add(run)
    return run


def _ended(job: Import) -> None:
    with transaction():
        resolve_relations(job.run.source)
        db.session.execute(text("analyze"))  # without figures on its tables SQLite takes the wrong index
        job.run.state, job.run.ended, job.run.counts = "done", now(), dict(job.counts)
        db.session.add(job.run)


class _Seen:
    """Which ids this file has had: on disk once they are many, so that memory stays constant."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("", isolation_level=None)
        self.base.execute("create table seen (id text primary key) without rowid")

    def before(self, source_id: str) -> bool:
        return self.base.execute("insert or ignore into seen values (?)", (source_id,)).rowcount == 0


def _batch(job: Import, batch: Sequence[RawRow | BadRow], seen: _Seen, again: bool) -> None:
    """`again`: committed by a run that was killed. Its rows are here and were counted; what they reject, and which ids they
    had, has to be known for the rest of the file. Should the file be another one by now, its rows are taken as they are."""
    counted, rejects = dict(job.counts), list[tuple[int, str, str]]()
    mapped = list(_mapped(job, batch, rejects))
    known = known_rows(job.run.source, [source_id for source_id, _raw, _values in mapped])
    merged = merged_rows(job.run.source, list(known))
    rows = list(_good(mapped, known, merged, seen, rejects))
    fresh = [(digest, row) for digest, row in rows if row and row.source_id not in known]
    other = [(digest, row) for digest, row in rows if row and row.source_id in known]
    job.counts["imported"] += len(fresh)
    job.counts["unchanged"] += len(rows) - len(fresh) - len(other)
    job.counts["rejected"] += len(rejects)
    if again:
        job.counts |= {name: counted[name] for name in ("unchanged", "skipped", "rejected")}
    if job.dry_run:
        job.counts["updated"] += len(other)
    elif fresh or other or not again:
        _land(job, fresh, [(known[row.source_id][0], digest, row) for digest, row in other], 0 if again else len(batch))
    write_rejected(job.rejected_file, rejects)


def _land(
    job: Import,
    fresh: Sequence[tuple[str, OrganisationRow]],
    other: Sequence[tuple[int, str, OrganisationRow]],
    read: int,
) -> None:
    reached = job.run.rows
    with transaction():
        began = time.monotonic()
        lock(job.run)
        if job.run.rows != reached:
            raise AlreadyRunning(f"another process is bringing in {job.run.file} from {job.run.source}")
        held = lock_all(Organisation, [id for id, _digest, _row in other])  # before the log is locked, as edits do
        insert_rows(job, fresh)
        for id, digest, row in other:
            job.counts["updated" if update_row(job, id, digest, row) else "unchanged"] += 1
        job.run.rows += read
        job.run.counts = dict(job.counts)
        db.session.add(job.run)
        on_commit(wake)
    took, most = time.monotonic() - began, max(read, len(fresh) + len(other))
    job.size = max(20, min(BATCH, 2 * job.size, int(most * LONG / max(took, 0.001))))
    del held
    db.session.expunge_all()
    job.run = db.session.merge(job.run)


Mapped = tuple[str, RawRow, Mapping[str, Any]]


def _mapped(job: Import, batch: Sequence[RawRow | BadRow], rejects: list[tuple[int, str, str]]) -> Iterator[Mapped]:
    for raw in batch:
        if isinstance(raw, BadRow):
            rejects.append((raw.number, raw.excerpt, raw.reason))
            continue
        mapped = job.mapping.apply(raw.values)
        if isinstance(mapped, Skipped):
            job.counts["skipped"] += 1
        else:
            yield _source_id(mapped.get("source_id"), raw.digest), raw, mapped


def _source_id(given: Any, digest: str) -> str:
    """The id at the source, cleaned as the row's will be; a row without one is known by its content."""
    try:
        return (given and CLEANERS["source_id"](given, lambda _reason: None)) or f"row-{digest[:16]}"
    except Doubtful:
        return f"row-{digest[:16]}"


def _good(
    mapped: Sequence[Mapped],
    known: Mapping[str, tuple[int, str]],
    merged: Mapping[str, str],
    seen: _Seen,
    rejects: list[tuple[int, str, str]],
) -> Iterator[tuple[str, OrganisationRow | None]]:
    """Digests and rows; no row where it is here already with the same content, which needs no cleaning again."""
    for source_id, raw, values in mapped:
        same = known.get(source_id, (0, ""))[1] == raw.digest
        row = None if same else to_row(values, country_code=country_code)
        if isinstance(row, list):
            rejects.append((raw.number, str(values.get("name", ""))[:100], " ".join(row)))
        elif row is not None and source_id in merged:
            reason = f"It was merged here: change “{merged[source_id]}” instead."
            rejects.append((raw.number, str(values.get("name", ""))[:100], reason))
        elif seen.before(source_id):
            rejects.append(
                (raw.number, str(values.get("name", ""))[:100], "The same id stands in an earlier row of this file.")
            )
        else:
            yield raw.digest, replace(row, source_id=source_id) if row and not row.source_id else row
