"""What stands beside an entry as being about the same: true reasons, and nothing that the viewer may not read."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from commons.entries.followers import catch_up
from commons.focus.queries import area_from
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.forums import makers as said
from tests.directory.partnerships.board import makers as board

TITLE = "About the same, and why"


def beside(client: FlaskClient, address: str) -> str:
    found = re.search(rf"<h2[^>]*>{TITLE}</h2>(.*?)</section>", client.get(address).text, re.S)
    return found[1] if found else ""


def test_things_of_all_kinds_that_share_an_area_stand_beside_a_page(client: FlaskClient, cast: Cast) -> None:
    said.old_hands()
    wells = area_from("groundwater")
    assert wells is not None
    make.page("Clean cisterns", "Twice a year.", focus=["groundwater"])
    said.topic("Which rope holds", focus=[wells.id])
    board.need("Somebody who digs", focus=["groundwater"])
    make.page("Bees", "They sleep.", focus=["insects"])
    catch_up()
    shown = beside(client, "/wiki/clean-cisterns")
    assert "Which rope holds" in shown and "Somebody who digs" in shown
    assert shown.count("both about Groundwater") == 2
    assert "Bees" not in shown and "Clean cisterns" not in shown


def test_words_of_both_titles_are_a_reason_and_common_words_are_none(client: FlaskClient, cast: Cast) -> None:
    make.page("How the ferrocement tank is built", "Slowly.")
    make.page("Repairing a Ferrocément wall", "Also slowly.")
    make.page("How the choir is led", "Loudly.")
    catch_up()
    shown = beside(client, "/wiki/how-the-ferrocement-tank-is-built")
    assert "Repairing a" in shown and "both say “ferrocement”" in shown
    assert "choir" not in shown


def test_what_the_viewer_may_not_read_is_not_named(app: Flask, cast: Cast) -> None:
    make.page("Clean cisterns", "Twice a year.", focus=["groundwater"])
    make.page("Secret cisterns", "Never.", focus=["groundwater"], audience=GROUP)
    catch_up()
    assert "Secret cisterns" in beside(sign_in(app.test_client(), cast.ben), "/wiki/clean-cisterns")
    assert beside(sign_in(app.test_client(), cast.chi), "/wiki/clean-cisterns") == ""
    assert beside(app.test_client(), "/wiki/clean-cisterns") == ""


def test_a_topic_has_it_below_its_posts(client: FlaskClient, cast: Cast) -> None:
    said.old_hands()
    wells = area_from("groundwater")
    assert wells is not None
    topic = said.topic("Which rope holds", focus=[wells.id])
    make.page("Clean cisterns", "Twice a year.", focus=["groundwater"])
    address = said.address_of(topic)
    catch_up()
    page = client.get(address).text
    assert "Clean cisterns" in beside(client, address)
    assert page.index("What do you do in winter?") < page.index(TITLE)
