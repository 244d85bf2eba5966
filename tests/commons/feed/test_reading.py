"""The feed holds exactly what I follow, newest first, each thread once, as I may see it now."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from commons.audience import MEMBERS
from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.hiding import show_to
from commons.feed.actions import mark_seen, react, unwatch, watch, watch_tag
from commons.feed.documents import feed_rows, next_areas
from commons.feed.queries import beyond, followed, gathering, reading, threads
from commons.focus.models import Area
from commons.focus.queries import area_from
from commons.forums.actions import remove_post
from commons.members.models import Member
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed import makers
from tests.commons.feed.makers import block, changed, leave
from tests.test_query_counts import statements


def rows(member: Member, page: int = 1, only: str = "") -> list[dict[str, Any]]:
    with current_app.test_request_context():
        who = followed(member, only)
        return feed_rows(who, threads(who, page, 30)[0])


def titles(member: Member, only: str = "") -> list[str]:
    return [row["title"] for row in rows(member, only=only)]


def area(slug: str) -> Area:
    node = area_from(slug)
    assert node is not None
    return db.session.get_one(Area, node.id)


def test_a_feed_holds_what_i_follow_and_nothing_else_newest_first(app: Flask, cast: Cast) -> None:
    wells, other, page = make.organisation("Wells"), make.organisation("Other"), make.page("Pumps")
    for one in (wells, page):
        watch(one, actor=cast.ben)
    assert titles(cast.ben) == ["Pumps", "Wells"] and titles(cast.chi) == []
    changed(wells, cast.chi, "moved")
    changed(other, cast.chi, "elsewhere")
    assert titles(cast.ben) == ["Wells", "Pumps"]
    assert rows(cast.ben)[0]["happened"].endswith("1 edit by Chi")


def test_what_only_i_did_is_no_news_to_me(app: Flask, cast: Cast) -> None:
    wells = make.organisation("Wells", actor=cast.ben)
    watch(wells, actor=cast.ben)
    changed(wells, cast.ben, "by myself")
    assert titles(cast.ben) == []


def test_a_post_brings_its_topic_once_however_many_posts_there_are(app: Flask, cast: Cast) -> None:
    place = makers.forum("Water talk", actor=cast.mo)
    topic = makers.topic("Leaking tap", actor=cast.ana, within=place)
    watch(place, actor=cast.ben)
    for who in (cast.ana, cast.chi, cast.chi):
        makers.post(topic, actor=who)
    found = rows(cast.ben)
    assert [row["title"] for row in found] == ["Leaking tap", "Water talk"]
    assert "3 new posts by 2 people" in found[0]["happened"]
    assert [reason["sentence"] for reason in found[0]["reasons"]] == ["because you follow Water talk"]


def test_a_followed_group_brings_what_stands_in_it_and_in_its_forum_and_says_that_i_am_in_it(
    app: Flask, cast: Cast
) -> None:
    village = makers.group("Solar village", cast.ben, actor=cast.ana, private=True)
    inside = makers.forum("Talk", actor=cast.ana, within=village)
    makers.topic("Lamps", actor=cast.ana, within=inside)
    makers.topic("A share", actor=cast.ana, within=village, sort="share")
    watch(village, actor=cast.ben)
    assert titles(cast.ben) == ["A share", "Lamps", "Talk", "Solar village"]
    assert rows(cast.ben)[1]["reasons"][0]["sentence"] == "because you are in Solar village"
    leave(cast.ben, village.door)
    assert titles(cast.ben) == []


def test_an_area_stands_for_everything_under_it_and_below_it(app: Flask, cast: Cast) -> None:
    top = area_from("water-and-oceans") or area_from("water")
    assert top is not None
    watch(db.session.get_one(Area, top.id), actor=cast.ben)
    make.organisation("Wells", focus=["water"])
    make.organisation("Lamps", focus=["energy"])
    assert titles(cast.ben) == ["Wells"]
    assert rows(cast.ben)[0]["reasons"][0]["sentence"] == f"because you follow {top.label}"


def test_a_followed_person_brings_what_they_did_and_what_they_recommend(app: Flask, cast: Cast) -> None:
    watch(makers.profile(cast.chi), actor=cast.ben)
    wells, pumps = make.organisation("Wells"), make.organisation("Pumps")
    make.organisation("Lamps")
    changed(wells, cast.chi, "by Chi")
    react(pumps, "recommend", actor=cast.chi)
    found = rows(cast.ben)
    assert [row["title"] for row in found][:2] == ["Pumps", "Wells"] and "Lamps" not in titles(cast.ben)
    assert "Recommended by Chi" in found[0]["happened"]
    assert found[1]["reasons"][0]["sentence"] == "because you follow Chi"
    secret = make.page("Xylophonia", audience=GROUP, actor=cast.ana)
    watch(makers.profile(cast.ana), actor=cast.chi)
    assert secret.title not in titles(cast.chi) and "Pumps" in titles(cast.chi)


def test_a_followed_tag_brings_pages_and_the_topics_of_posts_that_carry_it(app: Flask, cast: Cast) -> None:
    watch_tag("solar", actor=cast.ben)
    make.page("Lamps", "Cheap #Solar lamps.", actor=cast.ana)
    topic = makers.topic("Panels", actor=cast.ana, within=makers.forum("Energy talk", actor=cast.mo))
    makers.post(topic, "About #solar too.", actor=cast.chi)
    assert titles(cast.ben) == ["Panels", "Lamps"]
    assert rows(cast.ben)[0]["reasons"][0]["sentence"] == "because you follow #solar"


def test_one_thread_that_is_followed_in_many_ways_stands_there_once_with_two_reasons(app: Flask, cast: Cast) -> None:
    wells = make.page("Wells", "About #wells.", focus=["water"])
    watch(wells, actor=cast.ben)
    watch(area("water"), actor=cast.ben)
    watch(makers.profile(cast.ana), actor=cast.ben)
    watch_tag("wells", actor=cast.ben)
    found = [row for row in rows(cast.ben) if row["title"] == "Wells"]
    assert len(found) == 1 and len(found[0]["reasons"]) == 2
    assert found[0]["reasons"][0]["sentence"] == "because you watch it"


@pytest.mark.parametrize("window", [1000, 2])
def test_both_roads_to_the_threads_give_the_same_feed(
    app: Flask, cast: Cast, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "WINDOW", window)
    followed_ones = [make.organisation(f"Wells {number}", focus=["water"]) for number in range(6)]
    place = makers.forum("Talk", actor=cast.mo)
    makers.topic("Lamps", actor=cast.ana, within=place)
    for number in range(5):
        make.organisation(f"Elsewhere {number}")
    for one in (followed_ones[0], place, area("water")):
        watch(one, actor=cast.ben)
    assert titles(cast.ben) == ["Lamps", "Talk", *(f"Wells {number}" for number in range(5, -1, -1))]
    who = followed(cast.ben)
    first, more = threads(who, 1, 3)
    second, _more = threads(who, 2, 3)
    last, none = threads(who, 3, 3)
    assert [one.entry.title for one in (*first, *second, *last)] == titles(cast.ben) and more and not none


def test_a_page_is_found_behind_many_that_are_not_shown(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "WINDOW", 2)
    monkeypatch.setattr(reading, "AT_LEAST", 2)
    place = makers.forum("Talk", actor=cast.mo)
    for writer, names in ((cast.ana, ("Wells", "Pumps")), (cast.chi, ("Lamps", "Stoves", "Roofs", "Roads", "Wires"))):
        for name in names:
            makers.topic(name, actor=writer, within=place)
    watch(place, actor=cast.ben)
    block(cast.ben, cast.chi, "mute")
    who = followed(cast.ben)
    pages = [threads(who, number, 1) for number in (1, 2, 3, 4)]
    assert [[one.entry.title for one in found] for found, _more in pages] == [["Pumps"], ["Wells"], ["Talk"], []]
    assert [more for _found, more in pages] == [True, True, False, False]


def test_what_is_muted_is_gone_also_when_something_else_brings_it(app: Flask, cast: Cast) -> None:
    wells = make.page("Wells", focus=["water"])
    place = makers.forum("Talk", actor=cast.mo)
    makers.topic("Lamps", actor=cast.ana, within=place)
    for one in (area("water"), place, makers.profile(cast.ana)):
        watch(one, actor=cast.ben)
    assert {"Wells", "Lamps"} <= set(titles(cast.ben))
    watch(wells, actor=cast.ben, how="muted")
    watch(place, actor=cast.ben, how="muted")
    assert not {"Wells", "Lamps", "Talk"} & set(titles(cast.ben))


@pytest.mark.parametrize(("how", "turned"), [("block", False), ("mute", False), ("block", True)])
def test_nothing_by_whom_i_keep_away_from(app: Flask, cast: Cast, how: str, turned: bool) -> None:
    wells, hers = make.page("Wells", actor=cast.ana), make.page("Hers", actor=cast.chi)
    for one in (wells, hers):
        watch(one, actor=cast.ben)
    block(*((cast.chi, cast.ben) if turned else (cast.ben, cast.chi)), how)
    assert titles(cast.ben) == ["Wells"]


def test_visible_is_what_is_visible_now(app: Flask, cast: Cast) -> None:
    place = makers.forum("Talk", actor=cast.mo)
    topic = makers.topic("Lamps", actor=cast.ana, within=place)
    pumps, wells = make.page("Pumps"), make.page("Wells")
    for one in (topic, pumps, wells):
        watch(one, actor=cast.chi)
    said = makers.post(topic, actor=cast.ben)
    assert "2 " not in rows(cast.chi)[0]["happened"] and "1 new post by Ben" in rows(cast.chi)[0]["happened"]
    remove_post(said, actor=cast.mo, note="spam")
    show_to(pumps, GROUP, actor=cast.ana)
    remove_entry(wells, actor=cast.mo, note="spam")
    found = rows(cast.chi)
    assert [row["title"] for row in found] == ["Lamps"] and "post" not in found[0]["happened"]


def test_a_private_talk_stands_in_no_feed(app: Flask, cast: Cast) -> None:
    makers.sit(cast.ben, "talk:1")
    talk = makers.topic("Between us", actor=cast.ana, audience="talk:1", sort="talk")
    watch(talk, actor=cast.ben)
    assert titles(cast.ben) == []


def test_what_i_read_is_told_again_from_where_i_stopped(app: Flask, cast: Cast) -> None:
    topic = makers.topic("Lamps", actor=cast.ana, within=makers.forum("Talk", actor=cast.mo))
    watch(topic, actor=cast.ben)
    for _number in range(3):
        makers.post(topic, actor=cast.ana)
    assert "3 new posts" in rows(cast.ben)[0]["happened"]
    mark_seen(topic, actor=cast.ben)
    makers.post(topic, actor=cast.chi)
    assert rows(cast.ben)[0]["happened"] == "1 new post by Chi"


def test_filters_choose_among_the_followed_kinds(app: Flask, cast: Cast) -> None:
    wells, lamps = make.organisation("Wells"), make.page("Lamps", focus=["water"])
    village = makers.group("Village", actor=cast.ana)
    for one in (wells, area("water"), village):
        watch(one, actor=cast.ben)
    assert titles(cast.ben, "organisations") == ["Wells"] and titles(cast.ben, "areas") == [lamps.title]
    assert titles(cast.ben, "groups") == ["Village"] and titles(cast.ben, "people") == []


def test_beyond_my_areas_are_at_most_three_of_what_stands_beside_them(app: Flask, cast: Cast) -> None:
    watch(area("water"), actor=cast.ben)
    who = followed(cast.ben)
    near = [node for id in next_areas(who) if (node := area_slug(id))]
    assert near and "water" not in near
    mine = make.page("Mine", focus=["water", near[0]])
    for number in range(4):
        make.page(f"Near {number}", focus=[near[0]])
    make.page("Far")
    found = [one.entry.title for one in beyond(who, next_areas(who), 3)]
    assert found == ["Near 3", "Near 2", "Near 1"] and mine.title in titles(cast.ben)


def area_slug(id: int) -> str:
    return str(db.session.get_one(Area, id).slug)


def test_the_page_says_why_and_one_press_stops_it(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/feed").status_code == 303
    sign_in(client, cast.ben)
    assert "You follow nothing yet" in client.get("/feed").text
    wells = make.organisation("Wells")
    watch(wells, actor=cast.ben)
    page = client.get("/feed").text
    assert "because you watch it" in page and "You have seen everything that you follow" in page
    answer = client.post("/organisations/wells/unwatch", data={"next": "/feed"})
    assert answer.headers["Location"] == "/feed"
    page = client.get("/feed").text
    assert "/organisations/wells/watch" in page and "Undo" in page and "because you watch it" not in page


def test_beyond_can_be_switched_off_and_on(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    watch(area("water"), actor=cast.ben)
    near = area_slug(next_areas(followed(cast.ben))[0])
    make.page("Near by", focus=[near])
    assert "Beyond your areas" in client.get("/feed").text
    client.post("/feed/beyond", data={"beyond": ""})
    page = client.get("/feed").text
    assert "Near by" not in page and "Show some things" in page
    client.post("/feed/beyond", data={"beyond": "yes"})
    assert "Near by" in client.get("/feed").text


def test_a_feed_costs_the_same_for_one_thread_as_for_many(app: Flask, cast: Cast) -> None:
    """Without what every page asks, and what other rooms show on it."""
    for one in (area("water"), makers.profile(cast.ana), make.page("Pumps")):
        watch(one, actor=cast.ben)
    watch_tag("solar", actor=cast.ben)

    def sent() -> list[str]:
        rows(cast.ben)
        ben = cast.ben
        with statements() as found, current_app.test_request_context():
            who = followed(ben)
            near = beyond(who, next_areas(who), 3)
            feed_rows(who, [*threads(who, 1, 30)[0], *near])
        return found

    few = len(sent())
    for number in range(12):
        make.page(f"Wells {number}", "All about #solar.", focus=["water"])
    assert len(sent()) <= few + 1 <= 12, "\n\n".join(sent())


def test_members_only_threads_are_marked_and_leave_with_the_right(app: Flask, cast: Cast) -> None:
    lamps = make.page("Lamps", audience=MEMBERS)
    watch(lamps, actor=cast.chi)
    assert rows(cast.chi)[0]["audience"] == MEMBERS
    with transaction():
        cast.chi.state = "suspended"
    assert titles(cast.chi) == []


def test_unwatching_what_is_not_watched_is_nothing(app: Flask, cast: Cast) -> None:
    assert unwatch(make.page("Lamps"), actor=cast.ben) is None
