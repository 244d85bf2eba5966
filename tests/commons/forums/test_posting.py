"""Beginning topics, answering, numbers and the columns that follow from them."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import record
from commons.entries.models import Ask, Change
from commons.entries.within import place_in, takes
from commons.feed.models import Seen, Watch
from commons.forums import checks
from commons.forums.actions import add_post, add_topic, edit_topic, forum_of, may_answer, remove_topic
from commons.forums.models import Post, Topic
from commons.forums.queries import posts_of, topic_for
from commons.members.models import Block, Member, Seat
from commons.web import Forbidden, Gone, Invalid
from tests import make
from tests.cast import Cast
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def asks(member: Member) -> list[tuple[str, int]]:
    rows = db.session.scalars(select(Ask).where(Ask.member_id == member.id).order_by(Ask.seq))
    return [(row.why, row.entry_id) for row in rows]


def sound() -> None:
    for check in checks.checks:
        assert list(check.faults()) == []


def test_a_topic_comes_with_its_first_post_and_stands_in_its_forum(cast: Cast) -> None:
    forum = makers.forum("Growing")
    topic = makers.topic("Cold compost", "It stays *cold*.", within=forum)
    first = posts_of(topic, 1, None)
    assert [(post.number, post.text, post.title) for post in first] == [(1, "It stays *cold*.", "Cold compost")]
    assert (topic.slug, topic.within_id, topic.audience) == (str(topic.id), forum.id, "public")
    assert (topic.posts, topic.last_number, topic.last_by_id) == (1, 1, cast.ana.id)
    assert first[0].thread_id == topic.id and first[0].within_id == topic.id
    sound()


def test_who_begins_or_answers_follows_the_topic_and_has_read_it(cast: Cast) -> None:
    topic = makers.topic()
    post = add_post(topic, "Straw.", actor=cast.ben)
    for member, number in ((cast.ana, 1), (cast.ben, 2)):
        assert db.session.get(Watch, (member.id, topic.id)) is not None
        seen = db.session.get(Seen, (member.id, topic.id))
        assert seen is not None and seen.number == number
    assert topic.posts == topic.last_number == post.number == 2
    assert topic.last_by_id == cast.ben.id and topic.last_at == post.created
    sound()


def test_an_answer_is_in_the_thread_of_its_topic_and_stirs_it(cast: Cast) -> None:
    topic = makers.topic()
    before = topic.stirred
    post = add_post(topic, "Straw.", actor=cast.ben)
    line = db.session.scalars(select(Change).where(Change.entry_id == post.id)).one()
    assert line.thread_id == topic.id and topic.stirred == line.seq > before


def test_whoever_is_answered_is_asked_and_nobody_asks_themself(cast: Cast) -> None:
    topic = makers.topic()
    reply = add_post(topic, "Straw.", actor=cast.ben)
    mine = add_post(topic, "Which?", actor=cast.chi, reply_to=reply)
    add_post(topic, "Mine again.", actor=cast.chi, reply_to=mine)
    assert asks(cast.ben) == [("reply", mine.id)]
    assert asks(cast.ana) == [] and asks(cast.chi) == []


def test_every_answer_to_a_question_asks_who_asked_it(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    reply = add_post(topic, "Straw.", actor=cast.ben)
    assert asks(cast.ana) == [("reply", reply.id)]


def test_who_is_named_is_asked_once(cast: Cast) -> None:
    topic = makers.topic(text="@ben, what do you think?")
    post = add_post(topic, "I ask @chi and @ana.", actor=cast.ben)
    first = posts_of(topic, 1, None)[0]
    assert asks(cast.ben) == [("mention", first.id)]
    assert asks(cast.chi) == asks(cast.ana) == [("mention", post.id)]


def test_two_answers_at_once_get_two_numbers(app: Flask, cast: Cast) -> None:
    id = makers.topic().id
    who = [cast.ana.id, cast.ben.id, cast.chi.id]
    db.session.remove()

    def answer(member: int) -> None:
        with app.app_context():
            topic = topic_for(id, None)
            actor = db.session.get(Member, member)
            assert actor is not None
            for turn in range(3):
                add_post(topic, f"Answer {turn} of {member}", actor=actor)
            db.session.remove()

    threads = [threading.Thread(target=answer, args=(one,)) for one in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    numbers = db.session.scalars(select(Post.number).where(Post.topic_id == id).order_by(Post.number)).all()
    assert list(numbers) == list(range(1, 11))
    sound()


def test_pages_hold_twenty_posts_by_their_numbers(cast: Cast) -> None:
    topic = makers.topic()
    for number in range(2, 43):
        add_post(topic, f"Answer {number}", actor=cast.ben)
    assert [[post.number for post in posts_of(topic, page, None)] for page in (1, 2, 3, 4)] == [
        list(range(1, 21)),
        list(range(21, 41)),
        [41, 42],
        [],
    ]


def test_a_closed_a_removed_and_an_invisible_topic_say_why_they_take_no_answer(cast: Cast) -> None:
    closed, removed = makers.topic(), makers.topic()
    with transaction():
        record(closed, "edited", None, actor=cast.mo)
        closed.closed = True
    remove_topic(removed, actor=cast.mo, note="twice here")
    inside = makers.topic(within=forum_of(makers.group(members=(cast.ben,)), cast.ana))
    for topic, words in ((closed, "closed"), (removed, "removed"), (inside, "removed")):
        with pytest.raises(Invalid) as fault:
            add_post(topic, "Too late", actor=cast.chi)
        assert words in fault.value.fields["text"]
        assert not may_answer(cast.chi, topic)


def test_who_has_not_proved_an_address_says_nothing(cast: Cast) -> None:
    forum = makers.forum()
    assert takes(forum, "topic", cast.una) is None
    with pytest.raises(Forbidden):
        place_in(forum.id, "topic", cast.una)
    with pytest.raises(Forbidden):
        add_post(makers.topic(), "Hello", actor=cast.una)


def test_the_forum_of_a_group_is_for_those_who_belong_to_it(cast: Cast) -> None:
    group = makers.group(members=(cast.ben,))
    forum = forum_of(group, cast.ana)
    assert forum_of(group, None).id == forum.id
    topic = makers.topic(within=forum, actor=cast.ben)
    assert topic.audience == group.door == posts_of(topic, 1, cast.ana)[0].audience
    assert posts_of(topic, 1, cast.chi) == [] and takes(forum, "topic", cast.chi) is None
    with transaction():
        record(group, "edited", None, actor=cast.ana)
        group.archived = group.created
    assert takes(forum, "topic", cast.ben) is None and not may_answer(cast.ana, topic)


def test_a_public_group_is_read_by_all_and_answered_by_its_own(cast: Cast) -> None:
    topic = makers.topic(within=forum_of(makers.group("public", members=(cast.ben,)), cast.ana), actor=cast.ben)
    assert topic.audience == "public" and len(posts_of(topic, 1, None)) == 1
    assert may_answer(cast.ana, topic) and not may_answer(cast.chi, topic) and not may_answer(cast.mo, topic)


def test_a_talk_is_for_those_who_sit_in_it(cast: Cast) -> None:
    talk = makers.talk(cast.ben)
    assert talk.audience == f"talk:{talk.id}" and talk.within_id is None
    assert may_answer(cast.ben, talk) and not may_answer(cast.mo, talk)
    assert posts_of(talk, 1, cast.mo) == [] and len(posts_of(talk, 1, cast.ben)) == 1
    add_post(talk, "Yes.", actor=cast.ben)
    sound()


def test_nobody_answers_a_talk_in_which_nobody_else_has_agreed_and_who_was_blocked_is_not_told(cast: Cast) -> None:
    talk, other = makers.talk(cast.ben), makers.talk(cast.chi)
    with transaction():
        seat = db.session.scalars(
            select(Seat).where(Seat.audience == talk.audience, Seat.member_id == cast.ben.id)
        ).one()
        seat.role = "asked"
        db.session.add(Block(member_id=cast.chi.id, other_id=cast.ana.id, how="block"))
    assert not may_answer(cast.ana, talk) and not may_answer(cast.ben, talk)
    assert may_answer(cast.ana, other) and not may_answer(cast.chi, other)


def test_a_share_is_called_as_it_begins(cast: Cast) -> None:
    topic = makers.topic(" ", "We **finished** the well.\n\nCome and see.", sort="share")
    assert topic.title == "We finished the well. Come and see."


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 64_001}, "text"),
        ({"language": "English please"}, "language"),
        ({"focus": [999_999]}, "focus"),
        ({"surprise": "x"}, "surprise"),
    ],
)
def test_what_does_not_fit_is_said_field_by_field(cast: Cast, values: dict[str, object], field: str) -> None:
    forum = makers.forum()
    with pytest.raises(Invalid) as fault:
        add_topic(
            {"title": "T", "text": "Words", **values}, place=place_in(forum.id, "topic", cast.ana), actor=cast.ana
        )
    assert list(fault.value.fields) == [field]
    assert db.session.scalar(select(Topic.id)) is None


def test_only_representatives_speak_for_an_organisation(cast: Cast) -> None:
    aid = make.organisation("Solar Aid")
    topic = makers.topic()
    with pytest.raises(Invalid) as fault:
        add_post(topic, "We do", actor=cast.ben, voice_id=aid.id)
    assert "voice" in fault.value.fields
    with transaction():
        db.session.add(Seat(member_id=cast.ben.id, audience=f"organisation:{aid.id}", role="representative"))
    db.session.expire(cast.ben, ["seats"])
    assert add_post(topic, "We do", actor=cast.ben, voice_id=aid.id).voice_id == aid.id


def test_a_form_that_comes_twice_makes_one_post_and_one_topic(cast: Cast) -> None:
    topic = makers.topic("Once", "The same", once=True)
    place = place_in(topic.within_id or 0, "topic", cast.ana)
    again = add_topic({"title": "Once", "text": "The same"}, place=place, actor=cast.ana, once=True)
    assert again.id == topic.id
    first = add_post(topic, "Yes", actor=cast.ben, once=True)
    assert add_post(topic, "Yes", actor=cast.ben, once=True).id == first.id
    assert add_post(topic, "Yes", actor=cast.chi, once=True).id != first.id
    assert topic.posts == 3


def test_a_new_member_is_told_kindly_when_the_first_day_is_full(cast: Cast) -> None:
    with transaction():
        cast.chi.trusted = None
    topic = makers.topic()
    for number in range(10):
        add_post(topic, f"Hello {number}", actor=cast.chi)
    with pytest.raises(Invalid) as fault:
        add_post(topic, "Hello again", actor=cast.chi)
    assert "tomorrow" in fault.value.fields["text"]


def test_the_title_of_a_topic_changes_and_its_number_stays(cast: Cast) -> None:
    topic = makers.topic("Cold compost")
    edit_topic(topic, {"title": "Compost in winter", "sort": "question"}, version=1, actor=cast.ana)
    assert topic_for(topic.id, None).title == "Compost in winter"
    assert topic.slug == str(topic.id)
    with pytest.raises(Forbidden):
        edit_topic(topic, {"title": "Mine"}, version=2, actor=cast.ben)
    with pytest.raises(Invalid):
        edit_topic(topic, {"sort": "talk"}, version=2, actor=cast.ana)


def test_a_removed_topic_is_gone_with_its_reason(cast: Cast) -> None:
    topic = makers.topic()
    remove_topic(topic, actor=cast.mo, note="the same as another")
    with pytest.raises(Gone) as gone:
        topic_for(topic.id, None)
    assert "the same as another" in gone.value.reason
