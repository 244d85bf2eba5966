"""What a member may do on their first day, and when that day is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from commons.db import now, transaction
from commons.entries.actions import remove_entry
from commons.entries.within import place_in
from commons.forums.actions import add_post, add_topic
from commons.members.actions import make_member
from commons.members.models import Member
from commons.moderation.newcomers import ACTS, DAY, admit, is_new
from commons.web import Invalid
from tests import make
from tests.cast import Cast
from tests.commons.forums import makers


@pytest.fixture
def nora(app: Flask) -> Member:
    """Came an hour ago, and nobody has said that she is trusted."""
    made = make_member("nora", "nora@example.org", password="four words in a row")
    with transaction():
        made.trusted, made.created = None, now() - timedelta(hours=1)
    return made


def test_nobody_is_new_whom_a_moderator_trusts_or_who_moderates(nora: Member, cast: Cast) -> None:
    assert is_new(nora) and not is_new(cast.mo) and not is_new(cast.ana)
    with transaction():
        nora.trusted = now()
    assert not is_new(nora)


def test_a_day_alone_is_not_enough_and_neither_are_contributions_alone(nora: Member) -> None:
    with transaction():
        nora.trusted = now()
    pages = [make.page(f"Of Nora {number}", "x", actor=nora) for number in range(ACTS)]
    with transaction():
        nora.trusted = None
    assert is_new(nora), "five contributions within the first day"
    with transaction():
        nora.created = now() - DAY - timedelta(minutes=1)
    assert not is_new(nora), "a day and five contributions"
    remove_entry(pages[0], actor=Cast().mo, note="Not useful")
    assert is_new(nora), "what was removed does not count"


def test_a_new_member_begins_three_topics_and_writes_ten_posts_of_a_day(nora: Member) -> None:
    forum = makers.forum()
    place = place_in(forum.id, "topic", nora)
    topics = [add_topic({"title": f"T {n}", "text": "x"}, place=place, actor=nora) for n in range(3)]
    with pytest.raises(Invalid, match="send them tomorrow"):
        add_topic({"title": "One more", "text": "x"}, place=place, actor=nora)
    for number in range(7):  # the topics have a first post each
        add_post(topics[0], f"Post {number}", actor=nora)
    with pytest.raises(Invalid, match="send them tomorrow"):
        add_post(topics[0], "One more", actor=nora)
    with transaction():
        nora.trusted = now()
    add_post(topics[0], "One more", actor=nora)


def test_a_new_member_puts_two_links_and_two_names_into_a_text(nora: Member, cast: Cast) -> None:
    admit(nora, "post", "https://a.example http://b.example @ana @ben")
    with pytest.raises(Invalid, match="two links"):
        admit(nora, "post", "https://a.example http://b.example HTTPS://c.example")
    with pytest.raises(Invalid, match="two people"):
        admit(nora, "post", "@ana @ben @chi")
    admit(cast.ana, "post", "https://a.example " * 9)


def test_a_new_member_answers_messages_and_begins_none(nora: Member) -> None:
    with pytest.raises(Invalid, match="answer messages"):
        admit(nora, "talk", "Hello")
