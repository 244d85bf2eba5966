"""Two who press at the same moment, on both databases: one is done, the other is told in a sentence, and nothing stands there by half.

Both read the page first, as people do; then both act at once, each in a thread with a session of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import wsgi
from commons.db import db
from commons.entries.checks import chains, heads, logged
from commons.members.models import Member
from commons.web import Conflict, Forbidden, Invalid
from directory.actions import edit_organisation
from directory.models import Organisation
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.models import Partnership, Party, Proposal
from directory.partnerships.dossiers.queries import (
    accounts_of,
    commitments_of,
    meetings_of,
    parties_of,
    seats_of,
    terms_of,
)
from directory.representing.actions.claims import PURPOSE, claim_by_mail, prove_by_mail
from directory.representing.actions.seats import change_voice, leave
from directory.representing.keys import make_key
from directory.representing.models import Claim
from directory.representing.queries.people import speakers
from tests import make
from tests.cast import PASSWORD, gather
from tests.conftest import SETTINGS
from tests.directory.partnerships.dossiers.makers import WORDS, Two, organisation, person, speak, steps
from tests.services import postgres

TOLD = {"text": "It grew.", "result": "reached"}
FASTER, STAGE = "Somebody was faster", "This cannot be done at this stage."
ROUNDS = 2
Act = Callable[[Callable[[], object]], None]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all races of a database."""
    settings = SETTINGS | {"COMMONS_DATA": tmp_path_factory.mktemp("races")}
    with (
        postgres() if request.param == "PostgreSQL" else nullcontext() as server,
        server.database() if server else nullcontext() as url,
    ):
        app = wsgi.create_app(settings | ({"DATABASE_URL": url} if url else {}))
        with app.app_context():
            db.create_all()
            gather()
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def people(site: Flask) -> Two:
    made = Two()
    made.people |= {"third_signatory": person("third.signatory"), "someone_else": person("someone.else")}
    return made


@pytest.fixture
def two(people: Two) -> Iterator[Two]:
    """Two new organisations of the same people; afterwards all chains hold and everybody sits where they belong."""
    db.session.rollback()
    people.found()
    yield people
    db.session.rollback()
    faults = [fault for check in checks for fault in check.faults()]
    assert not faults + [fault for check in (chains, heads, logged) for fault in check()]


def at_once(site: Flask, *acts: Act) -> list[str]:
    """What each was told; nothing: it was done. A fault that is no sentence is raised."""
    told: dict[int, str] = {}
    faults: list[BaseException] = []
    ready = threading.Barrier(len(acts))

    def one(number: int) -> None:
        with site.test_request_context():
            try:
                acts[number](partial(ready.wait, 10))
                told[number] = ""
            except (Invalid, Forbidden, Conflict) as fault:
                told[number] = " ".join(getattr(fault, "fields", {}).values()) or str(fault)
            except BaseException as fault:
                faults.append(fault)
                ready.abort()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not faults, faults
    db.session.rollback()
    db.session.expire_all()  # what this session knows is old
    return [told[number] for number in range(len(acts))]


def pressed(
    proposal: Proposal, action: Callable[..., Any], who: Member, side: Organisation, *given: Any, **more: Any
) -> Act:
    """Somebody who has the page of the dossier before them, with all that it shows, presses a button."""
    id, member_id, organisation_id = proposal.id, who.id, side.id

    def act(ready: Callable[[], object]) -> None:
        found, member = db.session.get_one(Proposal, id), db.session.get_one(Member, member_id)
        page: list[Any] = [parties_of(id), commitments_of(found), accounts_of(found), meetings_of(found)]
        page += [terms_of(found), seats_of(found), list(member.seats)]
        ready()
        action(found, *given, actor=member, organisation_id=organisation_id, **more)
        page.clear()

    return act


def one_won(told: list[str], *sentences: str) -> None:
    assert sorted(bool(one) for one in told) == [False, True], told
    assert any(sentence in "".join(told) for sentence in sentences), told


def test_two_who_answer_the_same_proposal(site: Flask, two: Two) -> None:
    """With pages that say what they showed, and with pages that do not."""
    for number in range(2 * ROUNDS):
        two.found()
        proposal, more = two.send(), {"seen": 1} if number % 2 else {}
        takes_up = pressed(proposal, actions.talk, two.soil_steward, two.soil, **more)
        also = pressed(proposal, actions.talk, two.soil_signatory, two.soil, **more)
        refuses = pressed(proposal, actions.close, two.soil_signatory, two.soil, "decline", "not now", **more)
        one_won(at_once(site, takes_up, also if number % 3 else refuses), FASTER, STAGE)
        assert len(steps(proposal)) == 2 and proposal.stage in ("exploring", "declined")


def test_who_takes_it_back_while_it_is_taken_up(site: Flask, two: Two) -> None:
    for _round in range(ROUNDS):
        two.found()
        proposal = two.send()
        takes_up = pressed(proposal, actions.talk, two.soil_steward, two.soil, seen=1)
        withdraws = pressed(proposal, actions.close, two.garden_steward, two.garden, "withdraw", "other", seen=1)
        one_won(at_once(site, takes_up, withdraws), FASTER)
        assert steps(proposal) in (["send", "talk"], ["send", "withdraw"])


def test_three_accept_sign_publish_and_judge_at_the_same_moment(site: Flask, two: Two) -> None:
    """All of them are done; the last one leads on, and only once."""
    third = organisation("Third", signatory=two.third_signatory)
    proposal = two.at("exploring")
    for who, side in ((two.garden_steward, two.garden), (two.soil_steward, two.soil)):
        actions.bring_in(proposal, third, actor=who, organisation_id=side.id)
    actions.come_in(proposal, actor=two.third_signatory, organisation_id=third.id)
    gives = {str(id): "Two days" for id in (*two.ids(), third.id)}
    garden, soil, other = (
        (two.garden_signatory, two.garden),
        (two.soil_signatory, two.soil),
        (two.third_signatory, third),
    )
    actions.write_terms(proposal, two.terms(gives=gives), actor=garden[0], organisation_id=garden[1].id)
    assert at_once(site, *(pressed(proposal, actions.accept, *one, 1) for one in (soil, other))) == ["", ""]
    assert proposal.stage == "agreed" and steps(proposal).count("accept") == 2
    sign = [pressed(proposal, actions.sign, *one, 1, one[0].name, PASSWORD) for one in (garden, soil, other)]
    assert at_once(site, *sign) == ["", "", ""]
    assert proposal.stage == "active" and proposal.agreed == 1 and steps(proposal).count("sign") == 3
    assert not any(one.turn for one in parties_of(proposal.id))
    assert at_once(site, *(pressed(proposal, actions.publish, *one) for one in (garden, soil, other))) == ["", "", ""]
    assert [one.state for one in _register(proposal)] == ["live"]
    made = actions.complete(proposal, TOLD, actor=garden[0], organisation_id=garden[1].id)
    words = [pressed(proposal, actions.judge, *one, made.id, "commented", one[1].title) for one in (soil, other)]
    assert at_once(site, *words) == ["", ""]
    assert set(accounts_of(proposal)[0].answers) == {str(two.soil.id), str(third.id)}
    assert [one.standing for one in _register(proposal)] == ["completed"]


def _register(proposal: Proposal) -> list[Partnership]:
    return list(db.session.scalars(select(Partnership).where(Partnership.proposal_id == proposal.id)))


def test_the_last_signature_beside_a_refusal(site: Flask, two: Two) -> None:
    """It is in force, or back at the terms and signed by nobody."""
    for _round in range(ROUNDS):
        two.found()
        proposal = two.at("agreed")
        garden, soil = (two.garden_signatory, two.garden), (two.soil_signatory, two.soil)
        actions.sign(proposal, 1, "Garden", PASSWORD, actor=garden[0], organisation_id=garden[1].id)
        signs = pressed(proposal, actions.sign, *soil, 1, "Soil", PASSWORD)
        one_won(at_once(site, signs, pressed(proposal, actions.refuse, *garden)), STAGE)
        assert (proposal.stage, proposal.agreed) in (("active", 1), ("negotiating", 0))


def test_a_partnership_is_begun_anew_once(site: Flask, two: Two) -> None:
    for _round in range(ROUNDS):
        two.found()
        proposal = two.at("ended")
        anew = [pressed(proposal, actions.renew, who, two.garden) for who in (two.garden_steward, two.garden_signatory)]
        one_won(at_once(site, *anew), "It was begun anew already")
        assert _dossiers(two) == 2


def _dossiers(two: Two) -> int:
    return db.session.scalar(select(func.count()).where(Party.organisation_id == two.garden.id)) or 0


def test_two_of_one_organisation_write_to_the_same_one(site: Flask, two: Two) -> None:
    for _round in range(ROUNDS):
        two.found()
        both = (two.garden_delegate, two.garden_steward)
        one_won(at_once(site, *(_writes(who, two.garden, two.soil) for who in both)), "has answered this already")
        assert _dossiers(two) == 1


def test_two_organisations_write_to_each_other(site: Flask, two: Two) -> None:
    """Neither waits for the other without end."""
    for _round in range(2 * ROUNDS):
        two.found()
        ways = (two.garden_steward, two.garden, two.soil), (two.soil_steward, two.soil, two.garden)
        assert at_once(site, *(_writes(*way) for way in ways)) == ["", ""] and _dossiers(two) == 2


def _writes(who: Member, sender: Organisation, receiver: Organisation) -> Act:
    receiver_id, sender_id, member_id = receiver.id, sender.id, who.id

    def act(ready: Callable[[], object]) -> None:
        about, member = db.session.get_one(Organisation, receiver_id), db.session.get_one(Member, member_id)
        ready()
        actions.send_interest(about, {"text": f"{member.name}. {WORDS}"}, actor=member, organisation_id=sender_id)

    return act


def test_a_promise_is_kept_once_and_all_is_done_once(site: Flask, two: Two) -> None:
    for _round in range(ROUNDS):
        two.found()
        proposal = two.at("active")
        promised = {"text": "Dig", "due": "2999-01-01"}
        made = actions.promise(proposal, promised, actor=two.soil_steward, organisation_id=two.soil.id)
        before, both = len(steps(proposal)), (two.soil_steward, two.soil_signatory)
        keeps = [pressed(proposal, actions.keep_promise, who, two.soil, made.id, who.name) for who in both]
        assert at_once(site, *keeps) == ["", ""]
        assert steps(proposal)[before:] == ["keep a promise"], (
            "the second one changes nothing, and its words go nowhere"
        )
        sides = (two.garden_steward, two.garden), (two.soil_steward, two.soil)
        one_won(at_once(site, *(pressed(proposal, actions.complete, *one, TOLD) for one in sides)), STAGE)
        assert len(accounts_of(proposal)) == 1


def test_a_record_is_edited_while_its_dossiers_move(site: Flask, two: Two) -> None:
    """The lock of a record does not keep others from naming it: neither waits for the other without end."""
    for _round in range(2 * ROUNDS):
        two.found()
        proposal, id, member_id = two.send(), two.soil.id, two.soil_steward.id

        def edits(ready: Callable[[], object], id: int = id, member_id: int = member_id) -> None:
            found, member = db.session.get_one(Organisation, id), db.session.get_one(Member, member_id)
            ready()
            edit_organisation(found, {"city": "Nakuru"}, version=found.version, actor=member)

        assert at_once(site, edits, pressed(proposal, actions.talk, two.soil_steward, two.soil)) == ["", ""]


def test_of_two_who_show_that_they_speak_one_is_the_first(site: Flask, two: Two) -> None:
    """The other one is passed on to the first."""
    for number in range(ROUNDS):
        db.session.rollback()
        host = f"alone-{number}.example.org"
        alone = make.organisation(f"Alone {number}", website=f"https://{host}", actor=make.someone())
        shows = []
        for who in (two.someone_else, two.third_signatory):
            claim = claim_by_mail(alone, f"{who.username}@{host}", "Chair", actor=who)
            key = make_key(PURPOSE, organisation_id=alone.id, good_for=timedelta(days=1), about={"claim": claim.id})
            shows.append(_shows(claim.id, key, who.id))
        assert at_once(site, *shows) == ["", ""]
        assert [one.voice for one in speakers(alone.id)] == ["signatory"]
        states = select(Claim.state).where(Claim.organisation_id == alone.id)
        assert sorted(db.session.scalars(states)) == ["accepted", "passed on"]


def _shows(claim_id: int, key: str, member_id: int) -> Act:
    def act(ready: Callable[[], object]) -> None:
        claim, member = db.session.get_one(Claim, claim_id), db.session.get_one(Member, member_id)
        speakers(claim.organisation_id)
        ready()
        assert prove_by_mail(claim, key, actor=member)

    return act


def test_of_two_who_leave_the_last_who_signs_stays(site: Flask, two: Two) -> None:
    """Also where one gives away the right to sign while the other leaves."""
    for number in range(2 * ROUNDS):
        db.session.rollback()
        signs, also, helps = two.garden_signatory, two.soil_signatory, two.garden_delegate
        shared = organisation(f"Shared {number}", signatory=signs)
        speak(also, shared, "signatory")
        speak(helps, shared, "delegate")
        goes = partial(change_voice, voice="delegate") if number % 2 else leave
        one_won(at_once(site, _seat(shared, signs, leave), _seat(shared, also, goes)), "Nobody else signs")
        assert [one.voice for one in speakers(shared.id)].count("signatory") == 1


def _seat(organisation: Organisation, who: Member, action: Callable[..., Any]) -> Act:
    """Somebody does this with their own seat, their page before them."""
    id, member_id = organisation.id, who.id

    def act(ready: Callable[[], object]) -> None:
        found, member = db.session.get_one(Organisation, id), db.session.get_one(Member, member_id)
        page = [speakers(id), list(member.seats)]
        ready()
        action(found, member, actor=member)
        page.clear()

    return act
