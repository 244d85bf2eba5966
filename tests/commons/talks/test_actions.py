"""Talks: consent for a first message, no oracle for blocks, leaving at once, and words that go when nobody is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.audience import may_see
from commons.db import db, now, transaction
from commons.entries.asks import ask
from commons.entries.checks import checks
from commons.entries.followers import catch_up
from commons.entries.models import Ask, Change, EntryLink, Revision
from commons.feed.models import Watch
from commons.forums.actions import add_post, edit_post, may_answer
from commons.forums.models import Post, Topic
from commons.forums.queries.reading import last_line
from commons.members.actions import make_member
from commons.members.models import Block, Member, Seat
from commons.members.queries import kept_away
from commons.people.models import Contact
from commons.room import rooms
from commons.talks.actions import (
    accept,
    begin,
    block,
    choose_who_writes,
    decline,
    decline_and_block,
    leave,
    mute,
    unblock,
    unmute,
)
from commons.talks.actions.talking import A_DAY, LASTS
from commons.talks.models import ASKED, MEMBER, Request
from commons.talks.queries import ASKS, FREE, OFF, called, how_to_reach, is_muted, talk_between
from commons.web import Forbidden, Invalid
from tests.cast import GROUP, Cast
from tests.commons.forums.makers import old_hands
from tests.test_query_counts import statements


@pytest.fixture(autouse=True)
def known(app: Flask) -> None:
    old_hands()


def say(actor: Member, *people: Member, text: str = "Hello", **values: Any) -> Topic:
    return begin({"text": text, **values}, people, actor=actor)


def know(one: Member, other: Member) -> None:
    with transaction():
        db.session.add(Contact(asker_id=one.id, asked_id=other.id, state="agreed"))


def roles(topic: Topic) -> dict[str, str]:
    rows = db.session.execute(select(Member.username, Seat.role).join(Seat).where(Seat.audience == topic.audience))
    return {row.username: row.role for row in rows}


def refused(actor: Member, *people: Member, text: str = "Hello") -> str:
    with pytest.raises(Invalid) as caught:
        say(actor, *people, text=text)
    return caught.value.fields["to"]


def test_people_of_one_group_write_to_each_other_at_once(cast: Cast) -> None:
    talk = say(cast.ana, cast.ben)
    assert roles(talk) == {"ana": MEMBER, "ben": MEMBER} and talk.title == "Talk with Ana, Ben"
    assert may_answer(cast.ben, talk) and may_answer(cast.ana, talk)
    assert db.session.get(Watch, (cast.ben.id, talk.id)) is not None
    rows = db.session.scalars(select(Ask).where(Ask.why == "message")).all()
    assert [(row.entry_id, row.member_id) for row in rows] == [(talk.id, cast.ben.id)]


def test_the_first_message_of_a_stranger_waits_and_a_second_cannot_be_sent(cast: Cast) -> None:
    talk = say(cast.chi, cast.ana)
    assert roles(talk) == {"chi": MEMBER, "ana": ASKED}
    assert may_see(cast.ana, talk) and not may_answer(cast.ana, talk) and not may_answer(cast.chi, talk)
    with pytest.raises(Invalid):
        add_post(talk, "And another thing", actor=cast.chi)
    assert "waits for an answer" in refused(cast.chi, cast.ana, text="Another talk")
    assert db.session.get(Watch, (cast.ana.id, talk.id)) is None
    accept(talk, actor=cast.ana)
    assert roles(talk) == {"chi": MEMBER, "ana": MEMBER} and may_answer(cast.chi, talk) and may_answer(cast.ana, talk)
    add_post(talk, "Gladly", actor=cast.ana)
    assert how_to_reach(cast.ana, cast.chi) == FREE, "who has written to me knows me"
    assert len(say(cast.chi, cast.ana, text="Something else").audience) > 5


def test_who_declines_has_no_seat_and_the_writer_cannot_tell(cast: Cast) -> None:
    talk, other = say(cast.chi, cast.ana), say(cast.chi, cast.ben)
    decline(talk, actor=cast.ana)
    assert roles(talk) == {"chi": MEMBER} and not may_see(cast.ana, talk)
    for one, name in ((talk, cast.ana), (other, cast.ben)):
        assert not may_answer(cast.chi, one)
        assert refused(cast.chi, name, text="Again").endswith("waits for an answer.")
    with pytest.raises(Forbidden):
        accept(talk, actor=cast.ana)
    lines = db.session.scalars(select(Change.verb).where(Change.entry_id == talk.id)).all()
    assert lines == ["created"], "no line tells of it"


def test_after_thirty_days_a_declined_message_and_an_unanswered_one_end_alike(cast: Cast) -> None:
    talks = [say(cast.chi, cast.ana), say(cast.chi, cast.ben)]
    decline(talks[0], actor=cast.ana)
    catch_up()
    assert {row.state for row in db.session.scalars(select(Request))} == {"declined", "waiting"}
    with transaction():
        for row in db.session.scalars(select(Request)):
            row.at = now() - LASTS - timedelta(minutes=1)
    catch_up()
    db.session.expire_all()
    assert {row.state for row in db.session.scalars(select(Request))} == {"ended"}
    assert [roles(talk) for talk in talks] == [{"chi": MEMBER}, {"chi": MEMBER}]
    assert how_to_reach(cast.ana, cast.chi) == how_to_reach(cast.ben, cast.chi) == ASKS


def test_a_block_either_way_answers_like_a_member_who_takes_no_messages(cast: Cast) -> None:
    choose_who_writes("nobody", actor=cast.ben)
    off = refused(cast.chi, cast.ben).replace("Ben", "X")
    block(cast.chi, actor=cast.ana)
    assert refused(cast.chi, cast.ana).replace("Ana", "X") == off
    assert refused(cast.ana, cast.chi).replace("Chi", "X") == off
    unblock(cast.chi, actor=cast.ana)
    assert how_to_reach(cast.ana, cast.chi) == ASKS
    block(cast.chi, actor=cast.ana, how="mute")
    assert how_to_reach(cast.ana, cast.chi) == ASKS, "a mute spares only the one who chose it"


def test_members_choose_who_may_write_first(cast: Cast) -> None:
    choose_who_writes("contacts", actor=cast.ana)
    assert how_to_reach(cast.ana, cast.ben) == OFF and how_to_reach(cast.ana, cast.chi) == OFF
    know(cast.ana, cast.chi)
    assert how_to_reach(cast.ana, cast.chi) == FREE
    choose_who_writes("nobody", actor=cast.ana)
    assert how_to_reach(cast.ana, cast.chi) == OFF
    with pytest.raises(Invalid):
        choose_who_writes("friends of friends", actor=cast.ana)


def test_a_block_ends_what_two_could_say_to_each_other_and_declines_what_waits(cast: Cast) -> None:
    talk = say(cast.ana, cast.ben)
    block(cast.ana, actor=cast.ben)
    assert not may_answer(cast.ben, talk), "who does not want to meet somebody does not write to them"
    assert may_answer(cast.ana, talk), "who was blocked finds nothing different"
    waits = say(cast.chi, cast.ana)
    block(cast.chi, actor=cast.ana)
    assert roles(waits) == {"chi": MEMBER}
    third = say(cast.chi, cast.ben)
    decline_and_block(third, actor=cast.ben)
    assert roles(third) == {"chi": MEMBER}
    assert db.session.get(Block, (cast.ben.id, cast.chi.id)) is not None
    assert ask(third, [cast.ben.id], "mention", last_line(third)) == []
    with pytest.raises(Invalid):
        block(cast.ana, actor=cast.ana)


def test_several_people_have_to_know_whoever_brings_them_together(cast: Cast) -> None:
    assert "do not know each other yet" in refused(cast.ana, cast.ben, cast.chi)
    know(cast.ana, cast.chi)
    talk = say(cast.ana, cast.ben, cast.chi, title="The pump")
    assert set(roles(talk)) == {"ana", "ben", "chi"} and talk.title == "The pump"
    assert "up to 7" in refused(cast.ana)
    many = [make_member(f"many{n}", f"many{n}@example.org") for n in range(8)]
    assert "up to 7" in refused(cast.ana, *many)


def test_new_members_answer_and_begin_no_talk(cast: Cast) -> None:
    with transaction():
        cast.ben.trusted = None
    with pytest.raises(Invalid, match="answer messages"):
        say(cast.ben, cast.ana)
    talk = say(cast.ana, cast.ben)
    add_post(talk, "I am here", actor=cast.ben)
    with pytest.raises(Forbidden):
        say(cast.una, cast.ana)


def test_first_messages_to_strangers_are_few_a_day(cast: Cast) -> None:
    for number in range(A_DAY):
        say(cast.chi, make_member(f"some{number}", f"some{number}@example.org"))
    assert "many new people today" in refused(cast.chi, cast.ana)


def test_the_same_form_sent_twice_is_one_talk_and_the_same_words_to_another_are_not(cast: Cast) -> None:
    first = say(cast.ana, cast.ben, text="Are you there?")
    assert say(cast.ana, cast.ben, text="Are you there?").id == first.id
    know(cast.ana, cast.chi)
    assert say(cast.ana, cast.chi, text="Are you there?").id != first.id
    waits = say(cast.chi, cast.ben, text="Hello you")
    assert say(cast.chi, cast.ben, text="Hello you").id == waits.id


def test_who_leaves_sees_nothing_from_that_moment_on(cast: Cast) -> None:
    talk = say(cast.ana, cast.ben)
    leave(talk, actor=cast.ben)
    assert roles(talk) == {"ana": MEMBER} and not may_see(cast.ben, talk)
    assert db.session.get(Watch, (cast.ben.id, talk.id)) is None and not may_answer(cast.ana, talk)
    assert talk_between(cast.ana, cast.ben) is None
    with pytest.raises(Forbidden):
        leave(talk, actor=cast.ben)
    with pytest.raises(Forbidden):
        leave(talk, actor=cast.mo)


def test_whoever_takes_back_a_first_message_by_leaving_cannot_send_it_again(cast: Cast) -> None:
    leave(say(cast.chi, cast.ana), actor=cast.chi)
    assert "waits for an answer" in refused(cast.chi, cast.ana)


def test_the_words_of_a_talk_that_nobody_sits_in_are_gone_and_the_history_still_fits(cast: Cast) -> None:
    talk = say(cast.ana, cast.ben, text="qwertzword with [[Wells]]", title="qwertztitle")
    post = add_post(talk, "qwertzanswer @ana", actor=cast.ben)
    edit_post(post, {"text": "qwertzedit"}, version=1, actor=cast.ben, note="qwertznote")
    other = say(cast.ana, cast.ben, text="stays")
    leave(talk, actor=cast.ana)
    catch_up()
    assert db.session.scalars(select(Post.text).where(Post.topic_id == talk.id, Post.number == 2)).one() == "qwertzedit"
    leave(db.session.get_one(Topic, talk.id), actor=cast.ben)
    catch_up()
    catch_up()
    ids = [talk.id, *db.session.scalars(select(Post.id).where(Post.topic_id == talk.id))]
    kept = [str(row) for row in db.session.execute(select(Revision.changes, Revision.note))]
    kept += [str(row) for row in db.session.execute(select(Change.note))]
    kept += [str(row) for row in db.session.execute(select(Post.text, Post.title))]
    kept += [str(row) for row in db.session.execute(select(EntryLink.name).where(EntryLink.source_id.in_(ids)))]
    assert "qwertz" not in " ".join(kept) and "Wells" not in " ".join(kept)
    assert db.session.scalar(select(func.count()).where(Ask.entry_id.in_(ids))) == 0
    faults = [f"{check.name}: {fault}" for room in rooms().all for check in room.checks for fault in check.faults()]
    assert faults == [] and checks
    assert db.session.scalars(select(Post.text).where(Post.topic_id == other.id)).one() == "stays"
    erased = db.session.scalar(select(func.count()).where(Change.verb == "erased"))
    assert erased == len(ids), "once for each, and not again"


def test_a_muted_talk_is_kept_and_told_of_no_more(cast: Cast) -> None:
    talk = say(cast.ana, cast.ben)
    mute(talk, actor=cast.ben)
    assert is_muted(talk, cast.ben) and not is_muted(talk, cast.ana)
    unmute(talk, actor=cast.ben)
    assert not is_muted(talk, cast.ben)


def test_a_hidden_member_is_called_by_nobody_but_those_who_know_them(cast: Cast) -> None:
    from_people = rooms().kinds["profile"].model
    with transaction():
        profile = from_people(member_id=cast.ana.id, slug="ana", title="Ana", audience=f"member:{cast.ana.id}")
        db.session.add(profile)
        db.session.add(Change(entry=profile, thread=profile, verb="created"))
    assert called(["ana", "nobody"], cast.chi) == {}
    assert set(called(["Ana"], cast.ben)) == {"ana"}, "they share a group"
    assert GROUP in {seat.audience for seat in cast.ben.seats}


def test_who_is_asked_and_leaves_declines_and_nobody_can_tell(cast: Cast) -> None:
    talk = say(cast.chi, cast.ana)
    leave(talk, actor=cast.ana)
    request = db.session.get(Request, talk.id)
    assert request is not None and request.state == "declined" and roles(talk) == {"chi": MEMBER}
    assert db.session.scalars(select(Change.verb).where(Change.entry_id == talk.id)).all() == ["created"]


def test_whom_a_member_keeps_away_is_asked_once_in_a_request(app: Flask, cast: Cast) -> None:
    ana, chi = cast.ana, cast.chi
    with app.test_request_context(), statements() as sent:
        assert kept_away(ana) == kept_away(ana) == frozenset()
        assert len(sent) == 1
        block(chi, actor=ana)
        assert kept_away(ana) == {chi.id}, "what they choose meanwhile holds at once"
        unblock(chi, actor=ana)
        assert kept_away(ana) == frozenset()
