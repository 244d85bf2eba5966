"""The invariants of entries, their histories and the log: `flask site check` reads them, after every fault and every restore."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from commons.db import db
from commons.entries.actions import digest
from commons.entries.changes import after
from commons.entries.models import Change, Entry, Position, Revision
from commons.room import Check, rooms

BATCH = 2000


def chains() -> Iterable[str]:
    """Numbers run from 1 to the entry's version without a gap, and every digest fits the one before it."""
    before: tuple[int, int, str] = (0, 0, "")
    rows = select(Revision.entry_id, Revision.number, Revision.changes, Revision.digest).order_by(
        Revision.entry_id, Revision.number
    )
    for row in db.session.execute(rows.execution_options(yield_per=BATCH)):
        entry, number, last = before if before[0] == row.entry_id else (row.entry_id, 0, "")
        if row.number != number + 1:
            yield f"entry {row.entry_id}: revision {row.number} follows {number}"
        if digest(last, row.number, row.changes) != row.digest:
            yield f"entry {row.entry_id}: revision {row.number} does not fit the one before it"
        before = (row.entry_id, row.number, row.digest)


def heads() -> Iterable[str]:
    """Every entry's version is its last revision."""
    last = select(Revision.entry_id, func.max(Revision.number).label("number")).group_by(Revision.entry_id).subquery()
    rows = (
        select(Entry.id, Entry.version, last.c.number)
        .outerjoin(last, last.c.entry_id == Entry.id)
        .where((last.c.number.is_(None)) | (last.c.number != Entry.version))
    )
    for row in db.session.execute(rows):
        yield f"entry {row.id}: version {row.version}, last revision {row.number}"


def rows_equal_histories() -> Iterable[str]:
    """The newest value that a history holds of a field is the value of the row."""
    for kind in rooms().kinds.values():
        for entry in db.session.scalars(select(kind.model).order_by(kind.model.id).execution_options(yield_per=500)):
            folded: dict[str, object] = {}
            for changes in db.session.scalars(
                select(Revision.changes).where(Revision.entry_id == entry.id).order_by(Revision.number)
            ):
                folded.update({name: after(folded.get(name), change) for name, change in changes.items()})
            for name, value in folded.items():
                if entry.value(name) != value:
                    yield f"{kind.name} {entry.id}: {name} is not what its history says"
            db.session.expunge(entry)


def logged() -> Iterable[str]:
    """Every revision has its line in the log, and no follower is ahead of the log."""
    line = aliased(Change)
    rows = (
        select(Revision.entry_id, Revision.number)
        .outerjoin(line, (line.entry_id == Revision.entry_id) & (line.revision == Revision.number))
        .where(line.seq.is_(None))
    )
    for row in db.session.execute(rows):
        yield f"entry {row.entry_id}: revision {row.number} is not in the log"
    last = db.session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0
    for position in db.session.scalars(select(Position).where(Position.seq > last)):
        yield f"follower {position.follower} is at {position.seq}, the log ends at {last}"


checks = (
    Check("revisions: numbers whole, chains fit", chains),
    Check("entries: version is the last revision", heads),
    Check("entries: rows equal their histories", rows_equal_histories),
    Check("log: every revision, no follower ahead", logged),
)
