from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask

import wsgi
from commons.db import db
from tests.cast import Cast
from tests.commons.export.past import grow
from tests.conftest import SETTINGS
from tests.services import Postgres, postgres

NewSite = Callable[..., AbstractContextManager[Flask]]


@pytest.fixture
def new_site(tmp_path: Path) -> NewSite:
    """An empty site with its tables, in a folder of this name; on SQLite unless told otherwise."""

    @contextmanager
    def site(name: str, url: str = "") -> Iterator[Flask]:
        app = wsgi.create_app(SETTINGS | {"COMMONS_DATA": tmp_path / name, "DATABASE_URL": url})
        with app.app_context():
            db.create_all()
            yield app
            db.session.remove()
            db.engine.dispose()

    return site


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture
def grown(app: Flask, cast: Cast) -> dict[str, int]:
    return grow(cast)
