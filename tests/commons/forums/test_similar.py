"""What is like a topic that somebody begins to write."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.focus.queries import area_from
from commons.forums.actions import add_post, forum_of, remove_topic
from commons.forums.queries.similar import similar
from commons.search.engine import whoosh
from commons.search.follower import follow
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def index() -> None:
    follow(0)
    whoosh().holder.refresh()


def titles(title: str, who: object = None) -> list[str]:
    return [entry.title for entry in similar(title, who)]  # type: ignore[arg-type]


def test_topics_come_before_pages_and_the_likest_first(cast: Cast) -> None:
    forum = makers.forum("Growing")
    makers.topic("Mending a solar pump", within=forum)
    makers.topic("Solar pump stops at noon", within=forum)
    makers.topic("Seed swaps in spring", within=forum)
    make.page(title="Solar pumps", text="What to ask before you buy.")
    index()
    found = titles("My solar pump stops")
    assert found[0] == "Solar pump stops at noon" and found[-1] == "Solar pumps"
    assert "Seed swaps in spring" not in found


def test_at_most_five_topics_and_three_pages(cast: Cast) -> None:
    forum = makers.forum()
    for number in range(7):
        makers.topic(f"Water filter {number}", within=forum)
        make.page(title=f"Water filters {number}", text="Sand and gravel.")
    index()
    kinds = [entry.kind for entry in similar("water filter", None)]
    assert kinds == ["topic"] * 5 + ["page"] * 3


def test_nobody_is_shown_a_title_that_they_may_not_see(cast: Cast) -> None:
    group = makers.group("private", members=(cast.ben,))
    makers.topic("Secret solar plan", within=forum_of(group, cast.ana))
    talk = makers.talk(cast.ben, text="Secret solar talk")
    add_post(talk, "Secret solar plan again", actor=cast.ben)
    index()
    assert titles("secret solar plan") == titles("secret solar plan", cast.chi) == []
    assert titles("secret solar plan", cast.mo) == []
    assert titles("secret solar plan", cast.ben) == ["Secret solar plan"]


def test_a_removed_topic_is_not_shown_even_while_the_index_has_it(cast: Cast) -> None:
    topic = makers.topic("Greywater for trees")
    index()
    assert titles("greywater") == ["Greywater for trees"]
    remove_topic(topic, actor=cast.mo, note="Twice")
    assert titles("greywater") == []


@pytest.mark.parametrize("title", ["", " ", "a", "-solar", 'kind:page "', "the of and", "(" * 300, "x" * 1500])
def test_any_title_is_answered(app: Flask, client: FlaskClient, title: str) -> None:
    answer = client.get("/topics/similar", query_string={"title": title})
    assert answer.status_code == 200 and isinstance(answer.json, list)


def test_signs_in_a_title_are_only_words(cast: Cast) -> None:
    makers.topic("Solar pumps that last")
    index()
    assert titles("-solar kind:organisation pumps") == ["Solar pumps that last"]


def test_a_title_in_another_language_finds_by_the_labels_of_areas(cast: Cast) -> None:
    area = area_from("water")
    assert area is not None
    makers.topic("Which filter for the village", focus=[area.id])
    index()
    assert titles("Agua para la escuela") == ["Which filter for the village"]


def test_the_address_answers_with_what_a_list_needs(cast: Cast, client: FlaskClient) -> None:
    topic = makers.topic("Wells that fall dry")
    index()
    answer = client.get("/topics/similar?title=wells+dry")
    assert answer.json == [
        {
            "title": topic.title,
            "url": f"/topics/{topic.id}/wells-that-fall-dry",
            "kind": "topic",
            "kind_label": "Topic",
            "language": "en",
        }
    ]
    sign_in(client, cast.ben)
    assert client.get("/topics/similar?title=wells+dry").headers["Cache-Control"].startswith("private")
