"""Moderators' programs work off the queue of records that may be one: with the same choices, rules and way back as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.models import Change
from directory.actions import edit_organisation
from directory.merging.actions import find_all
from directory.merging.models import Merge, Suspect
from directory.models import Organisation
from tests.cast import Cast
from tests.commons.api.conftest import Ask, Program
from tests.directory.merging.makers import twins

Pair = tuple[Organisation, Organisation]


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """Two records that stand in the queue."""
    made = twins()
    assert find_all() == 1
    return made


def wish(pair: Pair, **more: Any) -> dict[str, Any]:
    stays, goes = pair
    numbers = {"stays": stays.id, "goes": goes.id, "stays_version": stays.version, "goes_version": goes.version}
    return numbers | more


def test_the_queue_tells_why_and_in_which_version(pair: Pair, program: Ask, cast: Cast) -> None:
    found = program(cast.mo).get("/duplicates").get_json()
    assert (found["total"], found["next"]) == (1, None)
    row = found["items"][0]
    assert row["state"] == "open" and row["reasons"] and 0 < row["score"] <= 1
    assert [(one["id"], one["version"]) for one in row["records"]] == [(one.id, 1) for one in pair]
    assert program(cast.mo).get("/duplicates?state=merged").get_json()["items"] == []
    assert program(cast.mo).get("/duplicates?state=lost").status_code == 422


def test_one_pair_shows_what_differs_and_what_goes_along(pair: Pair, program: Ask, cast: Cast) -> None:
    edit_organisation(pair[1], {"email": "rain@example.org"}, version=1, actor=cast.chi)
    id = program(cast.mo).get("/duplicates").get_json()["items"][0]["id"]
    answer = program(cast.mo).get(f"/duplicates/{id}")
    found = {row["field"]: row for row in answer.get_json()["choices"]}
    assert found["title"]["stays"] == "Rainwater for Kisumu" and found["title"]["goes"] == "Rain Water for Kisumu"
    assert found["website"]["kept"] == "loser", "the other says nothing"
    assert "rain@example.org" not in answer.text, "what is shown to nobody is not shown here"
    assert answer.get_json()["may_merge"] is True and answer.get_json()["faults"] == []


def test_a_program_merges_with_choices_and_the_log_names_its_token(pair: Pair, program: Ask, cast: Cast) -> None:
    given = wish(pair, choices={"title": "goes"}, note="The same telephone number")
    answer = program(cast.mo).post("/merges", given)
    assert answer.status_code == 201, answer.text
    found = answer.get_json()
    assert found["stays"]["title"] == "Rain Water for Kisumu" and found["goes"]["id"] == pair[1].id
    assert found["can_be_undone"] is True and found["note"] == "The same telephone number"
    db.session.expire_all()
    assert pair[0].title == "Rain Water for Kisumu" and pair[0].website == "https://rain.example.org"
    lines = db.session.scalars(select(Change).where(Change.verb.in_(("merged in", "led on")))).all()
    assert len(lines) == 2 and {line.via.partition(" ")[0] for line in lines} == {"token"}
    assert program(cast.mo).get("/merges").get_json()["items"][0]["id"] == found["id"]
    assert program(cast.mo).get(f"/organisations/{pair[1].id}").status_code in (308, 301, 410)


def test_a_program_takes_a_merge_back(pair: Pair, program: Ask, cast: Cast) -> None:
    made = program(cast.mo).post("/merges", wish(pair)).get_json()
    answer = program(cast.mo).post(f"/merges/{made['id']}/undo", {"note": "They are two"})
    assert answer.status_code == 200 and answer.get_json()["undone"] is not None
    db.session.expire_all()
    assert pair[1].is_live and pair[0].website == ""
    assert program(cast.mo).post(f"/merges/{made['id']}/undo").status_code == 422, "a second time there is nothing"


def test_an_older_version_of_either_is_refused(pair: Pair, program: Ask, cast: Cast) -> None:
    seen = wish(pair, choices={"title": "goes"})
    edit_organisation(pair[1], {"city": "Ahero"}, version=1, actor=cast.chi)
    assert program(cast.mo).post("/merges", seen).status_code == 422
    edit_organisation(pair[0], {"title": "Rain for Kisumu"}, version=1, actor=cast.chi)
    answer = program(cast.mo).post("/merges", seen | {"goes_version": 2})
    assert answer.status_code == 409 and answer.get_json()["version"] == 2
    assert db.session.scalar(select(Merge)) is None


def test_for_those_who_do_not_decide_it_does_not_exist(pair: Pair, program: Ask, visitor: Program, cast: Cast) -> None:
    id = db.session.scalar(select(Suspect.id))
    with transaction():
        cast.ana.trusted = None
    for who in (visitor, program(cast.ana)):
        for path in ("/duplicates", f"/duplicates/{id}", "/merges"):
            assert who.get(path).status_code == 404
        assert who.post("/merges/1/undo").status_code in (401, 404)
        assert who.post("/merges", wish(pair)).status_code in (401, 404)
    assert program(cast.chi).get("/duplicates").status_code == 200
    assert db.session.scalar(select(Merge)) is None


def test_a_repeat_with_the_same_key_answers_the_same(pair: Pair, program: Ask, cast: Cast) -> None:
    moderator, key = program(cast.mo), {"Idempotency-Key": "merge-1"}
    first = moderator.post("/merges", wish(pair), headers=key)
    again = moderator.post("/merges", wish(pair) | {"stays_version": 1}, headers=key)
    assert first.status_code == again.status_code == 201 and first.get_json() == again.get_json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"stays": "1"},
        {"stays": True},
        {"goes": 2**31},
        {"goes_version": None},
        {"choices": []},
        {"choices": {"title": "both"}},
        {"choices": {"slug": "goes"}},
        {"choices": {"title": 1}},
        {"by_id": 1},
        {"note": 5},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_done(
    pair: Pair, program: Ask, cast: Cast, wrong: dict[str, Any]
) -> None:
    answer = program(cast.mo).post("/merges", wish(pair) | wrong)
    assert answer.status_code == 422 and set(answer.get_json()["fields"]) <= set(wrong)
    assert db.session.scalar(select(Merge)) is None


def test_one_and_the_same_record_is_not_merged(pair: Pair, program: Ask, cast: Cast) -> None:
    answer = program(cast.mo).post("/merges", wish((pair[0], pair[0])))
    assert answer.status_code == 422
    assert program(cast.mo).post("/merges", wish(pair) | {"goes": 999_999}).status_code == 404
    assert program(cast.mo).get("/duplicates/2147483648").status_code == 404
