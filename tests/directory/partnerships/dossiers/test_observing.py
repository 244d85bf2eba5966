"""Observers of a dossier: named by all parties, there to read and to write, and out at once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db, transaction
from commons.entries.models import Ask
from commons.entries.within import takes
from commons.members.models import Outgoing
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.actions.stepping import begin
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.documents.letters import letters
from directory.partnerships.dossiers.documents.steps import who
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.transitions import ACTIONS
from tests.cast import sign_in
from tests.directory.partnerships.dossiers.makers import Two, person, speak, steps


def both_want(two: Two, proposal: Proposal, name: str) -> None:
    actions.want_observer(proposal, name, actor=two.soil_steward, organisation_id=two.soil.id)
    actions.want_observer(proposal, name, actor=two.garden_steward, organisation_id=two.garden.id)


def faults() -> list[str]:
    return [fault for check in checks for fault in check.faults()]


def test_an_observer_comes_when_all_sides_want_them_reads_writes_moves_nothing_and_is_shown_out(
    app: Flask, two: Two
) -> None:
    proposal, otto = two.at("active"), person("otto")
    browser, here = sign_in(app.test_client(), otto), f"/partnerships/proposals/{proposal.id}"
    actions.want_observer(proposal, "otto", actor=two.soil_steward, organisation_id=two.soil.id)
    assert browser.get(f"{here}/observe").status_code == 404 and not may_see(otto, proposal)
    both_want(two, proposal, "@Otto")
    letter = letters["observe"](db.session.scalars(select(Outgoing).where(Outgoing.letter == "observe")).one())
    assert letter is not None and f"{here}/observe" in letter.text
    page = browser.get(f"{here}/observe").text
    assert "Garden" in page and "compost" not in page and browser.get(here).status_code == 404
    assert browser.post(f"{here}/observe").status_code == 303 and steps(proposal)[-1] == "observer came"
    for path in ("", "/terms/1", "/terms/1.txt", "/log", "/log.json", "/copy.zip", "/things", "/partners", "/people"):
        assert browser.get(here + path).status_code == 200, path
    assert proposal.title in browser.get("/partnerships/proposals").text
    assert browser.post(f"{here}/say", data={"text": "We could fund the beds."}).status_code == 303
    assert browser.post(f"{here}/pause").status_code == 403
    for action in ACTIONS:
        for id in (*two.ids(), 0):
            with pytest.raises(Forbidden), transaction():
                begin(proposal, action, actor=otto, organisation_id=id)
    topic = queries.conversation_of(proposal)
    assert topic is not None and may_see(otto, topic) and takes(proposal, "page", otto) is None
    actions.pause(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    told = db.session.scalars(select(Ask.why).where(Ask.entry_id == proposal.id, Ask.member_id == otto.id)).all()
    assert told == ["moved"] and faults() == []
    seen = sign_in(app.test_client(), two.soil_delegate)
    assert "Show out" in seen.get(f"{here}/people").text
    assert seen.post(f"{here}/people/show-out", data={"username": "otto"}).status_code == 303
    db.session.refresh(proposal)
    assert steps(proposal)[-2:] == ["show out", "observer left"] and "Otto" in seen.get(f"{here}/log").text
    assert browser.get(here).status_code == 404 and browser.get(f"{here}/observe").status_code == 404
    assert not may_see(otto, topic) and proposal.title not in browser.get("/partnerships/proposals").text
    last = queries.steps_of(proposal)[-1]
    otto.state = "placeholder"
    assert who(last, {}) == "former observer" and faults() == []


def test_who_may_be_named_and_how_many(app: Flask, two: Two) -> None:
    proposal, new, gone = two.at("exploring"), person("nina"), person("gil")
    with transaction():
        new.trusted, gone.state = None, "suspended"
    for name in ("nobody", "gil", "nina", "garden.delegate"):
        with pytest.raises(Invalid):
            actions.want_observer(proposal, name, actor=two.soil_steward, organisation_id=two.soil.id)
    with pytest.raises(Forbidden):
        actions.want_observer(proposal, "gil", actor=two.soil_delegate, organisation_id=two.soil.id)
    people = [person(f"observer{number}") for number in range(4)]
    for one in people[:3]:
        both_want(two, proposal, one.username)
        actions.come_to_observe(proposal.id, actor=one)
    with pytest.raises(Invalid):
        both_want(two, proposal, people[3].username)
    actions.stop_observing(proposal.id, actor=people[0])
    assert steps(proposal)[-1] == "observer left" and not may_see(people[0], proposal)
    speak(people[1], two.soil)
    assert [one.member_id for one in queries.observers_of(proposal.id)] == [people[2].id] and faults() == []
