"""The form under a list, the page of saved searches, its buttons and its private feeds."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.feed.actions import make_feed_key
from commons.searches.actions import save_search
from commons.searches.models import SavedSearch
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.makers import leave
from tests.commons.searches.makers import saved
from tests.test_query_counts import statements


def test_a_list_is_saved_from_its_page_and_found_in_the_menu(client: FlaskClient, cast: Cast) -> None:
    assert "Save this search" not in client.get("/search?q=wells").text, "a visitor has no list of their own"
    sign_in(client, cast.ana)
    page = client.get("/search?q=wells&country=KE&page=2").text
    address = re.search(r'name="address" value="([^"]+)"', page)
    name = re.search(r'id="search-name"[^>]* value="([^"]+)"', page)
    assert address and address[1] == "/search?q=wells&amp;country=KE" and name and name[1] == "wells, Kenya"
    assert "Save this search" not in client.get("/search").text, "nothing was asked"
    words = {"address": "/search?q=wells&country=KE", "name": name[1], "rhythm": "daily"}
    assert client.post("/search/saved", data=words).headers["Location"] == "/search/saved"
    page = client.get("/search/saved").text
    assert 'href="/search?q=wells&amp;country=KE"' in page and "Every day" in page and "Nothing new since" in page
    assert 'href="/search/saved"' in client.get("/").text


def test_what_does_not_fit_comes_back_with_its_words(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    words = {"address": "/search?q=wells", "name": "y" * 81, "rhythm": "weekly"}
    answer = client.post("/search/saved", data=words)
    assert answer.status_code == 422 and "y" * 81 in answer.text and 'value="/search?q=wells"' in answer.text
    answer = client.post("/search/saved", data=words | {"address": "/settings", "name": "Wells"})
    assert answer.status_code == 422 and "This list cannot be saved" in answer.text


def test_visitors_are_asked_to_sign_in_and_nobody_reaches_the_searches_of_another(
    client: FlaskClient, cast: Cast
) -> None:
    number = saved("/search?q=wells", actor=cast.ben, name="Of Ben").id
    assert "/sign-in" in client.get("/search/saved").headers["Location"]
    sign_in(client, cast.ana)
    assert "Of Ben" not in client.get("/search/saved").text
    for address in (f"{number}", f"{number}/delete", f"{number}/address", "seen"):
        answer = client.post(f"/search/saved/{address}", data={"name": "X", "rhythm": "never", "search": number})
        assert answer.status_code == 404, address
    assert client.post(f"/search/saved/{2**40}/delete").status_code == 404
    row = db.session.query(SavedSearch).one()
    assert (row.name, row.rhythm) == ("Of Ben", "weekly")


def test_it_says_how_much_is_new_and_names_the_newest_three(client: FlaskClient, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.ana)
    for number in range(5):
        make.page(f"Wells of day {number}", actor=cast.chi)
    catch_up()
    sign_in(client, cast.ana)
    page = client.get("/search/saved").text
    assert "5 new since" in page and re.findall(r"Wells of day \d", page) == [f"Wells of day {n}" for n in (4, 3, 2)]
    upto = re.search(r'name="upto" value="(\d+)"', page)
    assert upto
    client.post("/search/saved/seen", data={"upto": upto[1]})
    assert "Nothing new since" in client.get("/search/saved").text


def test_it_is_renamed_paced_and_deleted(client: FlaskClient, cast: Cast) -> None:
    number = saved("/search?q=wells", actor=cast.ana).id
    sign_in(client, cast.ana)
    client.post(f"/search/saved/{number}", data={"name": "Waters", "rhythm": "never"})
    row = db.session.query(SavedSearch).one()
    assert (row.name, row.rhythm, row.due) == ("Waters", "never", None)
    client.post(f"/search/saved/{number}", data={"name": " ", "rhythm": "daily"})
    assert "Give it a name" in client.get("/search/saved").text
    client.post(f"/search/saved/{number}/delete")
    assert db.session.query(SavedSearch).count() == 0 and "No saved searches yet" in client.get("/search/saved").text


def test_one_that_no_longer_works_says_so_and_stays(client: FlaskClient, cast: Cast) -> None:
    saved("/search?q=wells", actor=cast.ana)
    with transaction():
        db.session.query(SavedSearch).one().address = "/organisations?focus=merged-away"
    sign_in(client, cast.ana)
    page = client.get("/search/saved").text
    assert "This search no longer works: “merged-away”" in page and "Nothing new" not in page


def titles(client: FlaskClient, address: str) -> list[str | None]:
    return [one.text for one in ElementTree.fromstring(client.get(address).data).iterfind("{*}entry/{*}title")]


def test_its_private_address_gives_what_its_owner_may_see_now_signed_out(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    number = saved("/search?q=petroglyphs", actor=cast.ben, name="Petroglyphs & more").id
    make.page("Secret petroglyphs", actor=cast.ana, audience=GROUP)
    make.page("Petroglyphs", actor=cast.ben)
    catch_up()
    sign_in(client, cast.ben)
    made = re.search(
        r"http://localhost(/search/saved/\S+key=[\w-]+)", client.post(f"/search/saved/{number}/address").text
    )
    assert made and made[1] not in client.get("/search/saved").text
    visitor = app.test_client()
    answer = visitor.get(made[1])
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.mimetype == "application/atom+xml"
    assert sorted(filter(None, titles(visitor, made[1]))) == ["Petroglyphs", "Secret petroglyphs"]
    leave(cast.ben, GROUP)
    assert titles(visitor, made[1]) == ["Petroglyphs"], "the index still has it"
    client.post("/settings/feeds", data={"close": 1})
    assert visitor.get(made[1]).status_code == 404


def test_a_key_opens_only_the_searches_of_its_owner(client: FlaskClient, cast: Cast) -> None:
    number = saved("/search?q=wells", actor=cast.ben).id
    hers = make_feed_key("Hers", actor=cast.chi)
    for key in (hers, "nonsense", "", "x" * 500):
        assert client.get(f"/search/saved/{number}.atom?key={key}").status_code == 404
    assert client.get(f"/search/saved/{number}.atom").status_code == 404


def test_a_feed_of_a_search_that_no_longer_works_is_empty(client: FlaskClient, cast: Cast) -> None:
    number = saved("/search?q=wells", actor=cast.ben).id
    make.page("Wells")
    catch_up()
    with transaction():
        db.session.query(SavedSearch).one().address = "/search?q=wells&focus=merged-away"
    key = make_feed_key("Mine", actor=cast.ben)
    assert titles(client, f"/search/saved/{number}.atom?key={key}") == []


@pytest.mark.parametrize("news", [0, 60])
def test_fifty_searches_cost_at_most_fifteen_statements(app: Flask, client: FlaskClient, cast: Cast, news: int) -> None:
    for number in range(50):
        save_search(f"/search?q=wells+-never{number}", f"No {number}", "weekly", actor=cast.ana)
    for number in range(news):
        make.page(f"Wells {number}", actor=cast.chi)
    catch_up()
    sign_in(client, cast.ana)
    client.get("/search/saved")
    with statements() as sent:
        page = client.get("/search/saved")
    assert page.status_code == 200 and len(sent) <= 15, "\n".join(sent)
    assert page.text.count("60 new since") == (50 if news else 0)
