"""Three meanings, said in words: thanks, others should see it, I want to take part."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.asks import speaks_for
from commons.entries.models import Ask, Change, Entry
from commons.feed.actions import react, take_back
from commons.feed.documents import reactions_of
from commons.feed.models import Reaction
from commons.members.models import Block, Member, Seat
from commons.web import Forbidden, Invalid
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.feed.writers import topic_with
from tests.test_query_counts import statements


def shown(ids: list[int], viewer: Member | None) -> dict[int, dict[str, Any]]:
    with current_app.test_request_context():
        return reactions_of(ids, viewer)


def marks(entry: Entry, viewer: Member | None) -> dict[str, tuple[int, bool, list[str]]]:
    row = shown([entry.id], viewer)[entry.id]
    return {mark["what"]: (mark["count"], mark["on"], mark["names"]) for mark in row["marks"] if mark["count"]}


def lines(verb: str) -> list[tuple[int, int | None]]:
    return [(line.entry_id, line.actor_id) for line in db.session.scalars(db.select(Change).where(Change.verb == verb))]


def asked(why: str) -> list[int]:
    return list(db.session.scalars(db.select(Ask.member_id).where(Ask.why == why)))


def test_each_reaction_counts_once_and_can_be_taken_back(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps")
    for _again in range(2):
        react(page, "like", actor=cast.ben)
    react(page, "recommend", actor=cast.ben)
    react(page, "like", actor=cast.chi)
    assert marks(page, cast.ben) == {"like": (2, True, ["Ben", "Chi"]), "recommend": (1, True, ["Ben"])}
    assert marks(page, None) == {"like": (2, False, []), "recommend": (1, False, [])}
    take_back(page, "like", actor=cast.ben)
    assert marks(page, cast.ben) == {"like": (1, False, ["Chi"]), "recommend": (1, True, ["Ben"])}


def test_thanks_stand_in_no_log_and_the_other_two_once(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps")
    for what in ("like", "recommend", "interested"):
        react(page, what, actor=cast.ben)
        take_back(page, what, actor=cast.ben)
        react(page, what, actor=cast.ben)
    assert lines("recommended") == lines("is interested") == [(page.id, cast.ben.id)]
    assert page.version == 1 and not lines("liked")


def test_interest_reaches_the_author(app: Flask, cast: Cast) -> None:
    topic = topic_with("Who helps?", ["On Sunday"], cast.ana)
    react(topic, "interested", actor=cast.chi)
    react(topic, "interested", actor=cast.ana)
    assert asked("interested") == [cast.ana.id]


def test_interest_in_an_organisation_reaches_its_representatives(app: Flask, cast: Cast) -> None:
    wells = make.organisation("Wells", actor=cast.ana)
    with transaction():
        db.session.add(Seat(member_id=cast.ben.id, audience=speaks_for(wells.id), role="steward"))
    react(wells, "interested", actor=cast.chi)
    assert asked("interested") == [cast.ben.id]


def test_interest_in_a_group_reaches_its_admins(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps", actor=cast.ana)
    with transaction():
        for who, role in ((cast.ben, "admin"), (cast.chi, "member")):
            db.session.add(Seat(member_id=who.id, audience=f"page:{page.id}", role=role))
    react(page, "interested", actor=cast.mo)
    assert asked("interested") == [cast.ben.id]  # by the door that is the entry's own, whatever its kind


def test_what_i_may_not_see_i_cannot_react_to(client: FlaskClient, cast: Cast) -> None:
    secret = make.page("Xylophonia", audience=GROUP)
    with pytest.raises(Forbidden):
        react(secret, "like", actor=cast.chi)
    sign_in(client, cast.chi)
    hidden = client.post(f"/reactions/{secret.id}", data={"what": "like"})
    missing = client.post("/reactions/999999", data={"what": "like"})
    assert hidden.status_code == missing.status_code == 404
    assert db.session.scalars(db.select(Reaction)).all() == []


def test_people_are_not_rated_and_unknown_reactions_are_refused(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps")
    with pytest.raises(Invalid):
        react(page, "hate", actor=cast.ben)
    with pytest.raises(Forbidden):
        react(page, "like", actor=cast.una)


def test_whom_i_blocked_is_counted_and_not_named(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps")
    for who in (cast.ben, cast.chi):
        react(page, "like", actor=who)
    with transaction():
        db.session.add(Block(member_id=cast.ana.id, other_id=cast.ben.id, how="block"))
    assert marks(page, cast.ana)["like"] == (2, False, ["Chi"])
    assert marks(page, cast.ben)["like"] == (2, True, ["Ben", "Chi"])


def test_the_buttons_work_without_a_script_and_say_what_they_mean(client: FlaskClient, cast: Cast) -> None:
    page = make.page("Heaps")
    assert client.post(f"/reactions/{page.id}", data={"what": "like"}).headers["Location"].startswith("/sign-in")
    sign_in(client, cast.chi)
    answer = client.post(f"/reactions/{page.id}", data={"what": "like"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/e/{page.id}")
    back = client.post(f"/reactions/{page.id}/take-back", data={"what": "like", "next": "/feed?page=2"})
    assert back.headers["Location"] == "/feed?page=2" and marks(page, cast.chi) == {}
    assert client.get(f"/reactions/{page.id}").status_code == 405


def test_twenty_posts_cost_two_statements(app: Flask, cast: Cast) -> None:
    pages = [make.page(f"Page {number}") for number in range(20)]
    for page in pages:
        react(page, "like", actor=cast.ben)
        react(page, "interested", actor=cast.chi)
    viewer = cast.ana
    with statements() as sent:
        rows = shown([page.id for page in pages], viewer)
    assert len(sent) == 2 and all(row["said"] for row in rows.values())


def test_many_people_are_a_few_names_and_a_number(app: Flask, cast: Cast) -> None:
    page = make.page("Heaps")
    with transaction():
        for number in range(30):
            one = Member(username=f"p{number}", skeleton=f"p{number}", name=f"P{number}", state="active")
            db.session.add(one)
            db.session.flush()
            db.session.add(Reaction(entry_id=page.id, member_id=one.id, what="like"))
    mark = shown([page.id], cast.ana)[page.id]["marks"][0]
    assert (mark["count"], len(mark["names"]), mark["others"]) == (30, 5, 25)


def test_two_presses_at_once_are_one_reaction(app: Flask, cast: Cast) -> None:
    page_id, ben_id, faults = make.page("Heaps").id, cast.ben.id, []

    def press() -> None:
        try:
            with app.app_context():
                react(db.session.get_one(Entry, page_id), "recommend", actor=db.session.get_one(Member, ben_id))
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=press) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    db.session.rollback()  # what the others wrote is read now
    assert faults == [] and len(lines("recommended")) == 1
