"""Where needs meet no offers: cells by area and country, never so small that they point at one."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.search.models import SearchRuling
from tests import make
from tests.cast import Cast
from tests.directory.partnerships.board import makers


def test_three_needs_without_an_offer_are_a_gap(client: FlaskClient, cast: Cast) -> None:
    rain = makers.represented("Rain", cast.ana, country="KE")
    for number in range(3):
        makers.need(f"Find {number}", of=rain, actor=cast.ana, focus=["water"], country="KE")
    text = client.get("/partnerships/gaps").text
    assert "Kenya" in text and "Water" in text


def test_fewer_are_not_shown(client: FlaskClient, cast: Cast) -> None:
    rain = makers.represented("Rain", cast.ana, country="KE")
    for number in range(2):
        makers.need(f"Find {number}", of=rain, actor=cast.ana, focus=["water"], country="KE")
    assert "No such gap" in client.get("/partnerships/gaps").text


def test_one_offer_closes_the_gap(client: FlaskClient, cast: Cast) -> None:
    rain = makers.represented("Rain", cast.ana, country="KE")
    for number in range(3):
        makers.need(f"Find {number}", of=rain, actor=cast.ana, focus=["water"], country="KE")
    makers.offer("Give", of=rain, actor=cast.ana, focus=["water"], country="KE")
    assert "Kenya" not in client.get("/partnerships/gaps").text


def test_needs_for_members_only_are_not_counted_for_visitors(client: FlaskClient, cast: Cast) -> None:
    rain = makers.represented("Rain", cast.ana, country="KE")
    for number in range(3):
        makers.need(f"Find {number}", of=rain, actor=cast.ana, audience="members", focus=["water"], country="KE")
    assert "Kenya" not in client.get("/partnerships/gaps").text


def test_areas_on_which_many_work_and_nobody_writes_are_named(client: FlaskClient, cast: Cast) -> None:
    for number in range(3):
        make.organisation(f"Wells {number}", focus=["groundwater"])
    for number in range(2):
        make.organisation(f"Bats {number}", focus=["bats"])
    catch_up()
    text = client.get("/partnerships/gaps").text
    assert "/focus/bats" not in text
    assert 'href="/wiki/new?focus=' in text
    before = text.count("/wiki/new?focus=")
    make.page("Digging", "How deep?", focus=["groundwater"])
    catch_up()
    assert client.get("/partnerships/gaps").text.count("/wiki/new?focus=") < before


def test_what_was_looked_for_in_vain_stands_there_until_it_is_written(client: FlaskClient, cast: Cast) -> None:
    with transaction():
        db.session.add(
            SearchRuling(words="biogas leasing", language="en", act="wanted", title="Biogas leasing", by_id=cast.mo.id)
        )
    assert "Biogas leasing" in client.get("/partnerships/gaps").text
    make.page("Biogas leasing", "Ask the farmer.")
    assert "Biogas leasing" not in client.get("/partnerships/gaps").text


def test_the_table_counts_what_its_links_find_and_hides_the_few(client: FlaskClient, cast: Cast) -> None:
    for number in range(3):
        make.organisation(f"Wells {number}", focus=["water"])
    make.page("Digging", "How deep?", focus=["water"])
    makers.need("A pump for members", audience="members", focus=["water"])
    catch_up()
    text = client.get("/partnerships/gaps").text
    row = re.search(r'<a href="/focus/water-and-oceans">.*?</tr>', text, re.S)
    assert row
    assert re.search(r'href="/search\?focus=water-and-oceans&amp;kind=organisation">3<', row[0])
    assert row[0].count("fewer than 3") == 1
    assert row[0].count(">none<") == 3
