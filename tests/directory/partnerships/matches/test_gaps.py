"""Where needs meet no offers: cells by area and country, never so small that they point at one."""

from __future__ import annotations

from flask.testing import FlaskClient

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
