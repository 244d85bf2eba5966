"""Suggestions where areas are chosen, without JavaScript: nothing is saved, nothing is lost, nothing is chosen for anybody."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db
from commons.entries import queries as entries
from commons.entries.asks import speaks_for
from commons.focus.actions import edit_area
from commons.focus.models import Area, RefusedArea
from commons.focus.queries import area_from, tree
from commons.members.seats import give_seat
from directory.actions import edit_organisation
from directory.models import Organisation
from tests import make
from tests.cast import Cast, sign_in
from wiki.models import Page

WELLS = "We drill boreholes and repair hand pumps, so that villages have clean drinking water."


def offered(page: str) -> dict[str, str]:
    """What the page suggests, with the words."""
    rows = re.findall(r"<span>([^<]+) <span class=\"hint\">because of: ([^<]+)</span>", page)
    return {label.replace("&amp;", "&"): words for label, words in rows}


def area(slug: str) -> int:
    node = area_from(slug)
    assert node is not None
    return node.id


def test_a_new_organisation_is_offered_areas_and_goals_with_their_words(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    typed = {"title": "Maji Safi", "description": WELLS, "city": "Kitui", "sdgs": "4", "suggest": "1"}
    page = client.post("/organisations/new", data=typed)
    assert page.status_code == 200 and "There is a problem" not in page.text
    found = offered(page.text)
    assert "drinking water" in found["Water"] and "boreholes" in found["Groundwater"]
    assert "boreholes" in found["6 Clean water and sanitation"]
    assert "Kitui" in page.text and WELLS in page.text and 'value="4" checked' in page.text, "nothing typed is lost"
    assert not re.search(rf'value="{area("water")}" checked', page.text), "nobody chose it yet"
    assert db.session.scalar(select(Organisation).where(Organisation.title == "Maji Safi")) is None


def test_a_ticked_suggestion_is_saved_and_the_others_are_not(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    typed = {"title": "Maji Safi", "description": WELLS, "focus": [str(area("water"))]}
    assert client.post("/organisations/new", data=typed).status_code == 303
    made = db.session.scalar(select(Organisation).where(Organisation.title == "Maji Safi"))
    assert made is not None and made.focus == [area("water")]


def test_what_is_chosen_is_not_suggested_again(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    typed = {"title": "Maji Safi", "description": WELLS, "focus": [str(area("water"))], "suggest": "1"}
    page = client.post("/organisations/new", data=typed).text
    assert "Water" not in offered(page) and "Groundwater" in offered(page)


def test_a_form_without_the_description_reads_the_record(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Maji Safi", description=WELLS)
    sign_in(client, cast.ana)
    page = client.post("/organisations/maji-safi/edit", data={"section": "focus", "version": "1", "suggest": "1"})
    assert page.status_code == 200 and "Water" in offered(page.text)
    made = db.session.scalar(select(Organisation).where(Organisation.slug == "maji-safi"))
    assert made is not None and made.version == 1


def test_words_that_say_nothing_are_answered_with_a_sentence(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    page = client.post("/organisations/new", data={"title": "Xyz", "description": "Hello.", "suggest": "1"}).text
    assert offered(page) == {} and "No further area came to mind" in page


def test_enter_still_saves(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    form = client.get("/organisations/new").text.partition("data-draft=")[2]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None and "suggest" not in first[0], "Enter presses the first button of a form"


@pytest.mark.parametrize("address", ["/wiki/new", "/wiki/wells/edit"])
def test_the_page_editor_offers_areas(client: FlaskClient, cast: Cast, address: str) -> None:
    make.page("Wells", text="Old words.")
    sign_in(client, cast.ana)
    page = client.post(
        address, data={"title": "Wells", "text": WELLS, "language": "en", "version": "1", "suggest": "1"}
    )
    assert page.status_code == 200 and "Water" in offered(page.text) and WELLS in page.text
    assert [one.text for one in db.session.scalars(select(Page))] == ["Old words."]


def test_a_group_is_offered_areas(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    page = client.post("/groups/new", data={"title": "Wells", "text": WELLS, "suggest": "1"})
    assert page.status_code == 200 and "Water" in offered(page.text)


def test_a_need_is_offered_areas_in_its_second_step(client: FlaskClient, cast: Cast) -> None:
    made = make.organisation("Maji Safi")
    give_seat(cast.ana, speaks_for(made.id), "steward")
    sign_in(client, cast.ana)
    page = client.post("/partnerships/needs/new", data={"step": "detail", "text": WELLS, "suggest": "1"})
    assert page.status_code == 200 and "Water" in offered(page.text) and WELLS in page.text


def test_a_member_accepts_one_area_on_the_page_of_an_organisation(client: FlaskClient, cast: Cast) -> None:
    made = make.organisation("Maji Safi", description=WELLS)
    assert "boreholes" not in client.get("/organisations/maji-safi").text.replace(WELLS, ""), (
        "a visitor is asked nothing"
    )
    sign_in(client, cast.ana)
    page = client.get("/organisations/maji-safi").text
    assert "Suggested areas" in page and "because of: drinking water" in page
    answer = client.post(f"/e/{made.id}/areas", data={"area": str(area("water"))})
    assert answer.status_code == 303
    db.session.refresh(made)
    assert made.focus == [area("water")] and made.version == 2
    line = entries.revision(made, 2)
    assert line is not None and "Water" in line.note
    assert "Suggested areas" not in client.get("/organisations/maji-safi").text


def test_only_members_accept_and_only_areas_that_there_are(client: FlaskClient, cast: Cast) -> None:
    made = make.organisation("Maji Safi", description=WELLS)
    client.post(f"/e/{made.id}/areas", data={"area": str(area("water"))})
    db.session.refresh(made)
    assert made.focus == []
    sign_in(client, cast.ana)
    assert client.post(f"/e/{made.id}/areas", data={"area": "999999"}).status_code == 404
    assert client.post(f"/e/{area('water')}/areas", data={"area": str(area("energy"))}).status_code == 403


def test_a_renamed_area_is_suggested_by_its_new_name(client: FlaskClient, cast: Cast) -> None:
    node = area_from("water")
    assert node is not None
    found = db.session.get(Area, node.id)
    assert found is not None
    edit_area(found, {"synonyms_en": ["zorblax"]}, version=found.version, actor=cast.ana)
    assert "zorblax" in tree().by_slug["water"].words
    sign_in(client, cast.ana)
    page = client.post(
        "/organisations/new", data={"title": "X", "description": "All about zorblax.", "suggest": "1"}
    ).text
    assert offered(page)["Water"] == "zorblax"


@pytest.fixture
def refused(client: FlaskClient, cast: Cast) -> Organisation:
    """Groundwater was refused by Ana for an organisation that drills boreholes; Ana is signed in."""
    made = make.organisation("Maji Safi", description=WELLS)
    sign_in(client, cast.ana)
    assert f'name="refuse" value="{area("groundwater")}"' in client.get("/organisations/maji-safi").text
    answer = client.post(f"/e/{made.id}/areas", data={"refuse": str(area("groundwater"))})
    assert answer.status_code == 303
    return made


def offers(client: FlaskClient) -> str:
    """The part of the page on which areas are suggested, without what was refused."""
    return client.get("/organisations/maji-safi").text.partition("Suggested areas")[2].partition("Refused here")[0]


def test_a_refused_area_is_not_suggested_again_and_says_who_refused_it(
    client: FlaskClient, refused: Organisation
) -> None:
    assert "Groundwater" not in offers(client) and "Water" in offers(client)
    assert "refused by <bdi>Ana</bdi>" in client.get("/organisations/maji-safi").text
    db.session.refresh(refused)
    assert refused.focus == [] and refused.version == 1, "nothing of the record changed"


def test_a_refused_area_can_still_be_ticked_in_the_form(client: FlaskClient, refused: Organisation) -> None:
    typed = {"section": "focus", "version": "1", "suggest": "1"}
    page = client.post("/organisations/maji-safi/edit", data=typed).text
    assert "Groundwater" not in offered(page) and "Water" in offered(page)
    before, _line, after = page.partition("Refused here before")
    assert f'name="focus" value="{area("groundwater")}"' in after.partition("</details>")[0]


def test_a_refusal_is_taken_back(client: FlaskClient, cast: Cast, refused: Organisation) -> None:
    sign_in(client, cast.ben)
    client.post(f"/e/{refused.id}/areas", data={"again": str(area("groundwater"))})
    assert "Groundwater" in offers(client)
    assert "Refused here before" not in client.get("/organisations/maji-safi").text


def test_a_refusal_ends_when_the_text_has_become_another(
    client: FlaskClient, cast: Cast, refused: Organisation
) -> None:
    few = f"{WELLS} Since 1998."
    edit_organisation(refused, {"description": few}, version=1, actor=cast.ben)
    assert "Groundwater" not in offers(client), "a few more words are the same text"
    other = (
        "Our engineers map aquifers. Boreholes are measured every month, and farmers share what they learn about wells."
    )
    edit_organisation(refused, {"description": other}, version=2, actor=cast.ben)
    assert "Groundwater" in offers(client)


def test_only_who_may_edit_refuses_and_sees_what_was_refused(client: FlaskClient, cast: Cast) -> None:
    made = make.organisation("Maji Safi", description=WELLS)
    client.post(f"/e/{made.id}/areas", data={"refuse": str(area("groundwater"))})
    sign_in(client, cast.ana)
    assert "Groundwater" in offers(client), "a visitor refuses nothing"
    assert client.post(f"/e/{made.id}/areas", data={"refuse": "999999"}).status_code == 404
    assert client.post(f"/e/{area('water')}/areas", data={"refuse": str(area("energy"))}).status_code == 403
    client.post(f"/e/{made.id}/areas", data={"refuse": str(area("groundwater"))})
    client.post("/sign-out")
    assert "Refused here" not in client.get("/organisations/maji-safi").text


def test_what_was_refused_twice_is_kept_once(client: FlaskClient, refused: Organisation) -> None:
    assert client.post(f"/e/{refused.id}/areas", data={"refuse": str(area("groundwater"))}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(RefusedArea)) == 1
