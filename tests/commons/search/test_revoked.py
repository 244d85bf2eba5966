"""What was hidden a moment ago is not found, counted or hinted at, though the index still holds it."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from commons.audience import may_see
from commons.db import db
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.hiding import show_to
from commons.entries.models import Entry
from commons.members.models import Member
from commons.members.seats import take_seat
from commons.search.asking import FACETS, SORTS, asked_from
from commons.search.queries import find
from tests import make
from tests.cast import GROUP, Cast, sign_in

WORDS = ("zanzibarium", "wells", "energy", "pump", "")


@pytest.fixture
def stopped(app: Flask, cast: Cast) -> list[int]:
    """Twenty-four entries behind three doors; then some are moved, removed, and a seat is taken, while nobody follows the log."""
    pick = random.Random(7)
    ids = []
    for number in range(24):
        words = f"Zanzibarium {pick.choice(WORDS)} {number}"
        ids.append(make.page(words, "Wells, a pump and energy.", focus=["water"], actor=cast.ana).id)
        show_to(db.session.get_one(Entry, ids[-1]), pick.choice(("public", "members", GROUP)), actor=cast.ana, note="")
    catch_up()
    for id in ids[::3]:
        show_to(db.session.get_one(Entry, id), pick.choice(("members", GROUP)), actor=cast.ana, note="")
    for id in ids[1::5]:
        remove_entry(db.session.get_one(Entry, id), actor=cast.mo, note="spam")
    take_seat(cast.ben, GROUP)
    db.session.commit()
    return ids


def test_whoever_asks_whatever_while_the_index_stands_still(app: Flask, cast: Cast, stopped: list[int]) -> None:
    pick = random.Random(11)
    viewers: list[Member | None] = [None, cast.ana, cast.ben, cast.chi, cast.mo]
    for _turn in range(60):
        viewer = pick.choice(viewers)
        given = {"q": pick.choice(WORDS), "sort": pick.choice(SORTS), "kind": pick.choice(("", "page"))}
        with app.test_request_context("/search", query_string=given):
            answer = find(asked_from(MultiDict(given)), viewer, 1000, FACETS)
            found = [entry for entry in answer.entries if entry.id in stopped]
            readable = [db.session.get_one(Entry, id) for id in stopped]
            readable = [one for one in readable if one.state == "live" and may_see(viewer, one)]
            assert {one.id for one in found} <= {one.id for one in readable}, (given, viewer)
            assert answer.total == len(answer.entries), (given, viewer)
            assert answer.found is not None
            assert sum(answer.found.facets["kind"].values()) >= answer.total
            assert answer.found.facets["kind"].get("page", 0) <= len(readable), (given, viewer)


def test_a_page_that_was_hidden_leaves_no_number_behind(client: FlaskClient, cast: Cast) -> None:
    number = make.page("Zanzibarium secret", "Nobody may know.", actor=cast.ana).id
    catch_up()
    assert "1 result" in client.get("/search?q=zanzibarium").text
    show_to(db.session.get_one(Entry, number), GROUP, actor=cast.ana, note="")
    for address in ("/search?q=zanzibarium", "/search?q=zanzibarium&kind=page", "/search.atom?q=zanzibarium"):
        text = client.get(address).text
        assert "secret" not in text and "1 result" not in text, address
    told = client.get("/api/v1/search?q=zanzibarium").json or {}
    assert told["total"] == 0 and told["items"] == [] and not any(told["facets"].values())
    assert "secret" in sign_in(client, cast.ana).get("/search?q=zanzibarium").text
