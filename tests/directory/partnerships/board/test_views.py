"""The pages of the board: lists under filters, one need or offer, the four steps of a new one, its end by page and by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from commons.db import db, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.drafts import drafts_of
from commons.entries.followers import catch_up
from commons.entries.models import Draft
from commons.members.seats import take_seat
from directory.partnerships.board import actions, queries
from directory.partnerships.board.models import Posting, in_days
from tests.cast import Cast, sign_in
from tests.directory.partnerships.board.makers import need, offer, represented, sit
from tests.readable import readable


def entry_url(made: Posting) -> str:
    return f"/partnerships/{made.kind}s/{made.id}/{made.slug}"


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


# --- lists ---


@pytest.fixture
def board(app: Flask, cast: Cast) -> dict[str, Posting]:
    belt, aid = represented("Green Belt", country="KE"), represented("Solar Aid", cast.ben)
    made = {
        "drill": need("Drill a borehole", of=belt, sort="skill", country="KE", city="Kitui", focus=["water"]),
        "van": offer("Lend a van", of=belt, sort="equipment", country="KE", city="Nairobi"),
        "read": need("Read a contract", of=aid, actor=cast.ben, sort="skill", remote=True, languages=["fr"]),
        "room": offer("Share a room", of=aid, actor=cast.ben, sort="space", audience="members"),
    }
    catch_up()
    return {name: db.session.get_one(Posting, one.id) for name, one in made.items()}


def test_needs_and_offers_stand_beside_each_other(client: FlaskClient, board: dict[str, Posting]) -> None:
    page = client.get("/partnerships").text
    assert "Drill a borehole" in page and "Read a contract" in page and "Lend a van" in page
    assert "Green Belt" in page and "Share a room" not in page


def test_members_see_what_is_for_members(client: FlaskClient, board: dict[str, Posting], cast: Cast) -> None:
    sign_in(client, cast.chi)
    assert "Share a room" in client.get("/partnerships/offers").text


@pytest.mark.parametrize(
    "asked, found, missing",
    [
        ("needs", "Drill a borehole", "Lend a van"),
        ("needs?type=skill", "Read a contract", "Lend a van"),
        ("needs?type=money", "Nothing fits", "Read a contract"),
        ("needs?country=KE", "Drill a borehole", "Read a contract"),
        ("needs?focus=water", "Drill a borehole", "Read a contract"),
        ("needs?language=fr", "Read a contract", "Drill a borehole"),
        ("needs?near=Kitui&km=100", "Drill a borehole", "Read a contract"),
        ("needs?q=borehole", "Drill a borehole", "Read a contract"),
        ("offers?type=equipment", "Lend a van", "Drill a borehole"),
    ],
)
def test_lists_have_the_filters_of_the_search(
    client: FlaskClient, board: dict[str, Posting], asked: str, found: str, missing: str
) -> None:
    page = client.get(f"/partnerships/{asked}").text
    listed = re.findall(r'<ul class="rows beside">.*?</ul>\s*(?=<nav|<p|</div)', page, re.S)
    assert found in page
    assert missing not in "".join(listed)


def test_what_is_closed_is_in_no_list_until_one_asks_for_it_and_is_marked_then(
    client: FlaskClient, board: dict[str, Posting], cast: Cast
) -> None:
    actions.close_posting(board["drill"], "fulfilled", actor=cast.ana, by="Well Diggers")
    catch_up()
    assert "Drill a borehole" not in client.get("/partnerships/needs").text
    page = client.get("/partnerships/needs?closed=1").text
    assert "Drill a borehole" in page and "Came true on" in page
    assert "Drill a borehole" in client.get("/search?q=borehole").text


def test_what_is_past_is_marked_before_the_worker_has_seen_it(client: FlaskClient, board: dict[str, Posting]) -> None:
    with transaction():
        record(board["drill"], "edited", None, actor=None)
        board["drill"].until = in_days(-1)
    page = client.get("/partnerships/needs").text  # the index does not know yet
    assert "Expired on" in page
    shown = client.get(entry_url(board["drill"])).text
    assert "cannot be answered any more" in shown


def test_the_filters_have_a_page_of_their_own(client: FlaskClient, board: dict[str, Posting]) -> None:
    for asked in ("", "?of=needs&country=KE", "?of=offers", "?of=nothing&endpoint=x&_external=1"):
        answer = client.get(f"/partnerships/filters{asked}")
        assert answer.status_code == 200 and "Apply filters" in answer.text


def test_strange_addresses_of_lists_are_lists(client: FlaskClient, board: dict[str, Posting]) -> None:
    for asked in (
        "type=gold",
        "country=zz",
        "page=0",
        "sort=distance",
        "closed=2",
        "endpoint=x&_anchor=y",
        "q=" + "x" * 500,
    ):
        assert client.get(f"/partnerships/needs?{asked}").status_code == 200, asked
        assert client.get(f"/partnerships?{asked}").status_code == 200, asked


def test_lists_are_feeds_of_what_everybody_may_read(client: FlaskClient, board: dict[str, Posting], cast: Cast) -> None:
    sign_in(client, cast.chi)
    assert "Drill a borehole" in client.get("/partnerships/needs.atom?type=skill").text
    feed = client.get("/partnerships/offers.atom").text
    assert "Lend a van" in feed and "Share a room" not in feed


def test_pages_of_the_board_ask_the_database_few_times(
    client: FlaskClient, board: dict[str, Posting], cast: Cast
) -> None:
    sign_in(client, cast.chi)
    for page in ("/partnerships", "/partnerships/needs", entry_url(board["drill"]), "/partnerships/open"):
        client.get(page)
        with statements() as seen:
            assert client.get(page).status_code == 200
        asked = [one for one in seen if not one.startswith("BEGIN")]
        assert len(asked) <= 15, "\n".join([page, *(one.partition("FROM")[2][:90] for one in asked)])


def test_it_is_found_in_the_one_search_with_its_kind(client: FlaskClient, board: dict[str, Posting]) -> None:
    page = client.get("/search?q=contract&kind=need").text
    assert "Read a contract" in page
    found = client.get("/api/v1/search?q=borehole&kind=need").json or {}
    assert [hit["title"] for hit in found["items"]] == ["Drill a borehole"]


# --- one ---


def test_a_need_has_an_address_whose_words_are_for_people(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need(
        "Drill a borehole", of=represented("Green Belt"), text="Water for **300** families.", in_return="Soil data"
    )
    page = client.get(entry_url(made))
    assert page.status_code == 200
    assert "<strong>300</strong>" in page.text and "Soil data" in page.text and "Green Belt" in page.text
    for wrong in (f"/partnerships/needs/{made.id}", f"/partnerships/needs/{made.id}/something"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.location) == (301, entry_url(made))
    assert client.get(f"/partnerships/offers/{made.id}").status_code == 404
    assert client.get(f"/e/{made.id}").location == entry_url(made)
    assert client.get("/partnerships/needs/99999999999999").status_code == 404


def test_what_waits_is_shown_to_its_author_and_nobody_else(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", looked_at=False)
    assert client.get(entry_url(made)).status_code == 404
    assert "Only you and moderators see it yet" in sign_in(client, cast.ana).get(entry_url(made)).text


def test_a_removed_one_is_gone_with_the_reason(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole")
    remove_entry(made, actor=cast.mo, note="An advertisement")
    answer = client.get(entry_url(made))
    assert answer.status_code == 410 and "An advertisement" in answer.text


def test_nobody_answers_what_is_of_an_organisation_that_is_gone(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = need("Drill a borehole", of=organisation)
    remove_entry(organisation, actor=cast.mo, note="Twice")
    page = client.get(entry_url(made))
    assert page.status_code == 200 and "nobody can answer it" in page.text
    catch_up()
    assert client.get("/partnerships/needs").status_code == 200


def test_its_history_and_the_way_back_are_those_of_every_kind(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt"))
    actions.edit_posting(made, {"remote": True, "sort": "training"}, version=1, actor=cast.ana)
    sign_in(client, cast.ana)
    assert "From anywhere" in client.get(f"/needs/{made.slug}/history").text
    shown = client.get(f"/needs/{made.slug}/diff/1/2").text
    assert "yes" in shown and "Training" in shown and "Skills and advice" in shown
    client.post(f"/needs/{made.slug}/restore/1")
    db.session.refresh(made)
    assert (made.remote, made.sort) == (False, "skill")


def test_an_organisation_shows_what_it_needs_and_offers(
    client: FlaskClient, board: dict[str, Posting], cast: Cast
) -> None:
    page = client.get("/organisations/green-belt").text
    assert "What we need" in page and "Drill a borehole" in page and "Lend a van" in page
    assert "Share a room" not in client.get("/organisations/solar-aid").text
    actions.close_posting(board["drill"], "withdrawn", actor=cast.ana)
    assert "Drill a borehole" not in client.get("/organisations/green-belt").text


# --- the four steps ---


def step(client: FlaskClient, number: str, action: str = "next", kind: str = "needs", **values: Any) -> TestResponse:
    return client.post(f"/partnerships/{kind}/new", data={"step": number, "action": action, **values})


def test_a_need_is_made_in_four_steps_without_a_script(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    need("Known", of=organisation)
    sign_in(client, cast.ana)
    assert "In a few words" in client.get("/partnerships/needs/new").text
    answer = step(client, "what", organisation=organisation.id, sort="skill", title="Drill a borehole", quantity="One")
    assert answer.location == "/partnerships/needs/new?step=detail"
    answer = step(client, "detail", text="Water for 300 families", in_return="Soil data", language="en")
    assert answer.location == "/partnerships/needs/new?step=where"
    where: dict[str, Any] = {
        "country": "KE",
        "city": "Kitui",
        "languages": ["en", "sw"],
        "until": in_days(30),
        "audience": "members",
    }
    assert step(client, "where", **where).location == "/partnerships/needs/new?step=preview"
    page = client.get("/partnerships/needs/new?step=preview").text
    assert "Drill a borehole" in page and "Water for 300 families" in page and "Kitui" in page
    answer = step(client, "preview", "publish")
    made = db.session.scalars(select(Posting).where(Posting.title == "Drill a borehole")).one()
    assert answer.location == entry_url(made)
    assert (made.within_id, made.quantity, made.city, made.languages) == (organisation.id, "One", "Kitui", ["en", "sw"])
    assert (made.audience, made.until, made.text) == ("members", in_days(30), "Water for 300 families")
    assert drafts_of(cast.ana) == []


def test_sending_the_last_step_twice_leads_to_what_was_published(client: FlaskClient, app: Flask, cast: Cast) -> None:
    represented("Green Belt")
    sign_in(client, cast.ana)
    step(client, "what", sort="skill", title="Drill a borehole")
    first = step(client, "preview", "publish")
    again = step(client, "preview", "publish")
    assert first.status_code == 303 and again.location == first.location


def test_what_is_wrong_is_said_at_its_step_and_the_words_are_kept(client: FlaskClient, app: Flask, cast: Cast) -> None:
    represented("Green Belt")
    sign_in(client, cast.ana)
    answer = step(client, "what", title="Drill a borehole")
    assert answer.status_code == 422 and "Choose what kind of thing it is" in answer.text
    assert "Drill a borehole" in answer.text
    step(client, "what", sort="skill", title="Drill a borehole")
    answer = step(client, "where", until="2001-01-01", city="Kitui", radius="far")
    assert answer.status_code == 422 and "Kitui" in answer.text
    answer = step(client, "preview", "publish")
    assert answer.status_code == 422 and "Answers until" in answer.text  # back at the step where it stands
    assert db.session.scalar(select(Posting)) is None


def test_one_goes_back_and_goes_on_another_day(client: FlaskClient, app: Flask, cast: Cast) -> None:
    represented("Green Belt")
    sign_in(client, cast.ana)
    step(client, "what", sort="skill", title="Drill a borehole")
    assert step(client, "detail", "back", text="Water").location == "/partnerships/needs/new?step=what"
    assert "Drill a borehole" in client.get("/partnerships/needs/new").text
    assert "Water" in client.get("/partnerships/needs/new?step=detail").text
    assert "/partnerships/needs/new" in client.get("/drafts").text
    step(client, "detail", "discard")
    assert db.session.scalar(select(Draft)) is None


def test_a_preview_that_is_opened_too_early_leads_to_what_is_missing(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    represented("Green Belt")
    answer = sign_in(client, cast.ana).get("/partnerships/needs/new?step=preview")
    assert answer.status_code == 422 and "beginning with a verb" in answer.text


def test_the_preview_says_what_publishing_does_besides(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    sign_in(client, cast.ana)
    step(client, "what", sort="skill", title="Drill a borehole")
    page = client.get("/partnerships/needs/new?step=preview").text
    assert "a moderator looks at it before others see it" in page and "open to partnership" in page
    actions.set_openness(organisation, {"open": False}, actor=cast.ana)
    need("Known", of=organisation)
    page = client.get("/partnerships/needs/new?step=preview").text
    assert "a moderator looks at it" not in page and "also shown as open" not in page


def test_an_offer_may_stand_for_good_when_one_says_so(client: FlaskClient, app: Flask, cast: Cast) -> None:
    represented("Green Belt")
    sign_in(client, cast.ana)
    step(client, "what", kind="offers", sort="equipment", title="Lend a van")
    step(client, "where", kind="offers", permanent="y", until=in_days(9), audience="public")
    step(client, "preview", "publish", kind="offers")
    assert db.session.scalars(select(Posting)).one().until == ""


@pytest.mark.parametrize("who", ["ben", "chi"])
def test_who_speaks_for_nobody_is_led_to_their_organisation(
    client: FlaskClient, app: Flask, cast: Cast, who: str
) -> None:
    organisation = represented("Green Belt")
    sit(organisation, cast.ben, "delegate")
    sign_in(client, getattr(cast, who))
    assert "Speak for an organisation first" in client.get("/partnerships/needs/new").text
    assert step(client, "what", organisation=organisation.id, title="Drill", sort="skill").status_code == 303
    assert db.session.scalar(select(Posting)) is None


def test_nobody_publishes_in_the_name_of_others(client: FlaskClient, app: Flask, cast: Cast) -> None:
    represented("Green Belt")
    other = represented("Solar Aid", cast.ben)
    sign_in(client, cast.ana)
    step(client, "what", organisation=other.id, title="Drill", sort="skill")
    assert step(client, "preview", "publish").status_code == 403
    assert db.session.scalar(select(Posting)) is None


# --- changing and closing ---


def test_a_steward_changes_it_and_others_do_not_find_the_form(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt"))
    sign_in(client, cast.ben)
    assert client.get(f"{entry_url(made)}/edit").status_code == 404
    assert client.get(f"{entry_url(made)}/close").status_code == 404
    assert client.post(f"{entry_url(made)}/renew").status_code == 404
    client.post("/sign-out")
    sign_in(client, cast.ana)
    assert "Drill a borehole" in client.get(f"{entry_url(made)}/edit").text
    values = {"title": "Dig a well", "sort": "people", "until": made.until, "audience": "members", "version": "1"}
    answer = client.post(f"{entry_url(made)}/edit", data=values)
    db.session.refresh(made)
    assert answer.status_code == 303 and answer.location == entry_url(made)
    assert (made.title, made.sort, made.audience) == ("Dig a well", "people", "members")


def test_a_form_with_faults_comes_back_with_its_words(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt"))
    sign_in(client, cast.ana)
    answer = client.post(f"{entry_url(made)}/edit", data={"title": "", "text": "Kept words", "version": "1"})
    assert answer.status_code == 422 and "Kept words" in answer.text


def test_two_stewards_who_change_the_same_words_see_both(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt", cast.ana, cast.ben))
    actions.edit_posting(made, {"quantity": "Two wells"}, version=1, actor=cast.ben)
    sign_in(client, cast.ana)
    values = {"title": "Drill a borehole", "sort": "skill", "until": made.until, "audience": "public", "version": "1"}
    answer = client.post(f"{entry_url(made)}/edit", data=values | {"quantity": "Three wells"})
    assert answer.status_code == 409 and "Two wells" in answer.text and "Three wells" in answer.text


def test_it_is_closed_as_fulfilled_with_by_whom_and_opened_again(client: FlaskClient, app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt"))
    sign_in(client, cast.ana)
    client.post(f"{entry_url(made)}/close", data={"how": "fulfilled", "by": "Well Diggers"})
    assert "Thanks to Well Diggers" in client.get(entry_url(made)).text
    assert client.get(f"{entry_url(made)}/edit").status_code == 303
    assert client.post(f"{entry_url(made)}/close", data={"how": "expired?"}).status_code == 422
    client.post(f"{entry_url(made)}/renew")
    db.session.refresh(made)
    assert made.is_open


def test_an_organisation_says_whether_it_is_open_to_partnership(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt", country="KE")
    sign_in(client, cast.ana)
    page = "/organisations/green-belt/partnership"
    assert "We are open to partnership" in client.get(page).text
    values = {"open": "y", "looking_for": "Drillers", "can_bring": "Soil data", "capacity": "3"}
    assert client.post(page, data=values).status_code == 303
    assert "Drillers" in client.get("/organisations/green-belt").text
    assert "Green Belt" in client.get("/partnerships/open?country=KE").text
    assert client.post(page, data=values | {"capacity": "700"}).status_code == 422
    client.post(page, data={"capacity": "3"})
    assert not queries.accepts(organisation.id) and "Green Belt" not in readable(client.get("/partnerships/open").text)
    client.post("/sign-out")
    assert sign_in(client, cast.ben).get(page).status_code == 404


def test_who_lost_the_mandate_finds_no_form_any_more(client: FlaskClient, app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = need("Drill a borehole", of=organisation)
    sign_in(client, cast.ana)
    step(client, "what", sort="skill", title="Dig a well")
    with transaction():
        take_seat(cast.ana, f"organisation:{organisation.id}")
    assert client.get(f"{entry_url(made)}/edit").status_code == 404
    assert step(client, "preview", "publish").status_code == 303  # led to the page that says why
    assert "Speak for an organisation first" in client.get("/partnerships/needs/new").text
