"""An `Idempotency-Key` makes a POST safe to repeat; a version makes a PATCH safe beside others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now
from commons.entries.models import Revision
from tests import make
from tests.cast import Cast
from tests.commons.api.conftest import NEW, Ask, Program, count, last_change


def test_a_repeated_post_answers_as_the_first_did_and_does_nothing(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "one-and-only"}
    first = writer.post("/organisations", NEW, headers=key)
    before = count(), last_change().seq
    for _again in range(15):
        answer = writer.post("/organisations", NEW, headers=key)
        assert (answer.status_code, answer.data) == (first.status_code, first.data)
        assert answer.headers["Location"] == first.headers["Location"]
    assert (count(), last_change().seq) == before
    assert (
        db.session.scalar(select(func.count()).select_from(Revision).where(Revision.entry_id == first.get_json()["id"]))
        == 1
    )


def test_a_key_belongs_to_one_body_and_one_member(program: Ask, cast: Cast) -> None:
    key = {"Idempotency-Key": "one-and-only"}
    first = program(cast.ana).post("/organisations", NEW, headers=key)
    other_body = program(cast.ana).post("/organisations", NEW | {"name": "Another"}, headers=key)
    assert other_body.status_code == 422 and list(other_body.get_json()["fields"]) == ["Idempotency-Key"]
    other_member = program(cast.ben).post("/organisations", NEW, headers=key)
    assert other_member.status_code == 201 and other_member.get_json()["id"] != first.get_json()["id"]


def test_a_post_that_was_refused_may_be_mended_under_the_same_key(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "mended"}
    assert writer.post("/organisations", NEW | {"founded": 1}, headers=key).status_code == 422
    assert writer.post("/organisations", NEW, headers=key).status_code == 201


def test_a_key_that_is_none_is_named(program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    for key in ("", "x" * 201, "a\tb"):
        answer = writer.post("/organisations", NEW, headers={"Idempotency-Key": key})
        assert answer.status_code == 422 and list(answer.get_json()["fields"]) == ["Idempotency-Key"]


def test_a_kept_answer_ends_after_a_day(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "daily"}
    first = writer.post("/organisations", NEW, headers=key).get_json()["id"]
    with time_machine.travel(now() + timedelta(hours=25)):
        second = writer.post("/organisations", NEW, headers=key).get_json()["id"]
    assert first != second


def at_once(many: int, act: Callable[[int], None]) -> None:
    """Runs `act` in several threads; a fault in one of them is the test's."""
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            act(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults, faults


def test_the_same_post_many_times_at_once_is_done_once(app: Flask, program: Ask, cast: Cast) -> None:
    token, before = program(cast.ana).token, count()
    answers: list[tuple[int, bytes]] = []

    def post(_number: int) -> None:
        answer = Program(FlaskClient(app), token).post("/organisations", NEW, headers={"Idempotency-Key": "at once"})
        answers.append((answer.status_code, answer.data))

    at_once(8, post)
    assert len(answers) == 8 and len(set(answers)) == 1 and answers[0][0] == 201
    db.session.commit()  # this thread's view of the database is older than theirs
    assert count() == before + 1


def test_of_many_edits_at_once_none_is_lost(app: Flask, program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid").id
    token, each = program(cast.ana).token, 5

    def edit(writer: int) -> None:
        mine = Program(FlaskClient(app), token)
        for number in range(each):
            now_there = mine.get(f"/organisations/{made}").get_json()
            body = {"version": now_there["version"], "aliases": [*now_there["aliases"], f"alias {writer} {number}"]}
            assert mine.patch(f"/organisations/{made}", body).status_code == 200

    at_once(6, edit)
    db.session.expire_all()
    found = program(cast.ana).get(f"/organisations/{made}").get_json()
    assert len(found["aliases"]) == 6 * each and found["version"] == 6 * each + 1
