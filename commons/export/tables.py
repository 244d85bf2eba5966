"""Which tables leave, in which order they may come in again, and which never leave.

Every room hands up its tables; what is in none of them must stand in EXEMPT with its reason (a test and the export
itself hold that). Rows are read and written by `__table__`: a kind that builds on `entry` is a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.schema import sort_tables_and_constraints

from commons.db import Model
from commons.room import Table, rooms

EXEMPT = (
    ("sign_in", "Signed-in browsers: people sign in again on the new site."),
    ("ticket", "Links sent by mail lead to the old site and end within days."),
    ("outgoing", "Mails that wait: the old site sends them, the new one would send them twice."),
    ("api_answer", "What programs were answered, kept for a day so that a request sent twice is done once."),
    ("mail_key", "Links in mails that act once: they lead to the old site and end within weeks."),
    ("feed_key", "Private addresses of feeds: they lead to the old site."),
    ("invitation", "Links that open a door of the old site; they end within weeks."),
    ("guest", "For whom such a link is, where it was made for one member."),
    ("position", "How far each follower of the log has come: an import sets it to the end of the log."),
)


class Refused(Exception):
    """An export or import that cannot be done; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A table of the export, with what the public export leaves out."""

    table: sa.Table
    private: frozenset[str]
    public: bool
    late: frozenset[str]  # columns that may point to rows that come later: filled in a second pass

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> list[sa.Column[object]]:
        return list(self.table.primary_key.columns)


def exported() -> list[Exported]:
    """Every table that rooms hand up: what others point to comes first."""
    return in_order({cast(sa.Table, one.model.__table__): one for room in rooms().all for one in room.tables})


def in_order(handed: Mapping[sa.Table, Table]) -> list[Exported]:
    ordered = [(table, keys) for table, keys in _sorted(handed) if table is not None]
    return [
        Exported(table, frozenset(handed[table].private), handed[table].public, _late(table, keys))
        for table, keys in ordered
    ]


def _sorted(tables: Iterable[sa.Table]) -> list[tuple[sa.Table | None, set[sa.ForeignKeyConstraint]]]:
    return cast(Any, sort_tables_and_constraints)(tables)  # type: ignore[no-any-return]


def _late(table: sa.Table, early: set[sa.ForeignKeyConstraint]) -> frozenset[str]:
    """Columns that point to their own table, and those that close a circle of tables."""
    circular = {column.name for key in table.foreign_key_constraints - early for column in key.columns}
    return frozenset(circular | {key.parent.name for key in table.foreign_keys if key.column.table is table})


def forgotten() -> list[str]:
    """Tables that no room hands up and that nobody has excused."""
    known = {one.name for one in exported()} | {name for name, _reason in EXEMPT}
    return sorted(set(Model.metadata.tables) - known)
