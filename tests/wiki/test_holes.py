"""Side doors: what a hidden version, a page that waits or somebody else's edit might have told."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.hiding import hide_revision
from commons.entries.models import Change, Checked
from commons.members.actions import make_token
from commons.members.models import Member
from commons.moderation.actions import accept
from commons.moderation.models import Held
from commons.web import Forbidden, Invalid, Waiting
from tests import make
from tests.cast import GROUP, Cast, sign_in
from wiki.actions import edit_page
from wiki.models import Page

SECRET = "Xylophonium"


@pytest.fixture
def nia(app: Flask, cast: Cast) -> Member:
    with transaction():
        cast.chi.trusted = None
    return cast.chi


@pytest.fixture
def pumps(app: Flask, cast: Cast) -> Page:
    """Its second version says too much and is hidden."""
    page = make.page("Pumps", "One.\n\n## Two\n\nEnd.\n")
    edit_page(page, {"text": f"{SECRET}.\n\n## Two\n\nHere.\n"}, version=1, actor=cast.ana)
    edit_page(page, {"text": "One.\n\n## Two\n\nThere.\n"}, version=2, actor=cast.ana)
    hide_revision(page, 2, actor=cast.mo, note="a private matter")
    return page


@pytest.mark.parametrize("who", ["", "ben"])
def test_choosing_between_two_texts_does_not_show_a_hidden_one(
    client: FlaskClient, cast: Cast, pumps: Page, who: str
) -> None:
    if who:
        sign_in(client, cast.ben)
    sent = {
        "title": "Pumps",
        "text": "Mine.\n\n## Two\n\nMine.\n",
        "base": "1",
        "version": "2",
        "licence": "CC BY-SA 4.0",
    }
    answer = client.post("/wiki/pumps/resolve", data=sent)
    assert answer.status_code == 409 and SECRET not in answer.text and "Mine." in answer.text
    db.session.refresh(pumps)
    assert pumps.version == 3


def test_a_section_sent_for_a_hidden_version_does_not_bring_back_the_rest_of_it(
    client: FlaskClient, cast: Cast, pumps: Page
) -> None:
    sign_in(client, cast.ben)
    sent = {"section": "1", "text": "## Two\n\nMine.\n", "version": "2", "title": "Pumps", "licence": "CC BY-SA 4.0"}
    answer = client.post("/wiki/pumps/edit", data=sent)
    assert answer.status_code == 422 and SECRET not in answer.text and "Mine." in answer.text


def test_a_conflict_of_a_program_does_not_tell_what_stood_in_a_hidden_version(
    app: Flask, cast: Cast, pumps: Page
) -> None:
    for who, told in ((cast.ben, False), (cast.mo, True)):
        headers = {"Authorization": f"Bearer {make_token(who, 'writes', ['read', 'write'])}"}
        body = {"text": "Mine.\n\n## Two\n\nMine.\n", "version": 2}
        answer = app.test_client().patch(f"/api/v1/pages/{pumps.id}", json=body, headers=headers)
        assert answer.status_code == 409 and (SECRET in answer.text) is told, who.username


def test_the_author_of_an_edit_is_not_shown_the_hidden_version_that_it_began_from(
    client: FlaskClient, cast: Cast, nia: Member, pumps: Page
) -> None:
    with pytest.raises(Waiting) as kept:
        edit_page(pumps, {"text": f"{SECRET}.\n\n## Two\n\nHere.\n\nMore.\n"}, version=2, actor=nia)
    held = db.session.get_one(Held, kept.value.held_id)
    held_id = held.id
    with transaction():
        held.values, held.state = {"text": "Mine."}, "accepted"
    assert SECRET not in sign_in(client, nia).get(f"/held/{held_id}").text
    assert SECRET in sign_in(client, cast.mo).get(f"/held/{held_id}").text


def test_an_old_address_of_a_page_that_waits_tells_nobody_the_new_one(
    client: FlaskClient, cast: Cast, nia: Member
) -> None:
    page = make.page("Plain name", actor=nia)
    edit_page(page, {"title": SECRET}, version=1, actor=nia)
    assert client.get("/wiki/plain-name/history").status_code == 404
    assert sign_in(client, cast.ben).get("/wiki/plain-name").status_code == 404
    assert sign_in(client, nia).get("/wiki/plain-name").headers["Location"].endswith(SECRET.lower())


def test_what_waits_is_returned_and_not_removed_because_the_log_would_tell_of_it(cast: Cast, nia: Member) -> None:
    page = make.page(SECRET, actor=nia)
    with pytest.raises(Forbidden):
        remove_entry(page, actor=cast.mo, note="spam")
    assert page.state == "pending"


def test_only_the_page_that_a_moderator_read_is_accepted(client: FlaskClient, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "Harmless.", actor=nia)
    held = db.session.scalars(select(Held).where(Held.entry_id == page.id)).one()
    edit_page(page, {"text": SECRET}, version=1, actor=nia)
    with pytest.raises(Invalid):
        accept(held, actor=cast.mo, version=1)
    assert page.state == "pending"
    accept(held, actor=cast.mo, version=2)
    assert page.state == "live"


def test_a_new_member_who_sends_twice_makes_one_page(client: FlaskClient, cast: Cast, nia: Member) -> None:
    sign_in(client, nia)
    for _time in range(2):
        assert (
            client.post("/wiki/new", data={"title": "Tanks", "text": "One.", "licence": "CC BY-SA 4.0"}).status_code
            == 303
        )
    assert db.session.scalar(select(func.count()).where(Page.title == "Tanks")) == 1


def test_my_edits_that_waited_do_not_tell_of_a_page_that_was_closed_since(
    client: FlaskClient, cast: Cast, nia: Member
) -> None:
    page = make.page("Wells", "One.")
    with pytest.raises(Waiting):
        edit_page(page, {"text": "Two."}, version=1, actor=nia)
    assert "Wells" in sign_in(client, nia).get("/held").text
    with transaction():
        record(page, "edited", None, actor=cast.ana)
        page.audience, page.title = GROUP, SECRET
    assert SECRET not in client.get("/held").text


def test_nobody_checks_their_own_change(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", actor=cast.ana)
    seq = db.session.scalar(select(Change.seq).where(Change.entry_id == page.id))
    assert sign_in(client, cast.ana).post(f"/changes/{seq}/check").status_code == 403
    assert sign_in(client, cast.ben).post(f"/changes/{seq}/check").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Checked)) == 1


def test_a_translation_is_edited_by_others_than_its_author(client: FlaskClient, cast: Cast) -> None:
    wells = make.page("Wells", "One.")
    make.page("Brunnar", "Ett.", translation_of=wells.id, language="sv")
    assert sign_in(client, cast.ben).get("/wiki/brunnar/edit").status_code == 200


def test_a_file_that_pages_show_has_a_page(client: FlaskClient) -> None:
    make.file("Notes")
    make.page("Wells", "See [[file:Notes]].")
    answer = client.get("/files/notes")
    assert answer.status_code == 200 and "/wiki/wells" in answer.text
