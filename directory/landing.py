"""Rows of an import on their way into the database: as new entries in bulk, as changes of known ones, and out again when an import
is undone. A field that a person has edited is never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from commons.db import db, now, table, transaction
from commons.entries.actions import apply_changes, record, take_log_lock
from commons.entries.bulk import insert_entries
from commons.entries.models import Change, Entry, Redirect
from commons.focus.models import FocusLink
from commons.focus.queries import AreasByName
from commons.places.gazetteer import locate
from directory.imports.rows import OrganisationRow
from directory.models import ImportRun, Organisation, Relation

RELATION_OF = {
    **{name: name for name in ("part of", "includes", "member of", "partner", "funder", "successor", "predecessor")},
    "parent": "part of",
    "child": "includes",
}
STATUS_OF = {"inactive": "closed", "withdrawn": "closed", "closed": "closed", "removed": "closed"}
FIRST_NOTE = "Imported from {source}"
TEXTS = ("description", "type", "website", "email", "phone", "country", "region", "city", "postcode")
PLAIN = (*TEXTS, "lat", "lon", "founded", "language")
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("names", "languages", "sdgs"), []),
    **dict.fromkeys(("external_ids", "extra"), {}),
    **dict.fromkeys((*TEXTS, "scope", "status_note", "confirmed"), ""),
    **dict.fromkeys(("lat", "lon", "founded", "successor_id")),
}


class Job(Protocol):
    run: ImportRun
    areas: AreasByName


def known_rows(source: str, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    query = select(Organisation.source_id, Organisation.id, Organisation.row_digest).where(
        Organisation.source == source, Organisation.source_id.in_(ids), Organisation.state != "suppressed"
    )
    return {source_id: (id, digest) for source_id, id, digest in db.session.execute(query)}


def merged_rows(source: str, ids: Sequence[str]) -> dict[str, str]:
    """id at the source: the name of the record that it became part of, for those that were merged away here."""
    gone, into = aliased(Entry), aliased(Entry)
    query = (
        select(gone.source_id, into.title)
        .join(Redirect, (Redirect.kind == gone.kind) & (Redirect.slug == gone.slug))
        .join(into, into.id == Redirect.entry_id)
        .where(gone.kind == "organisation", gone.source == source, gone.source_id.in_(ids), gone.state == "deleted")
    )
    return {row.source_id: row.title for row in db.session.execute(query)}


def values_of(job: Job, row: OrganisationRow) -> dict[str, Any]:
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
    areas = {name: job.areas[name] for name in row.focus}
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
        "licence": row.licence or job.run.licence,
        **{name: getattr(row, name) for name in PLAIN},
    }
    if row.lat is None and row.city and row.country and (place := locate(row.city, row.country, row.region or None)):
        values |= {"lat": round(place.lat, 4), "lon": round(place.lon, 4)}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def insert_rows(job: Job, rows: Sequence[tuple[str, OrganisationRow]]) -> None:
    if not rows:
        return
    prepared = [(digest, row, values_of(job, row)) for digest, row in rows]
    note = FIRST_NOTE.format(source=job.run.source)[:300]
    entries = [(_entry_columns(job, row, values), values) for _digest, row, values in prepared]
    ids = insert_entries("organisation", entries, verb="imported", note=note, via=f"import {job.run.id}")
    own, links, ties = [], [], []
    for id, (digest, _row, values) in zip(ids, prepared, strict=True):
        columns = {name: value for name, value in values.items() if name in EMPTY or name == "status"}
        own.append(
            {**EMPTY, **columns, "id": id, "row_digest": digest, "provenance": dict.fromkeys(values, job.run.id)}
        )
        links += [{"entry_id": id, "area_id": area} for area in values.get("focus", ())]
        ties += [
            {"organisation_id": id, "type": type, "other_id": None, "external_id": ref or "", "name": name}
            for type, ref, name in values.get("relations", ())
        ]
    for model, found in ((Organisation, own), (FocusLink, links), (Relation, ties)):
        if found:
            db.session.execute(table(model).insert(), found)


def _entry_columns(job: Job, row: OrganisationRow, values: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: values.get(name, "") for name in ("title", "licence", "language")}
    return {**named, "source": job.run.source, "source_id": row.source_id}


def update_row(job: Job, organisation_id: int, digest: str, row: OrganisationRow) -> bool:
    """Takes over what the source changed, except in fields that a person has edited since."""
    organisation = db.session.get_one(Organisation, organisation_id)
    back = organisation.state == "deleted" and not organisation.row_digest  # by the undoing of an earlier import
    if organisation.state == "deleted" and not back:
        return False  # by a moderator, whose word holds
    organisation.state = "live"
    values = values_of(job, row)
    values.pop("status", None)
    mine = {
        name: value
        for name, value in values.items()
        if name in organisation.provenance or organisation.value(name) in (None, "", [], {})
    }
    changes = apply_changes(organisation, mine)
    organisation.row_digest = digest
    if not changes:
        verb = "brought back" if back else "updated"
        record(organisation, verb, None, actor=None, note=job.run.source, via=f"import {job.run.id}")
        return back
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
    _follow_merges(mine)


def _follow_merges(mine: Any) -> None:
    """A tie to a record that became part of another one is a tie to that one, and to nothing if that is its own."""
    gone = aliased(Entry)
    into = (
        select(Redirect.entry_id)
        .join(gone, (gone.kind == Redirect.kind) & (gone.slug == Redirect.slug))
        .where(gone.id == Relation.other_id, gone.state == "deleted")
    )
    ends = update(Relation).where(Relation.organisation_id.in_(mine), into.exists())
    now_at = func.nullif(into.scalar_subquery(), Relation.organisation_id)
    db.session.execute(ends.values(other_id=now_at), execution_options={"synchronize_session": False})


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
                    update(table(Organisation)).where(table(Organisation).c.id == entry.id).values(row_digest="")
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
