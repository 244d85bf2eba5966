"""Who sees what, changed: an older version hidden by a moderator, an entry moved behind another door."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons.audience import PUBLIC
from commons.db import db, lock, now, on_commit, table, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.followers import wake
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import revision
from commons.members.models import Member
from commons.web import Forbidden, Invalid

MANY = 1000  # rows of one statement


def hide_revision(entry: Entry, number: int, *, actor: Member, note: str) -> None:
    """Hides the words, note and author of an older version from everybody but moderators; the chain stays whole."""
    with transaction():
        found = _version_for(entry, number, actor, note)
        if number == entry.version:
            raise Invalid({"number": _("This is what the page says now. Restore an older version first.")})
        if not found.hidden:
            found.hidden = True
            record(entry, "hid a version", None, actor=actor, note=note)


def show_revision(entry: Entry, number: int, *, actor: Member, note: str) -> None:
    """Undoes `hide_revision`."""
    with transaction():
        found = _version_for(entry, number, actor, note)
        if found.hidden:
            found.hidden = False
            record(entry, "showed a version", None, actor=actor, note=note)


def _version_for(entry: Entry, number: int, actor: Member, note: str) -> Revision:
    lock(entry)
    if not actor.is_moderator or entry.audience.startswith("talk:"):
        raise Forbidden(_("Only moderators hide versions."))
    if not note.strip():
        raise Invalid({"note": _("Say why: the reason stands in the log.")})
    return revision(entry, number)


def show_to(entry: Entry, audience: str, *, actor: Member, note: str = "", inner: str = "") -> int:
    """Moves an entry, and all that stands in it, behind another door (`inner`: what stands in it, where that is another
    door); returns how many."""
    with transaction():
        lock(entry)
        was, entry.audience = entry.audience, audience
        record(entry, "showed to others", None, actor=actor, note=note, via=_left(was, audience))
        return 1 + move_within(entry, inner or audience)


def move_within(entry: Entry, audience: str, *, leaving: Sequence[str] = (), kind: str = "") -> int:
    """Moves what stands in an entry, at any depth, to an audience; groups within it keep their own. `leaving`: only what has
    one of these audiences; `kind`: only these, and only where they stand directly in it. Each gets a line without an
    actor: no list of changes is flooded, every follower hears of it. Called inside a transaction; returns how many."""
    moved, within = 0, [entry.id]
    while within:
        found: list[tuple[int, str]] = []
        for start in range(0, len(within), MANY):
            inside = Entry.within_id.in_(within[start : start + MANY])
            rows = select(Entry.id, Entry.audience).where(inside, Entry.kind == kind if kind else Entry.kind != "group")
            found += [(row.id, row.audience) for row in db.session.execute(rows.order_by(Entry.id))]
        moved += _move([one for one in found if one[1] in leaving or not leaving], audience)
        within = [] if kind else [id for id, _audience in found]
    return moved


def _move(rows: Sequence[tuple[int, str]], audience: str) -> int:
    left = {id: _left(was, audience) for id, was in rows}
    line = {"at": now(), "actor_id": None, "verb": "showed to others", "revision": None, "note": ""}
    take_log_lock()
    for start in range(0, len(rows), MANY):
        some = [id for id, _audience in rows[start : start + MANY]]
        threads = select(Change.entry_id, Change.thread_id).where(Change.entry_id.in_(some)).distinct()
        lines = [line | dict(row._mapping) | {"via": left[row.entry_id]} for row in db.session.execute(threads)]
        db.session.execute(update(Entry).where(Entry.id.in_(some)).values(audience=audience))
        db.session.execute(table(Change).insert(), lines)
    on_commit(wake)
    return len(rows)


def _left(was: str, audience: str) -> str:
    """What the line says of where it came from: only that everybody saw it, so that programs which keep a copy let go of it."""
    return PUBLIC if was == PUBLIC != audience else ""
