"""One choice for each member, changed until the end; only how many chose what is ever told."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.models import Change
from commons.forums.models import Topic, Vote
from commons.forums.views.addresses import topic_address
from commons.members.models import Member
from commons.walls.actions import vote
from commons.web import Forbidden, Invalid
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import group
from tests.commons.walls.makers import opened, poll


def chosen(topic: Topic) -> dict[int, int]:
    return {row.member_id: row.choice for row in db.session.scalars(select(Vote).where(Vote.topic_id == topic.id))}


def test_each_member_chooses_once_and_may_change_it(app: Flask, cast: Cast) -> None:
    made = poll(actor=cast.ana)
    vote(made, 0, actor=cast.ben)
    vote(made, 1, actor=cast.ben)
    vote(made, 1, actor=cast.chi)
    assert chosen(made) == {cast.ben.id: 1, cast.chi.id: 1}


def test_choosing_leaves_no_line_in_the_log(app: Flask, cast: Cast) -> None:
    made = poll(actor=cast.ana)
    before = db.session.scalars(select(Change.seq)).all()
    vote(made, 0, actor=cast.ben)
    assert db.session.scalars(select(Change.seq)).all() == before


def test_after_the_end_nobody_chooses(app: Flask, cast: Cast) -> None:
    made = poll(actor=cast.ana)
    with transaction():
        db.session.execute(
            db.text("update topic set choose_until = :at"),
            {"at": (now() - timedelta(hours=1)).replace(tzinfo=None).isoformat(" ")},
        )
    db.session.refresh(made)
    with pytest.raises(Invalid):
        vote(made, 0, actor=cast.ben)
    assert chosen(made) == {}


@pytest.mark.parametrize("choice", [-1, 2, 99])
def test_there_is_nothing_beyond_the_choices(app: Flask, cast: Cast, choice: int) -> None:
    with pytest.raises(Invalid):
        vote(poll(actor=cast.ana), choice, actor=cast.ben)


def test_only_those_of_a_group_choose_in_it(app: Flask, cast: Cast) -> None:
    house = group("public", members=(cast.ben,), admin=cast.ana)
    made = poll(actor=cast.ben, on=house)
    vote(made, 0, actor=cast.ana)
    for other in (cast.chi, cast.mo, cast.una):
        with pytest.raises(Forbidden):
            vote(made, 0, actor=other)


def test_two_presses_at_once_are_one_row(app: Flask, cast: Cast) -> None:
    topic_id, ben_id, faults = poll(actor=cast.ana).id, cast.ben.id, []

    def press(choice: int) -> None:
        try:
            with app.app_context():
                vote(db.session.get_one(Topic, topic_id), choice, actor=db.session.get_one(Member, ben_id))
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=press, args=(number % 2,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    db.session.rollback()
    assert faults == [] and len(db.session.scalars(select(Vote)).all()) == 1


def panel(client: FlaskClient, topic: Topic) -> str:
    with client.application.test_request_context():
        address = topic_address(topic)
    page = client.get(address)
    assert page.status_code == 200, page.status
    found = re.search(r'<div class="poll">.*?</div>', page.text, re.S)
    assert found is not None
    return found[0]


def test_the_numbers_are_told_to_those_who_chose_and_to_all_at_the_end(client: FlaskClient, cast: Cast) -> None:
    opened(cast.ana)
    made = poll(actor=cast.ana)
    vote(made, 1, actor=cast.chi)
    assert "<meter" not in panel(client, made) and "1 person has chosen" in panel(client, made)
    sign_in(client, cast.ben)
    assert "<meter" not in panel(client, made)
    assert client.post(f"/topics/{made.id}/vote", data={"choice": "0"}).status_code == 303
    assert panel(client, made).count("<meter") == 2 and "your choice" in panel(client, made)
    client.post("/sign-out")
    with transaction():
        db.session.execute(db.text("update topic set closed = true"))
    db.session.refresh(made)
    assert panel(client, made).count("<meter") == 2 and "Chi" not in panel(client, made)


def test_a_choice_that_is_none_changes_nothing(client: FlaskClient, cast: Cast) -> None:
    made = poll(actor=cast.ana)
    sign_in(client, cast.ben)
    for wrong in ("", "x", "7", "-1", "²"):
        assert client.post(f"/topics/{made.id}/vote", data={"choice": wrong}).status_code == 303
    assert chosen(made) == {}


def test_the_public_export_holds_no_votes(app: Flask, cast: Cast, tmp_path: Path) -> None:
    made = poll(actor=cast.ana)
    vote(made, 1, actor=cast.chi)
    runner = app.test_cli_runner()
    result = runner.invoke(args=["site", "export", str(tmp_path / "out"), "--public"])
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert result.exit_code == 0 and files, result.output
    assert not [path for path in files if path.stem == "vote" or '"choice"' in path.read_text(errors="ignore")]
