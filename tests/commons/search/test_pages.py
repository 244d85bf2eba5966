"""The page of results: searching here, tabs that count true, help where nothing was found, and any question at all."""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from pathlib import Path
from urllib.parse import parse_qs, unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from commons.entries.followers import catch_up
from commons.search.asking import asked_from
from commons.search.queries import ask
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers
from tests.pace import within

WEIGHT = 50 * 1024  # bytes of a page


def test_a_forum_and_an_organisation_offer_a_search_of_their_own(client: FlaskClient, cast: Cast) -> None:
    makers.old_hands()
    forum = makers.forum("Beekeeping")
    makers.topic("Winter and hives", "A heronry of bees.", within=forum)
    made = make.organisation("Hive friends", description="A heronry.")
    make.page("Hives of the valley", f"A heronry, told by [[organisation:{made.title}]].")
    make.page("Elsewhere", "A heronry.")
    catch_up()
    for address, whole in ((f"/forums/{forum.slug}", forum), (f"/organisations/{made.slug}", made)):
        page = client.get(address).text
        assert f'name="within" value="{whole.id}"' in page and "Search here" in page, address
    inside = client.get(f"/search?q=heronry&within={forum.id}").text
    assert "Winter and hives" in inside and "Elsewhere" not in inside and "in Beekeeping" in inside
    assert 'href="/search?q=heronry"' in inside
    named = client.get(f"/search?q=heronry&within={made.id}").text
    assert "Hives of the valley" in named and "Elsewhere" not in named


def test_what_is_hidden_has_no_search(client: FlaskClient, cast: Cast) -> None:
    hidden = makers.group("private", members=(cast.ben,))
    catch_up()
    assert client.get(f"/search?q=a&within={hidden.id}").status_code == 404
    assert client.get("/search?q=a&within=99999999").status_code == 404
    assert client.get("/search?q=a&within=nonsense").status_code == 200
    assert sign_in(client, cast.ben).get(f"/search?q=a&within={hidden.id}").status_code == 200


TAB = re.compile(r'<a href="(/search[^"]*)"[^>]*>([^<]+) <span class="figure">(\d+)</span>')


def test_each_tab_shows_as_many_as_it_says(client: FlaskClient, cast: Cast) -> None:
    makers.old_hands()
    for number in range(3):
        make.organisation(f"Lantern works {number}", country="KE")
        make.page(f"Lanterns {number}", "Lantern.")
    makers.topic("Which lantern", "A lantern.")
    catch_up()
    for question in (
        "lantern",
        "lantern kenya",
        "organisations for lanterns",
        "pages about lanterns in Kenya",
        "lantern nonsensical",
    ):
        page = client.get("/search", query_string={"q": question}).text
        shown = TAB.findall(page)
        assert shown, question
        for address, label, many in shown:
            there = client.get(address.replace("&amp;", "&")).text
            numbers = {name: number for _url, name, number in TAB.findall(there)}
            total = re.search(r"<h1>(\d+) result", there)
            assert total and total[1] == many and numbers[label] == many, (question, label)


def test_an_empty_page_says_what_could_help(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Maji", country="BO", description="Wells")
    catch_up()
    page = client.get("/search?q=%22clean+wells+lantern%22+wells&country=KE").text
    assert "We found nothing for this" in page
    assert "The nearest area of focus" in page and 'href="/focus/water"' in page
    asking = re.search(r'href="(/topics/new\?title=[^"]*)"', page)
    assert asking and "clean wells lantern" in parse_qs(unquote(asking[1]))["/topics/new?title"][0]
    assert "Sign in to be told when something appears" in page
    wider = client.get("/search?q=wells&country=KE").text
    assert "without “Kenya”" in wider
    member = sign_in(client, cast.ana).get("/search?q=wells&country=KE").text
    assert "Save this search" in member


def test_words_of_a_search_become_the_title_of_a_topic(client: FlaskClient, cast: Cast) -> None:
    makers.old_hands()
    makers.forum("One"), makers.forum("Two")
    page = sign_in(client, cast.ana).get("/topics/new?title=biogas+leasing").text
    assert "title=biogas+leasing" in page


def test_a_page_of_results_stays_small(client: FlaskClient, cast: Cast) -> None:
    for number in range(30):
        make.organisation(
            f"Lantern works of the long valley {number}", country="KE", city="Kisumu", focus=["water", "energy"][:1],
            description="We lend lanterns to households that have no other light in the evening. " * 30,
        )  # fmt: skip
    catch_up()
    page = client.get("/search?q=lanterns+in+kenya+for+households")
    assert len(page.data) <= WEIGHT


def strange(many: int) -> list[str]:
    """Operators, endless questions, and letters of every block of Unicode."""
    chosen = random.Random(2026)
    signs = [
        "AND",
        "OR",
        "NOT",
        "in:",
        "area:",
        "kind:",
        "sdg:",
        '"',
        "-",
        "*",
        "(",
        ")",
        "near",
        "in",
        "kenya",
        "water",
        "~",
        "^",
        "[",
        "TO",
        "\x00",
        "\\",
        "/",
        "%",
        "'",
        "<b>",
    ]
    blocks = [chr(start + chosen.randrange(256)) for start in range(0, sys.maxunicode - 256, 256)]
    letters = [letter for letter in blocks if unicodedata.category(letter) != "Cs"]
    made = [
        "water " * 10_000,
        "a" * 100_000,
        '"' * 500,
        "in:" * 300,
        "near " * 100,
        "OR " * 200,
        "-" * 1000,
        "\ud800 lone",
    ]
    made += ["".join(letters[at : at + 12]) for at in range(0, len(letters), 12)]
    while len(made) < max(many, 2 * len(letters) // 12):
        parts = [
            chosen.choice(signs) if chosen.random() < 0.6 else "".join(chosen.sample(letters, chosen.randint(1, 6)))
            for _ in range(chosen.randint(1, 14))
        ]
        made.append(chosen.choice(("", " ")).join(parts))
    chosen.shuffle(made)
    return made[:many]


def test_beginnings_alone_are_a_question(app: Flask, cast: Cast) -> None:
    pages = {make.page(title, "水 火 山", actor=cast.ana).id for title in ("水と火", "山と水")}
    catch_up()
    with app.test_request_context():
        found = ask(asked_from(MultiDict({"q": "水 火 山"})), None, limit=20)
        assert set(found.ids[:2]) == pages


def test_any_question_is_answered_with_a_page_within_a_second(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Maji", country="KE", city="Kisumu", focus=["water"], description="Wells and water")
    catch_up()
    client.get("/search?q=water+near+Kisumu")
    for words in strange(300):
        with within(1, words[:200]):
            answer = client.get("/search", query_string={"q": words.encode("utf-8", "surrogatepass")[:2_000]})
            refused = "\x00" in words or "\ud800" in words  # no honest browser sends these
            assert answer.status_code == (400 if refused else 200) and "<h1" in answer.text, words[:200]


NAMES = ("q", "plain", "in", "near", "focus", "country", "kind", "language", "sort", "within", "bbox", "match", "page")


def naughty(shared: Path, many: int) -> list[str]:
    """Of the hostile sets so many, of each set as many, always the same; every question that is meant for a search."""
    chosen, found = random.Random(2026), list[str]()
    files = sorted((shared / "hostile").glob("*.jsonl"))
    for file in files:
        with file.open(encoding="utf-8") as lines:
            rows = list(map(json.loads, lines))
        meant = [row["payload"] for row in rows if row.get("kind") == "search_query"]
        found += meant + chosen.sample([row["payload"] for row in rows], many // len(files))
    return found


def test_naughty_strings_are_answered_wherever_they_stand_in_the_address(
    client: FlaskClient, cast: Cast, shared: Path
) -> None:
    make.organisation("Maji", country="KE", city="Kisumu", description="alert script img onerror")
    catch_up()
    for number, payload in enumerate(naughty(shared, 120)):
        text = payload[:1_000].encode("utf-8", "replace")
        for address, name in (("/search", "q"), ("/search/complete", "q"), ("/search", NAMES[number % len(NAMES)])):
            with within(1, (address, name, payload[:200])):
                answer = client.get(address, query_string={"q": "maji", name: text})
            assert answer.status_code in (200, 400, 404), (address, name, payload)
            assert "<script>alert" not in answer.text.lower() and "<img src=x" not in answer.text, payload


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_ten_thousand_questions_are_read_and_answered(app: Flask, cast: Cast) -> None:
    make.organisation("Maji", country="KE", city="Kisumu", focus=["water"], description="Wells and water")
    catch_up()
    with app.test_request_context():
        for words in strange(10_000):
            with within(1, words[:200]):
                asked = asked_from(MultiDict({"q": words}))
                if not asked.is_empty:
                    ask(asked, None, limit=20)
