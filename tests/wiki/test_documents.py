"""How a page's text and the parts of it are put before readers."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests import make
from tests.cast import Cast, sign_in
from wiki.actions import add_page, edit_page

TEXT = "Before.\n\n## Heat\n\nIt gets warm[^1].\n\n### Measured\n\nSixty degrees.\n\n[^1]: A thermometer said so.\n"


def levels(text: str) -> list[int]:
    found = text.partition("<main")[2].partition("<aside")[0]
    return [int(level) for level in re.findall(r"<h([1-6])[ >]", found)]


def test_no_level_of_headings_is_skipped_on_a_page_its_paragraphs_and_its_comparisons(
    client: FlaskClient, cast: Cast
) -> None:
    page = make.page("Composting", "## Air\n\nIt needs air.")
    edit_page(page, {"text": TEXT}, version=1, actor=cast.ben)
    for address in ("/wiki/composting", "/wiki/composting/paragraphs", "/wiki/composting/compare/1/2"):
        found = levels(client.get(address).text)
        assert found[:2] == [1, 2] and 4 not in found, address
    text = sign_in(client, cast.ana).get("/wiki/composting").text
    assert '<h2 id="t-heat">' in text and '<h3 id="t-measured">' in text and "/wiki/composting/edit?section=1" in text


def test_footnotes_are_numbered_where_paragraphs_stand_alone(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", "Warm.")
    edit_page(page, {"text": f"{TEXT}\n`[^1]` and [^2]"}, version=1, actor=cast.ben)
    for address in ("/wiki/composting/paragraphs", "/wiki/composting/compare/1/2"):
        text = client.get(address).text
        assert "warm<sup>1</sup>." in text and "<code>[^1]</code>" in text and "[^2]" in text, address


def test_a_page_says_by_how_many_changes_each_translation_is_behind(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", "One.", language="en")
    values = {"title": "Le compostage", "text": "Un.", "language": "fr", "licence": "CC BY-SA 4.0"}
    add_page(values | {"translation_of": page.id, "translated_version": 1}, actor=cast.ben)
    for number, words in enumerate(("One. Two.", "One. Two. Three."), 1):
        edit_page(page, {"text": words}, version=number, actor=cast.ana)
    assert "2 changes behind" in client.get("/wiki/composting").text
    assert "changed 2 times" in client.get("/wiki/le-compostage").text


def test_links_say_what_kind_of_thing_they_lead_to(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Green Yard")
    make.page("Worms", "Soft.")
    make.page("Composting", "[[organisation:Green Yard]] and [[Worms]]")
    text = client.get("/wiki/composting/links").text.partition("Where it links")[2]
    assert "edge e-organisation" in text and "Organisation</span>" in text and "edge e-wiki" in text


def test_files_are_found_from_the_wiki_and_from_the_form(client: FlaskClient, cast: Cast) -> None:
    make.page("Composting", "Warm.")
    assert 'href="/files"' in client.get("/wiki").text
    assert 'href="/files/new"' in sign_in(client, cast.ana).get("/wiki/composting/edit").text
