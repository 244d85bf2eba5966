"""First steps: read from what somebody did, never stored, and gone when they want it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from commons.feed.actions import watch
from commons.focus.queries import area_from
from commons.people import actions
from commons.people.documents import steps_panel
from commons.people.queries.steps import first_steps, suggested_organisations
from tests import make
from tests.cast import Cast
from tests.commons.people import makers


def done(cast: Cast) -> set[str]:
    return {step.name for step in first_steps(cast.chi) if step.done}


def test_each_step_is_done_by_doing_it(app: Flask, cast: Cast, browser: Callable[[str], FlaskClient]) -> None:
    assert done(cast) == set()
    three = [make.organisation().id for _one in range(3)]
    water = area_from("water")
    assert water is not None
    client = browser("chi")
    assert client.post("/welcome/follow", data={"follow": [str(water.id)]}).status_code == 303
    assert done(cast) == {"areas"}
    client.post("/welcome/follow", data={"follow": [str(one) for one in three[:2]]})
    assert done(cast) == {"areas"}
    client.post("/welcome/follow", data={"follow": [str(three[2])]})
    assert done(cast) == {"areas", "organisations"}
    makers.sit(cast.chi, "group:12")
    makers.profile(cast.chi, "members", "nobody", skills="sewing")
    assert done(cast) == {"areas", "organisations", "group", "profile"}
    make.page("Wells", "Dug by hand.", actor=cast.chi)
    assert done(cast) == {"areas", "organisations", "group", "profile", "edit"}
    assert steps_panel(None, cast.chi) is None


def test_nothing_but_areas_and_organisations_that_i_may_see_is_followed(cast: Cast) -> None:
    hidden, page = make.organisation(audience="group:7"), make.page()
    assert actions.follow([hidden.id, page.id, 99_999], actor=cast.chi) == 0
    assert actions.follow([hidden.id], actor=cast.ana) == 1


def test_organisations_of_my_country_and_area_come_first(app: Flask, cast: Cast) -> None:
    other = make.organisation("Elsewhere", country="KE", focus=["health"])
    near = make.organisation("Next door", country="MT", focus=["water"])
    make.organisation("Hidden here", country="MT", audience="group:7", focus=["water"])
    makers.settle()
    profile = makers.profile(cast.chi, country="MT")
    water = area_from("water")
    assert water is not None
    with app.test_request_context():
        found = suggested_organisations(cast.chi, profile, [water.id])
        assert [entry.title for entry in found] == ["Next door", "Elsewhere"]
        watch(near, actor=cast.chi)
        assert [entry.id for entry in suggested_organisations(cast.chi, profile, [])] == [other.id]


def test_who_wants_no_first_steps_sees_none_again(
    app: Flask, cast: Cast, browser: Callable[[str], FlaskClient]
) -> None:
    with app.test_request_context():
        panel = steps_panel(None, cast.chi)
    assert panel is not None
    assert (panel["done"], panel["next"]["name"]) == (0, "areas")
    for _twice in range(2):
        assert browser("chi").post("/welcome/skip").status_code == 303
    assert steps_panel(None, cast.chi) is None
    assert browser("chi").get("/welcome").status_code == 200
    assert steps_panel(None, None) is None


def test_visitors_are_asked_to_sign_in(browser: Callable[[str], FlaskClient]) -> None:
    assert "/sign-in" in browser("visitor").get("/welcome").headers["Location"]


def test_choosing_nothing_is_said(browser: Callable[[str], FlaskClient]) -> None:
    browser("chi").post("/welcome/follow", data={"follow": ["x", "99999999999"]})
    assert "Choose at least one" in browser("chi").get("/welcome").text
