"""The directory as people walk through it, without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries.followers import catch_up
from directory.actions import edit_organisation
from directory.models import Organisation
from tests import make
from tests.cast import Cast, sign_in


def version_of(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def by_title(title: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.title == title))


def test_a_visitor_finds_an_organisation_by_subject_and_place(client: FlaskClient) -> None:
    make.organisation(
        "Maji Safi", country="KE", city="Kisumu", focus=["water"], description="Clean wells for villages."
    )
    make.organisation("Dry Ltd", country="KE", city="Nairobi", focus=["energy"])
    make.organisation("Eau Vive", country="FR", city="Lyon", focus=["water"])
    catch_up()
    page = client.get("/organisations?focus=water&country=KE").text
    assert "Maji Safi" in page and "Dry Ltd" not in page and "Eau Vive" not in page
    assert "Maji Safi" in client.get("/organisations?near=Kisumu&km=50").text
    assert "Maji Safi" in client.get("/search?q=water+in:kenya").text
    assert "Maji Safi" in client.get("/search?q=eau").text, "found in another language through its area"


def test_the_number_beside_a_choice_is_the_number_of_results(client: FlaskClient) -> None:
    for number in range(9):
        make.organisation(country="KE" if number % 3 else "UG", focus=["water"] if number % 2 else ["energy"])
    catch_up()
    page = client.get("/organisations").text
    for value, count in re.findall(r'name="country" value="(\w\w)"[^>]*>[^<]*<span class="count">(\d+)', page):
        answer = client.get(f"/organisations?country={value}").text
        assert re.search(rf'<b class="figure">{count}</b>', answer), value


def test_a_member_adds_edits_and_undoes(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    answer = client.post("/organisations/new", data={"title": "Sol y Luz", "country": "PE", "city": "Cusco", "description": "Hornos solares."})  # fmt: skip
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"])
    assert "Sol y Luz" in page.text and "Cusco" in page.text
    form = client.get("/organisations/sol-y-luz/edit?section=basics").text
    data = {
        "section": "basics",
        "title": "Sol y Luz",
        "description": "Hornos y lámparas.",
        "version": version_of(form),
        "note": "más",
    }
    assert client.post("/organisations/sol-y-luz/edit", data=data).status_code == 303
    history = client.get("/organisations/sol-y-luz/history").text
    assert "más" in history and "Ana" in history
    diff = client.get("/organisations/sol-y-luz/diff/1/2").text
    assert "<ins>" in diff and "lámparas" in diff
    assert client.post("/organisations/sol-y-luz/restore/1").status_code == 303
    assert "Hornos solares." in client.get("/organisations/sol-y-luz").text


def test_an_edit_of_one_section_leaves_the_others_alone(client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation(
        "Solar Aid", country="KE", city="Nairobi", website="https://solar.example.org/", focus=["energy"]
    )
    sign_in(client, cast.ben)
    client.post(
        "/organisations/solar-aid/edit",
        data={"section": "basics", "title": "Solar Aid", "description": "New.", "version": "1"},
    )
    db.session.refresh(solar)
    assert (solar.description, solar.city, solar.website, len(solar.focus)) == (
        "New.",
        "Nairobi",
        "https://solar.example.org/",
        1,
    )


def test_a_collision_shows_both_texts_and_any_choice_can_be_saved(app: Flask, client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.")
    edit_organisation(solar, {"description": "Lamps for schools."}, version=1, actor=cast.ben)
    sign_in(client, cast.chi)
    data = {"section": "basics", "title": "Solar Aid", "description": "Lamps for clinics.", "version": "1"}
    answer = client.post("/organisations/solar-aid/edit", data=data)
    assert answer.status_code == 409
    assert "Lamps for schools." in answer.text and "Lamps for clinics." in answer.text
    again = data | {"version": version_of(answer.text), "choice-description": "both"}
    assert client.post("/organisations/solar-aid/edit", data=again).status_code == 303
    db.session.expire_all()
    assert solar.description == "Lamps for schools.\n\nLamps for clinics."


def test_a_double_is_pointed_out_before_it_is_saved(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Centre for Rural Wells", country="KE", city="Kisumu", website="https://wells.example.org/")
    sign_in(client, cast.ana)
    data = {
        "title": "Center for Rural Wells",
        "country": "KE",
        "city": "Kisumu",
        "website": "https://www.wells.example.org",
    }
    answer = client.post("/organisations/new", data=data)
    assert (
        answer.status_code == 200
        and "Centre for Rural Wells" in answer.text
        and by_title("Center for Rural Wells") is None
    )
    assert client.post("/organisations/new", data=data | {"really_new": "y"}).status_code == 303
    assert by_title("Center for Rural Wells") is not None


def test_visitors_are_sent_to_sign_in_and_come_back(client: FlaskClient) -> None:
    make.organisation("Solar Aid")
    answer = client.get("/organisations/solar-aid/edit?section=focus")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/organisations/solar-aid/edit?section%3Dfocus"


def test_who_has_not_proved_an_address_writes_nothing(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.una)
    assert client.post("/organisations/new", data={"title": "Una Org"}).status_code == 403
    assert by_title("Una Org") is None


def test_contacts_are_on_no_page(client: FlaskClient) -> None:
    make.organisation("Solar Aid", email="canary-mail@example.org", phone="+254 canary 7")
    catch_up()
    pages = "/organisations /organisations/solar-aid /organisations/solar-aid/history /organisations/solar-aid/diff/0/1 /search?q=canary /changes /search.atom?q=solar"
    for address in pages.split():
        text = client.get(address).text
        assert "canary-mail" not in text and "canary 7" not in text, address


@pytest.mark.parametrize("field, value", [("title", ""), ("website", "javascript:alert(1)"), ("website", "no address"), ("email", "x"), ("founded", "99999"), ("country", "ZZ"), ("external_ids", "no colon"), ("sdgs", "99"), ("focus", "999999"), ("title", "x" * 400), ("status", "famous")])  # fmt: skip
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    client: FlaskClient, cast: Cast, field: str, value: str
) -> None:
    make.organisation("Solar Aid")
    sign_in(client, cast.ana)
    data = {"title": "Solar Aid", "description": "kept words", "version": "1", "status": "active", field: value}
    answer = client.post("/organisations/solar-aid/edit", data=data)
    assert answer.status_code == 422, answer.status_code
    assert "kept words" in answer.text and "field-error" in answer.text


def test_a_circle_of_parts_is_refused(app: Flask, cast: Cast) -> None:
    whole = make.organisation("Whole")
    part = make.organisation("Part")
    edit_organisation(part, {"relations": [["part of", whole.id, "Whole"]]}, version=1, actor=cast.ana)
    client = sign_in(app.test_client(), cast.ana)
    answer = client.post("/organisations/whole/relations/new", data={"to": part.id, "type": "part of"})
    assert answer.status_code == 422 and "circle" in answer.text
    assert "Includes" in client.get("/organisations/whole").text, "a tie shows on both sides"


def test_confirming_says_so_and_stands_in_the_history(client: FlaskClient, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", status="unconfirmed")
    sign_in(client, cast.ben)
    assert client.post("/organisations/solar-aid/confirm").status_code == 303
    db.session.expire_all()
    assert solar.status == "active" and solar.confirmed
    assert "Still right" in client.get("/organisations/solar-aid/history").text


def test_every_public_page_answers_in_every_language(client: FlaskClient) -> None:
    solar = make.organisation("Solar Aid", country="KE", city="Nairobi", focus=["energy"], sdgs=[7])
    catch_up()
    pages = "/ /organisations /organisations/filters /organisations/solar-aid /organisations/solar-aid/history /search /search?q=solar /focus /focus/energy /sdg/7 /changes /about /charter /privacy /accessibility /open-data /help /sign-in /join /forgot"
    for language in ("en", "fr", "es", "ar;q=0.5"):
        for address in pages.split():
            answer = client.get(address, headers={"Accept-Language": language})
            assert answer.status_code == 200, (address, language)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/e/{solar.id}").headers["Location"] == "/organisations/solar-aid"


def test_lists_are_feeds_too(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Maji Safi", country="KE", focus=["water"])
    make.organisation("Sun", country="KE", focus=["energy"])
    make.organisation("Maji Siri", country="KE", focus=["water"], audience="members")
    catch_up()
    for address in (
        "/organisations.atom?focus=water",
        "/focus/water.atom",
        "/focus/water-and-oceans.atom",
        "/search.atom?q=maji",
    ):
        answer = client.get(address)
        assert answer.content_type.startswith("application/atom+xml"), address
        assert (
            "Maji Safi" in answer.text and "<title>Sun</title>" not in answer.text and "Maji Siri" not in answer.text
        ), address
