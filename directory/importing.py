"""Bringing a file of organisations in: streamed, in batches that are committed whole, and known again the next time.

Each batch is one transaction: rows, first revisions and lines of the log, and how far the file has been read. Killed at any moment,
the same command goes on where it stopped. A row is known by (source, id at the source) and by a digest of its content; the same
file again changes nothing. A field that a person has edited since is never overwritten. Imported records are candidates
(status "unconfirmed") until somebody confirms them, and the whole import can be undone.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from commons.db import db, now, on_commit, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.bulk import insert_entries
from commons.entries.followers import wake
from commons.entries.models import Change, Entry
from commons.focus.models import FocusLink
from commons.focus.queries import area_from
from commons.places.gazetteer import country_code, locate
from commons.text import csv_cell
from directory.imports.mapping import FieldMapping, Skipped, choose_mapping
from directory.imports.raw import BadRow, RawRow
from directory.imports.reading import read_rows
from directory.imports.rows import OrganisationRow, to_row
from directory.models import ImportRun, Organisation, Relation

BATCH = 2000
PEEK = 50  # rows that a mapping is chosen by
RELATION_OF = {
    "parent": "part of",
    "child": "includes",
    "part of": "part of",
    "includes": "includes",
    "member of": "member of",
    "partner": "partner",
    "funder": "funder",
    "successor": "successor",
    "predecessor": "predecessor",
}
STATUS_OF = {"inactive": "closed", "withdrawn": "closed", "closed": "closed", "removed": "closed"}
FIRST_NOTE = "Imported from {source}"


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
    areas: dict[str, int | None] = field(default_factory=dict)

    def area(self, name: str) -> int | None:
        if name not in self.areas:
            node = area_from(name)
            self.areas[name] = node.id if node else None
        return self.areas[name]


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
    stream = chain(first, rows)
    for _row in islice(stream, run.rows):
        tick(1)
    while batch := list(islice(stream, BATCH)):
        _batch(job, batch, seen)
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
        job.run.state, job.run.ended, job.run.counts = "done", now(), dict(job.counts)
        db.session.add(job.run)


class _Seen:
    """Which ids this file has had: on disk once they are many, so that memory stays constant."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("", isolation_level=None)
        self.base.execute("create table seen (id text primary key) without rowid")

    def before(self, source_id: str) -> bool:
        return self.base.execute("insert or ignore into seen values (?)", (source_id,)).rowcount == 0


def _batch(job: Import, batch: Sequence[RawRow | BadRow], seen: _Seen) -> None:
    rejects: list[tuple[int, str, str]] = []
    good = list(_good(job, batch, seen, rejects))
    known = _known(job.run.source, [row.source_id for _digest, row in good])
    fresh = [(digest, row) for digest, row in good if row.source_id not in known]
    same = [row for digest, row in good if known.get(row.source_id, (0, ""))[1] == digest]
    other = [(digest, row) for digest, row in good if row.source_id in known and known[row.source_id][1] != digest]
    job.counts["imported"] += len(fresh)
    job.counts["unchanged"] += len(same)
    job.counts["rejected"] += len(rejects)
    if job.dry_run:
        job.counts["updated"] += len(other)
    else:
        with transaction():
            _insert(job, fresh)
            for digest, row in other:
                job.counts["updated" if _update(job, known[row.source_id][0], digest, row) else "unchanged"] += 1
            job.run.rows += len(batch)
            job.run.counts = dict(job.counts)
            db.session.add(job.run)
            on_commit(wake)
        db.session.expunge_all()
        job.run = db.session.merge(job.run)
    _write_rejects(job, rejects)


def _good(
    job: Import, batch: Sequence[RawRow | BadRow], seen: _Seen, rejects: list[tuple[int, str, str]]
) -> Iterator[tuple[str, OrganisationRow]]:
    for raw in batch:
        if isinstance(raw, BadRow):
            rejects.append((raw.number, raw.excerpt, raw.reason))
            continue
        mapped = job.mapping.apply(raw.values)
        if isinstance(mapped, Skipped):
            job.counts["skipped"] += 1
            continue
        row = to_row(mapped, country_code=country_code)
        if isinstance(row, list):
            rejects.append((raw.number, str(mapped.get("name", ""))[:100], " ".join(row)))
        elif seen.before(row.source_id or raw.digest):
            rejects.append((raw.number, row.name, "The same id stands in an earlier row of this file."))
        else:
            yield raw.digest, row if row.source_id else _with_id(row, raw.digest)


def _with_id(row: OrganisationRow, digest: str) -> OrganisationRow:
    """A row without an id is known by its content."""
    return OrganisationRow(
        **{**{name: getattr(row, name) for name in row.__slots__}, "source_id": f"row-{digest[:16]}"}
    )


def _known(source: str, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    query = select(Entry.source_id, Entry.id, Organisation.row_digest).join(Organisation, Organisation.id == Entry.id)
    rows = db.session.execute(
        query.where(Entry.source == source, Entry.source_id.in_(ids), Entry.state != "suppressed")
    )
    return {source_id: (id, digest) for source_id, id, digest in rows}


def values_of(job: Import, row: OrganisationRow) -> dict[str, Any]:
    """A row as the versioned fields of an organisation; what is empty is left out."""
    names = [
        {"value": name.value, "language": name.language, "types": sorted(name.types)}
        for name in row.names
        if name.value != row.name
    ]
    names += [
        {"value": alias, "language": "", "types": ["alias"]}
        for alias in row.aliases
        if alias != row.name and alias not in [n["value"] for n in names]
    ]
    areas = {name: job.area(name) for name in row.focus}
    unknown = [name for name, area in areas.items() if area is None]
    extra = {**row.extra, **({"focus": unknown} if unknown else {})}
    values = {
        "title": row.name,
        "names": names,
        "relations": sorted(
            ([RELATION_OF.get(r.type, "related"), r.id or None, r.name or r.id] for r in row.relations), key=str
        ),
        "focus": sorted({area for area in areas.values() if area is not None}),
        "languages": list(row.languages),
        "sdgs": list(row.sdgs),
        "external_ids": dict(row.external_ids),
        "status": STATUS_OF.get(row.status, "unconfirmed"),
        "extra": extra,
        "licence": job.run.licence,
        **{
            name: getattr(row, name)
            for name in (
                "description",
                "type",
                "website",
                "email",
                "phone",
                "country",
                "region",
                "city",
                "postcode",
                "lat",
                "lon",
                "founded",
                "language",
            )
        },
    }
    if row.lat is None and row.city and row.country and (place := locate(row.city, row.country, row.region or None)):
        values |= {"lat": round(place.lat, 4), "lon": round(place.lon, 4)}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _insert(job: Import, rows: Sequence[tuple[str, OrganisationRow]]) -> None:
    if not rows:
        return
    prepared = []
    for digest, row in rows:
        values = values_of(job, row)
        own = {
            name: value
            for name, value in values.items()
            if name not in ("title", "focus", "relations", "licence", "language")
        }
        prepared.append(
            (
                {
                    "title": values["title"],
                    "licence": row.licence or values["licence"],
                    "language": values.get("language", ""),
                    "source": job.run.source,
                    "source_id": row.source_id,
                },
                own,
                values,
                digest,
            )
        )
    note = FIRST_NOTE.format(source=job.run.source)[:300]
    ids = insert_entries(
        "organisation",
        [(entry, values) for entry, _own, values, _digest in prepared],
        verb="imported",
        note=note,
        via=f"import {job.run.id}",
    )
    shape = {
        "names": [],
        "languages": [],
        "sdgs": [],
        "external_ids": {},
        "extra": {},
        "description": "",
        "type": "",
        "website": "",
        "email": "",
        "phone": "",
        "country": "",
        "region": "",
        "city": "",
        "postcode": "",
        "lat": None,
        "lon": None,
        "founded": None,
        "scope": "",
        "status_note": "",
        "confirmed": "",
        "successor_id": None,
    }
    db.session.execute(
        Organisation.__table__.insert(),
        [
            {**shape, **own, "id": id, "row_digest": digest, "provenance": dict.fromkeys(values, job.run.id)}
            for id, (_entry, own, values, digest) in zip(ids, prepared, strict=True)
        ],
    )
    links = [
        {"entry_id": id, "area_id": area}
        for id, (_e, _o, values, _d) in zip(ids, prepared, strict=True)
        for area in values.get("focus", ())
    ]
    ties = [
        {"organisation_id": id, "type": type, "other_id": None, "external_id": ref or "", "name": name}
        for id, (_e, _o, values, _d) in zip(ids, prepared, strict=True)
        for type, ref, name in values.get("relations", ())
    ]
    if links:
        db.session.execute(FocusLink.__table__.insert(), links)
    if ties:
        db.session.execute(Relation.__table__.insert(), ties)


def _update(job: Import, organisation_id: int, digest: str, row: OrganisationRow) -> bool:
    """Takes over what the source changed, except in fields that a person has edited since."""
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.state == "deleted":  # by the undoing of an earlier import
        organisation.state = "live"
    values = values_of(job, row)
    values.pop("status", None)
    mine = {
        name: value
        for name, value in values.items()
        if name in organisation.provenance or organisation.value(name) in (None, "", [], {})
    }
    changes = {}
    for name, value in mine.items():
        old = organisation.value(name)
        if old != value:
            organisation.set_value(name, value)
            changes[name] = [old, value]
    organisation.row_digest = digest
    if not changes:
        record(organisation, "updated", None, actor=None, note=job.run.source, via=f"import {job.run.id}")
        return False
    organisation.provenance = {**organisation.provenance, **dict.fromkeys(changes, job.run.id)}
    organisation.version, organisation.updated = organisation.version + 1, now()
    record(
        organisation,
        "updated",
        changes,
        actor=None,
        note=FIRST_NOTE.format(source=job.run.source),
        via=f"import {job.run.id}",
    )
    return True


def resolve_relations(source: str) -> None:
    """Ties name the other side by its id at the source; now that every row is in, they are joined."""
    own, other = aliased(Entry), aliased(Entry)
    there = (
        select(other.id)
        .where(other.source == source, other.source_id == Relation.external_id, other.kind == "organisation")
        .limit(1)
        .scalar_subquery()
    )
    mine = select(own.id).where(own.source == source, own.kind == "organisation")
    db.session.execute(
        update(Relation)
        .where(Relation.other_id.is_(None), Relation.external_id != "", Relation.organisation_id.in_(mine))
        .values(other_id=there),
        execution_options={"synchronize_session": False},
    )


def _write_rejects(job: Import, rejects: Sequence[tuple[int, str, str]]) -> None:
    if not rejects or job.rejected_file is None:
        return
    fresh = not job.rejected_file.exists()
    with job.rejected_file.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(("row", "name", "reason"))
        writer.writerows((number, csv_cell(name), csv_cell(reason)) for number, name, reason in rejects)


def undo_import(run: ImportRun, *, tick: Callable[[int], None] = lambda many: None) -> dict[str, int]:
    """Takes away what this import brought. A record that people have edited since stays, and is counted."""
    brought = select(Change.entry_id).where(Change.via == f"import {run.id}", Change.verb == "imported")
    edited = select(Change.entry_id).where(Change.actor_id.is_not(None))
    query = (
        select(Entry)
        .where(Entry.id.in_(brought), Entry.id.not_in(edited), Entry.state == "live")
        .order_by(Entry.id)
        .limit(500)
    )
    counts = {"removed": 0, "kept": 0}
    while entries := db.session.scalars(query).all():
        with transaction():
            take_log_lock()
            for entry in entries:
                entry.state, entry.updated = "deleted", now()
                record(
                    entry,
                    "undid",
                    None,
                    actor=None,
                    note=f"The import from {run.source} was undone",
                    via=f"import {run.id}",
                )
                db.session.execute(
                    update(Organisation.__table__).where(Organisation.__table__.c.id == entry.id).values(row_digest="")
                )
        counts["removed"] += len(entries)
        tick(len(entries))
        db.session.expunge_all()
    counts["kept"] = (
        db.session.scalar(select(func.count(Entry.id)).where(Entry.id.in_(brought), Entry.state == "live")) or 0
    )
    with transaction():
        db.session.execute(update(ImportRun).where(ImportRun.id == run.id).values(state="undone", ended=now()))
    return counts
