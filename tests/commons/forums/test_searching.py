"""What the search knows of topics and posts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.entries.followers import catch_up
from commons.focus.queries import area_from
from commons.forums.actions import accept_answer, add_post, edit_post, remove_post, remove_topic
from commons.forums.documents import records
from commons.forums.models import Topic
from commons.forums.queries import post_for, topic_for
from commons.room import SearchDocument, rooms
from commons.search.follower import documents_of
from tests.cast import Cast, sign_in
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def document(topic: Topic) -> SearchDocument:
    return next(iter(records.topic_documents([topic.id])))


def test_the_document_of_a_topic_holds_its_first_page_and_the_answer_first(cast: Cast) -> None:
    water = area_from("water")
    assert water is not None
    topic = makers.topic("Cold compost", "It stays **cold**. #winter", sort="question", focus=[water.id])
    add_post(topic, "Straw.", actor=cast.ben)
    answer = add_post(topic, "It is the size.", actor=cast.chi)
    accept_answer(topic, answer, actor=cast.ana)
    found = document(topic)
    assert found.text == "It is the size.\n\nIt stays cold. #winter\n\nStraw."
    assert (found.title, found.type, found.audience) == ("Cold compost", "question", "public")
    assert list(found.labels) == ["winter"] and water.id in found.areas
    assert found.updated == int(topic.last_at.timestamp())


def test_later_posts_are_documents_of_their_own(cast: Cast) -> None:
    topic = makers.topic("Cold compost")
    posts = [add_post(topic, f"Answer {number}", actor=cast.ben) for number in range(2, 23)]
    assert "Answer 20" in document(topic).text and "Answer 21" not in document(topic).text
    found = list(records.post_documents([post.id for post in posts]))
    assert [(one.title, one.text) for one in found] == [("Cold compost", "Answer 21"), ("Cold compost", "Answer 22")]


def test_a_document_stays_small_however_long_the_posts_are(cast: Cast) -> None:
    topic = makers.topic(text="word " * 12_000)
    add_post(topic, "last " * 12_000, actor=cast.ben)
    assert len(document(topic).text) <= records.LONGEST


def test_talks_are_in_no_document_no_record_and_no_index(cast: Cast) -> None:
    talk = makers.talk(cast.ben, text="zanzibarian")
    posts = [add_post(talk, "zanzibarian again", actor=cast.ben) for _number in range(2, 24)]
    assert list(documents_of([talk.id, *(post.id for post in posts)])) == []


def test_the_accepted_answer_is_what_the_list_of_results_shows(client: FlaskClient, cast: Cast) -> None:
    filler = "We turned it twice and looked at it every day. " * 20
    topic = makers.topic("Compost in winter", f"Our compost stays cold. {filler}", sort="question")
    add_post(topic, f"Try straw with your compost. {filler}", actor=cast.ben)
    answer = add_post(topic, f"Compost under a cubic metre never warms. {filler}", actor=cast.chi)
    accept_answer(topic, answer, actor=cast.ana)
    catch_up()
    found = client.get("/search?q=compost").text
    assert "under a cubic metre" in found


def test_what_is_removed_or_changed_in_a_topic_is_so_in_the_index(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic("Cold compost")
    post = add_post(topic, "zanzibarian", actor=cast.ben)
    other = add_post(topic, "molybdenum", actor=cast.ben)
    catch_up()
    assert "Cold compost" in client.get("/search?q=zanzibarian").text
    remove_post(post_for(post.id, None), actor=cast.mo, note="names somebody")
    edit_post(post_for(other.id, None), {"text": "tellurium"}, version=1, actor=cast.ben)
    catch_up()
    for words, here in (("zanzibarian", False), ("molybdenum", False), ("tellurium", True)):
        assert ("Cold compost" in client.get(f"/search?q={words}").text) is here, words
    remove_topic(topic_for(topic.id, None), actor=cast.mo, note="twice here")
    catch_up()
    assert "Cold compost" not in client.get("/search?q=tellurium").text


def test_records_and_teasers_say_what_a_program_and_a_feed_need(client: FlaskClient, cast: Cast) -> None:
    topic = makers.topic("Cold compost", "It stays **cold**.")
    post = add_post(topic, "Straw.", actor=cast.ben)
    kinds = rooms().kinds
    record, teasers = kinds["topic"].record, kinds["topic"].teasers
    assert record is not None and teasers is not None
    found = record(topic)
    assert (found["text"], found["posts"], found["sort"], found["forum"]) == (
        "It stays **cold**.",
        2,
        "discussion",
        topic.within_id,
    )
    assert teasers([topic.id], None) == {topic.id: "It stays cold."}
    hidden = makers.talk(cast.ben)
    assert teasers([hidden.id], cast.mo) == {} and teasers([hidden.id], cast.ben) == {hidden.id: "Between us."}
    sign_in(client, cast.mo)
    assert client.get(f"/api/v1/posts/{post.id}").json["text"] == "Straw."  # type: ignore[index]
    assert client.get(f"/api/v1/topics/{hidden.id}").status_code == 404
