from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from commons.files.actions import add_file
from commons.files.models import File
from tests.cast import Cast
from tests.commons.files.samples import picture

Add = Callable[..., File]
SAID: dict[str, Any] = {
    "title": "A rain tank in Zuyevka",
    "alt": "A green tank on a roof",
    "credit": "Olga K.",
    "licence": "CC BY 4.0",
    "people": "none",
}


@pytest.fixture
def add(app: Flask, cast: Cast) -> Add:
    """Adds a file as Ana, with everything said that a picture needs."""

    def adding(content: bytes | None = None, name: str = "tank.jpg", again: bool = True, **said: Any) -> File:
        stream = io.BytesIO(picture() if content is None else content)
        return add_file(stream, name, SAID | said, actor=cast.ana, again=again)

    return adding
