"""Answers by the links of mails: every move that needs no password and no new text, once, as its reader may do things now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, now
from commons.entries.asks import speaks_for
from commons.feed.actions import follow_asks
from commons.feed.documents.letters import write_ask
from commons.members.models import Member, Outgoing
from commons.members.seats import give_seat, take_seat
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.actions.mailing import TAKEN
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.documents.letters import answer_address
from directory.partnerships.dossiers.documents.mailing import WORDS
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.transitions import ACTIONS, BY_MAIL, SIGNED_IN
from tests.directory.partnerships.dossiers.makers import Two, later, organisation, person, steps

LINK = re.compile(r"/partnerships/answers/proposal/[\w-]+")


def link(proposal: Proposal, member: Member) -> str:
    db.session.expire_all()
    return answer_address(proposal, member).removeprefix("http://localhost")


def faults() -> list[str]:
    db.session.expire_all()
    return [sentence for check in checks for sentence in check.faults()]


def stands(proposal: Proposal) -> tuple[str, int]:
    db.session.expire_all()
    return proposal.stage, proposal.steps


def test_every_move_of_people_is_either_made_by_a_link_or_said_to_need_more() -> None:
    by_people = {action for action in ACTIONS if action != "expire"}
    assert set(BY_MAIL) | set(SIGNED_IN) == by_people and not set(BY_MAIL) & set(SIGNED_IN)
    assert set(TAKEN) == set(BY_MAIL) == set(WORDS) and "sign" in SIGNED_IN


def test_the_mail_of_a_reminder_answers_by_a_link_once(app: Flask, two: Two) -> None:
    proposal = two.send()
    later(proposal, 15)
    follow_asks(0)
    db.session.rollback()
    rows = [one for one in db.session.scalars(select(Outgoing).order_by(Outgoing.id)) if one.about.get("why") == "day"]
    assert len(rows) == 3, "one mail for each of its people"
    letter = write_ask(rows[0])
    assert letter is not None and "compost" not in letter.text + letter.subject and letter.html is not None
    found = LINK.search(letter.text)
    assert found is not None and found[0] in letter.html and "organisation" in letter.subject
    client = app.test_client()
    page = client.get(found[0])
    assert page.status_code == 200 and "compost" in page.text and stands(proposal) == ("interest", 1)
    assert client.post(found[0], data={"do": "talk"}).status_code == 200
    assert stands(proposal)[0] == "exploring" and steps(proposal)[-1] == "talk"
    assert client.get(found[0]).status_code == 410
    assert client.post(found[0], data={"do": "talk"}).status_code == 410
    again = write_ask(rows[1])
    assert again is not None and LINK.search(again.text), "who reads later answers what waits then"


PRESSES: tuple[tuple[Any, ...], ...] = (
    ("interest", "soil_delegate", "talk", {}, "exploring"),
    ("interest", "soil_delegate", "ask", {"text": "In which month?"}, "question"),
    ("interest", "soil_delegate", "decline", {"reason": "dates", "note": "June is full."}, "declined"),
    ("interest", "garden_delegate", "withdraw", {"reason": "other"}, "withdrawn"),
    ("question", "garden_delegate", "answer", {"text": "In June."}, "interest"),
    ("exploring", "soil_delegate", "archive", {}, "archived"),
    ("proposed", "soil_steward", "accept", {}, "agreed"),
    ("proposed", "soil_steward", "decline", {"reason": "too much"}, "declined"),
    ("proposed", "garden_steward", "withdraw", {"reason": "other"}, "withdrawn"),
    ("proposed", "soil_steward", "extend", {}, "proposed"),
    ("negotiating", "garden_steward", "accept", {}, "agreed"),
    ("agreed", "soil_steward", "refuse", {}, "negotiating"),
    ("active", "soil_delegate", "report", {"text": "It grows."}, "active"),
    ("active", "soil_steward", "pause", {}, "paused"),
    ("active", "soil_steward", "end", {"reason": "dates"}, "ending"),
    ("active", "soil_steward", "complete", {"text": "It grew.", "result": "reached"}, "completed"),
    ("active", "soil_steward", "publish", {}, "active"),
    ("amending", "garden_steward", "refuse", {}, "active"),
    ("paused", "soil_steward", "resume", {}, "active"),
    ("ending", "soil_steward", "keep", {}, "active"),
    ("completed", "soil_steward", "account", {"text": "So it was.", "result": "partly reached"}, "completed"),
    ("completed", "soil_steward", "renew", {}, "completed"),
    ("archived", "soil_delegate", "reopen", {}, "exploring"),
    ("declined", "soil_delegate", "reopen", {}, "interest"),
)


@pytest.mark.parametrize(("stage", "who", "do", "typed", "then"), PRESSES)
def test_a_link_makes_this_move_and_only_by_its_button(
    app: Flask, two: Two, stage: str, who: str, do: str, typed: dict[str, str], then: str
) -> None:
    proposal = two.at(stage)
    before = stands(proposal)
    here, client = link(proposal, getattr(two, who)), app.test_client()
    page, chosen = client.get(here), client.get(here, query_string={"do": do})
    assert page.status_code == chosen.status_code == 200 and str(WORDS[do].label) in page.text
    assert str(WORDS[do].sentence).replace("'", "&#39;") in chosen.text and f'value="{do}"' in chosen.text
    assert stands(proposal) == before, "opening it changes nothing"
    answer = client.post(here, data={"do": do, **typed})
    assert answer.status_code == 200, answer.text
    assert stands(proposal)[0] == then and do in steps(proposal)[before[1] :]
    assert client.post(here, data={"do": do, **typed}).status_code == 410 and faults() == []


@pytest.fixture
def running(app: Flask, two: Two) -> Iterator[Proposal]:
    proposal = two.at("active")
    due = (now() + timedelta(days=9)).date().isoformat()
    actions.promise(proposal, {"text": "Two days", "due": due}, actor=two.soil_steward, organisation_id=two.soil.id)
    slots = [(now() + timedelta(days=days)).isoformat() for days in (3, 4)]
    values = {"title": "First talk", "slots": slots}
    actions.offer_times(proposal, values, actor=two.garden_delegate, organisation_id=two.garden.id)
    yield proposal


def test_a_promise_a_time_and_an_outcome_are_chosen_from_what_is_there(app: Flask, two: Two, running: Proposal) -> None:
    meeting = queries.meetings_of(running)[0]
    promised = queries.commitments_of(running)[0]
    choose(app, running, two.soil_delegate, "keep a promise", str(promised.id))
    choose(app, running, two.soil_delegate, "choose", f"{meeting.id} {meeting.slots[1]}")
    assert promised.kept and meeting.chosen is not None
    outcome = {"text": "It grew.", "result": "reached"}
    account = actions.complete(running, outcome, actor=two.garden_steward, organisation_id=two.garden.id)
    choose(app, running, two.soil_steward, "judge", f"{account.id} confirmed")
    assert account.answers[str(two.soil.id)]["how"] == "confirmed" and faults() == []


def choose(app: Flask, proposal: Proposal, member: Member, do: str, which: str) -> None:
    """By a link; a slip costs nothing."""
    here, client, before = link(proposal, member), app.test_client(), stands(proposal)
    page = client.get(here, query_string={"do": do})
    assert page.status_code == 200 and f'value="{which.replace("+", "&#43;")}"' in page.text.replace("+", "&#43;")
    for nonsense in ("", "999999999", "x", "\u0661 confirmed", "9" * 40):
        assert client.post(here, data={"do": do, "which": nonsense}).status_code == 422, nonsense
    assert stands(proposal) == before
    assert client.post(here, data={"do": do, "which": which}).status_code == 200
    assert stands(proposal)[1] == before[1] + 1


def test_a_third_organisation_comes_in_and_leaves_by_links_of_its_own(app: Flask, two: Two) -> None:
    proposal, tess = two.at("exploring"), person("tess")
    third, client = organisation("Third", steward=tess), app.test_client()
    for side, who in ((two.garden, two.garden_steward), (two.soil, two.soil_steward)):
        actions.bring_in(proposal, third, actor=who, organisation_id=side.id)
    assert "Leave with your organisation" not in client.get(link(proposal, two.soil_steward)).text, "they are two"
    assert client.post(link(proposal, tess), data={"do": "come in"}).status_code == 200
    assert client.post(link(proposal, tess), data={"do": "leave"}).status_code == 200
    assert steps(proposal)[-2:] == ["come in", "leave"] and answer_address(proposal, tess) == "" and faults() == []


def test_nothing_is_signed_or_written_anew_by_a_link(app: Flask, two: Two) -> None:
    proposal, client = two.at("agreed"), app.test_client()
    here = link(proposal, two.soil_signatory)
    page = client.get(here)
    assert f"/partnerships/proposals/{proposal.id}/sign" in page.text and "Beds for two nights" in page.text
    for action in (*SIGNED_IN, "expire", "", "nonsense"):
        assert client.post(here, data={"do": action}).status_code == 422, action
    assert stands(proposal)[0] == "agreed"


def test_a_link_gives_no_more_than_its_reader_may_do_at_that_moment(app: Flask, two: Two) -> None:
    proposal, client = two.at("proposed"), app.test_client()
    delegate, steward = link(proposal, two.soil_delegate), link(proposal, two.soil_steward)
    assert delegate == "" or client.post(delegate, data={"do": "accept"}).status_code == 422, "stewards accept"
    take_seat(two.soil_steward, speaks_for(two.soil.id))
    assert client.get(steward).status_code == 410, "who speaks no more answers no more"
    assert client.post(steward, data={"do": "accept"}).status_code == 410
    give_seat(two.soil_steward, speaks_for(two.soil.id), "delegate")
    assert client.post(steward, data={"do": "accept"}).status_code == 422
    give_seat(two.soil_steward, speaks_for(two.soil.id), "steward")
    actions.extend(proposal, actor=two.garden_steward, organisation_id=two.garden.id)
    assert client.get(steward).status_code == 410, "something happened since the mail was written"
    assert stands(proposal)[0] == "proposed"


def test_what_was_typed_wrongly_is_shown_beside_its_field_and_the_link_stays_good(app: Flask, two: Two) -> None:
    proposal, client = two.at("active"), app.test_client()
    here = link(proposal, two.soil_steward)
    wrong = client.post(here, data={"do": "complete", "text": "It grew."})
    assert wrong.status_code == 422 and "It grew." in wrong.text and "field-error" in wrong.text
    assert client.post(here, data={"do": "end", "reason": "nonsense"}).status_code == 422
    assert client.post(here, data={"do": "complete", "text": "It grew.", "result": "reached"}).status_code == 200


@pytest.mark.parametrize("state", ["suppressed", "deleted"])
def test_the_links_of_a_removed_proposal_lead_nowhere(app: Flask, two: Two, state: str) -> None:
    proposal, client = two.send(), app.test_client()
    here = link(proposal, two.soil_delegate)
    actions.remove_proposal(proposal, actor=None, note="It harms.", verb="suppressed" if state == "suppressed" else "removed")  # fmt: skip
    assert client.get(here).status_code == 410 and client.post(here, data={"do": "talk"}).status_code == 410
