"""Links by name: what they mean, where they lead now, and what they never tell."""

from __future__ import annotations

import re

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries import links
from commons.entries.actions import bring_back, remove_entry
from commons.entries.models import EntryLink
from commons.entries.queries import latest
from commons.members.models import Member
from tests import make
from tests.cast import Cast, sign_in
from wiki.actions import edit_page
from wiki.models import Page


def shown(page: Page, viewer: Member | None) -> dict[str, tuple[str, bool]]:
    with current_app.test_request_context():
        return {name: (link.href, link.wanted) for name, link in links.shown(links.of(page, viewer), viewer).items()}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Composting", ("page", "composting")),
        ("  Composting heaps ", ("page", "composting-heaps")),
        ("Composting#Heat", ("page", "composting")),
        ("organisation:Solar Aid", ("organisation", "solar-aid")),
        ("Organisation: Solar Aid", ("organisation", "solar-aid")),
        ("focus:water", ("focus", "water")),
        ("Category:Genus", ("page", "category-genus")),
        ("page:Need: pumps", ("page", "need-pumps")),
        ("Éducation à l'eau", ("page", "education-a-l-eau")),
        ("水资源", ("page", "shui-zi-yuan")),
    ],
)
def test_a_name_means_a_kind_and_an_address(app: Flask, name: str, target: tuple[str, str]) -> None:
    assert links.target_of(name) == target


@pytest.mark.parametrize("name", ["", "  ", "@ana", "./other.md", "!!!", "organisation:"])
def test_names_that_mean_nothing_are_no_links(app: Flask, name: str) -> None:
    found = links.target_of(name)
    assert found is None or found == ("page", "organisation")


def test_a_red_link_turns_when_its_page_is_written_and_back_when_it_goes(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "See [[Heat]] and [[organisation:Solar Aid|them]].")
    assert shown(page, None) == {"Heat": ("/wiki/new?title=Heat", True)}
    heat = make.page("Heat")
    assert shown(page, None) == {"Heat": ("/wiki/heat", False)}
    remove_entry(heat, actor=cast.mo, note="nothing in it")
    assert shown(page, None) == {"Heat": ("/wiki/new?title=Heat", True)}
    bring_back(heat, actor=cast.mo, note="there is")
    make.organisation("Solar Aid")
    assert shown(page, None)["organisation:Solar Aid"] == ("/organisations/solar-aid", False)


def test_renaming_keeps_every_link(app: Flask, cast: Cast) -> None:
    heat = make.page("Heat")
    page = make.page("Composting", "See [[Heat]].")
    edit_page(heat, {"title": "Temperature"}, version=1, actor=cast.ana)
    assert shown(page, None) == {"Heat": ("/wiki/temperature", False)}
    assert [one.id for one in latest(links.pointing_to(heat, None), 10)] == [page.id]
    other = make.page("Warmth", "See [[Temperature]] and itself: [[Warmth]].")
    assert [one.id for one in latest(links.pointing_to(heat, None), 10)] == [page.id, other.id]
    assert latest(links.pointing_to(other, None), 10) == []


def test_a_link_never_tells_of_a_hidden_page(app: Flask, cast: Cast, client: FlaskClient) -> None:
    make.page("Strike plan", "Hush. [[Composting]]", audience="group:7", actor=cast.ben)
    page = make.page("Composting", "See [[Strike plan]], [[strike plan|that]], [[Strike plane]].")
    for viewer in (None, cast.chi, cast.mo):
        assert {wanted for _href, wanted in shown(page, viewer).values()} == {True}
        assert latest(links.pointing_to(page, viewer), 5) == []
    assert shown(page, cast.ana)["Strike plan"] == ("/wiki/strike-plan", False)
    assert len(latest(links.pointing_to(page, cast.ana), 5)) == 1
    hidden, missing = client.get("/wiki/strike-plan"), client.get("/wiki/strike-plane")
    assert hidden.status_code == missing.status_code == 404
    token = r'name="csrf_token" value="[^"]+"'
    same = [re.sub(f"{token}|trike(%20|[ +-])plane?", "", one.text) for one in (hidden, missing)]
    assert same[0] == same[1]
    assert "Strike plan" in sign_in(client, cast.ana).get("/wiki/composting").text


def test_links_follow_the_text(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "[[A]] [[B]] `[[C]]`")
    names = select(EntryLink.name).where(EntryLink.source_id == page.id).order_by(EntryLink.name)
    assert db.session.scalars(names).all() == ["A", "B"]
    edit_page(page, {"text": "[[B]] [[D]] [[d]]"}, version=1, actor=cast.ben)
    assert db.session.scalars(names).all() == ["B", "D", "d"]
    edit_page(page, {"text": ""}, version=2, actor=cast.ben)
    assert db.session.scalars(names).all() == []


def test_descriptions_of_organisations_link_too(app: Flask, cast: Cast, client: FlaskClient) -> None:
    heat = make.page("Heat")
    made = make.organisation("Solar Aid", description="They wrote [[Heat]].")
    assert [one.id for one in latest(links.pointing_to(heat, None), 10)] == [made.id]
    assert 'href="/wiki/heat"' in client.get("/organisations/solar-aid").text


def test_relative_addresses_mean_pages_of_the_same_source(app: Flask, cast: Cast) -> None:
    first, second, other = (make.page(title) for title in ("Intro", "Types", "Elsewhere"))
    text = "[a](../ct/intro.md#x) [b](intro) [c](../gone.md) [d](/wiki/intro) [e](https://example.org/intro.md)"
    rows = ((first, "A wiki", "ct/intro"), (second, "A wiki", "ct/types"), (other, "Another", "ct/intro"))
    for page, source, path in rows:
        db.session.execute(
            db.text("update entry set source = :source, source_id = :path where id = :id"),
            {"source": source, "path": path, "id": page.id},
        )
    db.session.commit()
    db.session.refresh(second)
    edit_page(second, {"text": text}, version=1, actor=cast.ana)
    assert set(shown(second, None).values()) == {("/wiki/intro", False)} and len(shown(second, None)) == 2


def test_previews_resolve_names_as_pages_do(app: Flask, cast: Cast) -> None:
    make.page("Heat")
    with app.test_request_context():
        found = links.resolver(None, None)(["Heat", "Cold", "@ana"])
    assert {name: link[:2] for name, link in found.items()} == {
        "Heat": ("/wiki/heat", False),
        "Cold": ("/wiki/new?title=Cold", True),
    }
