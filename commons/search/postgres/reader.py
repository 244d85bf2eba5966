"""Statements of one question, over one connection and in one scope."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from commons.search.index import IndexBroken
from commons.search.postgres.asking import Where
from commons.search.postgres.ranking import Scope

LONGEST = 2.0  # seconds after which no further statement is begun


class Reader:
    def __init__(self, connection: Connection, scope: Scope, doors: Where) -> None:
        self.connection, self.scope, self.doors = connection, scope, doors
        self.ends = time.monotonic() + LONGEST

    def rows(self, statement: str, values: dict[str, Any]) -> Sequence[Any]:
        if time.monotonic() > self.ends:
            raise IndexBroken("the question takes too long")
        return self.connection.exec_driver_sql(statement, values).all()

    def one(self, statement: str, values: dict[str, Any]) -> Any:
        return self.rows(statement, values)[0][0]
