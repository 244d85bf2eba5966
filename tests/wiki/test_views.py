"""The wiki's pages, as browsers without scripts use them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.drafts import keep_draft, kept_draft
from commons.entries.followers import catch_up
from commons.members.models import Member
from commons.moderation.models import Held
from commons.text import section_text
from tests import make
from tests.cast import Cast, sign_in
from wiki.actions import edit_page
from wiki.models import Page

TEXT = "Before.\n\n## Heat\n\nIt gets warm.\n\n## Air\n\nIt needs air.\n"


def sent(page: Page, **more: str) -> dict[str, str]:
    """What the whole form of this page sends."""
    fields = {"title": page.title, "summary": page.summary, "text": page.text, "language": page.language}
    return {**fields, "licence": page.licence, "version": str(page.version), "note": "", **more}


def newcomer(who: Member) -> Member:
    with transaction():
        who.trusted = None
    return who


def test_a_page_shows_its_text_its_writers_and_its_licence(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT + "\nSee [[Worms]].", summary="How waste becomes soil", language="en")
    edit_page(page, {"text": page.text + "\n\nDone."}, version=1, actor=cast.ben)
    answer = client.get("/wiki/composting")
    assert answer.status_code == 200
    for words in ("How waste becomes soil", "It gets warm.", "CC BY-SA 4.0", "Ana", "Ben", 'wanted"', 'id="t-heat"'):
        assert words in answer.text, words
    assert "/wiki/new?title=Worms" in answer.text and "/wiki/composting/edit?section" not in answer.text
    assert "/wiki/composting/edit?section=1" in sign_in(client, cast.ana).get("/wiki/composting").text


def test_a_heading_that_says_the_title_again_is_not_shown_twice(client: FlaskClient, cast: Cast) -> None:
    make.page("Composting", "# Composting\n\nWarm.\n\n## Heat\n\nHot.")
    make.page("Heaps", "# About heaps\n\nWarm.")
    for browser in (client, sign_in(client.application.test_client(), cast.ana)):
        text = browser.get("/wiki/composting").text
        assert text.count(">Composting</h2>") == 0 and 'id="t-heat"' in text and "<p>Warm.</p>" in text
        assert ">About heaps</h2>" in browser.get("/wiki/heaps").text
    assert "/wiki/composting/edit?section=2" in text and "/wiki/composting/edit?section=1" not in text


def test_what_is_not_there_is_404_with_near_titles_and_an_offer(client: FlaskClient, cast: Cast) -> None:
    make.page("Composting toilets")
    make.page("Gardens", "See [[Composting]]")
    answer = client.get("/wiki/composting")
    assert answer.status_code == 404
    for words in ("/wiki/composting-toilets", "/wiki/new?title=Composting", "Gardens"):
        assert words in answer.text, words


def test_a_new_page_in_two_steps(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    asked = client.get("/wiki/new?title=Composting&outline=how-to&focus=water").text
    assert 'value="Composting"' in asked and "## Steps" in asked
    values = {
        "title": "Composting",
        "text": "One.\r\n\r\nTwo.",
        "language": "en",
        "licence": "CC BY 4.0",
        "note": "new",
    }
    answer = client.post("/wiki/new?title=Composting", data=values)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wiki/composting")
    page = db.session.scalars(select(Page)).one()
    assert (page.text, page.licence, page.author_id) == ("One.\n\nTwo.", "CC BY 4.0", cast.ana.id)
    again = client.post("/wiki/new?title=Composting", data=values)
    assert (again.status_code, again.headers["Location"]) == (303, "/wiki/composting"), "sent twice is made once"
    other = client.post("/wiki/new?title=Composting", data=values | {"text": "Mine."})
    assert other.status_code == 422 and "Mine." in other.text
    assert db.session.scalars(select(Page)).one().version == 1


def test_an_edit_with_a_note_and_the_history_that_shows_it(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    sign_in(client, cast.ben)
    answer = client.post(
        "/wiki/composting/edit", data=sent(page, text=TEXT.replace("warm", "hot"), note="hotter", minor="y")
    )
    assert answer.status_code == 303
    history = client.get("/wiki/composting/history").text
    assert "hotter" in history and "Ben" in history
    diff = client.get("/wiki/composting/diff/1/2").text
    assert re.search(r"<del>.*warm", diff) and re.search(r"<ins>.*hot", diff)
    rendered = client.get("/wiki/composting/compare/1/2")
    assert rendered.status_code == 200 and "hot" in rendered.text


def test_one_section_is_edited_and_the_rest_stays(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    sign_in(client, cast.ben)
    form = client.get("/wiki/composting/edit?section=2").text
    assert "It needs air." in form and "It gets warm." not in form
    edit_page(page, {"text": TEXT.replace("warm", "hot")}, version=1, actor=cast.ana)
    part = section_text(TEXT, 2).replace("needs air", "needs much air")
    answer = client.post("/wiki/composting/edit", data={"text": part, "section": "2", "version": "1"})
    assert answer.status_code == 303
    db.session.refresh(page)
    assert page.text == TEXT.replace("warm", "hot").replace("needs air", "needs much air")


def test_preview_is_the_page_and_changes_nothing(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    sign_in(client, cast.ben)
    text = TEXT + "\n*Stirred* and [[organisation:Nobody]] [[New one]]\n"
    answer = client.post("/wiki/composting/edit", data=sent(page, text=text, action="preview"))
    assert answer.status_code == 200 and "<em>Stirred</em>" in answer.text
    plain = client.post("/preview", data={"text": text, "entry": str(page.id)}).text
    assert plain.strip() in answer.text
    db.session.refresh(page)
    assert page.version == 1
    client.post("/wiki/composting/edit", data=sent(page, text=text))
    read = client.get("/wiki/composting").text
    assert "<p><em>Stirred</em>" in read and re.search(r"<p><em>Stirred</em>.*</p>", plain)
    line = re.search(r"<p><em>Stirred</em>.*</p>", plain)
    assert line and line[0] in read


def test_the_same_paragraph_shows_both_and_a_choice_settles_it(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    edit_page(page, {"text": TEXT.replace("warm", "scalding")}, version=1, actor=cast.ana)
    sign_in(client, cast.ben)
    mine = sent(page, text=TEXT.replace("warm", "lukewarm"), version="1", title="Compost", note="how warm")
    answer = client.post("/wiki/composting/edit", data=mine)
    assert answer.status_code == 409 and "lukewarm" in answer.text and "scalding" in answer.text
    hidden = {**mine, "base": "1", "version": "2"}
    for choice, there, gone in (("both", ["lukewarm", "scalding"], []), ("mine", ["lukewarm"], ["scalding"])):
        shown = client.post("/wiki/composting/resolve", data={**hidden, "choice-0": choice, "action": "preview"})
        assert shown.status_code == 409
        del there, gone
    answer = client.post("/wiki/composting/resolve", data={**hidden, "choice-0": "both"})
    assert answer.status_code == 303, answer.text
    db.session.refresh(page)
    assert "lukewarm" in page.text and "scalding" in page.text and page.title == "Compost" and page.version == 3


def test_a_choice_by_hand_and_a_third_edit_meanwhile(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    edit_page(page, {"text": TEXT.replace("warm", "scalding")}, version=1, actor=cast.ana)
    edit_page(page, {"text": page.text.replace("needs air", "breathes")}, version=2, actor=cast.chi)
    sign_in(client, cast.ben)
    by_hand = TEXT.replace("warm", "60 °C")
    answer = client.post(
        "/wiki/composting/resolve",
        data=sent(page, text=TEXT.replace("warm", "cosy"), base="1", version="2", by_hand=by_hand),
    )
    assert answer.status_code == 303
    db.session.refresh(page)
    assert "60 °C" in page.text and "breathes" in page.text


def test_two_titles_collide_too(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    edit_page(page, {"title": "Heaps"}, version=1, actor=cast.ana)
    sign_in(client, cast.ben)
    answer = client.post("/wiki/heaps/edit", data=sent(page, title="Piles", version="1"))
    assert answer.status_code == 409 and "Heaps" in answer.text and "Piles" in answer.text
    data = sent(page, title="Piles", base="1", version="2")
    assert client.post("/wiki/heaps/resolve", data=data | {"choice-title": "theirs"}).status_code == 303
    db.session.refresh(page)
    assert page.title == "Heaps"


@pytest.mark.parametrize("app", [{"WTF_CSRF_ENABLED": True}], indirect=True)
def test_words_survive_a_lost_session_and_an_old_form(app: Flask, client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    answer = client.post("/wiki/composting/edit", data=sent(page, text="My long evening's work"))
    assert answer.status_code == 401 and "My long evening&#39;s work" in answer.text and "/sign-in" in answer.text
    answer = client.post("/wiki/new", data={"title": "Heat", "text": "Another evening"})
    assert answer.status_code == 401 and "Another evening" in answer.text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token
    client.post("/sign-in", data={"who": "ana", "password": "four words in a row", "csrf_token": token[1]})
    answer = client.post("/wiki/composting/edit", data=sent(page, text="Kept again", csrf_token="stale"))
    assert answer.status_code == 422 and "Kept again" in answer.text
    fresh = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert fresh
    answer = client.post("/wiki/composting/edit", data=sent(page, text="Kept again", csrf_token=fresh[1]))
    assert answer.status_code == 303
    db.session.refresh(page)
    assert page.text == "Kept again"


def test_a_draft_is_given_back_and_goes_when_it_is_sent(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    sign_in(client, cast.ben)
    key = f"page-{page.id}-all"
    keep_draft(key, {"text": ["Half a sentence"], "version": ["1"], "title": ["Composting"]}, actor=cast.ben)
    edit_page(page, {"summary": "Soil"}, version=1, actor=cast.ana)
    assert "Half a sentence" in client.get("/wiki/composting/edit").text
    taken = client.get("/wiki/composting/edit?draft=1").text
    assert re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*Half a sentence", taken)
    assert re.search(r'name="version"[^>]*value="1"', taken), "what others wrote since is merged"
    client.post("/wiki/composting/edit", data=sent(page, text="A whole sentence", version="1", summary=""))
    db.session.refresh(page)
    assert page.text == "A whole sentence" and page.summary == "Soil"
    assert kept_draft(key, cast.ben) is None


def test_first_edits_of_a_newcomer_wait_and_readers_see_the_last_accepted_text(
    client: FlaskClient, cast: Cast, app: Flask
) -> None:
    page = make.page("Composting", TEXT)
    newcomer(cast.chi)
    sign_in(client, cast.chi)
    answer = client.post("/wiki/composting/edit", data=sent(page, text="BUY NOW", note="spam"))
    assert answer.status_code == 303
    db.session.refresh(page)
    assert (page.text, page.version) == (TEXT, 1)
    own = client.get("/wiki/composting").text
    held = db.session.scalars(select(Held)).one()
    assert f"/held/{held.id}" in own and "BUY NOW" not in own
    assert "BUY NOW" not in app.test_client().get("/wiki/composting").text
    moderator = sign_in(app.test_client(), cast.mo)
    assert "Composting" in moderator.get("/moderation").text
    assert moderator.post(f"/moderation/held/{held.id}/accept").status_code == 303
    db.session.refresh(page)
    assert page.text == "BUY NOW" and page.version == 2


def test_a_newcomers_page_is_theirs_until_it_is_accepted(client: FlaskClient, cast: Cast, app: Flask) -> None:
    newcomer(cast.chi)
    sign_in(client, cast.chi)
    answer = client.post("/wiki/new", data={"title": "Heat", "text": "Warm.", "language": "en"})
    assert answer.status_code == 303 and client.get("/wiki/heat").status_code == 200
    visitor = app.test_client()
    assert visitor.get("/wiki/heat").status_code == 404
    assert "Heat" not in visitor.get("/wiki").text and "Heat" not in visitor.get("/wiki/all").text
    held = db.session.scalars(select(Held)).one()
    assert sign_in(app.test_client(), cast.mo).post(f"/moderation/held/{held.id}/accept").status_code == 303
    assert visitor.get("/wiki/heat").status_code == 200


def test_a_translation_says_that_its_original_changed(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT, language="en")
    sign_in(client, cast.ben)
    form = client.get(f"/wiki/new?translation_of={page.id}&language=fr").text
    assert "It gets warm." in form
    values = {
        "title": "Compostage",
        "text": "Ça chauffe.",
        "language": "fr",
        "translation_of": str(page.id),
        "seen": "1",
    }
    assert client.post(f"/wiki/new?translation_of={page.id}", data=values).status_code == 303
    french = db.session.scalars(select(Page).where(Page.slug == "compostage")).one()
    assert (french.translation_of, french.translated_version) == (page.id, 1)
    assert 'href="/wiki/compostage"' in client.get("/wiki/composting").text
    assert "/wiki/composting/diff" not in client.get("/wiki/compostage").text
    edit_page(page, {"text": TEXT.replace("warm", "hot")}, version=1, actor=cast.ana)
    assert "/wiki/composting/diff/1/2" in client.get("/wiki/compostage").text
    assert "Compostage" in client.get("/wiki/behind").text
    data = sent(french, text="Ça brûle.", translated="y", seen="2")
    assert client.post("/wiki/compostage/edit", data=data).status_code == 303
    assert "/wiki/composting/diff" not in client.get("/wiki/compostage").text
    assert "Compostage" not in client.get("/wiki/behind").text


def test_lists_of_work_show_what_is_to_be_done(client: FlaskClient, cast: Cast) -> None:
    make.page("Composting", "[[Worms]] [[worms]] [[Soil]] and a claim [source needed]")
    make.page("Soil", "[[Worms]]", review_by=(now() - timedelta(days=2)).date().isoformat())
    make.page("Alone", "nothing")
    wanted = client.get("/wiki/wanted").text
    assert "/wiki/new?title=Worms" in wanted and "2" in wanted and "title=Soil" not in wanted
    for name, there, absent in (
        ("orphans", ("Alone", "Composting"), ("/wiki/soil",)),
        ("dead-ends", ("Alone",), ("/wiki/soil",)),
        ("sources", ("Composting",), ("/wiki/soil",)),
        ("review", ("/wiki/soil",), ("/wiki/alone",)),
        ("behind", (), ("/wiki/soil",)),
    ):
        answer = client.get(f"/wiki/{name}")
        assert answer.status_code == 200, name
        assert all(words in answer.text for words in there), name
        assert not any(words in answer.text for words in absent), name


def test_the_front_page_and_all_pages(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/wiki").status_code == 200
    for title in ("Composting", "Éoliennes", "Water"):
        make.page(title, "words", focus=["water"])
    front = client.get("/wiki").text
    assert "Composting" in front and "/focus/water" in front and "outline=solution" in front
    listed = client.get("/wiki/all?letter=e").text
    assert "Éoliennes" in listed and ">Water<" not in listed


def test_who_wrote_which_paragraph(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    edit_page(page, {"text": TEXT.replace("warm", "hot")}, version=1, actor=cast.ben, note="hotter")
    answer = client.get("/wiki/composting/paragraphs")
    assert answer.status_code == 200 and "Ben" in answer.text and "Ana" in answer.text and "hotter" in answer.text


def test_a_page_leaves_as_markdown_and_html_with_licence_authors_and_source(client: FlaskClient, cast: Cast) -> None:
    page = make.page(
        "Composting", TEXT + "\n![A heap](/files/heap/800)\n[[Soil]] [[organisation:Solar Aid]]", focus=["water"]
    )
    make.page("Soil", "dark")
    edit_page(page, {"summary": "How waste becomes soil"}, version=1, actor=cast.ben)
    for address in ("/wiki/composting.md", "/wiki/composting.html", "/focus/water/pages.md", "/focus/water/pages.html"):
        answer = client.get(address)
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        for words in ("CC BY-SA 4.0", "Ana", "Ben", "http://localhost/wiki/composting", "It gets warm.", "Heat", "Air"):
            assert words in answer.text, (address, words)
    html = client.get("/wiki/composting.html").text
    assert not re.search(r"<(script|link|img|iframe)\b|\bsrc=|url\(", html), "nothing in it is fetched"
    assert "http://localhost/wiki/soil" in html


def test_a_page_is_watched_and_looked_at(client: FlaskClient, cast: Cast) -> None:
    make.page("Composting", TEXT)
    sign_in(client, cast.ben)
    assert client.post("/wiki/composting/watch").status_code == 303
    assert client.post("/wiki/composting/still-right", data={"review_by": "2031-01-01"}).status_code == 303
    assert "2031" in client.get("/wiki/composting").text


def test_pages_stand_under_their_areas_and_on_the_organisations_they_name(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Solar Aid")
    make.page("Lamps", "By [[organisation:Solar Aid]]", focus=["energy"], summary="Light without paraffin")
    catch_up()
    assert "Light without paraffin" in client.get("/focus/energy").text
    assert "/wiki/lamps" in client.get("/organisations/solar-aid").text


def test_an_area_shows_each_page_once_in_the_readers_language_if_it_can(client: FlaskClient, cast: Cast) -> None:
    first = make.page("Composting", "Heat.", language="en", focus=["water"])
    make.page("Compostage", "Chaleur.", language="fr", focus=["water"], translation_of=first.id, translated_version=1)
    make.page("Wells", "Depth.", language="en", focus=["water"])
    catch_up()
    english, french = (
        client.get("/focus/water").text,
        client.get("/focus/water?", headers={"Accept-Language": "fr"}).text,
    )
    assert "/wiki/composting" in english and "/wiki/compostage" not in english and "/wiki/wells" in english
    assert "/wiki/compostage" in french and "/wiki/composting" not in french and "/wiki/wells" in french


def test_hostile_words_are_shown_and_never_obeyed(client: FlaskClient, cast: Cast) -> None:
    trap = "\"'><img src=x onerror=alert(1)>"
    make.page("Trap", f"{trap}\n\n[x](javascript:alert(1)) <script>alert(1)</script>", summary=trap[:90])
    for address in ("/wiki/trap", "/wiki", "/wiki/all", "/wiki/trap/history", "/wiki/trap/paragraphs", "/changes"):
        text = client.get(address).text
        assert "<img src=x" not in text and "<script>alert" not in text and "javascript:" not in text, address
