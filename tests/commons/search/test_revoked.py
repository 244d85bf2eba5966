"""What was hidden a moment ago is not found, counted or hinted at, though the index still holds it."""

from __future__ import annotations

import random
import re

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
from commons.search.engine import whoosh
from commons.search.queries import find
from tests import make
from tests.cast import GROUP, Cast, sign_in
from wiki.actions import edit_page
from wiki.models import Page

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


RARE = ("zanzibarium", "quixotery", "marmoladium", "heliotropy", "ultrasonde", "pyrrhotitis")  # each in one title alone


@pytest.fixture
def unread(app: Flask, cast: Cast) -> dict[str, int]:
    """word: the page of which it was the title. While nobody follows the log every page is hidden, removed or renamed."""
    pages = {word: make.page(f"{word.title()} papers", "Wells and pumps.", actor=cast.ana).id for word in RARE}
    make.page("Heliotropes in the garden", "Nothing else.", actor=cast.ana)
    catch_up()
    for number, id in enumerate(pages.values()):
        page = db.session.get_one(Page, id)
        if number % 3 == 0:
            show_to(page, ("members", GROUP)[number % 2], actor=cast.ana, note="")
        elif number % 3 == 1:
            remove_entry(page, actor=cast.mo, note="spam")
        else:
            edit_page(page, {"title": f"Another name {number}"}, version=page.version, actor=cast.ana)
    db.session.commit()
    return pages


SUGGESTED = re.compile(r"<p>Did you mean (.*?)</p>", re.DOTALL)


def slips(word: str) -> list[str]:
    """One letter missing, exchanged, or swapped with its neighbour."""
    return [word[:4] + word[5:], word[:4] + "j" + word[5:], word[:3] + word[4] + word[3] + word[5:]]


def completed(client: FlaskClient, typed: str) -> list[str]:
    """The titles of pages that are offered while one types."""
    rows = client.get("/search/complete", query_string={"q": typed}).json or []
    return [row["title"] for row in rows if row["kind"] == "page"]


def test_nothing_is_completed_from_what_was_hidden_or_renamed_since(
    client: FlaskClient, unread: dict[str, int]
) -> None:
    for word in unread:
        for typed in (word[:4], word, *slips(word), f"{word} pap"):
            assert set(completed(client, typed)) <= {"Heliotropes in the garden"}, typed
    catch_up()
    assert len(completed(client, "another name")) == 2, "when the index has read it"


def test_no_word_is_suggested_from_what_was_hidden_or_renamed_since(
    client: FlaskClient, cast: Cast, unread: dict[str, int]
) -> None:
    pick = random.Random(3)
    for who in (None, cast.ben, cast.chi):
        asker = sign_in(client, who) if who else client
        for word in unread:
            for typed in slips(word):
                asked = pick.choice((typed, f"{typed} papers", f"{typed} wells"))
                text = asker.get("/search", query_string={"q": asked}).text
                assert word not in "".join(SUGGESTED.findall(text)), asked
                told = client.get("/api/v1/search", query_string={"q": asked}).json or {}
                assert word not in (told["suggestion"] or "").lower(), asked


def test_a_word_that_stands_elsewhere_too_is_still_suggested(client: FlaskClient, cast: Cast) -> None:
    pages = [make.page(f"Quixotery papers {number}", "Wells.", actor=cast.ana) for number in range(2)]
    catch_up()
    show_to(db.session.get_one(Entry, pages[0].id), GROUP, actor=cast.ana, note="")
    assert "Did you mean" in client.get("/search?q=quixotrey+papers+nowhere").text


def test_what_is_hidden_before_a_process_looks_at_the_index_again_is_not_counted(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index knows it already; this process answers from what it read half a second ago."""

    def counted() -> dict[str | int, int]:
        with app.test_request_context("/search?q=zanzibarium"):
            found = find(asked_from(MultiDict({"q": "zanzibarium"})), None, 20, ("kind",)).found
        return found.facets["kind"] if found else {}

    hidden, _other = (make.page(f"Zanzibarium {word}", actor=cast.ana).id for word in ("wells", "pumps"))
    catch_up()
    assert counted() == {"page": 2}
    monkeypatch.setattr(whoosh(), "follow", True)
    monkeypatch.setattr(whoosh().holder, "start", lambda: None)
    remove_entry(db.session.get_one(Entry, hidden), actor=cast.mo, note="spam")
    catch_up()
    assert whoosh().seen < whoosh().position and counted() == {"page": 1}
