"""Contacts: asked, agreed, ended; private, and silent about every no."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.models import Ask
from commons.feed.models import Watch
from commons.members.models import Block, Member
from commons.people import actions
from commons.people.models import Contact
from commons.people.queries import know_each_other, profile_of
from commons.people.queries.contacts import requests_to, standing
from commons.web import Forbidden, Invalid
from tests.cast import Cast
from tests.commons.people import makers


def follows(member: Member, other: Member) -> str | None:
    profile = profile_of(other)
    return (
        db.session.scalar(select(Watch.how).where(Watch.member_id == member.id, Watch.entry_id == profile.id))
        if profile
        else None
    )


def block(member: Member, other: Member) -> None:
    with transaction():
        db.session.add(Block(member_id=member.id, other_id=other.id, how="block"))


def asks_of(member: Member) -> list[str]:
    return list(db.session.scalars(select(Ask.why).where(Ask.member_id == member.id).order_by(Ask.why)))


def test_one_asks_the_other_agrees_and_both_follow_each_other(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    asked = browser("ana").post("/members/chi/contact", data={"note": "We met at the well"})
    assert asked.status_code == 303
    assert asks_of(cast.chi) == ["contact"]
    assert not know_each_other(cast.ana, cast.chi)
    page = browser("chi").get("/settings/contacts").text
    assert "We met at the well" in page
    assert browser("chi").post("/members/ana/contact/agree").status_code == 303
    assert know_each_other(cast.ana, cast.chi)
    assert know_each_other(cast.chi, cast.ana)
    assert (follows(cast.ana, cast.chi), follows(cast.chi, cast.ana)) == ("feed", "feed")
    assert asks_of(cast.ana) == ["accepted"]
    assert "You know each other" in browser("ana").get("/members/chi").text


def test_asking_who_asked_already_is_agreeing(cast: Cast) -> None:
    actions.ask_contact(cast.chi, "", actor=cast.ana)
    assert actions.ask_contact(cast.ana, "", actor=cast.chi) == "agreed"
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 1


def test_ending_works_alone_and_stops_both_from_following(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    actions.ask_contact(cast.chi, "", actor=cast.ana)
    actions.agree(cast.ana, actor=cast.chi)
    assert browser("ana").post("/members/chi/contact/end").status_code == 303
    assert not know_each_other(cast.ana, cast.chi)
    assert (follows(cast.ana, cast.chi), follows(cast.chi, cast.ana)) == (None, None)


def test_who_is_declined_sees_that_it_waits_and_asking_again_changes_nothing(cast: Cast) -> None:
    actions.ask_contact(cast.chi, "hello", actor=cast.ana)
    actions.decline(cast.ana, actor=cast.chi)
    assert standing(cast.ana, cast.chi) == "asked"
    assert standing(cast.chi, cast.ana) == ""
    actions.end_contact(cast.chi, actor=cast.ana)
    assert standing(cast.ana, cast.chi) == ""
    assert actions.ask_contact(cast.chi, "hello again", actor=cast.ana) == "asked"
    assert standing(cast.ana, cast.chi) == "asked"
    assert requests_to(cast.chi) == []
    assert asks_of(cast.chi) == ["contact"], "asked once"


def test_who_is_blocked_is_told_the_same_and_reaches_nobody(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    block(cast.chi, cast.ana)
    answers = []
    for username in ("chi", "ben"):
        browser("ana").post(f"/members/{username}/contact", data={"note": "hello"})
        page = browser("ana").get(f"/members/{username}/contact").text
        main = page[page.index("<main") : page.index("</main>")]
        answers.append(main.replace(f"/{username}", "/x").replace(username.title(), "X"))
    assert answers[0] == answers[1]
    assert asks_of(cast.chi) == []
    assert requests_to(cast.chi) == []
    assert asks_of(cast.ben) == ["contact"]


def test_a_block_ends_what_contacts_may(cast: Cast) -> None:
    actions.ask_contact(cast.chi, "", actor=cast.ana)
    actions.agree(cast.ana, actor=cast.chi)
    block(cast.ana, cast.chi)
    assert not know_each_other(cast.ana, cast.chi)
    assert not know_each_other(cast.chi, cast.ana)


@pytest.mark.parametrize("name", ["visitor", "ana", "mo"])
def test_nobody_else_learns_who_knows_whom(name: str, cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.chi, "public", "public", about="About Chi")
    makers.profile(cast.ben, "public", "public", about="About Ben")
    actions.ask_contact(cast.chi, "a secret word", actor=cast.ben)
    actions.agree(cast.ben, actor=cast.chi)
    for way in ("/members/chi", "/settings/contacts", "/members", "/notices", "/api/v1/members"):
        page = browser(name).get(way).text
        assert "a secret word" not in page
        if way == "/members/chi":
            assert "/members/ben" not in page.replace("next=/members/ben", "")


def test_following_needs_a_yes_unless_the_other_lets_anyone(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.chi, "members")
    with pytest.raises(Forbidden):
        actions.follow_person(cast.chi, actor=cast.ana)
    assert "/members/chi/follow" not in browser("ana").get("/members/chi").text
    actions.edit_profile({}, {}, audience="members", actor=cast.chi, open_to_follow=True)
    assert "/members/chi/follow" in browser("ana").get("/members/chi").text
    assert browser("ana").post("/members/chi/follow").status_code == 303
    assert follows(cast.ana, cast.chi) == "feed"


def test_many_requests_at_once_are_too_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commons.people.actions.contacts.MOST_WAITING", 1)
    actions.ask_contact(cast.chi, "", actor=cast.ana)
    with pytest.raises(Invalid):
        actions.ask_contact(cast.ben, "", actor=cast.ana)


def test_a_hidden_member_cannot_be_asked(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.chi, "own")
    assert browser("ana").post("/members/chi/contact", data={"note": ""}).status_code == 404


def test_members_without_a_proved_address_ask_nobody(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.ask_contact(cast.chi, "", actor=cast.una)
