"""One look at who sees what; hidden at once, and back as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import create_entry
from commons.feed.models import Wishes
from commons.members.models import Outgoing
from commons.people import actions
from commons.people.queries import profile_of, words_that_differ
from tests.cast import Cast, sign_in
from tests.commons.people import makers
from wiki.models import Page


def wishes(cast: Cast) -> tuple[str, str]:
    row = db.session.get_one(Wishes, cast.ben.id, populate_existing=True)
    return row.asks, row.digest


def test_every_field_and_who_sees_it_stands_on_one_page(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    makers.profile(cast.ben, "public", {"skills": "public", "place": "groups"}, skills="sewing", place="Gozo")
    page = browser("ben").get("/settings/privacy").text
    for words in ("everybody, also search engines", "people in my groups", "Skills", "Town or district"):
        assert words in page


def test_hide_me_now_hides_the_profile_ends_other_sessions_and_silences_mails(
    app: Flask, cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    makers.profile(cast.ben, "public", "public", skills="sewing")
    with transaction():
        db.session.add(Wishes(member_id=cast.ben.id, asks="digest", digest="daily"))
        db.session.add(
            Outgoing(recipient="ben@example.org", member_id=cast.ben.id, letter="ask", about={}, key="ask-1")
        )
    elsewhere = sign_in(app.test_client(), cast.ben)
    client = browser("ben")
    assert client.post("/settings/privacy/hide").status_code == 303
    assert browser("visitor").get("/members/ben").status_code == 404
    assert browser("mo").get("/members/ben").status_code == 404
    assert "sewing" not in browser("ana").get("/members").text
    assert elsewhere.get("/settings/privacy").status_code == 303
    assert client.get("/settings/privacy").status_code == 200
    assert wishes(cast) == ("never", "never")
    assert db.session.scalars(select(Outgoing).where(Outgoing.member_id == cast.ben.id)).all() == []
    assert list(words_that_differ()) == []
    client.post("/settings/privacy/hide")
    assert client.post("/settings/privacy/undo").status_code == 303
    found = profile_of(cast.ben)
    assert found is not None
    assert (found.audience, found.visibility("skills"), wishes(cast)) == ("public", "public", ("digest", "daily"))
    assert "sewing" in browser("visitor").get("/members").text
    assert list(words_that_differ()) == []


def test_what_stands_on_the_wall_hides_too_and_comes_back_no_wider(
    cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    found = makers.profile(cast.ben, "public", "public")
    with transaction():
        share = Page(audience="members", within_id=found.id)
        create_entry(share, {"title": "On my wall", "text": "words"}, actor=cast.ben)
    page = f"/wiki/{share.slug}"
    actions.hide(actor=cast.ben, this=None)
    assert browser("ana").get(page).status_code == 404
    actions.unhide(actor=cast.ben)
    assert browser("ana").get(page).status_code == 200
    assert browser("visitor").get(page).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "inside"), [("members", "public", "members"), ("public", "members", "members")]
)
def test_a_wider_profile_does_not_widen_what_stands_on_its_wall(
    before: str, after: str, inside: str, cast: Cast
) -> None:
    found = makers.profile(cast.ben, before, "public")
    with transaction():
        share = Page(audience=before, within_id=found.id)
        create_entry(share, {"title": "On my wall", "text": "words"}, actor=cast.ben)
    makers.profile(cast.ben, after, "public")
    db.session.refresh(share)
    assert (found.audience, share.audience) == (after, inside)


def test_somebody_who_never_wrote_a_profile_can_hide_too(cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    assert browser("chi").post("/settings/privacy/hide").status_code == 303
    assert browser("ana").get("/members/chi").status_code == 404
    assert browser("chi").post("/settings/privacy/undo").status_code == 303
    assert browser("ana").get("/members/chi").status_code == 200
    assert browser("visitor").get("/members/chi").status_code == 404


def test_undoing_without_hiding_changes_nothing(cast: Cast) -> None:
    makers.profile(cast.ben, "own", "public")
    actions.unhide(actor=cast.ben)
    found = profile_of(cast.ben)
    assert found is not None
    assert found.is_hidden
