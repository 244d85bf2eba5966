"""Two records made one: every reference goes along, the old address leads on, and all of it can be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.asks import speaks_for, voice_at
from commons.entries.followers import catch_up
from commons.entries.models import Ask, Change, Redirect
from commons.feed.models import Watch
from commons.forums.models import Topic
from commons.members.models import Member
from commons.members.seats import give_seat
from commons.moderation.models import Held
from commons.room import rooms
from commons.search.queries import totals
from commons.web import Conflict, Forbidden, Invalid
from directory.actions import edit_organisation
from directory.documents import record
from directory.merging.actions import merge_organisations, stuck_rows, undo_merge
from directory.merging.models import Merge
from directory.models import Organisation, Relation
from directory.relating import add_relation
from tests import make
from tests.cast import Cast
from tests.directory.merging.makers import differing, faults_of_site, merged, surround, trusted, twins, whole_site


def test_everything_goes_along_and_comes_back_as_it_was(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    surround(loser, winner)
    before = whole_site()
    records = [record(one) for one in (winner, loser)]
    made = merged(winner, loser, cast.mo)
    assert loser.state == "deleted" and faults_of_site() == []
    followers = set(db.session.scalars(select(Watch.member_id).where(Watch.entry_id == winner.id)))
    assert {cast.ben.id, cast.chi.id} <= followers
    assert db.session.scalars(select(Watch).where(Watch.entry_id == loser.id)).all() == []
    assert db.session.scalars(select(Topic.within_id)).all() == [winner.id]
    tie = db.session.scalar(select(Relation).where(Relation.other_id == winner.id, Relation.type == "partner"))
    third = db.session.get_one(Organisation, tie.organisation_id if tie else 0)
    assert third.relations == [["partner", winner.id, "Rain Water for Kisumu"]]
    assert voice_at(cast.ana, winner.id) == "steward" and voice_at(cast.ana, loser.id) == ""
    undo_merge(made, actor=cast.mo, note="Two villages")
    assert differing(before, whole_site()) == {}
    assert [record(db.session.get_one(Organisation, one.id)) for one in (winner, loser)] == records
    assert faults_of_site() == []


def test_the_winner_says_what_both_said(app: Flask, cast: Cast) -> None:
    winner, loser = twins(description="Builds tanks.", names=["Maji"], external_ids={"KE-NGO": "17"})
    merged(winner, loser, cast.mo)
    assert winner.aliases == ["Rain Water for Kisumu", "Maji"]
    assert (winner.website, winner.description) == ("https://rain.example.org", "Builds tanks.")
    assert (winner.languages, winner.sdgs, winner.external_ids) == (["en", "sw"], [6, 13], {"KE-NGO": "17"})


def test_the_name_of_the_other_one_can_stay_and_every_old_address_leads_there(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    client = app.test_client()
    merged(winner, loser, cast.mo, title="loser")
    assert (winner.title, winner.aliases) == ("Rain Water for Kisumu", ["Rainwater for Kisumu"])
    for old in ("rainwater-for-kisumu", "rain-water-for-kisumu"):
        answer = client.get(f"/organisations/{old}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/organisations/{winner.slug}")
    assert client.get(f"/organisations/{winner.slug}").status_code == 200


def test_a_program_and_a_permanent_link_are_sent_on_too(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    merged(winner, loser, cast.mo)
    client = app.test_client()
    answer = client.get(f"/api/v1/organisations/{loser.id}")
    assert answer.status_code == 301 and answer.headers["Location"].endswith(f"/organisations/{winner.id}")
    answer = client.get(f"/e/{loser.id}")
    assert answer.status_code == 301 and answer.headers["Location"].endswith("/organisations/rainwater-for-kisumu")


def test_search_forgets_the_record_that_went_and_finds_it_again_after_the_undo(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    made = merged(winner, loser, cast.mo)
    catch_up()
    assert totals(None, "organisation")["total"] == 1
    undo_merge(db.session.get_one(Merge, made.id), actor=cast.mo)
    catch_up()
    assert totals(None, "organisation")["total"] == 2


def test_sending_it_twice_and_merging_a_merged_one_do_no_harm(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    first = merged(winner, loser, cast.mo)
    lines = db.session.scalars(select(Change.seq)).all()
    again = merge_organisations(winner, loser, {}, seen=(1, 1), actor=cast.mo)
    assert again.id == first.id and db.session.scalars(select(Change.seq)).all() == lines
    last = make.organisation("Rain")
    merged(last, winner, cast.mo)
    leads = db.session.scalars(select(Redirect.entry_id).where(Redirect.kind == "organisation")).all()
    assert set(leads) == {last.id} and faults_of_site() == []
    with pytest.raises(Invalid):
        undo_merge(first, actor=cast.mo)


def test_two_who_merge_them_at_the_same_moment_make_one_merge(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    ids, start = [(winner.id, loser.id), (loser.id, winner.id), (winner.id, loser.id)], threading.Barrier(3)

    def press(one: int, other: int) -> str:
        with app.app_context():
            stays, goes = db.session.get_one(Organisation, one), db.session.get_one(Organisation, other)
            mo = Cast().mo
            db.session.rollback()
            start.wait(20)
            try:
                return f"merge {merge_organisations(stays, goes, {}, seen=(1, 1), actor=mo).id}"
            except Invalid:
                return "refused"

    with ThreadPoolExecutor(3) as crowd:
        answers = sorted(crowd.map(press, *zip(*ids, strict=True)))
    db.session.rollback()
    made = db.session.scalars(select(Merge)).all()
    assert len(made) == 1 and set(answers) == {f"merge {made[0].id}", "refused"} and faults_of_site() == []


def test_chains_are_taken_back_in_turn(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    last = make.organisation("Rain")
    surround(loser, winner)
    before = whole_site()
    first, second = merged(winner, loser, cast.mo), merged(last, winner, cast.mo)
    undo_merge(second, actor=cast.mo)
    undo_merge(first, actor=cast.mo)
    assert differing(before, whole_site()) == {}


def test_who_looked_at_an_older_version_is_told(app: Flask, cast: Cast) -> None:
    winner, loser = twins(description="Builds tanks.")
    seen = (winner.version, loser.version)
    edit_organisation(winner, {"description": "Builds wells."}, version=1, actor=cast.chi)
    with pytest.raises(Conflict):
        merge_organisations(winner, loser, {"description": "Builds tanks."}, seen=seen, actor=cast.mo)
    edit_organisation(loser, {"city": "Nairobi"}, version=1, actor=cast.chi)
    with pytest.raises(Invalid, match="changed meanwhile"):
        merge_organisations(winner, loser, {}, seen=(winner.version, 1), actor=cast.mo)
    assert loser.state == "live" and db.session.scalars(select(Merge)).all() == []


def test_a_merge_is_no_way_to_come_to_speak_for_others(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    chi = trusted(cast.chi)
    with transaction():
        give_seat(chi, speaks_for(loser.id), "steward")
    with pytest.raises(Forbidden):
        merged(winner, loser, chi)
    with transaction():
        give_seat(cast.ben, speaks_for(winner.id), "steward")
    for who in (chi, trusted(cast.ben)):
        with pytest.raises(Forbidden):
            merged(winner, loser, who)
    with pytest.raises(Forbidden):
        merged(*twins(), cast.una)
    with transaction():
        give_seat(chi, speaks_for(winner.id), "steward")
    merged(winner, loser, chi)
    assert voice_at(cast.ben, winner.id) == "steward"


def test_a_trusted_member_merges_what_nobody_speaks_for_and_takes_it_back(app: Flask, cast: Cast) -> None:
    made = merged(*twins(), trusted(cast.chi))
    with pytest.raises(Forbidden):
        undo_merge(made, actor=trusted(cast.ben))
    undo_merge(made, actor=cast.chi)


def asked(member: Member) -> list[int]:
    return list(db.session.scalars(select(Ask.entry_id).where(Ask.member_id == member.id, Ask.why == "merged")))


def test_those_who_speak_for_either_are_told(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    with transaction():
        give_seat(cast.ana, speaks_for(winner.id), "delegate")
        give_seat(cast.ben, speaks_for(loser.id), "steward")
    made = merged(winner, loser, cast.mo)
    assert asked(cast.ana) == asked(cast.ben) == [winner.id] and asked(cast.mo) == []
    undo_merge(made, actor=cast.mo)
    assert asked(cast.ben) == [winner.id, loser.id]


def test_an_edit_that_waits_and_another_audience_stand_against_it(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    with transaction():
        db.session.add(Held(entry_id=loser.id, author_id=cast.chi.id, version=1, values={"city": "Nairobi"}))
    with pytest.raises(Invalid, match="waits to be looked at"):
        merged(winner, loser, cast.mo)
    hidden = make.organisation("Rain", audience="members")
    with pytest.raises(Invalid, match="same people"):
        merged(winner, hidden, cast.mo)


def test_nothing_becomes_part_of_itself(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    middle = make.organisation("Middle")
    add_relation(winner, "part of", middle, actor=cast.chi)
    add_relation(middle, "part of", loser, actor=cast.chi)
    with pytest.raises(Invalid, match="circle"):
        merged(winner, loser, cast.mo)
    assert loser.state == "live"


def test_ties_between_the_two_go(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    add_relation(winner, "partner", loser, actor=cast.chi)
    add_relation(loser, "related", winner, actor=cast.chi)
    before = whole_site()
    made = merged(winner, loser, cast.mo)
    assert winner.relations == [] and faults_of_site() == []
    undo_merge(made, actor=cast.mo)
    assert differing(before, whole_site()) == {}


def test_what_was_changed_since_is_named_and_a_moderator_puts_back_the_rest(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    surround(loser, winner)
    made = merged(winner, loser, cast.mo)
    edit_organisation(winner, {"website": "https://new.example.org"}, version=winner.version, actor=cast.chi)
    assert [row[0] for row in stuck_rows(made)] == ["organisation"]
    with pytest.raises(Invalid, match="changed since"):
        undo_merge(made, actor=cast.mo)
    undo_merge(made, actor=cast.mo, anyway=True)
    assert (winner.website, loser.state, loser.website) == (
        "https://new.example.org",
        "live",
        "https://rain.example.org",
    )
    assert voice_at(cast.ana, loser.id) == "steward" and voice_at(cast.ana, winner.id) == ""
    assert faults_of_site() == []


def test_what_a_member_chose_since_stays_as_they_chose(app: Flask, cast: Cast) -> None:
    winner, loser = twins()
    surround(loser, winner)
    made = merged(winner, loser, cast.mo)
    with transaction():
        db.session.delete(db.session.get_one(Watch, (cast.chi.id, winner.id)))
    assert stuck_rows(made) == []
    undo_merge(made, actor=cast.mo)
    assert db.session.get(Watch, (cast.chi.id, loser.id)) is None


def test_after_thirty_days_nothing_is_kept_and_nothing_comes_back(app: Flask, cast: Cast) -> None:
    made = merged(*twins(), cast.mo)
    with transaction():
        made.at = now() - timedelta(days=31)
    with pytest.raises(Invalid, match="any more"):
        undo_merge(made, actor=cast.mo)
    catch_up(tuple(one for room in rooms().all if room.name == "merging" for one in room.followers))
    db.session.refresh(made)
    assert (made.moved, made.kept) == ([], False)
