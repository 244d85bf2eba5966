"""A tag gathers what everybody wrote with it, as far as the reader may see it."""

from __future__ import annotations

from flask import Flask, current_app
from flask.testing import FlaskClient

from commons.db import db
from commons.entries.tagged import carrying, kinds_with, tags_in_use
from commons.feed.actions import place_tag, unwatch_tag, watch_tag
from commons.feed.models import TagArea, TagWatch
from commons.focus.queries import area_from
from commons.members.models import Member
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.writers import topic_with
from tests.readable import without_tokens
from tests.test_query_counts import statements


def titles(tag: str, viewer: Member | None, kind: str = "") -> list[str]:
    with current_app.test_request_context():
        return [row["title"] for row in carrying(tag, viewer, kind, 1, 50)]


def test_every_kind_that_carries_a_tag_stands_on_its_page_newest_first(client: FlaskClient, cast: Cast) -> None:
    make.organisation("Sun Works", description="Panels for all #Énergie")
    make.page("Batteries", "What to ask. #energie")
    make.page("Wells", "Nothing of it.")
    page = client.get("/tags/energie").text
    assert page.index("Batteries") < page.index("Sun Works") and "Wells" not in page
    assert kinds_with("energie", None) == {"organisation": 1, "page": 1}
    assert "Batteries" not in client.get("/tags/energie?kind=organisation").text


def test_capitals_and_accents_lead_to_one_address(client: FlaskClient) -> None:
    answer = client.get("/tags/Énergie")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/tags/energie")
    assert client.get("/tags/--").status_code == 404


def test_a_tag_that_only_hidden_texts_use_is_one_that_nobody_uses(client: FlaskClient, cast: Cast) -> None:
    make.page("Xylophonia", "Secret #xylo", audience=GROUP)
    hidden, none = client.get("/tags/xylo"), client.get("/tags/zylo")
    assert hidden.status_code == none.status_code == 200
    assert (
        without_tokens(hidden.text).replace("xylo", "zylo") == without_tokens(none.text)
        and "Nobody has used #xylo yet" in hidden.text
    )
    assert "xylo" not in client.get("/tags").text and "Xylophonia" not in client.get("/tags/xylo.atom").text
    sign_in(client, cast.ben)
    assert "Xylophonia" in client.get("/tags/xylo").text and "#xylo" in client.get("/tags").text
    assert "Xylophonia" not in client.get("/tags/xylo.atom").text


def test_a_topic_stands_there_once_for_all_its_posts(app: Flask, cast: Cast) -> None:
    topic_with("Heaps", ["One #compost", "Two #compost", "Three #Compost"], cast.ana)
    assert titles("compost", None) == ["Heaps"] and kinds_with("compost", None) == {"topic": 1}
    assert [use.many for use in tags_in_use(None, "", 1, 10)[0]] == [1]


def test_the_list_of_tags_counts_only_what_may_be_seen(client: FlaskClient, cast: Cast) -> None:
    make.page("Open", "#water and #air")
    make.page("Closed", "#water", audience=GROUP)
    assert tags_in_use(None, "", 1, 10) == ([("air", 1), ("water", 1)], 2)
    assert tags_in_use(cast.ben, "w", 1, 10) == ([("water", 2)], 1)
    page = client.get("/tags?letter=a").text
    assert "#air" in page and "#water" not in page
    assert "No tag begins so" in client.get("/tags?letter=z").text


def test_removed_texts_leave_their_tags(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Old", "#once")
    sign_in(client, cast.mo)
    client.post(f"/wiki/{page.slug}/remove", data={"note": "test"})
    assert titles("once", None) == [] and "Nobody has used" in client.get("/tags/once").text


def test_a_tag_is_followed_by_its_key_and_let_go(client: FlaskClient, cast: Cast) -> None:
    assert client.post("/tags/solar/watch").headers["Location"].startswith("/sign-in")
    sign_in(client, cast.chi)
    assert client.post("/tags/Solar/watch").status_code == 303
    watch_tag("SOLAR", actor=cast.chi)
    assert [row.tag for row in db.session.scalars(db.select(TagWatch))] == ["solar"]
    assert "Stop following" in client.get("/tags/solar").text
    client.post("/tags/solar/unwatch")
    unwatch_tag("solar", actor=cast.chi)
    assert db.session.scalars(db.select(TagWatch)).all() == []


def test_moderators_say_which_area_a_tag_means_and_the_area_names_the_tag(client: FlaskClient, cast: Cast) -> None:
    water = area_from("water")
    assert water is not None
    sign_in(client, cast.chi)
    assert client.post("/tags/h2o/area", data={"area": water.id}).status_code == 404
    sign_in(client, cast.mo)
    client.post("/tags/h2o/area", data={"area": water.id})
    assert "/focus/water" in client.get("/tags/h2o").text and "#h2o" in client.get("/focus/water").text
    place_tag("h2o", None, actor=cast.mo)
    assert db.session.get(TagArea, "h2o") is None and "#h2o" not in client.get("/focus/water").text


def test_the_feed_of_a_tag_is_well_formed_and_public(client: FlaskClient, cast: Cast) -> None:
    make.page("Batteries", "#energie")
    sign_in(client, cast.ben)
    answer = client.get("/tags/energie.atom")
    assert answer.mimetype == "application/atom+xml" and "<title>Batteries</title>" in answer.text


def test_many_entries_cost_no_more_statements(client: FlaskClient, cast: Cast) -> None:
    def cost() -> int:
        client.get("/tags/energie")
        with statements() as sent:
            client.get("/tags/energie")
        return len(sent)

    make.page("Page 0", "#energie")
    make.organisation("Works 0", description="#energie")
    few = cost()
    for number in range(1, 9):
        make.page(f"Page {number}", "#energie")
        make.organisation(f"Works {number}", description="#energie")
    assert cost() == few <= 12
