"""Runs migrations on the site's own engine: each step in one transaction, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        more = {"render_as_batch": sqlite, "compare_type": True, "transaction_per_migration": True}
        context.configure(connection=connection, target_metadata=db.metadata, **more)
        with context.begin_transaction():
            context.run_migrations()


run()
