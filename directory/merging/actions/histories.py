"""Entries whose fields follow from moved rows: each gets the revision that says so; all else gets a line, so that followers hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import with_polymorphic

from commons.db import db, now, on_commit, table
from commons.entries.actions import record, take_log_lock
from commons.entries.followers import wake
from commons.entries.models import Change, Entry
from commons.members.models import Member
from commons.room import rooms

Values = Mapping[int, dict[str, Any]]


def lock_entries(ids: Iterable[int]) -> None:
    """In the order of their ids, before the log is locked, as edits do."""
    db.session.execute(
        select(Entry.id).where(Entry.id.in_(sorted(ids))).order_by(Entry.id).with_for_update(key_share=True)
    )


def values_of(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The versioned fields of these entries as the database has them in this transaction."""
    return {
        entry.id: {field.name: entry.value(field.name) for field in rooms().kinds[entry.kind].fields}
        for entry in _entries(ids)
    }


def _entries(ids: Iterable[int]) -> list[Any]:
    every = with_polymorphic(Entry, "*")
    db.session.flush()
    db.session.expire_all()
    return list(db.session.scalars(select(every).where(every.id.in_(sorted(ids))).order_by(every.id)).unique())


def write_revisions(before: Values, verb: str, note: str, actor: Member) -> set[int]:
    """A revision for each of these entries whose values are others now; returns which had one."""
    after, written = values_of(before), set[int]()
    for entry in _entries(before):
        was, here = before[entry.id], after[entry.id]
        changes = {name: [was[name], here[name]] for name in here if was[name] != here[name]}
        if changes:
            entry.version, entry.updated = entry.version + 1, now()
            record(entry, verb, changes, actor=actor, note=note)
            written.add(entry.id)
    return written


def write_lines(ids: Iterable[int]) -> None:
    """A line without an actor for each: no list of changes is flooded."""
    take_log_lock()
    line = {"at": now(), "actor_id": None, "verb": "moved over", "revision": None, "note": "", "via": ""}
    threads = select(Change.entry_id, Change.thread_id).where(Change.entry_id.in_(sorted(ids))).distinct()
    if lines := [line | dict(row._mapping) for row in db.session.execute(threads)]:
        db.session.execute(table(Change).insert(), lines)
    on_commit(wake)
