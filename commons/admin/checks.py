"""Invariants of the database itself and of identities."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, text

from commons.db import db, is_postgresql
from commons.members.models import Member
from commons.room import Check


def sound() -> Iterable[str]:
    """SQLite: pages whole and foreign keys met. PostgreSQL: every foreign key is validated."""
    if is_postgresql():
        for name in db.session.scalars(
            text("select conname from pg_constraint where contype = 'f' and not convalidated")
        ):
            yield f"constraint {name} is not validated"
        return
    result = db.session.scalar(text("pragma integrity_check"))
    if result != "ok":
        yield str(result)
    for row in db.session.execute(text("pragma foreign_key_check")):
        yield f"{row[0]} row {row[1]} points to a missing {row[2]}"


def identities() -> Iterable[str]:
    """No two members whose names or addresses look alike."""
    for column in (Member.skeleton, Member.email_skeleton):
        rows = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        for mark in db.session.scalars(rows):
            yield f"{column.key} {mark!r} stands twice"


checks = (
    Check("database: sound, foreign keys met", sound),
    Check("members: look-alike names and addresses are one", identities),
)
