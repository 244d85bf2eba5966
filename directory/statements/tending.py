"""Statements go with the organisations that they join, and come back with them."""

from __future__ import annotations

from commons.db import db, lock, transaction
from commons.entries.actions import record
from commons.entries.queries import last_seq
from directory.statements.models import Statement
from directory.statements.queries import GONE, last_removal, of_touched


def follow(after: int) -> int:
    """A follower of the log: where one of the two was taken away or closed to the public, the statement is taken away too,
    and brought back with it. One that was taken away for another reason stays away."""
    last = last_seq()
    for id, stands in of_touched(after, last) if last > after else ():
        statement = db.session.get_one(Statement, id)
        with transaction():
            lock(statement)
            if statement.is_live and not stands:
                statement.state = "deleted"
                record(statement, GONE, None, actor=None)
            elif statement.state == "deleted" and stands and last_removal(statement) == GONE:
                statement.state = "live"
                record(statement, "came along", None, actor=None)
    return last
