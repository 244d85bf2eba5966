"""A number that was given once is never given again, not even if its row is gone: an import goes on after the highest.

The promise holds for tables that say so (`sqlite_autoincrement`): entries, members and the log. On PostgreSQL every
other sequence too is set past the rows that came in.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def keeps_numbers(table: sa.Table) -> bool:
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def highest(connection: Connection, table: sa.Table) -> int:
    """The highest number that this table ever gave."""
    if connection.dialect.name == "postgresql":
        name = _sequence(connection, table)
        row = connection.exec_driver_sql(f"select last_value, is_called from {name}").one()
        return int(row[0]) if row[1] else 0
    query = sa.text("select seq from sqlite_sequence where name = :name")
    return int(connection.scalar(query, {"name": table.name}) or 0)


def go_on_after(connection: Connection, table: sa.Table, number: int) -> None:
    """The next number of this table is higher than `number` and than every row's."""
    column = table.autoincrement_column
    if column is None:
        return
    number = max(number, connection.scalar(sa.select(sa.func.max(column))) or 0)
    if connection.dialect.name == "postgresql":
        if number > highest(connection, table):
            connection.execute(sa.select(sa.func.setval(_sequence(connection, table), number)))
    elif keeps_numbers(table) and number > highest(connection, table):
        parameters = {"name": table.name, "number": number}
        connection.execute(sa.text("delete from sqlite_sequence where name = :name"), parameters)
        connection.execute(sa.text("insert into sqlite_sequence (name, seq) values (:name, :number)"), parameters)


def _sequence(connection: Connection, table: sa.Table) -> str:
    column = table.autoincrement_column
    query = sa.text("select pg_get_serial_sequence(:table, :column)")
    return str(connection.scalar(query, {"table": table.name, "column": column.name if column is not None else ""}))
