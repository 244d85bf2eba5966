"""Changing, removing and answering, and what stays of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.entries.models import Ask, Change, Revision
from commons.entries.queries import removal
from commons.entries.returning import restore_entry
from commons.forums import checks
from commons.forums.actions import (
    accept_answer,
    add_post,
    bring_back_post,
    bring_back_topic,
    edit_post,
    edit_topic,
    forum_of,
    remove_post,
    remove_topic,
)
from commons.forums.models import Post
from commons.forums.queries import may_edit_post, may_moderate, posts_of, topic_for
from commons.web import Conflict, Forbidden, Gone, Invalid
from tests.cast import Cast
from tests.commons.forums import makers


@pytest.fixture(autouse=True)
def _trusted(app: Flask) -> None:
    makers.old_hands()


def sound() -> None:
    for check in checks.checks:
        assert list(check.faults()) == []


def test_an_edit_of_a_post_stands_in_its_history(cast: Cast) -> None:
    topic = makers.topic()
    post = add_post(topic, "Straw.\n\nWet.", actor=cast.ben)
    edit_post(post, {"text": "Straw, soaked.\n\nWet."}, version=1, actor=cast.ben, note="clearer")
    assert post.version == 2 and post.text == "Straw, soaked.\n\nWet."
    restore_entry(post, 1, actor=cast.ben)
    numbers = db.session.scalars(select(Revision.number).where(Revision.entry_id == post.id).order_by(Revision.number))
    assert post.text == "Straw.\n\nWet." and list(numbers) == [1, 2, 3]


def test_two_edits_of_one_post_are_merged_or_both_shown(cast: Cast) -> None:
    post = add_post(makers.topic(), "One\n\nTwo\n\nThree", actor=cast.ben)
    edit_post(post, {"text": "ONE\n\nTwo\n\nThree"}, version=1, actor=cast.ben)
    edit_post(post, {"text": "One\n\nTwo\n\nTHREE"}, version=1, actor=cast.mo)
    assert post.text == "ONE\n\nTwo\n\nTHREE"
    with pytest.raises(Conflict):
        edit_topic(topic := makers.topic("A"), {"title": "B"}, version=1, actor=cast.ana)
        edit_topic(topic, {"title": "C"}, version=1, actor=cast.mo)


def test_only_the_author_and_who_moderates_change_a_post(cast: Cast) -> None:
    post = add_post(makers.topic(), "Straw.", actor=cast.ben)
    assert may_edit_post(cast.ben, post) and may_edit_post(cast.mo, post)
    assert not may_edit_post(cast.ana, post) and not may_edit_post(None, post)
    with pytest.raises(Forbidden):
        edit_post(post, {"text": "Mine"}, version=1, actor=cast.chi)


def test_administrators_of_a_group_moderate_what_stands_in_it_and_nobody_a_talk(cast: Cast) -> None:
    group = makers.group("public", members=(cast.ben,))
    inside, talk = makers.topic(within=forum_of(group, cast.ana), actor=cast.ben), makers.talk(cast.mo)
    assert may_moderate(cast.ana, inside) and may_moderate(cast.mo, inside) and not may_moderate(cast.ben, inside)
    assert not may_moderate(cast.mo, talk) and not may_moderate(cast.ana, talk)
    hers = add_post(talk, "Between us.", actor=cast.ana)
    with pytest.raises(Forbidden):
        remove_post(hers, actor=cast.mo, note="not nice")


def test_a_removed_post_leaves_its_number_and_the_reason(cast: Cast) -> None:
    topic = makers.topic()
    second = add_post(topic, "Secret word", actor=cast.ben)
    third = add_post(topic, "Straw", actor=cast.chi)
    with pytest.raises(Invalid):
        remove_post(second, actor=cast.mo, note=" ")
    remove_post(second, actor=cast.mo, note="names a private person")
    remove_post(third, actor=cast.chi)
    assert [(post.number, post.state) for post in posts_of(topic, 1, None)] == [
        (1, "live"),
        (2, "deleted"),
        (3, "deleted"),
    ]
    assert removal(second) == "names a private person" and removal(third) == "Taken back by its author"
    assert (topic.posts, topic.last_number, topic.last_by_id) == (1, 3, cast.ana.id)
    sound()
    assert add_post(topic, "Next", actor=cast.ben).number == 4
    bring_back_post(second, actor=cast.mo, note="it was agreed")
    assert topic.posts == 3
    sound()


def test_the_first_post_takes_the_topic_along_and_back(cast: Cast) -> None:
    topic = makers.topic()
    gone, kept = add_post(topic, "Gone before", actor=cast.ben), add_post(topic, "Straw", actor=cast.chi)
    remove_post(gone, actor=cast.ben)
    first = posts_of(topic, 1, None)[0]
    with pytest.raises(Forbidden):
        remove_post(first, actor=cast.ana)
    remove_post(first, actor=cast.mo, note="twice here")
    with pytest.raises(Gone):
        topic_for(topic.id, cast.mo)
    assert db.session.scalars(select(Post.state).where(Post.topic_id == topic.id)).all() == ["deleted"] * 3
    assert {line.verb for line in db.session.scalars(select(Change).where(Change.entry_id == kept.id))} == {
        "created",
        "went with its topic",
    }
    bring_back_topic(topic, actor=cast.mo, note="it was not")
    states = db.session.scalars(select(Post.state).where(Post.topic_id == topic.id).order_by(Post.number)).all()
    assert states == ["live", "deleted", "live"] and topic_for(topic.id, None).posts == 2
    sound()


def test_who_began_a_topic_takes_it_back_while_nobody_else_has_answered(cast: Cast) -> None:
    topic = makers.topic()
    add_post(topic, "More of mine", actor=cast.ana)
    remove_topic(topic, actor=cast.ana, note="")
    with pytest.raises(Gone):
        topic_for(topic.id, None)


def test_who_asked_chooses_the_answer_and_its_author_hears_of_it(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    one, two = add_post(topic, "Straw", actor=cast.ben), add_post(topic, "Size", actor=cast.chi)
    with pytest.raises(Forbidden):
        accept_answer(topic, one, actor=cast.ben)
    accept_answer(topic, one, actor=cast.ana)
    assert topic.answer_id == one.id
    accept_answer(topic, two, actor=cast.mo)
    assert topic.answer_id == two.id
    rows = db.session.scalars(select(Ask).where(Ask.why == "accepted").order_by(Ask.seq))
    assert [(row.member_id, row.entry_id) for row in rows] == [(cast.ben.id, one.id), (cast.chi.id, two.id)]
    accept_answer(topic, None, actor=cast.ana)
    assert topic.answer_id is None
    sound()


def test_two_people_choosing_at_once_know_of_each_other(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    one, two = add_post(topic, "Straw", actor=cast.ben), add_post(topic, "Size", actor=cast.chi)
    seen = topic.version
    accept_answer(topic, one, actor=cast.ana, version=seen)
    with pytest.raises(Conflict) as conflict:
        accept_answer(topic, two, actor=cast.mo, version=seen)
    assert topic.answer_id == one.id
    accept_answer(topic, two, actor=cast.mo, version=conflict.value.version)
    assert topic.answer_id == two.id


def test_only_a_post_that_stands_in_the_question_answers_it(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    elsewhere = add_post(makers.topic(), "Straw", actor=cast.ben)
    first = posts_of(topic, 1, None)[0]
    for post in (elsewhere, first):
        with pytest.raises(Invalid):
            accept_answer(topic, post, actor=cast.ana)
    with pytest.raises(Forbidden):
        accept_answer(makers.topic(), elsewhere, actor=cast.ana)


def test_an_answer_that_is_removed_answers_no_more(cast: Cast) -> None:
    topic = makers.topic(sort="question")
    post = add_post(topic, "Straw", actor=cast.ben)
    accept_answer(topic, post, actor=cast.ana)
    remove_post(post, actor=cast.ben)
    assert topic.answer_id is None
    sound()
