"""Lists, single entries and the public log, always as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from commons.api.models import KEPT, ApiAnswer
from commons.audience import PUBLIC, visible_to
from commons.db import db, now
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import entries_by_id, shown, visible
from commons.members.models import Member
from commons.room import Kind

REMOVED = ("deleted", "suppressed")
NARROWED = ("audience", "state")  # a revision that names one of these may have hidden its entry


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


def public_log(after: int, until: int, kinds: Sequence[str], limit: int) -> list[tuple[Change, Revision | None]]:
    """The lines that everybody may read, oldest first, and those that may have hidden what everybody could read."""
    is_open = and_(visible_to(None, Entry.audience), Entry.state.in_(("live", *REMOVED)))
    narrowing = [cast(Revision.changes, Text).contains(f'"{name}"') for name in NARROWED]
    query = (
        select(Change, Revision)
        .join(Entry, Entry.id == Change.entry_id)
        .outerjoin(Revision, and_(Revision.entry_id == Change.entry_id, Revision.number == Change.revision))
        .where(Change.seq > after, Change.seq <= until, Entry.kind.in_(kinds), or_(is_open, *narrowing))
        .options(joinedload(Change.entry.of_type(Entry)))
        .order_by(Change.seq)
        .limit(limit)
    )
    return [(line, revision) for line, revision in db.session.execute(query)]


def was_hidden_by(revision: Revision | None) -> bool:
    """Did this revision take its entry out of everybody's sight?"""
    changes = revision.changes if revision else {}
    return any(
        old == ever and new != ever
        for name, ever in (("audience", PUBLIC), ("state", "live"))
        for old, new in [changes.get(name, (None, None))]
    )


def kept_answer(member_id: int, key: str) -> ApiAnswer | None:
    query = select(ApiAnswer).where(
        ApiAnswer.member_id == member_id, ApiAnswer.key == key, ApiAnswer.created > now() - KEPT
    )
    return db.session.scalar(query)
