"""A program that calls the API: with or without a token, never with a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from commons.db import db
from commons.entries.followers import catch_up
from commons.entries.models import Change, Entry
from commons.members.actions import make_token
from commons.members.models import Member

SECRET = "quetzalcoatlus"  # stands only in what is for members, and may be in no answer to a visitor


EVERY_ITEM = {
    *("id", "kind", "url", "title", "language", "created", "updated", "version"),
    *("audience", "focus", "licence", "source", "source_id"),
}
ROW = {
    *(
        "name",
        "aliases",
        "names",
        "description",
        "type",
        "website",
        "country",
        "region",
        "city",
        "postcode",
        "lat",
        "lon",
    ),
    *("languages", "founded", "focus", "sdgs", "external_ids", "relations", "status"),
}
NEW = {
    "name": "Rainwater for Kisumu",
    "aliases": ["Maji"],
    "names": [{"value": "L'eau de pluie", "language": "fr", "types": ["translation"]}],
    "description": "Builds tanks.",
    "type": "charity",
    "website": "https://example.org",
    "email": "hello@example.org",
    "country": "ke",
    "city": "Kisumu",
    "languages": ["en", "sw"],
    "founded": 2012,
    "focus": ["water"],
    "sdgs": [6],
    "external_ids": {"KE-NGO": "12"},
}
Ask = Callable[..., "Program"]


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Entry)) or 0)


def last_change() -> Change:
    line = db.session.scalar(select(Change).order_by(Change.seq.desc()).limit(1))
    assert line is not None
    return line


class Program:
    """One program with at most one token; every call is checked for the shape of faults."""

    def __init__(self, client: FlaskClient, token: str | None = None) -> None:
        self.client, self.token = client, token

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            fault = answer.get_json()
            assert (
                isinstance(fault["error"], str)
                and fault["message"]
                and set(fault) <= {"error", "message", "fields", "version"}
            )
        if self.token is None and SECRET not in path:  # a question comes back in its answer
            assert SECRET not in answer.text.lower()
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, **({"json": body} if body is not None else {}), **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("PATCH", path, **({"json": body} if body is not None else {}), **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)


@pytest.fixture
def visitor(app: Flask) -> Program:
    return Program(app.test_client())


@pytest.fixture
def program(app: Flask) -> Callable[..., Program]:
    """program(member, "read", "write"): a program with that member's token."""

    def made(member: Member, *scopes: str) -> Program:
        return Program(app.test_client(), make_token(member, "a test", list(scopes or ("read", "write"))))

    return made


@pytest.fixture
def indexed(app: Flask) -> Callable[[], None]:
    """Brings the search index up to the log."""
    return lambda: catch_up()
