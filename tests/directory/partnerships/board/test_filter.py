"""The filter "open to partnership": on the list of organisations, in the API, in what people keep; obeyed at once."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries.followers import catch_up
from commons.members.models import Member
from commons.searches.queries import canonical
from directory.models import Organisation
from directory.partnerships.board import actions
from tests.cast import Cast
from tests.directory.partnerships.board.makers import represented


def say(title: str, open: bool) -> None:
    """By Ana, with rows read anew: the worker has closed the session of the others."""
    found = db.session.scalars(select(Organisation).where(Organisation.title == title)).one()
    ana = db.session.scalars(select(Member).where(Member.username == "ana")).one()
    actions.set_openness(found, {"open": open}, actor=ana)


def named(client: FlaskClient, address: str) -> set[str]:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200 and answer.json is not None
    return {one["name"] for one in answer.json["items"]}


def test_only_those_that_are_open_to_partnership_are_listed(app: Flask, client: FlaskClient, cast: Cast) -> None:
    represented("Green Belt", country="KE")
    represented("Green Soil", country="SN")
    represented("Green Water")
    say("Green Belt", True)
    say("Green Soil", True)
    catch_up()
    page = client.get("/organisations?partnership=open").text
    assert "Green Belt" in page and "Green Soil" in page and "Green Water" not in page
    assert 'name="partnership" value="open" checked' in page
    narrow = client.get("/organisations?partnership=open&country=KE&q=green").text
    assert "Green Belt" in narrow and "Green Soil" not in narrow and "Green Water" not in narrow
    whole = client.get("/organisations").text
    assert "Green Water" in whole and 'Open to partnership<span class="count">2</span>' in whole
    assert "Green Water" in client.get("/organisations?partnership=nonsense").text


def test_who_closes_is_listed_no_more_before_the_index_knows(app: Flask, client: FlaskClient, cast: Cast) -> None:
    represented("Green Belt")
    say("Green Belt", True)
    catch_up()
    assert named(client, "organisations?partnership=open") == {"Green Belt"}
    say("Green Belt", False)
    assert named(client, "organisations?partnership=open") == set()
    assert "Green Belt" in named(client, "organisations")


def test_a_kept_list_keeps_the_filter(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        assert canonical("/organisations?partnership=open&page=2") == "/organisations?partnership=open"
        assert canonical("/search?partnership=open&q=x") == "/search?q=x", "it is a filter of organisations alone"
