"""Addresses in older mails, feeds and bookmarks that name a record which was merged: each leads to the one that stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.asks import speaks_for
from commons.members.seats import give_seat
from directory.merging.models import Merge
from directory.models import Organisation
from directory.representing.actions.reminders import PURPOSE, STOP
from directory.representing.keys import make_key
from directory.representing.models import Reminder
from tests.cast import Cast, sign_in
from tests.directory.merging.makers import merged, twins

OLD, NEW = "rain-water-for-kisumu", "rainwater-for-kisumu"
KEY = {"key": "a" * 32, "name": "wells", "number": "1", "id": "1"}


@pytest.fixture
def made(app: Flask, cast: Cast) -> Merge:
    winner, loser = twins()
    give_seat(cast.ben, speaks_for(loser.id), "steward")
    return merged(winner, loser, cast.mo)


def pages_of_an_organisation(app: Flask) -> list[str]:
    """Every address below an organisation that can be opened, as a mail or a feed may hold it."""
    found = []
    for rule in app.url_map.iter_rules():
        parts = rule.rule.replace("<collection:collection>", "organisations")
        if "GET" in (rule.methods or ()) and parts.startswith("/organisations/<slug>"):
            address = parts.replace("<slug>", OLD)
            found.append(re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match: KEY.get(match[1], "1"), address))
    return found


def test_every_page_of_the_old_record_leads_to_the_same_page_of_the_new_one(
    app: Flask, cast: Cast, made: Merge
) -> None:
    addresses = pages_of_an_organisation(app)
    assert len(addresses) > 20
    browser = sign_in(app.test_client(), cast.mo)
    for address in addresses:
        answer = browser.get(f"{address}?page=2&q=a+b")
        assert answer.status_code == 301, address
        assert answer.headers["Location"] == f"{address.replace(OLD, NEW)}?page=2&q=a+b", address


def test_a_visitor_too_comes_to_the_record_that_stays(app: Flask, client: FlaskClient, made: Merge) -> None:
    for address in pages_of_an_organisation(app):
        answer, there = client.get(address), client.get(address.replace(OLD, NEW))
        where = answer.headers.get("Location", "")
        hidden = there.status_code in (404, 410) and answer.status_code == there.status_code
        assert NEW in where or "sign-in" in where or hidden, address


@pytest.mark.parametrize("path", ["still-right", "has-closed", "something-different"])
def test_a_reminder_of_the_old_record_leads_to_the_one_that_stays_and_confirms_nothing(
    app: Flask, client: FlaskClient, made: Merge, path: str
) -> None:
    """The mail spoke of the other record: nobody confirms by it what they have not seen."""
    with transaction():
        key = make_key(PURPOSE, organisation_id=made.loser_id, good_for=timedelta(days=9))
    answer = client.get(f"/{path}/{key}")
    assert answer.status_code == 301 and answer.headers["Location"] == f"/organisations/{NEW}"
    client.post(f"/{path}/{key}", data={"reason": "It is no more"})
    winner = db.session.get_one(Organisation, made.winner_id)
    assert winner.confirmed == "" and winner.status == "active"


def test_the_link_that_ends_reminders_still_ends_them(app: Flask, client: FlaskClient, made: Merge) -> None:
    with transaction():
        reminder = Reminder(organisation_id=made.winner_id)
        db.session.add(reminder)
        db.session.flush()
        key = make_key(STOP, organisation_id=made.loser_id, good_for=timedelta(days=9), about={"reminder": reminder.id})
    assert client.get(f"/no-reminders/{key}").status_code == 200
    assert client.post(f"/no-reminders/{key}").status_code == 200
    db.session.expire_all()
    assert reminder.answer == "stop"
