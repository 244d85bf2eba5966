"""How often one address may call: counted over all of the API, told with a time to come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from commons.web.limits import TABLE
from tests.commons.api.conftest import Program


@pytest.mark.parametrize("app", [{"RATELIMIT_ENABLED": True}], indirect=True)
def test_who_writes_too_often_is_told_when_to_come_back(app: Flask, visitor: Program) -> None:
    most = int(TABLE["write"].split()[0])
    assert [visitor.post("/organisations", {}).status_code for _call in range(most)] == [401] * most
    answer = visitor.delete("/organisations/1")
    assert answer.status_code == 429 and answer.get_json()["error"] == "too_many_requests"
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert visitor.get("/organisations").status_code == 200, "reading is counted apart"


@pytest.mark.parametrize("app", [{"RATELIMIT_ENABLED": True}], indirect=True)
def test_bad_tokens_count_too(app: Flask, program: Callable[..., Program]) -> None:
    guesser = Program(app.test_client(), "cg_guessed")
    most = int(TABLE["api"].split()[0])
    statuses = [guesser.get("/changes").status_code for _call in range(most + 1)]
    assert statuses == [401] * most + [429]
