"""A site on a PostgreSQL of its own, for the faults that only a server can have; and tries of many threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

import wsgi
from commons.db import db
from commons.focus.commands import plant_shipped
from tests.cast import gather
from tests.conftest import SETTINGS
from tests.services import Postgres, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """What it acknowledges is on disk."""
    with postgres(synchronous_commit="on", fsync="on", full_page_writes="on") as started:
        yield started


@pytest.fixture
def on_postgresql(server: Postgres, tmp_path: Path) -> Iterator[Flask]:
    with server.database() as url:
        app = wsgi.create_app(SETTINGS | {"COMMONS_DATA": tmp_path / "with-server", "DATABASE_URL": url})
        with app.app_context():
            db.create_all()
            plant_shipped()
            gather()
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(params=["the tests' database", "PostgreSQL"])
def either(request: pytest.FixtureRequest) -> Flask:
    name = "app" if request.param == "the tests' database" else "on_postgresql"
    found: Flask = request.getfixturevalue(name)
    return found


@pytest.fixture
def at_once() -> Callable[..., list[BaseException]]:
    """at_once(app, act, many): `act(number)` in as many threads, each with a session of its own; the faults they ended with."""

    def all_of_them(app: Flask, act: Callable[[int], None], many: int) -> list[BaseException]:
        faults: list[BaseException] = []
        ready = threading.Barrier(many)

        def one(number: int) -> None:
            with app.app_context():
                try:
                    ready.wait(20)
                    act(number)
                except BaseException as fault:
                    faults.append(fault)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(100)
        assert not any(thread.is_alive() for thread in threads)
        return faults

    return all_of_them
