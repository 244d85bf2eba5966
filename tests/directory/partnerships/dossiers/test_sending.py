"""Protection from mail that nobody asked for, and who may write to whom."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.asks import speaks_for
from commons.entries.models import Ask
from commons.members.models import Block, Member
from commons.members.seats import take_seat
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.partnerships.board.actions import add_posting, close_posting
from directory.partnerships.board.models import Openness, in_days
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.models import Proposal
from directory.partnerships.dossiers.queries import parties_of
from tests.cast import sign_in
from tests.directory.partnerships.dossiers.makers import WORDS, Two, organisation, person, speak, steps

SHUT = "They take no proposals at the moment"


def refused(two: Two, about: object = None, text: str = WORDS) -> str:
    with pytest.raises(Invalid) as fault:
        two.send(about, text)
    return " ".join(fault.value.fields.values())


def test_the_whole_organisation_is_asked_and_sits_in_the_dossier(app: Flask, two: Two) -> None:
    proposal = two.send()
    here = {row.member_id for row in db.session.scalars(select(Ask).where(Ask.entry_id == proposal.id, Ask.why == "interest"))}  # fmt: skip
    assert here == {one.id for one in two.of("soil").values()}
    for who in two.people.values():
        assert may_see(who, proposal)
    late = speak(person("late"), two.soil, "delegate")
    assert may_see(late, proposal), "who comes to speak for it sits there too"
    with transaction():
        take_seat(late, speaks_for(two.soil.id))
    assert not may_see(late, proposal), "and not a moment longer"
    assert [fault for check in checks for fault in check.faults()] == []


def test_who_was_shut_out_reads_what_everybody_reads_where_proposals_are_not_taken(app: Flask, two: Two) -> None:
    closed = organisation("Closed", True, steward=person("closed.one"))
    assert SHUT in refused(two, closed)
    proposal = two.send()
    actions.close(proposal, "decline", "does not fit", actor=two.soil_delegate, organisation_id=two.soil.id, shut=True)
    assert SHUT in refused(two, text=WORDS + " And we ask again.")
    actions.let_in(two.soil.id, two.garden.id, actor=two.soil_steward)
    two.send(text=WORDS + " And we ask again.")


def test_people_who_all_blocked_the_writer_get_nothing(app: Flask, two: Two) -> None:
    with transaction():
        db.session.add_all(
            Block(member_id=one.id, other_id=two.garden_delegate.id, how="block") for one in two.of("soil").values()
        )
    assert SHUT in refused(two)


def test_limits_one_answer_five_waiting_no_same_words_and_nothing_on_the_first_day(app: Flask, two: Two) -> None:
    others = [organisation(f"Other {number}", steward=person(f"other{number}")) for number in range(6)]
    first = two.send(others[0], WORDS + " 0")
    assert "answered this already" in refused(two, others[0], WORDS + " once more")
    assert "same words" in refused(two, others[1], WORDS + "  0 ")
    for number in range(1, 5):
        two.send(others[number], f"{WORDS} {number}")
    assert "5 proposals of your organisation wait" in refused(two, others[5])
    actions.close(first, "withdraw", "other", actor=two.garden_delegate, organisation_id=two.garden.id)
    two.send(others[5], WORDS + " 5")
    with transaction():
        two.soil_delegate.trusted = None
    with pytest.raises(Invalid):
        actions.send_interest(others[0], {"text": WORDS}, actor=two.soil_delegate, organisation_id=two.soil.id)


def test_nobody_writes_for_others_to_themselves_or_with_too_few_words(app: Flask, two: Two) -> None:
    with pytest.raises(Forbidden):
        actions.send_interest(two.soil, {"text": WORDS}, actor=two.soil_delegate, organisation_id=two.garden.id)
    assert "speak for this organisation yourself" in refused(two, two.garden)
    for words in ("Short", "x" * 601, " " * 300):
        assert "between 200 and 600" in refused(two, text=words)
    assert db.session.scalar(select(Proposal)) is None


def test_one_of_two_who_answer_at_the_same_moment_wins_and_the_other_is_told(app: Flask, two: Two) -> None:
    proposal = two.send()
    seen = proposal.steps
    actions.talk(proposal, actor=two.soil_delegate, organisation_id=two.soil.id, seen=seen)
    with pytest.raises(Invalid) as fault:
        actions.close(proposal, "decline", "dates", actor=two.soil_steward, organisation_id=two.soil.id, seen=seen)
    assert "Somebody was faster" in fault.value.fields["stage"] and proposal.stage == "exploring"
    with pytest.raises(Forbidden):
        actions.talk(proposal, actor=two.soil_steward, organisation_id=two.soil.id)


def test_a_no_is_opened_again_within_thirty_days_by_who_said_it(app: Flask, two: Two) -> None:
    proposal = two.at("declined")
    with pytest.raises(Forbidden):
        actions.reopen(proposal, actor=two.garden_steward, organisation_id=two.garden.id)
    actions.reopen(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert proposal.stage == "interest" and proposal.reason == ""
    actions.close(proposal, "decline", "dates", "In May.", actor=two.soil_delegate, organisation_id=two.soil.id)
    with transaction():
        record(proposal, "asked", None, actor=None)
        proposal.since = now().replace(year=now().year - 1)
    with pytest.raises(Forbidden):
        actions.reopen(proposal, actor=two.soil_steward, organisation_id=two.soil.id)


def test_numbers_for_others_count_and_name_nobody(app: Flask, two: Two) -> None:
    proposal = two.send()
    assert queries.interests_of([two.soil.id, 999_999]) == {two.soil.id: 1}
    assert queries.loads()[two.soil.id] == queries.Load(1, 1) and two.garden.id not in queries.loads()
    assert queries.answer_days() == {}
    actions.talk(proposal, actor=two.soil_delegate, organisation_id=two.soil.id)
    assert queries.answer_days([two.soil.id]) == {two.soil.id: (1, 0)}
    actions.close(proposal, "withdraw", "other", actor=two.soil_steward, organisation_id=two.soil.id)
    assert queries.loads() == {two.soil.id: queries.Load(0, 1)} and queries.interests_of([two.soil.id]) == {}


def test_an_organisation_that_closes_its_door_or_goes_leaves_no_half_step(app: Flask, two: Two, cast: object) -> None:
    proposal = two.at("proposed")
    with transaction():
        db.session.get_one(Openness, two.soil.id).open = False
        record(two.soil, "removed", None, actor=None, note="Listed twice")
        two.soil.state, two.soil.status = "deleted", "duplicate"
    actions.accept(proposal, 1, actor=two.soil_steward, organisation_id=two.soil.id)
    assert proposal.stage == "agreed"
    with transaction():
        for who in two.of("soil").values():
            take_seat(who, speaks_for(two.soil.id))
    for who in two.of("soil").values():
        with pytest.raises(Forbidden):
            actions.refuse(proposal, actor=who, organisation_id=two.soil.id)
    assert [one.turn for one in parties_of(proposal.id)] == [True, True]


def test_a_need_is_answered_from_its_page_once_and_only_while_it_is_open(app: Flask, two: Two) -> None:
    values = {"title": "Teach composting", "text": "Two days.", "sort": "training", "until": in_days(30)}
    need = add_posting("need", two.soil.id, values, actor=two.soil_steward)
    with transaction():
        record(need, "accepted", None, actor=None)
        need.state = "live"
    garden = sign_in(app.test_client(), two.garden_delegate)
    address = f"/partnerships/needs/{need.id}/{need.slug}"
    link = f"/partnerships/proposals/new?about={need.id}"
    assert (
        link in garden.get(address).text and link not in sign_in(app.test_client(), two.soil_delegate).get(address).text
    )
    assert garden.post(link, data={"text": WORDS}).status_code == 303
    assert "1 interested" in garden.get(address).text
    proposal = db.session.scalars(select(Proposal)).one()
    assert proposal.title == "Teach composting" and queries.interests_of([need.id]) == {need.id: 1}
    assert "answered this already" in refused(two, need, WORDS + " once more")
    close_posting(need, "withdrawn", actor=two.soil_steward)
    other = organisation("Other", steward=person("other"))
    with pytest.raises(Invalid):
        actions.send_interest(
            need, {"text": WORDS}, actor=db.session.get_one(Member, person_of(other)), organisation_id=other.id
        )
    actions.talk(proposal, actor=two.soil_delegate, organisation_id=two.soil.id)
    assert proposal.stage == "exploring", "what was begun goes on"


def person_of(one: Organisation) -> int:
    return queries.people_of([one.id])[0]


def test_of_two_answers_in_two_processes_one_counts(app: Flask, two: Two) -> None:
    proposal_id, people = two.send().id, [two.soil_delegate.id, two.soil_steward.id]
    start, done = Barrier(2), list[str]()

    def answer(member_id: int) -> None:
        with app.app_context():
            proposal, member = db.session.get_one(Proposal, proposal_id), db.session.get_one(Member, member_id)
            start.wait(20)
            try:
                actions.talk(proposal, actor=member, organisation_id=two_soil, seen=1)
                done.append("talk")
            except (Forbidden, Invalid) as fault:
                done.append(type(fault).__name__)

    two_soil = two.soil.id
    threads = [Thread(target=answer, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == ["Invalid", "talk"]
    db.session.rollback()
    proposal = db.session.get_one(Proposal, proposal_id)
    db.session.refresh(proposal)
    assert proposal.stage == "exploring" and steps(proposal) == ["send", "talk"]
