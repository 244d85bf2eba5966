"""Finding entries, their history and the log, always as a viewer: what is hidden is not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, inspect, literal_column, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, with_polymorphic
from sqlalchemy.sql.base import ExecutableOption

from commons.audience import may_see, visible_to
from commons.db import db
from commons.entries.changes import before
from commons.entries.models import Change, Checked, Entry, Redirect, Revision
from commons.members.models import Member
from commons.room import Kind, rooms
from commons.web import Gone


class Moved(Exception):
    """The entry has another address now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.slug)
        self.entry = entry


def visible(viewer: Member | None, entry: Any = Entry) -> ColumnElement[bool]:
    """Live, or in a later state of its life, and behind a door that this viewer may enter."""
    return and_(visible_to(viewer, entry.audience), entry.state == "live")


def _standing_at(kind: Kind, slug: str) -> Any:
    """Every page asks this: built once for each kind. A single list that stands beside an entry comes with it; several would
    multiply their rows."""
    known: dict[str, Select[Any]] = current_app.extensions.setdefault("standing at", {})
    if kind.name not in known:
        model = kind.model
        query = select(model).where(model.kind == bindparam("kind"), model.slug == bindparam("slug"))
        lists = [one.class_attribute for one in inspect(model).relationships if one.lazy == "selectin"]
        known[kind.name] = query.options(joinedload(lists[0])) if len(lists) == 1 else query
    return db.session.scalars(known[kind.name], {"kind": kind.name, "slug": slug}).unique().one_or_none()


def find(kind: Kind, slug: str, viewer: Member | None) -> Any:
    """The entry at this address. Hidden and missing are the same 404; an old address raises Moved, a removed entry Gone."""
    entry = _standing_at(kind, slug)
    if entry is None:
        _follow(kind.name, slug, viewer)
    return shown(entry, viewer)


def _follow(kind: str, slug: str, viewer: Member | None) -> None:
    """Raises Moved where this address leads to an entry that the viewer may read."""
    query = select(Entry).join(Redirect, Redirect.entry_id == Entry.id)
    found = db.session.scalar(query.where(Redirect.kind == kind, Redirect.slug == slug))
    if found is not None and _reads(viewer, found):
        raise Moved(found)


def shown(entry: Any, viewer: Member | None) -> Any:
    """The entry itself if this viewer may see it; raises 404, Gone, or Moved where it became part of another one."""
    if entry is None or not _reads(viewer, entry):
        abort(404)
    if entry.state in ("deleted", "suppressed"):
        _follow(entry.kind, entry.slug, viewer)
        raise Gone(_("This page was removed"), removal(entry))
    return entry


def _reads(viewer: Member | None, entry: Entry) -> bool:
    """What waits, or was taken back, is for its author and moderators only: its old addresses tell nobody the new one."""
    if entry.state in ("draft", "pending") and not _own(entry, viewer):
        return False
    return may_see(viewer, entry)


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
    return shown(db.session.get(Entry, entry_id) if entry_id < 2**31 else None, viewer)


def entries_by_id(ids: Sequence[int], viewer: Member | None, kind: str = "") -> list[Any]:
    """Rows in the order of `ids`, read again from the database under the audience rule: one that may not be seen is
    left out. Where all are of one kind, saying so spares the tables of the others."""
    return _by_id(rooms().kinds[kind].model if kind else _every_kind(), ids, viewer)


def heads_by_id(ids: Sequence[int], viewer: Member | None) -> list[Any]:
    """The same without what stands in the tables of their kinds: enough for a title and an address."""
    return _by_id(Entry, ids, viewer)


def cards_by_id(ids: Sequence[int], viewer: Member | None) -> list[Any]:
    """The same with the tables of their kinds, and nothing that stands beside them."""
    return _by_id(_every_kind(), ids, viewer, lazyload("*"))


@cache
def _every_kind() -> Any:
    """Entries with the tables of all kinds; made once, because laying out its hundreds of columns costs 15 ms."""
    return with_polymorphic(Entry, "*")


def _by_id(every: Any, ids: Sequence[int], viewer: Member | None, *options: ExecutableOption) -> list[Any]:
    if not ids:
        return []
    rows = db.session.scalars(
        select(every)
        .where(every.id.in_(ids), visible_to(viewer, every.audience), every.state == "live")
        .options(*options)
    ).unique()
    found = {row.id: row for row in rows}
    return [found[i] for i in ids if i in found]


def reserved_slugs(kind: str) -> frozenset[str]:
    """Words that are pages of their own below this kind's addresses: /wiki/wanted, /organisations/new."""
    known: dict[str, frozenset[str]] = current_app.extensions.setdefault("reserved slugs", {})
    if kind not in known:
        owner = rooms().kinds.get(kind)
        parts = [rule.rule.split("/") for rule in current_app.url_map.iter_rules()]
        known[kind] = frozenset(
            part[2].partition(".")[0] for part in parts if len(part) > 2 and owner and part[1] == owner.collection
        )
    return known[kind]


def revisions(entry: Entry) -> Select[Revision]:
    return (
        select(Revision)
        .where(Revision.entry_id == entry.id)
        .options(joinedload(Revision.author))
        .order_by(Revision.number.desc())
    )


def revision(entry: Entry, number: int) -> Revision:
    query = select(Revision).where(Revision.entry_id == entry.id, Revision.number == number)
    return db.session.scalar(query.options(joinedload(Revision.author))) or abort(404)


def readable_revision(entry: Entry, number: int, viewer: Member | None) -> Revision:
    """The same for a page that shows its words: one that a moderator hid raises Gone for everybody else."""
    found = revision(entry, number)
    if found.hidden and not _moderates(viewer):
        raise Gone(_("A moderator hid this version"), _("The log says why. The other versions are in the history."))
    return found


def is_hidden(entry: Entry, number: int, viewer: Member | None) -> bool:
    """Did a moderator hide this version from this viewer?"""
    query = select(Revision.id).where(Revision.entry_id == entry.id, Revision.number == number, Revision.hidden)
    return not _moderates(viewer) and db.session.scalar(query) is not None


def _moderates(viewer: Member | None) -> bool:
    return viewer is not None and viewer.is_moderator


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
        values.update({name: before(values.get(name), change) for name, change in changes.items()})
    return values


def editors(entry: Entry) -> tuple[int, int, datetime | None]:
    """(edits by people, how many people made them, when the last was)."""
    by_people = select(func.count(), func.count(func.distinct(Revision.author_id)), func.max(Revision.at)).where(
        Revision.entry_id == entry.id, Revision.author_id.is_not(None)
    )
    edits, people, last = db.session.execute(by_people).one()
    return int(edits), int(people), last


def changes(
    viewer: Member | None, kinds: Iterable[str] = (), under: Select[int] | None = None, unchecked: bool = False
) -> Select[Change]:
    """The log, newest first, as far as this viewer may see it; what machines imported has pages of its own.

    `under`: only changes of the entries whose ids this statement gives. `unchecked`: only what nobody has looked at.
    """
    wanted = [visible_to(viewer, Entry.audience), Entry.state.in_(("live", "deleted"))]
    wanted += [Entry.kind.in_(names)] if (names := tuple(kinds)) else []
    query = _log(viewer).where(Change.actor_id.is_not(None), Change.entry.has(and_(*wanted)))
    if unchecked:
        query = query.where(~select(Checked.seq).where(Checked.seq == Change.seq).exists())
    return query if under is None else query.where(Change.entry_id.in_(under))


def _log(viewer: Member | None) -> Select[Change]:
    """Lines whose version a moderator hid are shown to moderators only: their notes and actors are hidden too. What one
    person asked another is nobody else's affair, and who likes what is told to members."""
    query = select(Change).options(joinedload(Change.actor), joinedload(Change.entry.of_type(Entry)))
    untold = ("asked",) if viewer is not None else ("asked", "recommended", "is interested")
    return query.where(Change.verb.not_in(untold), *_shown_lines(viewer)).order_by(Change.seq.desc())


def _shown_lines(viewer: Member | None) -> list[ColumnElement[bool]]:
    """Few entries ever had a version hidden: of all others no revision is looked up. The verb is spelt out in the
    statement, because SQLite uses the index of such lines only then."""
    hiding = aliased(Change)
    few = select(hiding.entry_id).where(hiding.verb == literal_column("'hid a version'"), hiding.actor_id.is_not(None))
    hidden = select(Revision.id).where(
        Revision.entry_id == Change.entry_id, Revision.number == Change.revision, Revision.hidden
    )
    return [] if _moderates(viewer) else [or_(Change.entry_id.not_in(few), ~hidden.exists())]


def log_of(entry: Entry, viewer: Member | None) -> Select[Change]:
    """The log of one entry, also what imports wrote, newest first."""
    return _log(viewer).where(Change.entry_id == entry.id)


def log_line(seq: int, viewer: Member | None) -> Change:
    """One line that the viewer may see, else 404."""
    found = db.session.scalar(changes(viewer).where(Change.seq == seq)) if seq < 2**31 else None
    return found or abort(404)


def line_of(entry: Entry, number: int) -> int | None:
    """The line of the log that a revision made."""
    return db.session.scalar(
        select(Change.seq).where(Change.entry_id == entry.id, Change.revision == number).order_by(Change.seq).limit(1)
    )


def removed_entry(kind: Kind, slug: str, viewer: Member | None) -> Any:
    """A removed entry, for whoever may bring it back; anything else is 404, and one that became part of another raises Moved."""
    entry = _standing_at(kind, slug)
    _follow(kind.name, slug, viewer)
    return entry if entry is not None and entry.state == "deleted" and may_see(viewer, entry) else abort(404)


def last_seq() -> int:
    return int(db.session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0)


def log_after(seq: int, limit: int) -> Sequence[tuple[int, int, int]]:
    """(seq, entry id, id of the entry's thread) of the log's next lines."""
    query = select(Change.seq, Change.entry_id, Change.thread_id).where(Change.seq > seq)
    rows = db.session.execute(query.order_by(Change.seq).limit(limit))
    return [(row.seq, row.entry_id, row.thread_id) for row in rows]


def latest(query: Select[Any], limit: int) -> list[Any]:
    return list(db.session.scalars(query.limit(limit)).unique())


def recent(query: Select[Any], page: int, per_page: int) -> tuple[list[Any], int]:
    """One page of a list, and how many there are in all."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).options().subquery())) or 0
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)).unique()), int(total)
