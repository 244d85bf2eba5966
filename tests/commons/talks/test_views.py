"""The pages of talks: the list, a first message, consent, leaving, blocks; without JavaScript, and for those who sit there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.models import Ask
from commons.feed.actions import mark_seen
from commons.forums.actions import add_post
from commons.forums.models import Topic
from commons.members.models import Block, Member
from commons.people.actions import own_profile
from commons.talks.actions import accept, begin, block
from tests.cast import Cast, sign_in
from tests.commons.forums.makers import old_hands
from tests.readable import without_tokens
from tests.test_query_counts import asked


@pytest.fixture(autouse=True)
def known(app: Flask) -> None:
    old_hands()


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.ana)


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.ben)


@pytest.fixture
def chi(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.chi)


def say(actor: Member, *people: Member, text: str = "Hello") -> Topic:
    return begin({"text": text}, people, actor=actor)


def test_visitors_are_sent_to_sign_in(client: FlaskClient) -> None:
    for address in ("/messages", "/messages/new", "/settings/blocks"):
        assert client.get(address).status_code == 303
    assert client.post("/messages/new", data={"to": "ana", "text": "Keep me"}).status_code == 401
    assert "Keep me" in client.post("/messages/new", data={"to": "ana", "text": "Keep me"}).text


def test_a_message_is_written_read_and_answered(ana: FlaskClient, ben: FlaskClient) -> None:
    assert 'value="ben"' in ana.get("/messages/new?to=@Ben").text
    sent = ana.post("/messages/new?to=ben", data={"to": "ben", "text": "Is the pump there?"})
    assert sent.status_code == 303
    row = ben.get("/messages").text
    assert "Is the pump there?" in row and "1 new" in row and "Ana" in row
    talk = db.session.scalars(select(Topic)).one()
    shown = ben.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert "Is the pump there?" in shown and "Only those who sit in it read this talk" in shown
    assert ben.post(f"/topics/{talk.id}/reply", data={"text": "Since Monday."}).status_code == 303
    mine = ana.get("/messages").text
    assert "Since Monday." in mine and "1 new" in mine
    assert "You already talk with each other" in ana.get("/messages/new?to=ben").text


def test_faults_give_the_words_back_with_a_sentence(ana: FlaskClient, cast: Cast) -> None:
    for to in ("nobody.here", "ana", ""):
        answer = ana.post("/messages/new", data={"to": to, "text": "Keep me"})
        assert answer.status_code == 422 and "Keep me" in answer.text and "There is a problem" in answer.text, to
    assert ana.post("/messages/new", data={"to": "ben", "text": " "}).status_code == 422
    assert db.session.scalars(select(Topic)).all() == []


def test_a_first_message_stands_apart_until_the_answer(ana: FlaskClient, chi: FlaskClient) -> None:
    assert "You do not know each other yet" in chi.get("/messages/new?to=ana").text
    sent = chi.post("/messages/new", data={"to": "ana", "text": "May I ask you something?"}, follow_redirects=True)
    assert (
        "Your message waits for an answer" in sent.text
        and 'action="/topics/' not in sent.text.partition('id="reply"')[2]
    )
    talk = db.session.scalars(select(Topic)).one()
    assert "1 person asks to talk with you" in ana.get("/messages").text
    shown = ana.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert "May I ask you something?" in shown and "Decline and block" in shown and "/report/" in shown
    assert ana.post(f"/topics/{talk.id}/reply", data={"text": "Hm"}).status_code == 422
    assert "waits for an answer" in chi.get("/messages").text
    assert ana.post(f"/messages/{talk.id}/accept").status_code == 303
    assert ana.post(f"/topics/{talk.id}/reply", data={"text": "Of course."}).status_code == 303
    assert "asks to talk with you" not in ana.get("/messages").text


def test_who_declines_finds_nothing_there_any_more(ana: FlaskClient, chi: FlaskClient, cast: Cast) -> None:
    talk = say(cast.chi, cast.ana)
    before = chi.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert ana.post(f"/messages/{talk.id}/decline").status_code == 303
    assert ana.get(f"/topics/{talk.id}", follow_redirects=True).status_code == 404
    after = chi.get(f"/topics/{talk.id}", follow_redirects=True).text
    tidy = [re.sub(r"[\w.-]{60,}", "", page.partition("<main")[2].partition("</main>")[0]) for page in (before, after)]
    assert tidy[0] == tidy[1], "whoever wrote cannot tell"


def test_declining_and_blocking_is_one_button(ana: FlaskClient, cast: Cast) -> None:
    talk = say(cast.chi, cast.ana)
    assert ana.post(f"/messages/{talk.id}/block").status_code == 303
    assert "Chi" in ana.get("/settings/blocks").text


def test_leaving_takes_the_talk_away_at_once(ana: FlaskClient, ben: FlaskClient, cast: Cast) -> None:
    talk = say(cast.ana, cast.ben, text="quixotry")
    assert ben.post(f"/messages/{talk.id}/leave").status_code == 303
    for address in (f"/topics/{talk.id}", "/messages", "/notices", "/feed"):
        assert "quixotry" not in ben.get(address, follow_redirects=True).text, address
    assert "0 messages" in ben.get("/messages?q=quixotry").text
    assert "Nobody else is here any more" in ana.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert ben.post(f"/messages/{talk.id}/leave").status_code == 404


def test_muting_is_a_button_that_turns_back(ana: FlaskClient, cast: Cast) -> None:
    talk = say(cast.ana, cast.ben)
    assert "Do not tell me of new messages" in ana.get(f"/topics/{talk.id}", follow_redirects=True).text
    ana.post(f"/messages/{talk.id}/mute")
    assert "Tell me again" in ana.get(f"/topics/{talk.id}", follow_redirects=True).text
    ana.post(f"/messages/{talk.id}/mute")
    assert "Do not tell me of new messages" in ana.get(f"/topics/{talk.id}", follow_redirects=True).text


def test_search_finds_words_in_my_talks_only(ana: FlaskClient, chi: FlaskClient, cast: Cast) -> None:
    talk = say(cast.ana, cast.ben, text="the blue pump 100%")
    add_post(talk, "a red one", actor=cast.ben)
    assert "the blue pump" in ana.get("/messages?q=PUMP+blue").text
    assert "a red one" in ana.get("/messages?q=red").text and "the blue pump" not in ana.get("/messages?q=red").text
    assert "1 message" in ana.get("/messages?q=100%25").text and "0 messages" in ana.get("/messages?q=1%25%25").text
    assert "0 messages" in chi.get("/messages?q=pump").text


def test_reading_takes_the_mark_away_and_reading_a_page_alone_does_not(ana: FlaskClient, ben: FlaskClient, cast: Cast) -> None:  # fmt: skip
    talk = say(cast.ana, cast.ben)
    ben.get(f"/topics/{talk.id}", follow_redirects=True)
    assert "1 new" in ben.get("/messages").text, "a GET writes nothing"
    mark_seen(talk, actor=cast.ben, number=1)
    assert "1 new" not in ben.get("/messages").text


def test_blocks_are_added_changed_and_undone_by_name(ana: FlaskClient, cast: Cast) -> None:
    assert ana.post("/settings/blocks", data={"username": "@Chi", "how": "mute"}).status_code == 303
    assert "muted" in ana.get("/settings/blocks").text
    ana.post("/settings/blocks", data={"username": "chi", "how": "block"})
    assert [row.how for row in db.session.scalars(select(Block))] == ["block"]
    for name in ("nobody.here", "ana", ""):
        answer = ana.post("/settings/blocks", data={"username": name})
        assert answer.status_code == 422 and 'role="alert"' in answer.text, name
    ana.post("/settings/blocks/end", data={"username": "chi"})
    assert db.session.scalars(select(Block)).all() == []


def test_a_profile_offers_to_write_mute_and_block_and_tells_of_no_block_of_its_owner(ana: FlaskClient, chi: FlaskClient, cast: Cast) -> None:  # fmt: skip
    own_profile(cast.ana)
    page = chi.get("/members/ana").text
    assert "/messages/new?to=ana" in page and "Mute" in page and "Block" in page
    with transaction():
        block(cast.chi, actor=cast.ana)
    closed = chi.get("/members/ana").text
    assert "/messages/new?to=ana" not in closed and "End the block" not in closed
    sent = chi.post("/settings/blocks", data={"username": "ana", "how": "mute", "next": "/members/ana"})
    assert sent.location == "/members/ana" and "End the mute" in chi.get("/members/ana").text


def test_who_may_write_first_is_chosen_on_a_page(ana: FlaskClient, chi: FlaskClient) -> None:
    assert ana.post("/settings/messages", data={"who": "nobody"}).status_code == 303
    checked = ana.get("/settings/blocks").text
    assert "checked" in checked.partition('value="nobody"')[0][-60:] + checked.partition('value="nobody"')[2][:40]
    answer = chi.post("/messages/new", data={"to": "ana", "text": "Keep me"})
    assert answer.status_code == 422 and "takes no messages at the moment" in answer.text


def test_a_longer_list_costs_no_more_statements(ana: FlaskClient, cast: Cast) -> None:
    say(cast.ben, cast.ana, text="One")
    few = len(asked(ana, "/messages"))
    for number in range(12):
        say(cast.ben, cast.ana, text=f"Message {number}")
    assert len(asked(ana, "/messages")) == few <= 12


def steady(page: str) -> str:
    """The page without what differs from one talk and one moment to another."""
    return re.sub(r'\d+|<time.*?</time>|ben|chi|"true">[bc]<', "", without_tokens(page), flags=re.I)


def test_a_block_within_a_talk_looks_like_silence(ana: FlaskClient, ben: FlaskClient, cast: Cast) -> None:
    talks = [say(cast.ben, cast.ana, text="Hello Ana")]
    chis = begin({"text": "Hello Ana"}, [cast.ana], actor=cast.chi)
    accept(chis, actor=cast.ana)
    talks.append(chis)
    for talk in talks:
        mark_seen(talk, actor=cast.ana, number=1)
    block(cast.ana, actor=cast.ben)
    seen = []
    for talk in talks:
        page = ana.get(f"/topics/{talk.id}/talk", follow_redirects=True)
        sent = ana.post(f"/topics/{talk.id}/reply", data={"text": "Are you there?"})
        after = ana.get(f"/topics/{talk.id}/talk", follow_redirects=True)
        assert "Are you there?" in after.text and sent.status_code == 303
        heads = [sorted(name for name, _value in answer.headers) for answer in (page, sent, after)]
        seen.append((page.status_code, steady(page.text), steady(after.text), steady(sent.location), heads))
    assert seen[0] == seen[1]
    mine = ben.get("/messages").text
    assert "Are you there?" not in mine and "1 new" not in mine, "who blocked somebody is not called by them"
    folded = ben.get(f"/topics/{talks[0].id}/talk", follow_redirects=True).text
    assert "<details" in folded and "Are you there?" in folded
    assert (
        db.session.scalars(select(Ask.member_id).where(Ask.why == "message", Ask.member_id == cast.ben.id)).all() == []
    )
