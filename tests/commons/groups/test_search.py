"""A search in a group alone: everything that stands in it at any depth, nothing else, and numbers that are true."""

from __future__ import annotations

import re
import shutil
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from commons.entries.followers import catch_up
from commons.entries.within import place_in
from commons.files.actions import add_file
from commons.forums.actions import add_post, add_topic, forum_of
from commons.forums.models import Topic
from commons.groups.models import Group
from commons.members.models import Member
from commons.search.asking import asked_from
from commons.search.engine import whoosh
from commons.search.queries import find
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import old_hands
from tests.commons.groups import makers
from wiki.actions import add_page


def topic(group: Group, title: str, text: str, actor: Member) -> Topic:
    place = place_in(forum_of(group, actor).id, "topic", actor)
    values = {"title": title, "text": text, "language": "en", "focus": []}
    return add_topic(values, place=place, actor=actor)


def full(cast: Cast, title: str = "River friends", visibility: str = "public", within: Group | None = None) -> Group:
    """A group with a topic and an answer, a page and a file that all say the same word."""
    old_hands()
    group = makers.group(title, visibility, members=(cast.ben,), within=within)
    said = topic(group, f"Kingfishers at {title}", "Seen a heronry.", cast.ben)
    add_post(said, "A second heronry.", actor=cast.ana)
    page = {"title": f"Counting at {title}", "text": "How to count a heronry."}
    add_page(page, actor=cast.ben, place=place_in(group.id, "page", cast.ben))
    file = {"title": f"Map of {title}", "licence": "CC BY 4.0", "description": "Where the heronry is."}
    content = BytesIO(title.encode())
    add_file(content, "map.txt", file, actor=cast.ben, place=place_in(group.id, "file", cast.ben))
    return group


def found(group: Group, viewer: Member | None, words: str = "heronry") -> list[str]:
    asked = asked_from(MultiDict({"q": words}), within=group.id)
    return sorted(f"{entry.kind} {entry.title}" for entry in find(asked, viewer, 50).entries)


EVERYTHING = [
    "file Map of River friends",
    "page Counting at River friends",
    "post Kingfishers at River friends",
    "topic Kingfishers at River friends",
]


def test_a_search_in_a_group_finds_what_stands_in_it_and_nothing_else(app: Flask, cast: Cast) -> None:
    group, other = full(cast), full(cast, "Other friends")
    make.page("A heronry elsewhere", "Words.", actor=cast.ana)
    catch_up()
    with app.test_request_context():
        assert set(found(group, None)) <= set(EVERYTHING) and len(found(group, None)) >= 3
        assert not set(found(group, None)) & set(found(other, None))


def test_what_a_subgroup_holds_is_found_by_who_may_see_it(app: Flask, cast: Cast) -> None:
    group = full(cast)
    inner = full(cast, "Inner circle", "private", within=group)
    catch_up()
    with app.test_request_context():
        assert any("Inner circle" in title for title in found(group, cast.ben))
        for viewer in (None, cast.chi, cast.mo):
            assert not any("Inner circle" in title for title in found(group, viewer))
            assert found(inner, viewer) == []


def test_numbers_beside_the_choices_count_what_stands_in_the_group(client: FlaskClient, cast: Cast) -> None:
    group = full(cast)
    make.page("A heronry elsewhere", "Words.", actor=cast.ana)
    catch_up()
    page = client.get(f"/groups/{group.slug}/search?q=heronry").text
    numbers = dict(re.findall(r'<a href="[^"]*"[^>]*>(\w+) <span class="figure">(\d+)</span>', page))
    assert numbers["Pages"] == "1" and numbers["Files"] == "1"
    assert int(numbers["Everything"]) == sum(int(many) for kind, many in numbers.items() if kind != "Everything")
    chosen = client.get(f"/groups/{group.slug}/search?q=heronry&kind=page").text
    assert "Counting at" in chosen and "Map of River" not in chosen


def test_without_words_it_shows_all_that_stands_in_the_group(client: FlaskClient, cast: Cast) -> None:
    group = full(cast)
    make.page("Elsewhere", "Words.", actor=cast.ana)
    catch_up()
    page = client.get(f"/groups/{group.slug}/search").text
    assert "Counting at River friends" in page and "Map of River friends" in page and ">Elsewhere<" not in page


def test_a_wider_search_stays_in_the_group(client: FlaskClient, cast: Cast) -> None:
    group = full(cast)
    make.page("Only outside", "An egret.", actor=cast.ana)
    catch_up()
    none = client.get(f"/groups/{group.slug}/search?q=egret&kind=page").text
    assert "We found nothing" in none and "Only outside" not in none and "Wider searches" not in none
    some = client.get(f"/groups/{group.slug}/search?q=heronry&kind=organisation").text
    assert "Wider searches" in some and f"/groups/{group.slug}/search?q=heronry" in some


def test_a_forum_can_be_searched_alone(app: Flask, cast: Cast) -> None:
    group = full(cast)
    forum = forum_of(group, cast.ana)
    catch_up()
    with app.test_request_context():
        asked = asked_from(MultiDict({"q": "heronry"}), within=forum.id)
        assert {entry.kind for entry in find(asked, None, 50).entries} <= {"topic", "post"}
        assert find(asked, None, 50).total >= 1


def test_while_the_index_is_away_the_database_answers_for_the_group_alone(app: Flask, cast: Cast) -> None:
    group = full(cast)
    make.page("Counting elsewhere", "Words.", actor=cast.ana)
    catch_up()
    shutil.rmtree(whoosh().store.folder)
    whoosh().store.doubt()
    with app.test_request_context():
        assert found(group, None, "counting") == ["page Counting at River friends"]


def test_a_hidden_group_has_no_search(client: FlaskClient, cast: Cast) -> None:
    group = full(cast, "Quiet", "private")
    catch_up()
    for who in (None, cast.chi, cast.mo):
        if who is not None:
            client.post("/sign-out")
            sign_in(client, who)
        assert client.get(f"/groups/{group.slug}/search?q=heronry").status_code == 404
    client.post("/sign-out")
    assert "Counting at" in sign_in(client, cast.ben).get(f"/groups/{group.slug}/search?q=heronry").text
