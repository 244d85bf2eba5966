"""What I watch: a list of my own, each thing with what moved last in it and a button that stops it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db
from commons.feed.actions import unwatch, watch
from commons.feed.models import Digest, Watch
from commons.feed.queries import watched_page, watchers
from commons.focus.models import Area
from commons.focus.queries import area_from
from commons.members.models import Member
from commons.web import Invalid
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.makers import changed, leave
from tests.test_query_counts import asked


def titles(member: Member) -> list[str]:
    return [row[0].title for row in watched_page(member, 1, 50)[0]]


def test_watching_twice_is_watching_once_and_can_be_stopped(app: Flask, cast: Cast) -> None:
    wells = make.organisation("Wells")
    watch(wells, actor=cast.ben)
    watch(wells, actor=cast.ben)
    assert watchers(wells, cast.ben) == (1, "notices") and watchers(wells, cast.chi) == (1, "")
    assert titles(cast.ben) == ["Wells"] and titles(cast.chi) == []
    unwatch(wells, actor=cast.ben)
    assert watchers(wells, cast.ben) == (0, "") and titles(cast.ben) == []


def test_an_area_is_listed_in_the_feed_and_a_page_is_also_told_of(app: Flask, cast: Cast) -> None:
    node = area_from("water")
    assert node is not None
    watch(db.session.get_one(Area, node.id), actor=cast.ben)
    page = make.page("Wells")
    watch(page, actor=cast.ben)
    assert db.session.get_one(Watch, (cast.ben.id, node.id)).how == "feed"
    assert db.session.get_one(Watch, (cast.ben.id, page.id)).how == "notices"


def test_how_much_one_hears_of_a_thing_is_one_of_three_levels(app: Flask, cast: Cast) -> None:
    page = make.page("Wells")
    watch(page, actor=cast.ben, how="muted")
    watch(page, actor=cast.ben)
    assert db.session.get_one(Watch, (cast.ben.id, page.id)).how == "muted"
    with pytest.raises(Invalid):
        watch(page, actor=cast.ben, how="loudly")


def test_what_i_may_not_see_any_more_is_gone_from_my_list(app: Flask, cast: Cast) -> None:
    watch(make.organisation("Xylophonia", audience=GROUP), actor=cast.ben)
    assert titles(cast.ben) == ["Xylophonia"]
    leave(cast.ben, GROUP)
    assert titles(cast.ben) == []


def test_the_first_thing_that_is_watched_sets_the_day_of_the_first_digest(app: Flask, cast: Cast) -> None:
    assert db.session.get(Digest, (cast.ben.id, 0)) is None
    watch(make.page("Wells"), actor=cast.ben)
    row = db.session.get_one(Digest, (cast.ben.id, 0))
    first = row.due
    watch(make.page("Pumps"), actor=cast.ben)
    db.session.refresh(row)
    assert row.due == first and row.seq > 0


def test_the_page_lists_and_its_buttons_work(client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells")
    secret = make.organisation("Xylophonia", audience=GROUP)
    assert client.get("/watching").status_code == 303
    assert client.post("/organisations/wells/watch").status_code == 303 and watchers(wells, cast.ben)[0] == 0
    sign_in(client, cast.chi)
    assert client.post("/organisations/wells/watch").headers["Location"] == "/organisations/wells"
    assert client.post(f"/organisations/{secret.slug}/watch").status_code == 404
    changed(wells, cast.ben, "by Ben")
    page = client.get("/watching").text
    assert "by Ben" in page and "/organisations/wells/unwatch" in page
    gone = client.post("/organisations/wells/unwatch", data={"next": "/watching"})
    assert gone.headers["Location"] == "/watching" and watchers(wells, cast.ben)[0] == 0


def test_stopping_can_be_taken_back_with_what_was_chosen(client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells")
    watch(wells, actor=cast.chi, how="feed")
    sign_in(client, cast.chi)
    client.post("/organisations/wells/unwatch", data={"next": "/watching"})
    page = client.get("/watching").text
    assert "You no longer watch “Wells”" in page and 'name="how" value="feed"' in page
    back = client.post("/organisations/wells/watch", data={"how": "feed", "next": "/watching"})
    assert back.headers["Location"] == "/watching" and watchers(wells, cast.chi) == (1, "feed")


def test_a_page_of_its_own_says_how_much_i_hear_of_one_thing(client: FlaskClient, cast: Cast) -> None:
    wells = make.organisation("Wells")
    sign_in(client, cast.chi)
    assert "Feed only" in client.get("/organisations/wells/watching").text and watchers(wells, cast.chi)[0] == 0
    assert client.post("/organisations/wells/watching", data={"how": "muted"}).status_code == 303
    assert watchers(wells, cast.chi) == (1, "muted")
    assert client.post("/organisations/wells/watching", data={"how": "loudly"}).status_code == 422


def test_watching_much_costs_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    watch(make.organisation(), actor=cast.ben)
    few = len(asked(client, "/watching"))
    for _number in range(12):
        watch(make.organisation(), actor=cast.ben)
    assert len(asked(client, "/watching")) == few <= 10
