"""Who sees what, changed: an older version hidden by a moderator, an entry moved behind another door."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons.db import db, lock, now, on_commit, table, transaction
from commons.entries.actions import record, take_log_lock
from commons.entries.followers import wake
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import revision
from commons.members.models import Member
from commons.web import Forbidden, Invalid

MANY = 5000  # rows of one statement


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
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators hide versions."))
    if not note.strip():
        raise Invalid({"note": _("Say why: the reason stands in the log.")})
    return revision(entry, number)


def show_to(entry: Entry, audience: str, *, actor: Member, note: str = "", inner: str = "") -> int:
    """Moves an entry, and all that stands in it, behind another door (`inner`: what stands in it, where that is another
    door); returns how many. Groups within a group keep their own. What stands in it gets lines without an actor: no list
    of changes is flooded, every follower hears of it."""
    with transaction():
        lock(entry)
        entry.audience = audience
        record(entry, "showed to others", None, actor=actor, note=note)
        moved, within = 1, [entry.id]
        while within := _move_within(within, inner or audience):
            moved += len(within)
        return moved


def _move_within(ids: Sequence[int], audience: str) -> list[int]:
    """Moves what stands directly in these; returns its ids."""
    found: list[int] = []
    for start in range(0, len(ids), MANY):
        inside = Entry.within_id.in_(ids[start : start + MANY])
        found += db.session.scalars(select(Entry.id).where(inside, Entry.kind != "group").order_by(Entry.id)).all()
    line = {"at": now(), "actor_id": None, "verb": "showed to others", "revision": None, "note": "", "via": ""}
    for start in range(0, len(found), MANY):
        some = found[start : start + MANY]
        threads = select(Change.entry_id, Change.thread_id).where(Change.entry_id.in_(some)).distinct()
        rows = [line | {"entry_id": row.entry_id, "thread_id": row.thread_id} for row in db.session.execute(threads)]
        db.session.execute(update(Entry).where(Entry.id.in_(some)).values(audience=audience))
        take_log_lock()
        db.session.execute(table(Change).insert(), rows)
    on_commit(wake)
    return found
