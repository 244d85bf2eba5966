"""How needs and offers leave: the API, the words of feeds, the checks of the site, and who may put something to them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.actions import record
from commons.feed.queries import telling
from commons.room import rooms
from directory.partnerships.board import actions
from directory.partnerships.board.documents.records import search_document
from directory.partnerships.board.models import SORTS, Openness, in_days
from tests.cast import Cast
from tests.directory.partnerships.board.makers import need, offer, represented, sit


def item(client: FlaskClient, address: str) -> dict[str, Any]:
    found: dict[str, Any] | None = client.get(f"/api/v1/{address}").json
    assert found is not None
    return found


def test_the_api_shows_a_need_with_what_it_says_and_whether_it_is_open(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    organisation = represented("Green Belt")
    made = need("Drill", of=organisation, remote=True, focus=["water"], in_return="Soil data", until=in_days(9))
    found = item(client, f"needs/{made.id}")
    assert (found["kind"], found["organisation"], found["open"], found["remote"]) == (
        "need",
        organisation.id,
        True,
        True,
    )
    assert (found["focus"], found["until"], found["sort"]) == (["water"], in_days(9), "skill")
    assert [one["title"] for one in item(client, "needs")["items"]] == ["Drill"]
    assert item(client, "offers")["total"] == 0
    actions.close_posting(made, "fulfilled", actor=cast.ana, by="Well Diggers")
    found = item(client, f"needs/{made.id}")
    assert (found["open"], found["closed"], found["fulfilled_by"]) == (False, "fulfilled", "Well Diggers")


def test_what_waits_or_is_for_members_is_not_in_the_api_of_visitors(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    waits = need("Drill", looked_at=False)
    hidden = need("Dig", of=represented("Solar Aid"), audience="members")
    for made in (waits, hidden):
        assert client.get(f"/api/v1/needs/{made.id}").status_code == 404
    assert item(client, "needs")["items"] == []


def test_followers_hear_that_one_came_came_to_its_end_and_is_open_again(app: Flask) -> None:
    for kind in ("need", "offer"):
        told = {verb for verb in ("created", "accepted", "edited", "closed", "reopened") if telling.ways(kind, verb)}
        assert told == {"created", "accepted", "edited", "closed", "reopened"}
        assert telling.ways(kind, "confirmed") == frozenset()  # renewed while it was open
    assert telling.ways("organisation", "openness") == frozenset()


def test_a_feed_shows_how_its_words_begin(app: Flask, cast: Cast) -> None:
    made = need("Drill", text="Water for **300** families")
    teasers = rooms().kinds["need"].teasers
    assert teasers is not None and "300" in teasers([made.id], None)[made.id]


def test_only_what_is_open_has_a_sort_in_the_index(app: Flask, cast: Cast) -> None:
    made = need("Drill", sort="training")
    assert search_document(made).type == "training" and set(SORTS) > {"training"}
    actions.close_posting(made, "withdrawn", actor=cast.ana)
    assert search_document(made).type == ""


def test_only_its_organisation_puts_something_to_it(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = offer("Lend a van", of=organisation, audience="members")
    sit(organisation, cast.chi, "delegate")
    for kind in ("file", "topic"):
        assert actions.takes(cast.ana, made, kind) == actions.takes(cast.chi, made, kind) == "members"
        assert actions.takes(cast.ben, made, kind) is actions.takes(None, made, kind) is None
    assert actions.takes(cast.ana, made, "page") is None


def faults(name: str) -> list[str]:
    checks = {check.name: check for room in rooms().all if room.name == "board" for check in room.checks}
    return [fault for check_name, check in checks.items() if name in check_name for fault in check.faults()]


def test_the_checks_find_what_cannot_be(app: Flask, cast: Cast) -> None:
    made = need("Drill")
    assert faults("") == []
    with transaction():
        record(made, "edited", None, actor=None)
        made.closed, made.until = "withdrawn", ""
        db.session.add(Openness(organisation_id=made.id, open=True))
    assert len(faults("closed says since when")) == 2
    assert len(faults("only organisations")) == 1
    with transaction():
        record(made, "edited", None, actor=None)
        made.within_id = None
    assert len(faults("stand in organisations")) == 1


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_the_panel_of_an_organisation_is_empty_where_there_is_nothing(
    client: FlaskClient, app: Flask, cast: Cast, how: str
) -> None:
    organisation = represented("Green Belt")
    actions.set_openness(organisation, {"open": False}, actor=cast.ana)
    made = need("Drill", of=organisation)
    actions.close_posting(made, "expired" if how == "expired" else "withdrawn", actor=None)
    assert "Needs and offers" not in client.get("/organisations/green-belt").text
