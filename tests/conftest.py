"""What every test stands on: a site in an empty folder, its database migrated once and copied, and a cast with roles.

Set COMMONS_TEST_DATABASE=postgresql to run everything that uses `app` on a real PostgreSQL instead of SQLite; `make test` does both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import wsgi
from commons.app import leave_alone
from commons.db import db
from commons.entries.followers import catch_up
from commons.focus.commands import plant_shipped
from tests.cast import Cast, gather
from tests.services import Postgres, postgres
from tests.shared_work import share_work

share_work()

ON_POSTGRESQL = os.environ.get("COMMONS_TEST_DATABASE", "") == "postgresql"
SETTINGS: dict[str, Any] = {
    "TESTING": True,
    "SECRET_KEY": "only for tests",
    "SITE_URL": "http://localhost",
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "DEMO": "0",
}
LONG = {"test_on_postgresql.py", "test_canaries.py", "test_round_trip.py", "test_kill.py"}  # files of minutes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first, so that in the end nobody waits for it alone."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def database_server() -> Iterator[Any]:
    if not ON_POSTGRESQL:
        yield None
        return
    with postgres() as server:
        yield server


def say(server: Postgres, sentence: str) -> None:
    """One statement outside of any transaction, as making databases asks for."""
    with psycopg.connect(
        server.address.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(sentence)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, database_server: Any) -> Path:
    """An empty site with its schema, its areas of focus and the cast: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = SETTINGS | {"COMMONS_DATA": folder}
    if database_server:
        say(database_server, "create database prepared")
        settings["DATABASE_URL"] = database_server.url("prepared")
    app = wsgi.create_app(settings)
    with app.app_context():
        db.create_all()

        plant_shipped()
        gather()
        catch_up()
        db.session.remove()
        db.engine.dispose()
    leave_alone()
    return folder


class Browser(FlaskClient):
    """Every request in a context of its own, as on a real server: nothing of one leaks into the next, or into the test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        try:
            with self.application.app_context():
                return super().open(*args, **kwargs)
        finally:
            db.session.rollback()  # the test sees what the request wrote


@pytest.fixture
def app(prepared: Path, tmp_path: Path, database_server: Any, request: pytest.FixtureRequest) -> Iterator[Flask]:
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    more = getattr(request, "param", {})
    settings = SETTINGS | {"COMMONS_DATA": folder} | more
    name = ""
    if database_server:
        name = f"test_{abs(hash(request.node.nodeid)):x}"
        say(database_server, f"create database {name} template prepared")
        settings["DATABASE_URL"] = database_server.url(name)
    app = wsgi.create_app(settings)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if name:
        say(database_server, f"drop database {name} with (force)")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


@pytest.fixture
def shared() -> Path:
    """The folder of real data sets; absent on most machines."""
    folder = Path(os.environ.get("COMMONS_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"LOUD: the real data sets are not at {folder}; set COMMONS_SHARED")
    return folder
