"""A merge among proposals and partnerships: chains and signatures hold, seats follow, and the way back is whole."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.web import Invalid
from directory.merging.actions import undo_merge
from directory.partnerships.board.models import Openness
from directory.partnerships.dossiers.actions import complete, want_observer
from directory.partnerships.dossiers.models import Party, Step
from directory.partnerships.dossiers.queries import observers_of, parties_of, voice_now
from tests import make
from tests.cast import Cast, sign_in
from tests.directory.merging.makers import differing, faults_of_site, merged, trusted, whole_site
from tests.directory.partnerships.board import makers as board
from tests.directory.partnerships.dossiers.makers import Two, person, speak
from tests.readable import without_tokens


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


@pytest.mark.parametrize("stage", ["interest", "proposed", "agreed", "active", "completed"])
def test_a_dossier_goes_along_and_comes_back(two: Two, cast: Cast, stage: str) -> None:
    proposal, named = two.at(stage), stage == "active"
    if named:
        want_observer(proposal, person("otto").username, actor=two.soil_steward, organisation_id=two.soil.id)
    twin = make.organisation("Soil and roots")
    before, steps = whole_site(), db.session.execute(select(Step.digest, Step.organisation_id)).all()
    made = merged(twin, two.soil, cast.mo)
    assert faults_of_site() == []
    assert {one.organisation_id for one in parties_of(proposal.id)} == {two.garden.id, twin.id}
    assert voice_now(two.soil_steward, twin.id) == "steward"
    assert [one.wanted for one in observers_of(proposal.id)] == ([[twin.id]] if named else [])
    assert db.session.execute(select(Step.digest, Step.organisation_id)).all() == steps
    undo_merge(made, actor=cast.mo)
    assert differing(before, whole_site()) == {}
    assert faults_of_site() == []


def test_a_partnership_goes_on_with_the_record_that_stays(app: Flask, two: Two, cast: Cast) -> None:
    proposal = two.at("active")
    twin = make.organisation("Soil and roots")
    merged(twin, two.soil, cast.mo)
    client = sign_in(app.test_client(), two.soil_steward)
    for path in (
        "",
        "/log",
        "/log.json",
        "/copy.zip",
        "/terms",
        "/terms/1",
        "/terms/1.txt",
        "/people",
        "/promises",
        "/things",
    ):
        assert client.get(f"/partnerships/proposals/{proposal.id}{path}").status_code == 200, path
    db.session.expire_all()
    complete(proposal, {"text": "It grew.", "result": "reached"}, actor=two.soil_steward, organisation_id=twin.id)
    assert proposal.stage == "completed" and faults_of_site() == []


def test_two_parties_of_one_dossier_are_two(two: Two, cast: Cast) -> None:
    two.at("active")
    speak(trusted(two.soil_steward), two.garden)
    with pytest.raises(Invalid, match="same proposal"):
        merged(two.garden, two.soil, two.soil_steward)


def test_who_reads_no_dossier_is_not_told_of_it_by_two_records_that_stay_two(app: Flask, two: Two, cast: Cast) -> None:
    address = f"/organisations/duplicates/{two.garden.id}/{two.soil.id}"
    readers = [sign_in(app.test_client(), one) for one in (trusted(cast.chi), cast.mo)]
    before = [without_tokens(page.get(address).text) for page in readers]
    two.at("active")
    assert [without_tokens(page.get(address).text) for page in readers] == before
    with pytest.raises(Invalid) as fault:
        merged(two.garden, two.soil, cast.mo)
    assert not [word for word in ("proposal", "partner") if word in str(fault.value.fields)]


def test_needs_and_openness_go_along_once(app: Flask, cast: Cast) -> None:
    one, other = board.represented("Rain", cast.ana), board.represented("Rain and wells", cast.ben)
    need = board.posting("need", "A pump", of=other, actor=cast.ben)
    board.posting("offer", "A truck", of=one, actor=cast.ana)
    before = whole_site()
    made = merged(one, other, cast.mo)
    db.session.refresh(need)
    assert need.within_id == one.id and faults_of_site() == []
    assert db.session.scalars(select(Openness.organisation_id)).all() == [one.id]
    undo_merge(made, actor=cast.mo)
    assert differing(before, whole_site()) == {}


def test_who_sat_at_both_keeps_the_wider_role_and_gets_both_seats_back(two: Two, cast: Cast) -> None:
    two.at("active")
    twin = board.represented("Soil and roots", two.soil_delegate, role="steward")
    before = whole_site()
    made = merged(twin, two.soil, cast.mo)
    assert voice_now(two.soil_delegate, twin.id) == "steward" and faults_of_site() == []
    assert db.session.scalar(select(Party.id).where(Party.organisation_id == two.soil.id)) is None
    undo_merge(made, actor=cast.mo)
    assert differing(before, whole_site()) == {} and faults_of_site() == []
