"""Days that come: reminders once, never two at a time, and the move of the clock; also after a week without a worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.actions import record
from commons.entries.models import Ask
from commons.web import Forbidden
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.models import Partnership, Proposal, Terms
from directory.partnerships.dossiers.tending import tend
from tests.directory.partnerships.dossiers.makers import Two, back_dated, later, sign_both, steps


def last_asked(proposal: Proposal, why: str = "day") -> int:
    """The line of the log with which people were asked last: from each line follows one mail for each of them."""
    query = select(func.max(Ask.seq)).where(Ask.entry_id == proposal.id, Ask.why == why)
    return db.session.scalar(query) or 0


def asked(proposal: Proposal, why: str = "day") -> int:
    query = select(func.count()).where(Ask.entry_id == proposal.id, Ask.why == why)
    return db.session.scalar(query) or 0


def test_an_unanswered_proposal_is_reminded_of_once_and_expires_after_45_days(app: Flask, two: Two) -> None:
    proposal = two.send()
    assert tend() == 0 and asked(proposal) == 0
    later(proposal, 13)
    assert asked(proposal) == 0
    later(proposal, 2)
    assert asked(proposal) == 3, "its three people"
    reminder = last_asked(proposal)
    for _again in range(3):
        later(proposal, 1)
    assert last_asked(proposal) == reminder and proposal.reminded == 1, "once"
    later(proposal, 27)
    assert proposal.stage == "expired" and steps(proposal)[-1] == "expire" and proposal.same_id == two.soil.id
    assert asked(proposal, "moved") >= 3, "the sender is told"
    assert tend() == 0
    actions.reopen(proposal, actor=two.soil_delegate, organisation_id=two.soil.id)
    assert proposal.stage == "interest" and proposal.reminded == 0


def test_a_worker_that_was_away_sends_the_last_reminder_only_and_a_clock_set_back_sends_none(
    app: Flask, two: Two
) -> None:
    proposal = two.at("proposed")
    later(proposal, 31)
    assert proposal.reminded == 2 and asked(proposal) == 3
    with transaction():
        record(proposal, "asked", None, actor=None)
        proposal.counted += timedelta(days=40)
    assert tend() == 0 and proposal.reminded == 2 and proposal.stage == "proposed"
    back_dated(proposal, 40)
    assert tend() == 0, "the same day again"


def test_an_exploration_is_idle_from_the_last_word_that_anybody_wrote(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    back_dated(proposal, 40)
    actions.say(proposal, "Sorry, we were away.", actor=two.soil_delegate, organisation_id=two.soil.id)
    assert tend() == 0 and proposal.stage == "exploring"
    later(proposal, 30.5)
    assert proposal.stage == "exploring" and asked(proposal) == 6
    later(proposal, 30)
    assert proposal.stage == "archived"
    actions.reopen(proposal, actor=two.garden_delegate, organisation_id=two.garden.id)
    assert proposal.stage == "exploring"


@pytest.mark.parametrize(
    ("stage", "days", "then"),
    [
        ("question", 46, "expired"),
        ("negotiating", 46, "expired"),
        ("agreed", 31, "negotiating"),
        ("amending", 31, "active"),
        ("ending", 31, "ended"),
        ("paused", 731, "inactive"),
    ],
)
def test_each_deadline_leads_where_the_table_says(app: Flask, two: Two, stage: str, days: int, then: str) -> None:
    proposal = two.at(stage)
    later(proposal, days - 2)
    assert proposal.stage == stage
    later(proposal, 2)
    assert proposal.stage == then and steps(proposal)[-1] == "expire"
    if stage == "agreed":
        actions.accept(proposal, 1, actor=two.garden_steward, organisation_id=two.garden.id)
        actions.accept(proposal, 1, actor=two.soil_steward, organisation_id=two.soil.id)
        assert proposal.stage == "agreed", "the same version can be accepted anew"
    if stage == "amending":
        assert proposal.agreed == 1 and proposal.terms == 2


def test_a_deadline_can_be_moved_two_weeks_at_a_time_up_to_ninety_days(app: Flask, two: Two) -> None:
    proposal = two.at("proposed")
    for _time in range(6):
        actions.extend(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    with pytest.raises(Forbidden):
        actions.extend(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    later(proposal, 100)
    assert proposal.stage == "proposed"
    later(proposal, 30)
    assert proposal.stage == "expired"


def test_the_notice_is_as_long_as_the_terms_say(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    actions.write_terms(proposal, two.terms(notice=100), actor=two.soil_steward, organisation_id=two.soil.id)
    actions.accept(proposal, 1, actor=two.garden_steward, organisation_id=two.garden.id)
    sign_both(two, proposal)
    actions.give_notice(proposal, "dates", actor=two.soil_steward, organisation_id=two.soil.id)
    later(proposal, 99)
    assert proposal.stage == "ending"
    later(proposal, 2)
    assert proposal.stage == "ended"


def test_reports_are_asked_for_after_three_months_and_every_year_and_silence_ends_it(app: Flask, two: Two) -> None:
    proposal = two.at("active")
    for side, who in ((two.garden, two.garden_steward), (two.soil, two.soil_steward)):
        actions.publish(proposal, actor=who, organisation_id=side.id)
    later(proposal, 92)
    assert proposal.reminded == 1 and asked(proposal) == 6
    actions.report(proposal, "It goes well.", actor=two.soil_delegate, organisation_id=two.soil.id)
    later(proposal, 100)
    assert proposal.reminded == 1, "the look back was had"
    later(proposal, 266)
    assert proposal.reminded == 2
    later(proposal, 365)
    row = db.session.scalars(select(Partnership)).one()
    db.session.refresh(row)
    assert proposal.stage == "inactive" and row.standing == "inactive"


def test_a_proposal_in_which_nothing_is_due_is_left_alone(app: Flask, two: Two) -> None:
    proposal = two.at("declined")
    later(proposal, 1000)
    assert proposal.stage == "declined" and db.session.scalar(select(func.count()).select_from(Terms)) == 0
