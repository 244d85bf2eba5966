"""The pages of the search, word for word the same with either engine, and answered while the server goes away and comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.entries.followers import catch_up
from commons.search.commands import differences
from commons.search.engine import made
from commons.search.postgres.backend import PostgresBackend
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers
from tests.commons.search.test_pages import strange
from tests.services import Postgres, postgres

SENTENCE = "The search is being rebuilt"
TOWNS = (("Kisumu", -0.1, 34.75), ("Nakuru", -0.3, 36.07), ("Mombasa", -4.05, 39.66))
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
ADDRESSES = (
    "/search?q=wells",
    "/search?q=wells&page=2",
    "/search?q=wells&sort=title",
    "/search?q=wells&sort=title&page=2",
    "/search?q=wells&sort=updated",
    "/search?q=wells&sort=confirmed&kind=organisation",
    "/search?q=wells&country=KE&country=UG&focus=water",
    "/search?q=wells+in+Kenya",
    "/search?q=wells+in+Kenya&plain=in+kenya",
    "/search?q=wells&near=Kisumu&km=100&sort=distance",
    "/search?q=wells&sdg=6&language=en",
    "/search?q=pages+about+wells",
    "/search?q=wells&within={forum}",
    "/search?q=pumps&within={named}",
    "/search?q=%22village+wells%22",
    "/search?q=wel*+-pumps",
    "/search?q=lantern+OR+biogas",
    "/search?q=Kisumu+Wels",
    "/search?q=wells+villages+unheard+pumps+lantern",
    "/search?q=zanzibarium",
    "/search?q=wells&country=BO",
    "/search?q=water",
    "/search?country=KE",
    "/search.atom?q=wells",
    "/search/complete?q=kisumu+w",
    "/search/complete?q=kisimu",
    "/organisations",
    "/organisations?country=KE&near=Kisumu&page=2",
    "/organisations?focus=water&sort=title",
    "/organisations?bbox=-2,34,1,37",
    "/organisations/{slug}",
    "/focus/water",
    "/",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture
def other(app: Flask, server: Postgres) -> Iterator[PostgresBackend]:
    """The engine that is not in use."""
    with server.database() as url:
        app.config["SEARCH_URL"] = url.replace("postgresql+psycopg", "postgresql")
        backend = made(app)
        assert isinstance(backend, PostgresBackend)
        yield backend
        backend.server.engine.dispose()


def village() -> dict[str, Any]:
    makers.old_hands()
    for number in range(50):
        town, lat, lon = TOWNS[number % 3]
        make.organisation(
            f"{town} Wells {number}",
            country="KE" if number % 5 else "UG",
            city=town,
            lat=lat + number / 100,
            lon=lon,
            focus=["water"] if number % 2 else ["energy"],
            description="Village wells and pumps. " * (1 + number % 4) + ("A lantern." if number % 7 == 0 else ""),
        )
    forum = makers.forum("Beekeeping")
    makers.topic("Wells beside hives", "Which pumps do you use?", within=forum)
    named = make.organisation("Kisumu Wells", country="KE", city="Kisumu", description="Clean wells")
    make.page("Digging wells", "Pumps of [[organisation:Kisumu Wells]].", focus=["water"])
    make.page("Zanzibarium", "Secret wells, secret pumps of zanzibarium", audience="members")
    return {"forum": forum.id, "named": named.id, "slug": named.slug}


def test_every_page_is_word_for_word_the_same(
    app: Flask, client: FlaskClient, cast: Cast, other: PostgresBackend
) -> None:
    given = village()
    visitor, member, first = app.test_client(), sign_in(app.test_client(), cast.ben), app.extensions["search"]
    pages: list[list[str]] = []
    for engine in (first, other):
        app.extensions["search"] = engine
        catch_up()
        assert differences() == []
        answers = [each.get(address.format(**given)) for address in ADDRESSES for each in (visitor, visitor, member)]
        assert {answer.status_code for answer in answers} == {200}
        assert not [answer.request.url for answer in answers if SENTENCE in answer.text]
        pages.append([TOKEN.sub("", answer.text) for answer in answers])
    for at, (one, two) in enumerate(zip(*pages, strict=True)):
        assert one == two, ADDRESSES[at // 3]
    visitors, members = (pages[1][ADDRESSES.index("/search?q=zanzibarium") * 3 + who] for who in (0, 2))
    assert "of zanzibarium" not in visitors and "We found nothing for this" in visitors
    assert ">Zanzibarium<" in members.replace("<mark>", "").replace("</mark>", "")


def test_any_question_is_answered_from_postgresql(app: Flask, cast: Cast, other: PostgresBackend) -> None:
    make.organisation("Maji", country="KE", city="Kisumu", focus=["water"], description="Wells and water")
    app.extensions["search"] = other
    catch_up()
    client = app.test_client()
    for words in strange(200):
        for address in ("/search", "/search/complete"):
            answer = client.get(address, query_string={"q": words.encode("utf-8", "surrogatepass")[:2_000]})
            refused = "\x00" in words or "\ud800" in words  # no honest browser sends these
            assert answer.status_code == (400 if refused else 200) and SENTENCE not in answer.text, words[:200]


def test_a_server_that_goes_away_is_missed_by_no_page(app: Flask, cast: Cast, other: PostgresBackend) -> None:
    make.organisation("Kisumu Wells", country="KE", description="Village pumps")
    app.extensions["search"] = other
    catch_up()
    client, away = app.test_client(), PostgresBackend("postgresql://nobody@127.0.0.1:9/nowhere", follow=False)
    assert "Kisumu Wells" in client.get("/search?q=kisumu").text
    there, other.server.engine = other.server.engine, away.server.engine
    assert other.related(1, "organisation", [1], None, audiences={"public"}, limit=3) == []
    assert [name.name for name in other.names_like("kisimu")] == ["kisumu wells"]
    for address in ("/search?q=kisumu", "/search?q=pumps", "/organisations", "/search/complete?q=kis", "/"):
        assert client.get(address).status_code == 200, address
    assert SENTENCE in client.get("/search?q=pumps").text
    other.server.engine = there
    page = client.get("/search?q=pumps").text
    assert "Kisumu Wells" in page and SENTENCE not in page
    away.server.engine.dispose()
