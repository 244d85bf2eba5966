"""What moderators make of words that were looked for in vain, on their pages and in the wiki."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.models import Change, Revision
from commons.focus.models import Area
from commons.search.failed import forget, write_down
from commons.search.judging import judge
from commons.search.models import FailedSearch, SearchRuling
from commons.search.ruling import dismiss, name_area, standing, take_back, want_page, wanted_titles
from commons.web import Forbidden, Invalid
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.search.test_failed import counted, look, rows, shown

TERM = "/moderation/searches/term?words=biogas+leasing&language=en"


@pytest.fixture
def mo(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.mo)


@pytest.fixture
def biogas(app: Flask) -> None:
    counted("biogas leasing", askers=[2, 2, 1])


def area(slug: str = "water") -> Area:
    found = db.session.scalar(select(Area).where(Area.slug == slug))
    assert found is not None
    return found


def test_only_moderators_see_what_was_looked_for(app: Flask, cast: Cast, biogas: None) -> None:
    ben = sign_in(app.test_client(), cast.ben)
    for who in (app.test_client(), ben):
        for address in ("", "/term?words=biogas+leasing&language=en", "/decided", "/judged", "/judge?q=water"):
            answer = who.get(f"/moderation/searches{address}")
            assert answer.status_code == 404 and "asked 8" not in answer.text, address
        assert who.post(TERM, data={"act": "dismissed", "reason": "x"}).status_code == 404
        assert who.post("/moderation/searches/rulings/1/end").status_code == 404


def test_the_list_says_how_often_on_how_many_days_and_what_is_found_now(mo: FlaskClient, biogas: None) -> None:
    counted("hidden name", askers=[1, 1, 1])
    page = mo.get("/moderation/searches").text
    assert "biogas leasing" in page and "asked 8 times" in page and "on 3 days" in page and "now: nothing" in page
    assert "hidden name" not in page
    make.page("Biogas leasing", "How a digester is leased.")
    catch_up()
    assert "now: 1 result" in mo.get("/moderation/searches").text
    assert "Biogas leasing" in mo.get(TERM).text


def test_each_page_of_the_list_shows_the_first_results(mo: FlaskClient, cast: Cast, biogas: None) -> None:
    make.page("Biogas leasing", "How a digester is leased.")
    catch_up()
    judge("biogas leasing", "en", {make.page("Digesters").id: 2}, actor=cast.mo)
    page = mo.get("/moderation/searches/judge?q=biogas+leasing&page=2").text
    assert page.index("Biogas leasing</bdi>") < page.index("not among the first ten now")


def test_words_that_too_few_looked_for_have_no_page(mo: FlaskClient) -> None:
    counted("hidden name", askers=[1, 1, 1])
    assert mo.get("/moderation/searches/term?words=hidden+name&language=en").status_code == 404
    assert mo.get("/moderation/searches/term").status_code == 404


def test_a_promoted_search_is_a_wanted_page_until_the_page_is_there(
    mo: FlaskClient, client: FlaskClient, cast: Cast, biogas: None
) -> None:
    answer = mo.post(TERM, data={"act": "wanted", "title": "Biogas leasing"}, follow_redirects=True)
    assert "The wiki shows it" in answer.text and "made “Biogas leasing” a wanted page" in answer.text
    assert shown() == []
    for address in ("/wiki", "/wiki/wanted"):
        page = client.get(address).text
        assert "/wiki/new?title=Biogas+leasing" in page, address
    assert "wanted by searches" in client.get("/wiki/wanted").text
    written = make.page("Biogas leasing", "How a digester is leased.")
    assert "Biogas+leasing" not in client.get("/wiki/wanted").text
    remove_entry(written, actor=cast.mo, note="a test")
    assert "Biogas+leasing" in client.get("/wiki/wanted").text


def test_a_page_that_texts_and_searches_want_stands_once_with_both(
    client: FlaskClient, cast: Cast, biogas: None
) -> None:
    make.page("Energy", "[[Biogas leasing]] and [[Worms]]")
    want_page("biogas leasing", "en", "Biogas leasing", actor=cast.mo)
    page = client.get("/wiki/wanted").text
    assert page.count("title=Biogas+leasing") == 1 and "wanted by searches; 1 text asks for it" in page
    assert "title=Worms" in page


def test_wanted_pages_fill_page_after_page_without_loss(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for number in range(3):
        words = "yak " + "abc"[number]
        counted(words, askers=[2, 2, 1])
        want_page(words, "en", words.title(), actor=cast.mo)
    make.page("Many", " ".join(f"[[Worm {number:03}]]" for number in range(60)))
    first, second = client.get("/wiki/wanted").text, client.get("/wiki/wanted?page=2").text
    assert first.count("/wiki/new?title=Yak") == 3 and first.count("/wiki/new?title=Worm") == 57
    assert second.count("/wiki/new?title=Yak") == 0 and second.count("/wiki/new?title=Worm") == 3


def test_words_become_another_name_of_an_area_with_its_history_and_are_found(
    app: Flask, mo: FlaskClient, cast: Cast
) -> None:
    counted("hydrotopia", askers=[2, 2, 1], language="fr")
    make.organisation("Well Diggers", focus=["water"])
    catch_up()
    address = "/moderation/searches/term?words=hydrotopia&language=fr"
    sent = {"act": "synonym", "title": "Hydrotopia", "area": area().id}
    answer = mo.post(address, data=sent, follow_redirects=True)
    assert "made it a name of Water" in answer.text
    catch_up()
    changed = area()
    assert "Hydrotopia" in changed.synonyms["fr"]
    line = db.session.scalars(select(Change).where(Change.entry_id == changed.id).order_by(Change.seq.desc())).first()
    assert line is not None and line.actor_id == cast.mo.id and line.note == "Looked for by these words and not found"
    revisions = select(func.count()).where(Revision.entry_id == changed.id, Revision.author_id == cast.mo.id)
    assert db.session.scalar(revisions) == 1
    assert "Well Diggers" in app.test_client().get("/search?q=hydrotopia").text


def test_dismissed_words_are_gone_from_the_list_and_the_reason_stays(mo: FlaskClient, biogas: None) -> None:
    answer = mo.post(TERM, data={"act": "dismissed", "title": "x"})
    assert answer.status_code == 422 and "Say why" in answer.text and 'value="x"' in answer.text
    assert mo.post(TERM, data={"act": "dismissed", "reason": "A product"}).status_code == 303
    page = mo.get("/moderation/searches").text
    assert shown() == [] and "Reason: A product" in page and "asked 8 times" not in page
    assert mo.get(TERM).status_code == 404
    assert "Reason: A product" in mo.get("/moderation/searches/decided").text


def test_a_ruling_that_is_taken_back_opens_the_words_again_and_stays_in_the_list(
    mo: FlaskClient, client: FlaskClient, cast: Cast, biogas: None
) -> None:
    made = want_page("biogas leasing", "en", "Biogas leasing", actor=cast.mo)
    assert mo.post(f"/moderation/searches/rulings/{made.id}/end").status_code == 303
    assert shown() == ["biogas leasing"] and list(wanted_titles()) == []
    assert "Mo took it back on" in mo.get("/moderation/searches").text
    assert "Biogas+leasing" not in client.get("/wiki/wanted").text
    assert take_back(made, actor=cast.mo) is False
    dismiss("biogas leasing", "en", actor=cast.mo, reason="after all")
    assert db.session.scalar(select(func.count()).select_from(SearchRuling)) == 2
    assert mo.post("/moderation/searches/rulings/999/end").status_code == 404


def test_two_moderators_cannot_decide_about_the_same_words(app: Flask, cast: Cast, biogas: None) -> None:
    want_page("biogas leasing", "en", "Biogas leasing", actor=cast.mo)
    with pytest.raises(Invalid, match="already"):
        dismiss("biogas leasing", "en", actor=cast.mo, reason="too late")
    with pytest.raises(Exception, match="(?i)unique"), transaction():
        db.session.add(
            SearchRuling(words="biogas leasing", language="en", act="dismissed", reason="x", by_id=cast.mo.id)
        )


def test_members_decide_nothing_and_nothing_is_decided_about_words_of_few(app: Flask, cast: Cast, biogas: None) -> None:
    with pytest.raises(Forbidden):
        want_page("biogas leasing", "en", "Biogas leasing", actor=cast.ana)
    with pytest.raises(Forbidden):
        name_area("biogas leasing", "en", area().id, "Biogas leasing", actor=cast.ana)
    with pytest.raises(Invalid, match="Too few"):
        want_page("somebody", "en", "Somebody", actor=cast.mo)
    assert standing("biogas leasing", "en") is None and "Biogas leasing" not in area().value("synonyms_en")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose one of the list."),
        ({"act": "wanted", "title": "  "}, "Enter a title for the page."),
        ({"act": "synonym", "title": "Biogas"}, "Choose an area of focus."),
        ({"act": "synonym", "title": "Biogas", "area": "x"}, ""),
        ({"act": "synonym", "title": "", "area": "water"}, "Enter the words under which people look for it."),
        ({"act": "dismissed", "reason": "r" * 301}, ""),
    ],
)
def test_what_does_not_fit_comes_back_with_a_sentence(
    mo: FlaskClient, biogas: None, sent: dict[str, str], sentence: str
) -> None:
    if sent.get("area") == "water":
        sent = {**sent, "area": str(area().id)}
    answer = mo.post(TERM, data=sent)
    assert answer.status_code == 422 and sentence in answer.text and "There is a problem" in answer.text
    assert standing("biogas leasing", "en") is None


def test_a_dismissal_is_forgotten_with_the_words_and_kept_while_people_ask(
    app: Flask, cast: Cast, biogas: None
) -> None:
    made = dismiss("biogas leasing", "en", actor=cast.mo, reason="A product")
    with transaction():
        made.at = now() - timedelta(days=61)
    forget()
    assert standing("biogas leasing", "en") is not None
    with transaction():
        for row in db.session.scalars(select(FailedSearch)):
            row.day -= timedelta(days=61)
    forget()
    assert standing("biogas leasing", "en") is None and rows() == []


def test_from_five_visitors_searches_to_the_moderators_list(app: Flask, mo: FlaskClient) -> None:
    for number in range(5):
        look(app, "Biogas leasing", network=f"192.0.2.{number}")
    counted("biogas leasing", askers=[1], until=now().date() - timedelta(days=3))
    write_down()
    assert shown() == [] and "biogas" not in mo.get("/moderation/searches").text
    counted("biogas leasing", askers=[1], until=now().date() - timedelta(days=4))
    assert shown() == ["biogas leasing"] and "biogas" in mo.get("/moderation/searches").text
