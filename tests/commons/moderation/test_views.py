"""The moderators' desk, the author's side, and the log that everybody may read; and who sees nothing of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.hiding import hide_revision
from commons.members.models import Member
from commons.moderation.actions import accept, give_back, protect
from commons.moderation.models import Held, Protection
from commons.web import Waiting
from directory.actions import edit_organisation
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.test_query_counts import asked
from wiki.actions import edit_page
from wiki.models import Page

SECRET = "Xylophonium"


@pytest.fixture
def nia(app: Flask, cast: Cast) -> Member:
    with transaction():
        cast.chi.trusted = None
    return cast.chi


def held_edit(page: Page, actor: Member, text: str) -> Held:
    with pytest.raises(Waiting) as caught:
        edit_page(page, {"text": text}, version=page.version, actor=actor, note="a note")
    return db.session.get_one(Held, caught.value.held_id)


def test_what_waits_is_seen_by_its_author_and_moderators_only(app: Flask, cast: Cast, nia: Member) -> None:
    fresh = make.page("Quixotry", f"{SECRET} text", actor=nia)
    held = held_edit(make.page("Wells", "One."), nia, f"{SECRET} in an edit")
    whole = db.session.scalars(select(Held).where(Held.entry_id == fresh.id)).one()
    catch_up()
    open_to_all = "/ /wiki /wiki/all /wiki/wells /wiki/wells/history /wiki/wells/history.atom /changes /changes?unchecked=1 /changes.atom /search?q=wells /search/complete?q=quix /search.atom?q=wells /sitemap-0.xml /api/v1/pages /api/v1/changes /watching /moderation/log /held"  # fmt: skip
    closed = f"/wiki/quixotry /wiki/quixotry/history /wiki/quixotry/history.atom /wiki/quixotry/diff/0/1 /api/v1/pages/{fresh.id} /e/{fresh.id} /moderation /moderation/held/{held.id} /held/{held.id} /held/{whole.id}"  # fmt: skip
    ben = sign_in(app.test_client(), cast.ben)
    for who in (app.test_client(), ben):
        for address in open_to_all.split():
            shown = who.get(address).text.lower()
            assert SECRET.lower() not in shown and "quixotry" not in shown, address
        for address in closed.split():
            answer = who.get(address)
            assert answer.status_code in (303, 404) and SECRET not in answer.text, address
        assert "quixotry" not in who.get(f"/search?q={SECRET}").text.lower()
        for address in ("/search?q=quixotry", "/search.atom?q=quixotry", "/search/complete?q=quixotry"):
            shown = who.get(address).text
            assert SECRET not in shown and "/wiki/quixotry" not in shown, address
    assert f"/wiki/{fresh.slug}" == "/wiki/quixotry" and 'href="/moderation"' not in ben.get("/").text
    for who in (sign_in(app.test_client(), nia), sign_in(app.test_client(), cast.mo)):
        assert f"{SECRET} text" in who.get("/wiki/quixotry").text
        assert SECRET in who.get(f"/held/{held.id}").text
    assert 'href="/moderation"' in sign_in(app.test_client(), cast.mo).get("/").text


def test_a_moderator_accepts_with_one_button(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.\n\nTwo.")
    held = held_edit(page, nia, "One.\n\nTwo, deeper.")
    sign_in(client, cast.mo)
    desk = client.get("/moderation").text
    assert f"/moderation/held/{held.id}" in desk and "1 edit waits" in desk and "a note" in desk
    shown = client.get(f"/moderation/held/{held.id}").text
    assert "<ins>" in shown and "0 edits accepted so far" in shown
    assert client.post(f"/moderation/held/{held.id}/accept").status_code == 303
    db.session.expire_all()
    assert page.text == "One.\n\nTwo, deeper."
    assert "Chi" in client.get("/wiki/wells/history").text
    assert client.post(f"/moderation/held/{held.id}/accept").status_code == 303
    assert "Somebody has decided" in client.get(f"/moderation/held/{held.id}").text


def test_a_moderator_changes_the_words_before_accepting(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:  # fmt: skip
    page = make.page("Wells", "One.")
    held = held_edit(page, nia, "Call Joe at 555-1234.")
    sign_in(client, cast.mo)
    data = {"version": "1", "field-text": "Ask at the office."}
    assert client.post(f"/moderation/held/{held.id}/accept", data=data).status_code == 303
    db.session.expire_all()
    assert page.text == "Ask at the office." and held.reason == "with changes"
    assert "555" not in client.get("/wiki/wells/diff/1/2").text


def test_a_collision_shows_both_texts_and_can_be_settled(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:  # fmt: skip
    page = make.page("Wells", "Dig deep.", summary="Old.")
    held = held_edit(page, nia, "Dig deeper.")
    edit_page(page, {"text": "Dig with care.", "summary": "New."}, version=1, actor=cast.ben)
    sign_in(client, cast.mo)
    answer = client.post(f"/moderation/held/{held.id}/accept")
    assert answer.status_code == 409 and "Dig deeper." in answer.text and "Dig with care." in answer.text
    assert 'name="version" value="2"' in answer.text
    data = {"version": "2", "field-text": "Dig deeper, with care."}
    assert client.post(f"/moderation/held/{held.id}/accept", data=data).status_code == 303
    db.session.expire_all()
    assert (page.text, page.summary) == ("Dig deeper, with care.", "New."), "what Ben changed beside it stays"


def test_an_edit_comes_back_with_a_reason_and_is_sent_again(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:  # fmt: skip
    held = held_edit(make.page("Wells", "One."), nia, "Two.")
    sign_in(client, cast.mo)
    assert client.post(f"/moderation/held/{held.id}/return").status_code == 303
    assert "Say why" in client.get(f"/moderation/held/{held.id}").text and held.state == "waiting"
    client.post(f"/moderation/held/{held.id}/return", data={"reason": "Where is that from?"})
    author = sign_in(app.test_client(), nia)
    assert "Where is that from?" in author.get(f"/held/{held.id}").text and "Where is" in author.get("/held").text
    assert author.post(f"/held/{held.id}/again", data={"field-text": "Two, says the almanac."}).status_code == 303
    db.session.expire_all()
    assert (held.state, held.values["text"]) == ("waiting", "Two, says the almanac.")
    assert sign_in(app.test_client(), cast.ben).post(f"/held/{held.id}/withdraw").status_code == 404
    author.post(f"/held/{held.id}/withdraw")
    db.session.expire_all()
    assert held.state == "withdrawn"


def test_a_page_is_protected_with_a_reason(client: FlaskClient, cast: Cast) -> None:
    make.page("Wells", "One.")
    assert client.get("/wiki/wells/protect").status_code == 404
    sign_in(client, cast.mo)
    assert client.post("/wiki/wells/protect", data={"level": "moderators", "reason": ""}).status_code == 422
    data = {"level": "moderators", "reason": "a quarrel", "until": "2090-01-02"}
    assert client.post("/wiki/wells/protect", data=data).status_code == 303
    assert "a quarrel" in client.get("/wiki/wells/protect").text and "a quarrel" in client.get("/moderation").text
    assert client.post("/wiki/wells/protect", data={"level": "", "reason": "peace"}).status_code == 303
    assert "a quarrel" not in client.get("/wiki/wells/protect").text


def test_a_protected_organisation_keeps_edits_until_somebody_has_looked(client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells", city="Kisumu", country="KE")
    sign_in(client, cast.mo)
    told = {"level": "moderators", "reason": "Three people quarrel about the town"}
    assert client.post("/organisations/wells/protect", data=told).status_code == 303
    with pytest.raises(Waiting):
        edit_organisation(wells, {"city": "Nairobi"}, version=1, actor=cast.ana)
    db.session.refresh(wells)
    assert (wells.city, wells.version) == ("Kisumu", 1)
    waits = db.session.scalars(select(Held)).one()
    assert client.post(f"/moderation/held/{waits.id}/accept").status_code == 303
    db.session.refresh(wells)
    assert (wells.city, wells.version) == ("Nairobi", 2)
    assert edit_organisation(wells, {"city": "Kisumu"}, version=2, actor=cast.mo)


def test_what_cannot_hold_edits_is_not_offered_protection(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.mo)
    assert client.get("/focus/water/protect").status_code == 404
    assert client.get("/organisations/nothing/protect").status_code == 404


def test_a_removed_page_is_brought_back_with_its_history(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    remove_entry(page, actor=cast.mo, note="by mistake")
    assert client.post("/wiki/wells/bring-back", data={"note": "me too"}).status_code == 404
    sign_in(client, cast.mo)
    assert "/wiki/wells/bring-back" in client.get("/moderation").text
    client.post("/wiki/wells/bring-back", data={"note": " "})
    assert client.get("/wiki/wells").status_code == 410
    assert client.post("/wiki/wells/bring-back", data={"note": "it was right"}).status_code == 303
    assert client.get("/wiki/wells").status_code == 200 and client.get(f"/e/{page.id}").status_code == 302


def test_undoing_everything_shows_first_and_does_then(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    edit_page(page, {"text": "SPAM"}, version=1, actor=cast.chi)
    assert client.get("/moderation/members/chi/undo").status_code == 404
    sign_in(client, cast.mo)
    assert "Taken back: version 2." in client.get("/moderation/members/chi/undo").text
    assert "Nothing to take back" in client.get("/moderation/members/chi/undo?since=2090-01-01").text
    assert client.post("/moderation/members/chi/undo", data={"note": ""}).status_code == 422
    answer = client.post("/moderation/members/chi/undo", data={"note": "spam"})
    assert answer.status_code == 200 and "Taken back: version 2." in answer.text
    db.session.expire_all()
    assert page.text == "One."
    assert client.get("/moderation/members/nobody-here/undo").status_code == 404


def test_the_public_log_tells_acts_and_reasons_but_no_names(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:  # fmt: skip
    page, secret = make.page("Wells", "One."), make.page(SECRET, "One.", audience="members")
    accept(held_edit(page, nia, "Two."), actor=cast.mo)
    give_back(held_edit(page, nia, "Three."), "no source", actor=cast.mo)
    protect(page, "trusted", "a quarrel", None, actor=cast.mo)
    protect(secret, "trusted", "inside matters", None, actor=cast.mo)
    hide_revision(page, 1, actor=cast.mo, note="a telephone number")
    shown = client.get("/moderation/log").text
    body = shown[shown.index("<main") : shown.index("</main>")]
    for words in ("a quarrel", "a telephone number", "edits accepted", "edits returned with a reason"):
        assert words in body
    for hidden in (SECRET, "inside matters", "Chi", ">Mo", "no source"):
        assert hidden not in body, hidden


def test_nothing_of_a_group_stands_on_the_desk_of_who_has_no_seat(app: Flask, client: FlaskClient, cast: Cast) -> None:
    page = make.page(SECRET, "One.", audience=GROUP)
    with transaction():
        cast.ben.trusted = None
        db.session.add(Protection(entry_id=page.id, level="trusted", reason="Quarrels", by_id=cast.ana.id))
    held = held_edit(page, cast.ben, "Two.")
    remove = make.page(f"{SECRET} removed", "One.", audience=GROUP)
    remove_entry(remove, actor=None, note="gone")
    sign_in(client, cast.mo)
    for address in ("/moderation", "/moderation/log", "/moderation/members/ben/undo", "/moderation/members/ana/undo"):
        assert SECRET not in client.get(address).text, address
    assert client.get(f"/moderation/held/{held.id}").status_code == 404
    assert client.get(f"/held/{held.id}").status_code == 404


def test_a_longer_queue_costs_no_more_statements(app: Flask, client: FlaskClient, cast: Cast, nia: Member) -> None:
    sign_in(client, cast.mo)
    held_edit(make.page("Page 0", "One."), nia, "Two.")
    few = len(asked(client, "/moderation"))
    for number in range(1, 12):
        held_edit(make.page(f"Page {number}", "One."), nia, "Two.")
    assert len(asked(client, "/moderation")) == few <= 12
