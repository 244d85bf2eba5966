"""Runs migrations on the site's own engine: each step in one transaction, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

db = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        more = {"render_as_batch": sqlite, "compare_type": True, "transaction_per_migration": True}
        context.configure(connection=connection, target_metadata=db.metadata, **more)
        if sqlite:
            say(
                connection, "PRAGMA foreign_keys=OFF"
            )  # a table that others point to is copied, and the old one dropped
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            lost = say(connection, "PRAGMA foreign_key_check")
            say(connection, "PRAGMA foreign_keys=ON")
            if lost:
                raise RuntimeError(f"rows that point to nothing after the migration: {lost[:5]}")


def say(connection: Connection, pragma: str) -> list[object]:
    """Past the transaction, within which SQLite would not hear it."""
    return list(connection.connection.dbapi_connection.execute(pragma).fetchall())


run()
