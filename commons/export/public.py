"""What a visitor may have: the rule of the pages, said once more for whole tables.

An entry goes out when it is public and live, its kind's table is public, and so is all that it cannot be without. Any
other row goes out when everything that it points to does; an entry's own row stays and loses the pointer instead. A
member is an id, a user name and a name, and only one who wrote something that goes out. Content goes out with the files
that show it now, not with their histories: what was replaced may have been replaced for a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from commons.audience import PUBLIC
from commons.entries.models import Change, Entry, Revision
from commons.export.blobs import BLOB
from commons.export.tables import Exported
from commons.files.models import File
from commons.members.models import Member
from commons.room import rooms

ENTRY, FILE, MEMBER, REVISION, CHANGE = (
    cast(sa.Table, model.__table__) for model in (Entry, File, Member, Revision, Change)
)
UNSAID: dict[tuple[sa.Table, str], Any] = {  # of a hidden revision and of its line in the log
    (REVISION, "author_id"): sa.null(),
    (REVISION, "note"): "",
    (CHANGE, "actor_id"): sa.null(),
    (CHANGE, "note"): "",
}
NAMED = ("id", "username", "name")  # all that is shown of a member
WITHHELD = {
    "revision": {"digest"},  # with all other fields at hand, a telephone number can be guessed from a digest over it
    "organisation": {"row_digest"},  # the same
}
UNTOLD = ("asked", "recommended", "is interested")  # lines that are for members, or for those they concern
WRITERS = ((Entry.author_id, Entry.id), (Revision.author_id, Revision.entry_id), (Change.actor_id, Change.entry_id))


class Public:
    """The public share of these tables."""

    def __init__(self, tables: Sequence[Exported]) -> None:
        self.tables = {one.table: one for one in tables if one.public}
        self.kinds = {
            kind.model.__table__: name for name, kind in rooms().kinds.items() if kind.model.__table__ in self.tables
        }
        columns = {name for table in self.kinds for name in self.tables[table].private}
        fields = {field.name for kind in rooms().kinds.values() for field in kind.fields if field.private}
        self.secret = columns | fields  # in histories

    def names(self, one: Exported) -> list[str]:
        """The columns that go out."""
        if one.table is MEMBER:
            return list(NAMED)
        left_out = one.private | WITHHELD.get(one.name, set())
        return [column.name for column in one.table.columns if column.name not in left_out]

    def rows(self, one: Exported) -> sa.Select[Any]:
        columns = [self._shown(one.table, one.table.c[name]) for name in self.names(one)]
        return sa.select(*columns).where(*self._conditions(one.table, ()))

    def _shown(self, table: sa.Table, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        if (table, column.name) in UNSAID:
            return sa.case((_says_nothing(table), UNSAID[table, column.name]), else_=column).label(column.name)
        if table not in self.kinds or not column.nullable or not column.foreign_keys:
            return column
        return sa.case((column.in_(self._ids(_target(column), ())), column), else_=None).label(column.name)

    def _conditions(self, table: sa.Table, seen: tuple[sa.Table, ...]) -> list[sa.ColumnElement[bool]]:
        if table is MEMBER:
            return [sa.or_(*(MEMBER.c.id.in_(self._writers(who, entry)) for who, entry in WRITERS))]
        if table is ENTRY:
            return [self._open(), *self._needed(seen)]
        if table is BLOB:
            return [BLOB.c.digest.in_(sa.select(FILE.c.digest).where(FILE.c.id.in_(self._ids(ENTRY, ()))))]
        found: list[sa.ColumnElement[bool]] = [CHANGE.c.verb.not_in(UNTOLD)] if table is CHANGE else []
        for column in table.columns:
            if not _binds(column) or (table in self.kinds and column.nullable) or _is_writer(column):
                continue
            met = column.in_(self._ids(_target(column), (*seen, table)))
            found.append(sa.or_(column.is_(None), met) if column.nullable else met)
        return found

    def _open(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            ENTRY.c.audience == PUBLIC, ENTRY.c.state == "live", ENTRY.c.kind.in_(sorted(self.kinds.values()))
        )

    def _needed(self, seen: tuple[sa.Table, ...]) -> Iterable[sa.ColumnElement[bool]]:
        """A kind whose rows cannot be without others: its entry goes out only when those do. Asked once, for the statement grows
        with each kind at each depth: of what a kind needs, it is only asked whether it is open."""
        if any(table in self.kinds for table in seen):
            return
        for table, name in self.kinds.items():
            if any(_binds(column) and not (column.nullable or column.primary_key) for column in table.columns):
                yield sa.or_(ENTRY.c.kind != name, ENTRY.c.id.in_(self._ids(table, seen)))

    def _ids(self, table: sa.Table, seen: tuple[sa.Table, ...]) -> sa.Select[Any]:
        """The keys of those rows of a table that go out."""
        (key,) = table.primary_key.columns
        if table not in self.tables:
            return sa.select(key).where(sa.false())
        if table in seen:  # in a circle: what can be said of an entry alone
            return (
                sa.select(ENTRY.c.id).where(self._open()) if table in self.kinds or table is ENTRY else sa.select(key)
            )
        return sa.select(key).where(*self._conditions(table, seen))

    def _writers(self, who: Any, entry: Any) -> sa.Select[Any]:
        query = sa.select(who).where(who.is_not(None), entry.in_(self._ids(ENTRY, ())))
        table = who.class_.__table__
        if table is CHANGE:
            query = query.where(CHANGE.c.verb.not_in(UNTOLD))
        return query if table is ENTRY else query.where(~_says_nothing(table))

    def scrubbed(self, connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Revisions without the values of private fields and without the names of entries that are hidden now."""
        ids = {i for row in rows for pair in row["changes"].values() for i in _pointers(pair)}
        hidden, silent = self._hidden(connection, sorted(ids)), _silent(connection, rows)
        for row in rows:
            mine = row["entry_id"], row["number"]
            row["changes"] = {
                name: None if name in self.secret or mine in silent else _pair_without(pair, hidden)
                for name, pair in row["changes"].items()
            }
        return rows

    def _hidden(self, connection: Connection, ids: list[int]) -> set[int]:
        hidden = set(ids)
        for start in range(0, len(ids), 1000):
            some = ENTRY.c.id.in_(ids[start : start + 1000])
            hidden.difference_update(connection.scalars(self._ids(ENTRY, ()).where(some)))
        return hidden


def _binds(column: sa.Column[Any]) -> bool:
    """Points to something that may stay behind: content never does, it goes out with its file."""
    return bool(column.foreign_keys) and _target(column) is not BLOB


def _says_nothing(table: sa.Table) -> sa.ColumnElement[bool]:
    """A revision that a moderator hid, and its line in the log."""
    if table is REVISION:
        return REVISION.c.hidden
    same = (REVISION.c.entry_id == CHANGE.c.entry_id) & (REVISION.c.number == CHANGE.c.revision)
    return sa.exists().where(same, REVISION.c.hidden)


def _silent(connection: Connection, rows: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """(entry, number) of hidden revisions, and of those right after them, which tell what stood there before."""
    ids = sorted({row["entry_id"] for row in rows})
    query = sa.select(REVISION.c.entry_id, REVISION.c.number).where(REVISION.c.hidden, REVISION.c.entry_id.in_(ids))
    found = [(entry, number) for entry, number in connection.execute(query)]
    return {(entry, number + after) for entry, number in found for after in (0, 1)}


def _target(column: sa.Column[Any]) -> sa.Table:
    (key,) = column.foreign_keys
    return key.column.table


def _is_writer(column: sa.Column[Any]) -> bool:
    return any(column is who.property.columns[0] for who, _entry in WRITERS)


def _pointers(pair: Any) -> Iterable[int]:
    """The ids in a history's [kind of tie, id, name]."""
    for value in pair or ():
        if isinstance(value, list):
            yield from (item[1] for item in value if _is_pointer(item))


def _is_pointer(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 3 and type(item[1]) is int


def _pair_without(pair: Any, hidden: set[int]) -> Any:
    return pair if isinstance(pair, dict) else [_without(value, hidden) for value in pair]  # lines of a long text


def _without(value: Any, hidden: set[int]) -> Any:
    if not isinstance(value, list):
        return value
    return [item for item in value if not (_is_pointer(item) and item[1] in hidden)]
