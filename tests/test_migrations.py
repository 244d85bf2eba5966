"""A migrated empty database and the models are the same thing, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

import wsgi
from commons.db import db
from tests.conftest import SETTINGS
from tests.services import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with postgres() as server, server.database() as url:
        yield url


def test_migrating_gives_what_the_models_say_and_goes_back(address: str, tmp_path: Path) -> None:
    app = wsgi.create_app(SETTINGS | {"COMMONS_DATA": tmp_path, "DATABASE_URL": address})
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            differences: list[Any] = compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata
            )
        assert differences == []
        if not address:
            made = db.session.scalar(text("select sql from sqlite_master where name = 'entry'"))
            assert "AUTOINCREMENT" in str(made), "ids of entries would be used again"
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        db.session.remove()
        db.engine.dispose()
