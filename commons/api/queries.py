"""Lists, single entries and the public log, always as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import selectinload

from commons.api.models import KEPT, ApiAnswer
from commons.audience import PUBLIC
from commons.db import db, now
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import entries_by_id, shown, visible
from commons.members.models import Member
from commons.room import Kind


def one(kind: Kind, entry_id: int, viewer: Member | None) -> Any:
    """The entry; missing, hidden and of another kind are the same 404, removed is Gone."""
    return shown(db.session.get(kind.model, entry_id) if entry_id < 2**31 else None, viewer)


def page_of(
    kind: Kind, viewer: Member | None, *, offset: int, limit: int, after: int, source: str, source_id: str
) -> tuple[list[Any], int]:
    """Entries in the order of their ids, and how many there are in all."""
    wanted = [visible(viewer), Entry.kind == kind.name]
    if source:
        wanted.append(Entry.source == source)
    if source_id:
        wanted.append(Entry.source_id == source_id)
    total = db.session.scalar(select(func.count()).select_from(Entry).where(*wanted)) or 0
    ids = select(Entry.id).where(*wanted, Entry.id > after).order_by(Entry.id).limit(limit).offset(offset)
    return rows(kind, list(db.session.scalars(ids)), viewer), total


def rows(kind: Kind, ids: Sequence[int], viewer: Member | None) -> list[Any]:
    """Whole rows in the order of `ids`, with everything that a record reads, in a fixed number of queries."""
    query = select(kind.model).where(kind.model.id.in_(ids), visible(viewer)).options(selectinload("*"))
    found = {row.id: row for row in db.session.scalars(query)} if ids else {}
    return [found[i] for i in ids if i in found]


def visible_ids(kind: str, ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """id: title of those among `ids` that are of this kind and that this viewer may see."""
    return {entry.id: entry.title for entry in entries_by_id(ids, viewer) if entry.kind == kind}


def log(after: int, until: int, limit: int) -> list[tuple[Change, Entry]]:
    """The next lines of the log with their entries, whoever may see them; each step is a look-up by key."""
    query = select(Change).where(Change.seq > after, Change.seq <= until).order_by(Change.seq).limit(limit)
    found = list(db.session.scalars(query))
    ids = {line.entry_id for line in found}
    entries = {entry.id: entry for entry in db.session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    return [(line, entries[line.entry_id]) for line in found]


def hiding(lines: Sequence[Change]) -> set[int]:
    """The numbers of those lines whose revision took its entry out of everybody's sight."""
    marks = {(line.entry_id, line.revision): line.seq for line in lines if line.revision is not None}
    query = select(Revision).where(tuple_(Revision.entry_id, Revision.number).in_(marks))
    closed = {line.seq for line in lines if line.verb == "showed to others" and line.via == PUBLIC}
    return closed | {marks[row.entry_id, row.number] for row in db.session.scalars(query) if marks and _hides(row)}


def _hides(revision: Revision) -> bool:
    for name, open_to_all in (("audience", PUBLIC), ("state", "live")):
        old, new = revision.changes.get(name, (None, None))
        if old == open_to_all and new != open_to_all:
            return True
    return False


def kept_answer(member_id: int, key: str) -> ApiAnswer | None:
    query = select(ApiAnswer).where(
        ApiAnswer.member_id == member_id, ApiAnswer.key == key, ApiAnswer.created > now() - KEPT
    )
    return db.session.scalar(query)
