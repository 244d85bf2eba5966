"""Many new entries at once, as imports make them: the same rows, revisions and log lines as one by one, without the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from commons.db import db, is_postgresql, now, table
from commons.entries.actions import digest, take_log_lock
from commons.entries.models import Change, Entry, Redirect, Revision
from commons.entries.queries import reserved_slugs
from commons.text import slug as slug_of


def insert_entries(
    kind: str,
    rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    *,
    verb: str,
    note: str,
    via: str,
    threads: Sequence[int] = (),
) -> list[int]:
    """Entries from (columns of the entry, versioned values), with revision 1 and a line in the log each; returns their ids.
    `threads`: the topics of posts, in the order of the rows; none: each is its own thread.

    Called inside a transaction; the caller inserts the kind's own rows under these ids.
    """
    take_log_lock()
    at = now()
    ids = new_ids(len(rows))
    slugs = free_slugs(kind, [str(columns.get("slug") or columns["title"]) for columns, _values in rows])
    named = list(zip(ids, slugs, rows, strict=True))
    shared = {"kind": kind, "audience": "public", "state": "live", "version": 1, "author_id": None}
    shared |= {"created": at, "updated": at, "source": "", "source_id": ""}
    log = {"at": at, "actor_id": None, "verb": verb, "revision": 1, "note": note, "via": via}
    _insert(Entry, [{**shared, **columns, "id": id, "slug": slug} for id, slug, (columns, _values) in named])
    _insert(Revision, [_first_revision(id, values, at, note) for id, _slug, (_columns, values) in named])
    _insert(Change, [{**log, "entry_id": id, "thread_id": of} for id, of in zip(ids, threads or ids, strict=True)])
    return ids


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(table(model).insert(), rows)


def _first_revision(id: int, values: Mapping[str, Any], at: datetime, note: str) -> dict[str, Any]:
    changes = {name: [None, value] for name, value in values.items()}
    row = {"entry_id": id, "number": 1, "at": at, "author_id": None, "note": note, "minor": False}
    return {**row, "changes": changes, "digest": digest("", 1, changes)}


def new_ids(many: int) -> list[int]:
    """Numbers that no entry has or ever had."""
    if is_postgresql():
        query = text("select nextval(pg_get_serial_sequence('entry', 'id')) from generate_series(1, :many)")
        return [int(i) for i in db.session.scalars(query, {"many": many})]
    last = db.session.scalar(text("select seq from sqlite_sequence where name = 'entry'")) or 0
    return list(range(int(last) + 1, int(last) + many + 1))


def free_slugs(kind: str, titles: Sequence[str]) -> list[str]:
    stems = [slug_of(title)[:80] or kind for title in titles]
    taken = set(db.session.scalars(select(Entry.slug).where(Entry.kind == kind, Entry.slug.in_(set(stems)))))
    taken |= set(db.session.scalars(select(Redirect.slug).where(Redirect.kind == kind, Redirect.slug.in_(set(stems)))))
    taken |= reserved_slugs(kind)
    highest: dict[str, int] = {}
    found = []
    for stem in stems:
        slug = stem
        if slug in taken:
            number = highest.get(stem) or _many(kind, stem)
            while (slug := f"{stem}-{number + 1}"[:120]) in taken or _exists(kind, slug):
                number += 1
            highest[stem] = number + 1
        taken.add(slug)
        found.append(slug)
    return found


def _many(kind: str, stem: str) -> int:
    """How many slugs begin with this stem: a good first guess for the next free number."""
    query = select(func.count()).where(Entry.kind == kind, Entry.slug >= stem, Entry.slug < stem + "-:")
    return max(1, db.session.scalar(query) or 0)


def _exists(kind: str, slug: str) -> bool:
    return db.session.scalar(select(Entry.id).where(Entry.kind == kind, Entry.slug == slug)) is not None
