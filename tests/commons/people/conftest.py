"""A browser for each of the cast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, sign_in


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """The browser of a visitor, or of a member of the cast, each signed in once."""
    known: dict[str, FlaskClient] = {}

    def open_as(name: str) -> FlaskClient:
        if name not in known:
            client = app.test_client()
            known[name] = client if name == "visitor" else sign_in(client, getattr(cast, name))
        return known[name]

    return open_as
