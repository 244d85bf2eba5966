"""A program that calls the API: with or without a token, never with a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commons.entries.followers import catch_up
from commons.members.actions import make_token
from commons.members.models import Member

SECRET = "quetzalcoatlus"  # stands only in what is for members, and may be in no answer to a visitor


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
