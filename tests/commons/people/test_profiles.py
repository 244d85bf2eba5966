"""A profile shows to each viewer what its member chose for them, and nothing else, on every way out."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.audience import may_see
from commons.db import db
from commons.entries.models import Change, Entry
from commons.feed.actions import watch
from commons.members.actions import join
from commons.members.models import Member
from commons.people import actions
from commons.people.models import FIELDS, SHOWN, Profile, ProfileWord
from commons.people.queries import profile_of, reach, words_that_differ
from commons.web import Forbidden
from tests.cast import Cast
from tests.commons.files.samples import picture
from tests.commons.people import makers
from tests.readable import without_tokens

SEES = {  # who looks at a profile of Ben: which visibilities are open to them
    "visitor": {"public"},
    "chi": {"public", "members"},
    "mo": {"public", "members"},
    "ana": {"public", "members", "groups"},
    "ben": {"public", "members", "groups", "nobody"},
}


def test_a_new_account_shows_its_name_to_members_and_nothing_else(browser: Callable[[str], FlaskClient]) -> None:
    join("newcomer", "Nia Newcomer", "nia.private@example.org", "four words in a row", language="fr")
    assert browser("visitor").get("/members/newcomer").status_code == 404
    for name in ("chi", "ana", "mo"):
        page = browser(name).get("/members/newcomer").text
        assert "Nia Newcomer" in page
        assert "nia.private" not in page


def test_a_profile_that_follows_from_being_followed_says_only_the_name(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    made = actions.own_profile(cast.ben)
    assert (made.audience, made.title, made.slug) == ("members", "Ben", "ben")
    assert actions.own_profile(cast.ben).id == made.id
    with pytest.raises(Forbidden):
        watch(made, actor=cast.chi)  # who follows them is theirs to say
    assert browser("visitor").get("/members/ben").status_code == 404
    words = set(db.session.scalars(select(ProfileWord.field)))
    assert words == {"name"}


@pytest.mark.parametrize(("shown", "name"), list(itertools.product(SHOWN, SEES)))
def test_each_viewer_reads_the_fields_that_are_for_them(
    shown: str, name: str, cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    makers.full_profile(cast.ben, "public", shown)
    page = browser(name).get("/members/ben").text
    found = {field for field, word in makers.WORDS.items() if word.split("//")[-1].strip("/") in page}
    assert found == (set(makers.WORDS) if shown in SEES[name] else set())
    assert ("Malta" in page) == (shown in SEES[name])
    assert ("Swahili" in page) == (shown in SEES[name])


@pytest.mark.parametrize("name", ["visitor", "chi", "ana", "mo"])
def test_a_hidden_profile_is_nowhere(name: str, cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    hidden = makers.full_profile(cast.ben, "own", "public")
    makers.settle()
    client = browser(name)
    missing, there = client.get("/members/nobody-here"), client.get("/members/ben")
    pages = [without_tokens(one.text).replace(name, "") for one, name in ((there, "ben"), (missing, "nobody-here"))]
    assert there.status_code == 404 and pages[0] == pages[1]
    ways = ["/members", "/members?q=ben", "/members?skill=canaryskill", "/members?country=MT", "/search?q=canaryhelp"]
    ways += ["/search?q=ben", "/api/v1/members", f"/api/v1/members/{hidden.id}", "/changes", "/changes.atom"]
    ways += [f"/e/{hidden.id}", "/complete?q=be", "/sitemap-0.xml", "/members/ben/history", "/members/ben/photo/320"]
    for way in ways:
        text = client.get(way).text
        assert "canary" not in text.replace("canaryskill", "").replace("canaryhelp", ""), way
        assert "members/ben" not in text.replace(way, ""), way


def test_its_own_member_still_sees_a_hidden_profile(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.full_profile(cast.ben, "own", "public")
    assert "canaryabout" in browser("ben").get("/members/ben").text


def test_the_api_shows_public_fields_of_public_profiles_whoever_asks(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    open_to_all = {"skills": "public", "help_with": "members", "place": "groups"}
    found = makers.profile(cast.ben, "public", open_to_all, skills="wells", help_with="pumps", place="Gozo")
    for name in ("visitor", "ana"):
        one = browser(name).get(f"/api/v1/members/{found.id}").get_json()
        assert (one["skills"], one["help_with"], one["place"]) == (["wells"], [], "")
    closed = makers.profile(cast.ana, "members", "public", skills="looms")
    assert browser("visitor").get(f"/api/v1/members/{closed.id}").status_code == 404


def test_the_index_holds_no_field_that_is_narrower_than_the_profile(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    makers.profile(
        cast.ben, "public", {"skills": "members", "interests": "public"}, skills="zebrafish", interests="okapi"
    )
    makers.settle()
    assert "/members/ben" in browser("visitor").get("/search?q=okapi").text
    for name in ("visitor", "ana"):
        assert "/members/ben" not in browser(name).get("/search?q=zebrafish").text


def test_showing_something_to_more_people_asks_once_more_and_says_to_whom(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    client = browser("ben")
    form = {"skills": "welding", "skills_visibility": "members", "place": "Gozo", "audience": "members"}
    first = client.post("/settings/profile", data=form)
    assert first.status_code == 422
    assert "More people will see this than before" in first.text
    assert "Skills: members" in first.text
    assert profile_of(cast.ben) is None
    assert client.post("/settings/profile", data={**form, "confirm": "y"}).status_code == 303
    again = client.post("/settings/profile", data={**form, "skills": "welding, sewing"})
    assert again.status_code == 303, "nobody new sees it: no question"
    lines = select(func.count()).where(Change.verb == "showed to others")
    assert db.session.scalar(lines) == 0
    wider = client.post("/settings/profile", data={**form, "audience": "public", "confirm": "y"})
    assert (wider.status_code, db.session.scalar(lines)) == (303, 1)


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        ("nobody", "groups", True),
        ("groups", "public", True),
        ("public", "members", False),
        ("members", "members", False),
    ],
)
def test_only_a_step_to_more_people_is_a_widening(before: str, after: str, asks: bool, cast: Cast) -> None:
    found = makers.profile(cast.ben, "public", before, skills="welding")
    assert bool(actions.widened(found, {"skills": "welding"}, {"skills": after}, "public")) == asks


def test_an_empty_field_is_no_widening(cast: Cast) -> None:
    found = actions.own_profile(cast.ben)
    assert actions.widened(found, {"skills": ""}, {"skills": "public"}, "members") == []


def test_i_see_my_page_as_others_see_it(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(
        cast.ben,
        "public",
        {"skills": "public", "help_with": "members", "learning": "groups", "interests": "nobody"},
        skills="okapi",
        help_with="zebra",
        learning="gnu",
        interests="kudu",
    )
    client = browser("ben")
    for eyes, words in (("visitor", {"okapi"}), ("member", {"okapi", "zebra"}), ("group", {"okapi", "zebra", "gnu"})):
        page = client.get(f"/members/ben?as={eyes}").text
        assert {word for word in ("okapi", "zebra", "gnu", "kudu") if word in page} == words
    makers.profile(cast.ben, "members", "public", skills="okapi")
    page = client.get("/members/ben?as=visitor").text
    assert "They do not see this page" in page
    assert "okapi" not in page
    assert "okapi" in browser("ana").get("/members/ben?as=visitor").text, "for others the words mean nothing"


def test_leaving_the_group_takes_the_fields_of_the_group_away(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    makers.profile(cast.ben, "members", "groups", skills="okapi")
    client = browser("ana")
    assert "okapi" in client.get("/members/ben").text
    for seat in list(cast.ana.seats):
        db.session.delete(seat)
    db.session.commit()
    assert "okapi" not in client.get("/members/ben").text


def test_a_seat_at_an_organisation_is_no_shared_group(cast: Cast) -> None:
    makers.sit(cast.chi, "organisation:5", "representative")
    makers.sit(cast.ben, "organisation:5", "representative")
    assert "groups" not in reach(cast.chi, cast.ben)
    assert "groups" in reach(cast.ana, cast.ben)


def test_a_picture_is_for_whom_it_is_shown_to(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    client = browser("ben")
    sent = {"photo": (io.BytesIO(picture()), "me.jpg"), "photo_alt": "Ben beside a well"}
    answer = client.post("/settings/photo", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    assert client.get("/members/ben/photo/320", buffered=True).status_code == 200
    assert browser("ana").get("/members/ben/photo/320", buffered=True).status_code == 404
    makers.profile(cast.ben, "members", {"photo": "members"})
    there = browser("ana").get("/members/ben/photo/320", buffered=True)
    assert (there.status_code, there.headers["Cache-Control"]) == (200, "private, no-cache")
    assert 'alt="Ben beside a well"' in browser("ana").get("/members/ben").text
    assert browser("visitor").get("/members/ben/photo/320", buffered=True).status_code == 404
    assert "me.jpg" not in browser("ana").get("/files").text
    assert db.session.scalar(select(func.count()).where(Entry.kind == "file")) == 0
    client.post("/settings/photo", data={"remove": "1"})
    assert browser("ana").get("/members/ben/photo/320", buffered=True).status_code == 404


def test_a_document_is_no_picture(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    sent = {"photo": (io.BytesIO(b"only words\n"), "me.txt")}
    answer = browser("ben").post("/settings/photo", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a picture" in answer.text


def test_nobody_but_its_owner_puts_anything_on_a_wall(cast: Cast) -> None:
    found = makers.profile(cast.ben, "public")
    takes = {name: actions.takes(getattr(cast, name), found, "topic") for name in ("ben", "ana", "mo")}
    assert takes == {"ben": "public", "ana": None, "mo": None}
    assert actions.takes(None, found, "topic") is None
    assert actions.takes(cast.ben, found, "page") is None


def test_what_does_not_fit_comes_back_with_a_sentence(browser: Callable[[str], FlaskClient]) -> None:
    form = {"audience": "members", "website": "java script:alert(1)", "skills": "x" * 600, "country": "XX"}
    answer = browser("ben").post("/settings/profile", data=form)
    assert answer.status_code == 422
    for sentence in ("Enter a web address", "too long", "Choose one of the list"):
        assert sentence in answer.text
    assert "java script:alert(1)" in answer.text, "the words are kept"


def test_the_words_that_find_somebody_are_those_of_the_profile(app: Flask, cast: Cast) -> None:
    makers.full_profile(cast.ben, "public", "members")
    assert list(words_that_differ()) == []
    word = db.session.scalars(select(ProfileWord).where(ProfileWord.field == "skills")).one()
    db.session.delete(word)
    db.session.commit()
    assert len(list(words_that_differ())) == 1
    result = app.test_cli_runner().invoke(args=["people", "words"])
    assert "1 profiles can be found" in result.output
    db.session.rollback()
    assert list(words_that_differ()) == []


def test_every_field_of_a_profile_has_a_visibility_in_the_form(browser: Callable[[str], FlaskClient]) -> None:
    page = browser("ben").get("/settings/profile").text
    assert [field for field in FIELDS if f'name="{field}_visibility"' not in page] == []


def test_a_profile_is_behind_its_audience(cast: Cast) -> None:
    found = makers.profile(cast.ben, "own")
    assert {name for name in ("ana", "ben", "chi", "mo") if may_see(getattr(cast, name), found)} == {"ben"}
    assert isinstance(found, Profile)
    assert isinstance(cast.mo, Member)
