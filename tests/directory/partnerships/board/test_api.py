"""Needs and offers by programs: published by who may, changed with a version, and told what is wrong by the names they used."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commons.members.actions import make_token
from commons.members.models import Member
from directory.partnerships.board.models import in_days
from tests.cast import Cast
from tests.directory.partnerships.board.makers import need, represented


def send(client: FlaskClient, who: Member, address: str, body: dict[str, Any], method: str = "POST") -> TestResponse:
    key = make_token(who, "test", ["read", "write"])
    return client.open(f"/api/v1/{address}", method=method, json=body, headers={"Authorization": f"Bearer {key}"})


def said(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] | None = answer.json
    assert found is not None
    return found


def test_a_program_publishes_a_need_and_changes_it(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    need("Known", of=organisation)
    body = {"title": "Drill", "organisation": organisation.id, "sort": "skill", "remote": True, "focus": ["water"]}
    answer = send(client, cast.ana, "needs", body)
    made = said(answer)
    assert answer.status_code == 201 and (made["remote"], made["focus"], made["until"]) == (
        True,
        ["water"],
        in_days(90),
    )
    changed = send(client, cast.ana, f"needs/{made['id']}", {"version": 1, "remote": False, "city": "Kitui"}, "PATCH")
    assert changed.status_code == 200 and (said(changed)["remote"], said(changed)["city"]) == (False, "Kitui")
    clash = send(client, cast.ana, f"needs/{made['id']}", {"version": 1, "city": "Mombasa"}, "PATCH")
    assert clash.status_code == 409


@pytest.mark.parametrize(
    "more, field",
    [
        ({"organisation": "x"}, "organisation"),
        ({"organisation": True}, "organisation"),
        ({"sort": "gold"}, "sort"),
        ({"remote": "perhaps"}, "remote"),
        ({"audience": "nobody"}, "audience"),
        ({"until": ""}, "until"),
        ({"closed": "fulfilled"}, "closed"),
        ({"languages": "en"}, "languages"),
        ({"title": 7}, "title"),
    ],
)
def test_what_is_wrong_is_said_by_its_name(
    client: FlaskClient, app: Flask, cast: Cast, more: dict[str, Any], field: str
) -> None:
    organisation = represented("Green Belt")
    answer = send(
        client, cast.ana, "needs", {"title": "Drill", "organisation": organisation.id, "sort": "skill"} | more
    )
    assert answer.status_code == 422 and field in said(answer)["fields"]


def test_nobody_publishes_in_the_name_of_others(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    body = {"title": "Drill", "organisation": organisation.id, "sort": "skill"}
    assert send(client, cast.ben, "offers", body).status_code == 403
    assert send(client, cast.ana, "offers", body | {"organisation": 2_000_000}).status_code == 403
    made = need("Known", of=organisation)
    assert send(client, cast.ben, f"needs/{made.id}", {"version": 1, "city": "Kitui"}, "PATCH").status_code == 403
    assert send(client, cast.ana, f"needs/{made.id}", {"version": 1, "organisation": 5}, "PATCH").status_code == 422
