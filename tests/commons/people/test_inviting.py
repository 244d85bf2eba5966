"""Inviting by mail: one mail, a link that works once, an address that is soon forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.members.models import Invitation, Member, Outgoing
from commons.people import actions
from commons.web import Forbidden, Invalid
from tests.cast import PASSWORD, Cast
from tests.commons.people import makers

JOIN = {
    "username": "dora",
    "name": "Dora",
    "email": "dora@example.org",
    "password": PASSWORD,
    "charter": "y",
    "language": "en",
}
INVITED = pytest.mark.parametrize("app", [{"REGISTRATION": "invited"}], indirect=True)


def sent_key(member: Member, email: str = "dora@example.org", note: str = "Come and see") -> str:
    actions.invite(email, note, "en", actor=member)
    mail = db.session.scalars(select(Outgoing).order_by(Outgoing.id.desc()).limit(1)).one()
    found = re.search(r"/welcome/([\w-]+)", mail.text)
    assert found
    return found.group(1)


def test_one_mail_with_my_name_my_words_and_a_link(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    form = {"email": "dora@example.org", "note": "Come and see", "language": "fr"}
    assert browser("ana").post("/settings/invite", data=form).status_code == 303
    mail = db.session.scalars(select(Outgoing)).one()
    assert mail.recipient == "dora@example.org"
    for part in (mail.text, mail.html):
        assert "Ana" in part
        assert "Come and see" in part
        assert "http://localhost/welcome/" in part
    kept = db.session.scalars(select(Invitation)).one()
    assert kept.digest not in mail.text
    assert kept.expires - now() > timedelta(days=13, hours=23)


def test_words_of_a_note_are_never_markup(cast: Cast) -> None:
    sent_key(cast.ana, note="<img src=x onerror=alert(1)>")
    mail = db.session.scalars(select(Outgoing)).one()
    assert "<img" not in mail.html


@INVITED
def test_the_link_opens_the_door_once(app: Flask, cast: Cast) -> None:
    key, client = sent_key(cast.ana), app.test_client()
    assert client.post("/join", data=JOIN).status_code == 200
    assert db.session.scalar(select(Member.id).where(Member.username == "dora")) is None
    assert "Ana invites you" in client.get(f"/welcome/{key}").text
    assert client.get("/join").text.count('name="username"') == 0, "looking is not accepting"
    assert client.post(f"/welcome/{key}").headers["Location"] == "/join"
    assert client.post("/join", data=JOIN).status_code == 303
    dora = db.session.scalars(select(Member).where(Member.username == "dora")).one()
    assert (dora.state, dora.verified) == ("active", None)
    row = db.session.scalars(select(Invitation)).one()
    assert (row.uses, row.email) == (1, "")
    other = app.test_client()
    assert other.get(f"/welcome/{key}").status_code == 410
    other.post(f"/welcome/{key}")
    again = {**JOIN, "username": "dario", "email": "dario@example.org"}
    other.post("/join", data=again)
    assert db.session.scalar(select(Member.id).where(Member.username == "dario")) is None


@INVITED
def test_two_who_open_one_link_are_one_member(app: Flask, cast: Cast) -> None:
    key = sent_key(cast.ana)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        client.post(f"/welcome/{key}")
    assert first.post("/join", data=JOIN).status_code == 303
    second.post("/join", data={**JOIN, "username": "dario", "email": "dario@example.org"})
    assert db.session.scalar(select(func.count()).where(Member.username.in_(("dora", "dario")))) == 1


@pytest.mark.parametrize("app", [{"REGISTRATION": "reviewed"}], indirect=True)
def test_an_invitation_does_not_spare_the_yes_of_a_moderator(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    client.post(f"/welcome/{sent_key(cast.ana)}")
    client.post("/join", data=JOIN)
    assert db.session.scalars(select(Member).where(Member.username == "dora")).one().state == "waiting"


@pytest.mark.parametrize("change", ["expired", "revoked", "used", "wrong", "of a group", "from somebody suspended"])
def test_what_is_no_longer_good_answers_the_same(change: str, app: Flask, cast: Cast) -> None:
    key = sent_key(cast.ana)
    with transaction():
        row = db.session.scalars(select(Invitation)).one()
        if change == "expired":
            row.expires = now() - timedelta(minutes=1)
        elif change == "used":
            row.uses = 1
        elif change == "of a group":
            row.audience = "group:7"
        elif change == "from somebody suspended":
            db.session.get_one(Member, row.by_id).state = "suspended"
    if change == "revoked":
        actions.revoke_invitation(row.id, actor=cast.ana)
    answer = app.test_client().get(f"/welcome/{'wrong' if change == 'wrong' else key}")
    assert answer.status_code == 410
    assert "Ana" not in answer.text
    assert "This invitation works no more" in answer.text


def test_nobody_takes_back_the_invitation_of_another(cast: Cast) -> None:
    sent_key(cast.ana)
    row = db.session.scalars(select(Invitation)).one()
    actions.revoke_invitation(row.id, actor=cast.ben)
    db.session.refresh(row)
    assert row.revoked is None


def test_somebody_who_was_invited_lately_gets_no_second_mail_and_nobody_is_told(cast: Cast) -> None:
    sent_key(cast.ana)
    actions.invite("Dora@Example.org", "me too", "en", actor=cast.ben)
    assert db.session.scalar(select(func.count()).select_from(Outgoing)) == 1
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 2


def test_ten_on_one_day_are_the_most(cast: Cast) -> None:
    for number in range(10):
        actions.invite(f"somebody{number}@example.org", "", "en", actor=cast.ana)
    with pytest.raises(Invalid):
        actions.invite("somebody-else@example.org", "", "en", actor=cast.ana)
    actions.invite("somebody-else@example.org", "", "en", actor=cast.ben)


def test_newcomers_invite_nobody(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.member("newby", trusted=None)
    newby = db.session.scalars(select(Member).where(Member.username == "newby")).one()
    for member in (newby, cast.una):
        with pytest.raises(Forbidden):
            actions.invite("dora@example.org", "", "en", actor=member)


@pytest.mark.parametrize(
    "email", ["", "dora", "dora@", "@example.org", "a b@example.org", "x@y.org,z@y.org", "a@b\n.org"]
)
def test_only_one_address_is_an_address(email: str, cast: Cast) -> None:
    with pytest.raises(Invalid):
        actions.invite(email, "", "en", actor=cast.ana)


def test_addresses_and_notes_are_forgotten(cast: Cast) -> None:
    sent_key(cast.ana)
    assert actions.forget_addresses(5) == 5
    row = db.session.scalars(select(Invitation)).one()
    assert row.email == "dora@example.org"
    with transaction():
        row.created = now() - timedelta(days=31)
    actions.forget_addresses(5)
    db.session.refresh(row)
    assert (row.email, row.note) == ("", "")
