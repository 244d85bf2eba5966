"""The talk about an organisation or a page: on its page, in a list of its own, and where it is begun."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.forums.actions import forum_of
from commons.forums.documents.panels import places_to_begin, talk_about
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def test_the_latest_three_topics_about_it_are_named(app: Flask, cast: Cast) -> None:
    page, forum = make.page(title="Composting"), makers.forum()
    made = [makers.topic(f"About {number}", within=forum, about_id=page.id) for number in range(4)]
    with app.test_request_context():
        shown = talk_about(page, None)
    assert shown is not None
    assert [row["title"] for row in shown["rows"]] == [topic.title for topic in reversed(made)][:3]
    assert shown["more_url"] == f"/topics/about/{page.id}" and shown["ask_url"] == f"/topics/new?about={page.id}"


def test_without_talk_there_is_still_a_place_to_begin(app: Flask) -> None:
    with app.test_request_context():
        shown = talk_about(make.organisation("Solar Aid"), None)
    assert shown is not None and shown["rows"] == [] and shown["more_url"] is None


def test_talk_behind_a_door_is_not_named_to_others(app: Flask, cast: Cast) -> None:
    page, group = make.page(title="Composting"), makers.group("private", members=(cast.ben,))
    makers.topic("Secret", within=forum_of(group, cast.ana), about_id=page.id)
    with app.test_request_context():
        for who, many in ((None, 0), (cast.chi, 0), (cast.mo, 0), (cast.ben, 1)):
            shown = talk_about(page, who)
            assert shown is not None and len(shown["rows"]) == many


def test_the_list_of_all_topics_about_it_and_nothing_of_what_is_hidden(cast: Cast, client: FlaskClient) -> None:
    page = make.page(title="Composting")
    makers.topic("Cold compost", about_id=page.id)
    answer = client.get(f"/topics/about/{page.id}")
    assert answer.status_code == 200 and "Cold compost" in answer.text
    hidden = makers.topic("Inner", within=forum_of(makers.group("private"), cast.ana))
    found, missing = (client.get(f"/topics/about/{id}") for id in (hidden.id, 99999))
    assert found.status_code == missing.status_code == 404
    assert found.text.replace(str(hidden.id), "99999") == missing.text


def test_a_topic_about_something_hidden_does_not_name_it(cast: Cast, client: FlaskClient) -> None:
    inner = makers.topic("Very secret plan", within=forum_of(makers.group("private"), cast.ana))
    topic = makers.topic("Open", about_id=inner.id)
    assert "Very secret plan" not in client.get(f"/topics/{topic.id}/open").text
    sign_in(client, cast.ana)
    assert "Very secret plan" in client.get(f"/topics/{topic.id}/open").text


def test_one_forum_is_no_choice_and_several_are(cast: Cast, client: FlaskClient) -> None:
    page, only = make.page(title="Composting"), makers.forum("General")
    sign_in(client, cast.ben)
    assert client.get(f"/topics/new?about={page.id}").headers["Location"] == f"/forums/{only.slug}/new?about={page.id}"
    makers.forum("Energy")
    answer = client.get(f"/topics/new?about={page.id}")
    assert "General" in answer.text and "Energy" in answer.text and "Composting" in answer.text
    assert client.get("/topics/new?about=99999").status_code == 404


def test_forums_of_groups_are_not_offered(app: Flask, cast: Cast) -> None:
    forum_of(makers.group("private", members=(cast.ben,)), cast.ana)
    with app.test_request_context():
        assert places_to_begin(None, cast.ben) == []
