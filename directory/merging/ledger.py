"""Rows as they were and as they are: what a merge writes down so that every one of them can be put back.

A row here is plain JSON: moments are ISO texts. Of a changed row only its key and the changed columns are kept; of one that went, all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from commons.db import Model, Moment, db
from directory.merging.rules import HISTORIES, TOLD

Row = dict[str, Any]
Moved = list[Any]  # [table, row before or None, row after or None]
STATE = {"version", "updated", "stirred"}  # of an entry: they tell that something happened, and only go forward


class Ledger:
    def __init__(self) -> None:
        self.rows: list[Moved] = []

    def change(self, table: Table, row: Mapping[str, Any], values: Row) -> None:
        db.session.execute(update(table).where(_at(table, row)).values(values))
        self._note(table, dict(row), dict(row) | values)

    def drop(self, table: Table, row: Mapping[str, Any]) -> None:
        db.session.execute(delete(table).where(_at(table, row)))
        self._note(table, dict(row), None)

    def add(self, table: Table, values: Row) -> None:
        row = db.session.execute(insert(table).values(values).returning(*table.c)).mappings().one()
        self._note(table, None, dict(row))

    def compare(self, before: Mapping[str, list[Row]], after: Mapping[str, list[Row]]) -> None:
        """Notes what changed between two looks at the same rows (`rows_where`)."""
        for name, rows in before.items():
            table = Model.metadata.tables[name]
            was, here = ({_key(table, row): row for row in some} for some in (rows, after[name]))
            for key, row in was.items():
                if here.get(key) != row:
                    self._note(table, row, here.get(key))
            for key in here.keys() - was.keys():
                self._note(table, None, here[key])

    def _note(self, table: Table, was: Row | None, here: Row | None) -> None:
        if was is not None and here is not None:
            changed = {name for name in was if was[name] != here[name]} - (STATE if table.name == "entry" else set())
            if not changed:
                return
            owner = HISTORIES.get(table.name) or TOLD.get(table.name)
            kept = changed | {one.name for one in table.primary_key} | ({owner} if owner else set())
            was, here = ({name: row[name] for name in sorted(kept)} for row in (was, here))
        self.rows.append([table.name, _plain(was), _plain(here)])


def rows_where(wanted: Mapping[str, ColumnElement[bool]]) -> dict[str, list[Row]]:
    """table: its rows that meet the condition, as they are now in this transaction."""
    db.session.flush()
    found = {}
    for name, condition in wanted.items():
        table = Model.metadata.tables[name]
        found[name] = [dict(row) for row in db.session.execute(select(table).where(condition)).mappings()]
    return found


def as_left(one: Moved) -> bool:
    """Is the row still as the merge left it?"""
    table, _was, here = _open(one)
    return here is None or _found(table, here) is not None


def put_back(one: Moved) -> bool:
    """Makes one row what it was before; False where others changed it since, or where something it needs is gone."""
    table, was, here = _open(one)
    if not as_left(one):
        return False
    try:
        with db.session.begin_nested():
            if here is None:
                db.session.execute(insert(table).values(was))
            elif was is None:
                db.session.execute(delete(table).where(_at(table, here)))
            else:
                db.session.execute(update(table).where(_at(table, here)).values(was))
    except IntegrityError:
        return False
    return True


def owners(moved: Iterable[Moved], columns: Mapping[str, str]) -> set[int]:
    """The entries whose rows these are, where `columns` says for a table which column names them."""
    found = set[int]()
    for name, *states in moved:
        if name in columns:
            found |= {int(row[columns[name]]) for row in states if row is not None and columns[name] in row}
    return found


def _found(table: Table, here: Row) -> Any:
    """The row with this key, if the columns that are known of it are the same."""
    row = db.session.execute(select(table).where(_at(table, here))).mappings().first()
    ignored = STATE if table.name == "entry" else set[str]()
    return row if row is not None and all(row[name] == here[name] for name in here.keys() - ignored) else None


def _at(table: Table, row: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key))


def _key(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _plain(row: Row | None) -> Row | None:
    if row is None:
        return None
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in row.items()}


def _open(one: Moved) -> tuple[Table, Any, Any]:
    name, was, here = one
    table = Model.metadata.tables[name]
    return table, _typed(table, was), _typed(table, here)


def _typed(table: Table, row: Row | None) -> Row | None:
    moments = {column.name for column in table.columns if isinstance(column.type, Moment)}
    return row and {
        name: datetime.fromisoformat(one) if name in moments and one is not None else one for name, one in row.items()
    }
