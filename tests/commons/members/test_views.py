"""Joining, signing in and out, and links that work once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.members import actions, queries
from commons.members.models import Member, Outgoing, SignIn, Ticket
from commons.members.post import send_due
from commons.web import Forbidden, TooBusy
from tests.cast import PASSWORD, Cast, sign_in
from tests.services import smtp

NEW = {
    "name": "Dara",
    "username": "dara",
    "email": "dara@example.org",
    "password": "apples under the old roof",
    "language": "en",
    "charter": "y",
}


def links() -> list[str]:
    """The links in mails that wait, newest last."""
    texts = db.session.scalars(select(Outgoing.text).order_by(Outgoing.id))
    return [found for text in texts for found in re.findall(r"http://localhost(/\S+)", text)]


def test_joining_proves_the_address_and_lets_in(app: Flask, client: FlaskClient) -> None:
    assert client.post("/join", data=NEW).headers["Location"] == "/join/sent"
    member = db.session.scalar(select(Member).where(Member.username == "dara"))
    assert member is not None and not member.may_write
    [link] = links()
    assert client.get(link).status_code == 200, "opening the link shows a button"
    db.session.expire_all()
    assert member.verified is None, "and does nothing"
    assert client.post(link).status_code == 303
    db.session.expire_all()
    assert member.may_write
    assert client.get("/settings").status_code == 200
    assert client.get(link).status_code == 410, "it works once"


def test_an_address_that_has_an_account_gets_the_same_answer_and_a_mail(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    fresh = client.post("/join", data=NEW)
    known = client.post("/join", data=NEW | {"username": "other", "email": "ANA@example.org"})
    assert (fresh.status_code, fresh.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert db.session.scalar(select(func.count()).where(Outgoing.recipient == "ana@example.org")) == 1
    assert db.session.scalar(select(Member.id).where(Member.username == "other")) is None


@pytest.mark.parametrize(
    "username", ["ana", "Ana", "аna", "admin", "аdmin", "adm1n", "a", "a b", "x" * 31, "<b>", "moderator", ".x"]
)
def test_user_names_that_look_like_others_are_taken(client: FlaskClient, username: str) -> None:
    answer = client.post("/join", data=NEW | {"username": username})
    assert answer.status_code == 422 and 'value="Dara"' in answer.text, "what was typed is kept"


@pytest.mark.parametrize("password", ["short", "x" * 300, "aaaaaaaaaaaa", "dara123456"])
def test_weak_passwords_get_a_sentence(client: FlaskClient, password: str) -> None:
    answer = client.post("/join", data=NEW | {"password": password})
    assert answer.status_code == 422 and password not in answer.text


def test_wrong_password_and_unknown_member_are_answered_alike(client: FlaskClient, cast: Cast) -> None:
    wrong = client.post("/sign-in", data={"who": "ana", "password": "not this one at all"})
    nobody = client.post("/sign-in", data={"who": "nobody-here", "password": "not this one at all"})
    assert wrong.status_code == nobody.status_code == 422
    pages = [re.sub(r'name="csrf_token"[^>]*|value="(ana|nobody-here)"', "", answer.text) for answer in (wrong, nobody)]
    assert pages[0] == pages[1]


def test_the_key_changes_at_signing_in_and_signing_out_ends_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    cookie = client.get_cookie("commons")
    assert cookie is not None and cookie.http_only
    other = app.test_client()
    other.set_cookie("commons", cookie.value)
    assert other.get("/settings").status_code == 200
    client.post("/sign-out")
    assert other.get("/settings").status_code == 303, "a copied cookie is worth nothing after signing out"


def test_a_new_password_ends_every_other_session(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    other = sign_in(app.test_client(), cast.ana)
    answer = client.post("/settings/password", data={"old": PASSWORD, "password": "another four good words"})
    assert answer.status_code == 303
    assert client.get("/settings").status_code == 200
    assert other.get("/settings").status_code == 303


def test_one_session_can_be_ended_from_another(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    other = sign_in(app.test_client(), cast.ana)
    stranger = sign_in(app.test_client(), cast.chi)
    mine, theirs = db.session.scalars(
        select(SignIn.id).where(SignIn.member_id == cast.ana.id).order_by(SignIn.id)
    ).all()
    stranger.post("/settings/sessions", data={"end": theirs})
    assert other.get("/settings").status_code == 200, "a stranger ends nothing of mine"
    client.post("/settings/sessions", data={"end": theirs})
    assert other.get("/settings").status_code == 303
    assert client.get("/settings").status_code == 200 and mine


def test_a_reset_link_works_once_and_ends_all_sessions(app: Flask, client: FlaskClient, cast: Cast) -> None:
    signed = sign_in(app.test_client(), cast.ben)
    client.post("/forgot", data={"who": "ben@example.org"})
    [link] = links()
    client.get(link)
    assert client.post(link, data={"password": "brand new words here"}).status_code == 303
    assert signed.get("/settings").status_code == 303
    assert app.test_client().post(link, data={"password": "yet another four words"}).status_code == 410


def test_forgetting_says_the_same_for_everybody(client: FlaskClient, cast: Cast) -> None:
    known, unknown = (client.post("/forgot", data={"who": who}) for who in ("ana@example.org", "nobody@example.org"))
    assert known.headers["Location"] == unknown.headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(Outgoing)) == 1


def test_links_in_mails_come_from_the_setting_and_never_from_the_request(app: Flask, cast: Cast) -> None:
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}):
        app.test_client().post("/forgot", data={"who": "ana"}, headers=headers)
    texts = list(db.session.scalars(select(Outgoing.text)))
    assert texts and not any("evil" in text for text in texts)


@pytest.mark.parametrize("key", ["", "null", "None", "0", "x" * 500, "../../x", "%00"])
def test_odd_keys_open_nothing(client: FlaskClient, key: str) -> None:
    assert client.get(f"/reset/{key}").status_code in (400, 404, 410)


def test_an_old_ticket_is_too_old(app: Flask, client: FlaskClient, cast: Cast) -> None:
    client.post("/forgot", data={"who": "ana"})
    with transaction():
        ticket = db.session.scalar(select(Ticket))
        assert ticket is not None
        ticket.expires = now() - timedelta(minutes=2)
    assert client.get(links()[0]).status_code == 410


def test_of_many_at_once_exactly_one_uses_a_ticket(app: Flask, cast: Cast) -> None:
    actions.forgot("ana")
    key = links()[0].rsplit("/", 1)[1]

    def use(_: int) -> bool:
        with app.app_context():
            ticket = queries.ticket(key, "reset")
            if ticket is None:
                return False
            try:
                with transaction():
                    actions.use(ticket)
            except Forbidden:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(use, range(24))) == 1


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/////evil", "javascript:alert(1)", "/%09/evil.example", "http:evil.example", "/\t/evil.example", " //evil.example"])  # fmt: skip
def test_after_signing_in_nobody_is_sent_away(app: Flask, cast: Cast, target: str) -> None:
    answer = app.test_client().post("/sign-in", data={"who": "ana", "password": PASSWORD, "next": target})
    place = answer.headers["Location"]
    assert place.startswith("/") and not place.startswith(("//", "/\\")) and "\t" not in place


def test_the_worker_sends_what_waits_and_keeps_what_cannot_go(app: Flask, cast: Cast) -> None:
    actions.forgot("ana")
    app.config["MAIL_URL"] = "smtp://127.0.0.1:9"
    assert send_due() == 0
    waiting = db.session.scalar(select(Outgoing))
    assert waiting is not None and waiting.tries == 1 and waiting.due > now()
    with smtp() as server:
        app.config["MAIL_URL"] = server.url
        with transaction():
            waiting.due = now()
        assert send_due() == 1
        assert [mail.recipients for mail in server.received] == [["ana@example.org"]]
    assert db.session.scalar(select(func.count()).select_from(Outgoing)) == 0


def test_too_many_waiting_hashes_turn_the_next_away(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bool:
        raise TooBusy("Many people are signing in just now.")

    monkeypatch.setattr("commons.members.passwords.matches", busy)
    answer = client.post("/sign-in", data={"who": "ana", "password": PASSWORD})
    assert answer.status_code == 503 and answer.headers["Retry-After"]


def test_a_new_profile_shows_nothing_to_visitors_and_the_name_to_members(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    page = "/members/ana"
    assert client.get(page).status_code == 404
    ben = sign_in(app.test_client(), cast.ben)
    assert "Ana" in ben.get(page).text
    ana = sign_in(app.test_client(), cast.ana)
    secret = {
        "about": "I breed quaggas",
        "place": "Timbuktu",
        "skills": "welding",
        "audience": "public",
        "confirm": "y",
    }
    assert ana.post("/settings/profile", data=secret | {"skills_visibility": "members", "about_visibility": "public", "place_visibility": "nobody"}).status_code == 303  # fmt: skip
    seen = {"visitor": client.get(page).text, "ben": ben.get(page).text, "ana": ana.get(page).text}
    assert ["quaggas" in text for text in seen.values()] == [True, True, True]
    assert ["welding" in text for text in seen.values()] == [False, True, True]
    assert ["Timbuktu" in text for text in seen.values()] == [False, False, True]
