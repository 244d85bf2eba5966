"""Finding entries, their history and the log, always as a viewer: what is hidden is not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload, with_polymorphic

from commons.audience import may_see, visible_to
from commons.db import db
from commons.entries.models import Change, Entry, Redirect, Revision
from commons.members.models import Member
from commons.room import Kind, rooms
from commons.web import Gone


class Moved(Exception):
    """The entry has another address now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.slug)
        self.entry = entry


def visible(viewer: Member | None) -> ColumnElement[bool]:
    """Live, or in a later state of its life, and behind a door that this viewer may enter."""
    return visible_to(viewer, Entry.audience) & (Entry.state == "live")


def find(kind: Kind, slug: str, viewer: Member | None) -> Any:
    """The entry at this address. Hidden and missing are the same 404; an old address raises Moved, a removed entry Gone."""
    entry = db.session.scalar(select(kind.model).where(kind.model.kind == kind.name, kind.model.slug == slug))
    if entry is None:
        moved = (
            select(Entry)
            .join(Redirect, Redirect.entry_id == Entry.id)
            .where(Redirect.kind == kind.name, Redirect.slug == slug)
        )
        if (found := db.session.scalar(moved)) is not None and may_see(viewer, found):
            raise Moved(found)
        abort(404)
    return shown(entry, viewer)


def shown(entry: Any, viewer: Member | None) -> Any:
    """The entry itself if this viewer may see it; raises 404 or Gone."""
    if entry is None or not may_see(viewer, entry) or (entry.state in ("draft", "pending") and not _own(entry, viewer)):
        abort(404)
    if entry.state in ("deleted", "suppressed"):
        raise Gone(_("This page was removed"), removal(entry))
    return entry


def _own(entry: Entry, viewer: Member | None) -> bool:
    return viewer is not None and (entry.author_id == viewer.id or viewer.is_moderator)


def removal(entry: Entry) -> str:
    """The reason that the log gives for a removal."""
    last = db.session.scalar(
        select(Change.note)
        .where(Change.entry_id == entry.id, Change.verb.in_(("removed", "undid")))
        .order_by(Change.seq.desc())
        .limit(1)
    )
    return last or _("No reason was written down.")


def by_id(entry_id: int, viewer: Member | None) -> Any:
    if entry_id >= 2**31:
        abort(404)
    return shown(db.session.get(Entry, entry_id), viewer)


def entries_by_id(ids: Sequence[int], viewer: Member | None, kind: str = "") -> list[Any]:
    """Rows in the order of `ids`, read again from the database under the audience rule: one that may not be seen is
    left out. Where all are of one kind, saying so spares the tables of the others."""
    return _by_id(rooms().kinds[kind].model if kind else with_polymorphic(Entry, "*"), ids, viewer)


def heads_by_id(ids: Sequence[int], viewer: Member | None) -> list[Any]:
    """The same without what stands in the tables of their kinds: enough for a title and an address."""
    return _by_id(Entry, ids, viewer)


def _by_id(every: Any, ids: Sequence[int], viewer: Member | None) -> list[Any]:
    if not ids:
        return []
    rows = db.session.scalars(
        select(every).where(every.id.in_(ids), visible_to(viewer, every.audience), every.state == "live")
    ).unique()
    found = {row.id: row for row in rows}
    return [found[i] for i in ids if i in found]


def revisions(entry: Entry) -> Select[Revision]:
    return (
        select(Revision)
        .where(Revision.entry_id == entry.id)
        .options(joinedload(Revision.author))
        .order_by(Revision.number.desc())
    )


def revision(entry: Entry, number: int) -> Revision:
    found = db.session.scalar(
        select(Revision)
        .where(Revision.entry_id == entry.id, Revision.number == number)
        .options(joinedload(Revision.author))
    )
    return found or abort(404)


def state_at(entry: Entry, version: int) -> dict[str, Any]:
    """The versioned fields as they were after revision `version`: today's values with every later change taken back."""
    fields = rooms().kinds[entry.kind].fields
    values = {field.name: entry.value(field.name) for field in fields}
    later = (
        select(Revision.changes)
        .where(Revision.entry_id == entry.id, Revision.number > version)
        .order_by(Revision.number.desc())
    )
    for changes in db.session.scalars(later):
        values.update({name: old for name, (old, _new) in changes.items()})
    return values


def editors(entry: Entry) -> tuple[int, int, datetime | None]:
    """(edits by people, how many people made them, when the last was)."""
    by_people = select(func.count(), func.count(func.distinct(Revision.author_id)), func.max(Revision.at)).where(
        Revision.entry_id == entry.id, Revision.author_id.is_not(None)
    )
    edits, people, last = db.session.execute(by_people).one()
    return int(edits), int(people), last


def changes(viewer: Member | None, kinds: Iterable[str] = (), under: Select[int] | None = None) -> Select[Change]:
    """The log, newest first, as far as this viewer may see it; what machines imported has pages of its own.

    `under`: only changes of the entries whose ids this statement gives.
    """
    wanted = [visible_to(viewer, Entry.audience), Entry.state.in_(("live", "deleted"))]
    if names := tuple(kinds):
        wanted.append(Entry.kind.in_(names))
    query = (
        select(Change)
        .where(Change.actor_id.is_not(None), Change.entry.has(and_(*wanted)))
        .options(joinedload(Change.actor), joinedload(Change.entry.of_type(Entry)))
        .order_by(Change.seq.desc())
    )
    return query if under is None else query.where(Change.entry_id.in_(under))


def last_seq() -> int:
    return int(db.session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0)


def log_after(seq: int, limit: int) -> Sequence[tuple[int, int]]:
    """(seq, entry id) of the log's next lines."""
    rows = db.session.execute(
        select(Change.seq, Change.entry_id).where(Change.seq > seq).order_by(Change.seq).limit(limit)
    )
    return [(row.seq, row.entry_id) for row in rows]


def latest(query: Select[Any], limit: int) -> list[Any]:
    return list(db.session.scalars(query.limit(limit)).unique())


def recent(query: Select[Any], page: int, per_page: int) -> tuple[list[Any], int]:
    """One page of a list, and how many there are in all."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).options().subquery())) or 0
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)).unique()), int(total)
