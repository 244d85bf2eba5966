"""Areas of focus are found by the words of the global goals that they serve, in the languages of the goals."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from commons.db import db
from commons.focus.goals import LANGUAGES, goals
from commons.focus.models import Area


def first(client: FlaskClient, words: str) -> Area:
    found: dict[str, Any] = client.get("/api/v1/search", query_string={"q": words, "kind": "focus"}).get_json()
    assert found["items"], words
    area = db.session.get(Area, found["items"][0]["id"])
    assert area
    return area


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_leads_to_an_area_that_serves_it(client: FlaskClient, language: str) -> None:
    targets = [target for goal in goals() for target in goal.targets][::12]
    missed = [one.code for one in targets if one.code not in first(client, one.title[language]).targets]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize(
    ("words", "goal"),
    [
        ("agua potable", 6),
        ("eau propre et assainissement", 6),
        ("igualdad de género", 5),
        ("清洁饮水和卫生设施", 6),
        ("Гендерное равенство", 5),
        ("القضاء على الجوع", 2),
    ],
)
def test_a_goal_is_found_by_its_words_in_other_languages(client: FlaskClient, words: str, goal: int) -> None:
    assert goal in first(client, words).sdgs
