"""Terms, signatures, changes of what was signed, more than two parties, a mediator, meetings, the chain of steps."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commons.audience import may_see
from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.asks import speaks_for
from commons.members.models import Member, Outgoing
from commons.members.seats import give_seat, take_seat
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.actions.stepping import digest_of, sha256
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.documents.calendar import WIDEST, calendar_file
from directory.partnerships.dossiers.documents.letters import letters
from directory.partnerships.dossiers.documents.times import zone_at
from directory.partnerships.dossiers.models import Assent, Meeting, Partner, Partnership, Party, Proposal, Step, Terms
from tests.cast import PASSWORD, Cast, sign_in
from tests.directory.partnerships.dossiers.makers import Two, organisation, person, sign_both, steps


def faults() -> list[str]:
    return [fault for check in checks for fault in check.faults()]


def test_a_signatory_who_lost_the_mandate_signs_nothing(app: Flask, two: Two) -> None:
    proposal = two.at("agreed")
    with transaction():
        give_seat(two.soil_signatory, speaks_for(two.soil.id), "steward")
    for lost in (False, True):
        if lost:
            with transaction():
                take_seat(two.soil_signatory, speaks_for(two.soil.id))
        with pytest.raises(Forbidden):
            actions.sign(proposal, 1, "Sol", PASSWORD, actor=two.soil_signatory, organisation_id=two.soil.id)
    with pytest.raises(Forbidden):
        actions.sign(proposal, 1, "Gerda", PASSWORD, actor=two.garden_signatory, organisation_id=two.soil.id)
    assert db.session.scalars(select(Assent).where(Assent.how == "signed")).all() == []


def test_what_is_signed_is_what_was_accepted_word_for_word(app: Flask, two: Two) -> None:
    proposal = two.at("agreed")
    with transaction():
        terms = db.session.scalars(select(Terms)).one()
        terms.values = terms.values | {"goal": "Something else"}
    with pytest.raises(Invalid):
        actions.sign(proposal, 1, "Gerda", PASSWORD, actor=two.garden_signatory, organisation_id=two.garden.id)
    assert [fault for fault in faults() if "is not what was accepted" in fault]


def test_terms_of_other_parties_old_versions_and_empty_ones_are_refused(app: Flask, two: Two) -> None:
    proposal = two.at("negotiating")
    with pytest.raises(Invalid):
        actions.accept(proposal, 1, actor=two.garden_steward, organisation_id=two.garden.id)
    for wrong in ({"gives": {str(two.soil.id): "x"}}, {"title": ""}, {"starts": "2027-03-02", "ends": "2027-03-01"}, {"money": "flows"}):  # fmt: skip
        with pytest.raises(Invalid):
            actions.write_terms(proposal, two.terms(**wrong), actor=two.garden_steward, organisation_id=two.garden.id)
    same = two.terms(goal="Twenty people keep a heap alone")
    with pytest.raises(Invalid):
        actions.write_terms(proposal, same, actor=two.garden_steward, organisation_id=two.garden.id)
    assert proposal.terms == 2 and faults() == []


def test_a_change_of_what_was_signed_counts_when_all_have_signed_it(app: Flask, two: Two) -> None:
    proposal = two.at("amending")
    assert proposal.agreed == 1 and proposal.terms == 2 and proposal.title == "Two composting days"
    actions.refuse(proposal, "Too many", actor=two.garden_steward, organisation_id=two.garden.id)
    assert proposal.stage == "active" and proposal.agreed == 1
    values = two.terms(title="Three composting days")
    actions.write_terms(proposal, values, actor=two.garden_steward, organisation_id=two.garden.id)
    sign_both(two, proposal)
    assert proposal.stage == "active" and proposal.agreed == 3 and proposal.title == "Three composting days"
    assert faults() == []


def three(two: Two, proposal: Proposal) -> tuple[Organisation, Member]:
    """A third organisation, wanted by both and come in."""
    who = person("third.signatory")
    third = organisation("Third", signatory=who)
    actions.bring_in(proposal, third, actor=two.garden_steward, organisation_id=two.garden.id)
    assert not may_see(who, proposal), "one side alone lets nobody in"
    actions.bring_in(proposal, third, actor=two.soil_steward, organisation_id=two.soil.id)
    assert may_see(who, proposal)
    actions.come_in(proposal, actor=who, organisation_id=third.id)
    return third, who


def test_three_parties_agree_when_all_three_do_and_one_leaving_does_not_end_the_others(app: Flask, two: Two) -> None:
    proposal = two.at("proposed")
    third, who = three(two, proposal)
    assert proposal.stage == "negotiating", "the terms were between two"
    with pytest.raises(Invalid):
        actions.accept(proposal, 1, actor=who, organisation_id=third.id)
    gives = {str(id): "Something" for id in (two.garden.id, two.soil.id, third.id)}
    actions.write_terms(proposal, two.terms(gives=gives), actor=who, organisation_id=third.id)
    actions.accept(proposal, 2, actor=two.garden_steward, organisation_id=two.garden.id)
    assert proposal.stage == "negotiating"
    actions.accept(proposal, 2, actor=two.soil_steward, organisation_id=two.soil.id)
    assert proposal.stage == "agreed"
    sign_both(two, proposal)
    assert proposal.stage == "agreed", "the least of the three counts"
    actions.sign(proposal, 2, "Tess", PASSWORD, actor=who, organisation_id=third.id)
    assert proposal.stage == "active"
    actions.leave(proposal, actor=who, organisation_id=third.id)
    assert proposal.stage == "active" and not may_see(who, proposal)
    with pytest.raises(Forbidden):
        actions.leave(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert faults() == []


def test_a_dossier_holds_twelve_parties_and_no_more(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    many = [organisation(f"Many {number}", steward=two.garden_steward) for number in range(11)]
    with transaction():
        rows = [Party(proposal_id=proposal.id, organisation_id=one.id, side="partner") for one in many[:10]]
        db.session.add_all(rows)
    with pytest.raises(Invalid):
        actions.bring_in(proposal, many[10], actor=two.soil_steward, organisation_id=two.soil.id)
    gives = {str(one.organisation_id): "x" for one in queries.parties_of(proposal.id)}
    actions.write_terms(proposal, two.terms(gives=gives), actor=two.soil_steward, organisation_id=two.soil.id)
    client = sign_in(app.test_client(), two.soil_steward)
    assert client.get(f"/partnerships/proposals/{proposal.id}").status_code == 200


def test_a_mediator_comes_only_when_all_sides_want_them_and_the_log_tells_it(app: Flask, two: Two, cast: Cast) -> None:
    proposal, mo = two.at("exploring"), sign_in(app.test_client(), cast.mo)
    here = f"/partnerships/proposals/{proposal.id}"
    with pytest.raises(Invalid):
        actions.want_mediator(proposal, "ana", actor=two.soil_steward, organisation_id=two.soil.id)
    actions.want_mediator(proposal, "mo.derates", actor=two.soil_steward, organisation_id=two.soil.id)
    assert mo.get(f"{here}/mediate").status_code == 404 and mo.get(here).status_code == 404
    actions.want_mediator(proposal, "mo.derates", actor=two.garden_steward, organisation_id=two.garden.id)
    page = mo.get(f"{here}/mediate")
    assert "Garden" in page.text and "compost" not in page.text and mo.get(here).status_code == 404
    assert mo.post(f"{here}/mediate").status_code == 303 and mo.get(here).status_code == 200
    assert steps(proposal)[-1] == "mediator came"
    assert mo.post(f"{here}/say", data={"text": "Let us look at it."}).status_code == 303
    assert mo.post(f"{here}/withdraw", data={"reason": "other"}).status_code == 403
    assert mo.post(f"{here}/mediate", data={"how": "leave"}).status_code == 303 and mo.get(here).status_code == 404
    db.session.refresh(proposal)
    assert steps(proposal)[-1] == "mediator left" and proposal.mediator_id is None and faults() == []


def test_hand_over_is_within_the_organisation(app: Flask, two: Two) -> None:
    proposal = two.at("interest")
    with pytest.raises(Invalid):
        actions.hand_over(proposal, "garden.steward", actor=two.soil_delegate, organisation_id=two.soil.id)
    actions.hand_over(proposal, "soil.steward", actor=two.soil_delegate, organisation_id=two.soil.id)
    mine = next(one for one in queries.parties_of(proposal.id) if one.organisation_id == two.soil.id)
    assert mine.contact_id == two.soil_steward.id
    actions.talk(proposal, actor=two.soil_signatory, organisation_id=two.soil.id)


def test_a_renewed_partnership_begins_with_the_signed_terms(app: Flask, two: Two) -> None:
    proposal = two.at("completed")
    made = actions.renew(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert made.stage == "proposed" and made.terms == 1 and may_see(two.garden_delegate, made)
    actions.accept(made, 1, actor=two.garden_steward, organisation_id=two.garden.id)
    assert made.stage == "agreed" and faults() == []


def test_times_are_offered_chosen_by_a_guest_and_put_into_a_calendar(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    slots = [(now() + timedelta(days=days)).replace(minute=30, second=0).isoformat() for days in (3, 4, 5)]
    values = {
        "title": "First; talk, at \\ last " + "ä" * 60,
        "place": "Online",
        "slots": slots,
        "guest": "gus@example.net",
    }
    meeting = actions.offer_times(proposal, values, actor=two.soil_delegate, organisation_id=two.soil.id)
    with pytest.raises(Forbidden):
        actions.choose_time(proposal, meeting, meeting.slots[0], actor=two.soil_steward, organisation_id=two.soil.id)
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "meeting guest")).one()
    letter = letters["meeting guest"](row)
    assert letter is not None
    link = next(word for word in letter.text.split() if "/meetings/" in word).removeprefix("http://localhost")
    guest = app.test_client()
    assert "Online" in guest.get(link).text and guest.post(link, data={"slot": "nonsense"}).status_code == 422
    assert guest.post(link, data={"slot": meeting.slots[1]}).status_code == 200
    assert guest.get(link).status_code == 410 and guest.post(link, data={"slot": meeting.slots[0]}).status_code == 410
    db.session.refresh(meeting)
    assert meeting.chosen == datetime.fromisoformat(meeting.slots[1])
    told = db.session.scalars(select(Outgoing).where(Outgoing.letter == "meeting")).all()
    assert len(told) == 7 and "gus@example.net" in [one.recipient for one in told]
    mail = letters["meeting"](told[-1])
    assert mail is not None
    file = next(word for word in mail.text.split() if word.endswith(".ics")).removeprefix("http://localhost")
    answer = guest.get(file)
    assert answer.mimetype == "text/calendar" and answer.text.startswith("BEGIN:VCALENDAR\r\n")
    db.session.refresh(proposal)
    assert steps(proposal)[-1] == "guest chose" and faults() == []


def test_a_calendar_file_is_folded_and_escaped_as_rfc_5545_says() -> None:
    at = datetime(2027, 3, 1, 12, 30, tzinfo=UTC)
    meeting = Meeting(
        id=7, title="One; two, three\\ " + "ä" * 80, place="", minutes=90, slots=[], zone="UTC", chosen=at, at=at
    )
    text = calendar_file(meeting, "example.org")
    rows = text.split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(row.encode()) <= WIDEST for row in rows)
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:One\\; two\\, three\\\\ " + "ä" * 80 in whole
    assert "DTSTART:20270301T123000Z" in whole and "DTEND:20270301T140000Z" in whole


def test_both_sides_see_a_meeting_in_their_own_hours_and_its_file_keeps_the_moment(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    with transaction():
        record(two.soil, "edited", None, actor=two.soil_steward)
        two.soil.country, two.soil.lon = "BR", -60.0
    soil, garden = (sign_in(app.test_client(), who) for who in (two.soil_delegate, two.garden_delegate))
    here = f"/partnerships/proposals/{proposal.id}/meetings"
    page = soil.get(here).text
    assert page.index("America/Manaus") < page.index("America/Sao_Paulo") < page.index("Africa/Nairobi")
    day = (now() + timedelta(days=9)).date().isoformat()
    offer = {"title": "First talk", "minutes": "60", "zone": "America/Manaus", "slot_1": f"{day} 14:30"}
    assert soil.post(here, data=offer).status_code == 303
    meeting = queries.meetings_of(proposal)[0]
    assert meeting.slots == [f"{day}T18:30+00:00"] and meeting.zone == "America/Manaus"
    choice = garden.get(f"{here}/{meeting.id}").text
    assert "21:30 in Nairobi (UTC+3)" in choice and "14:30 in Manaus (UTC-4)" in choice
    assert "18:30 in universal time (UTC)" in choice
    assert garden.post(f"{here}/{meeting.id}", data={"slot": meeting.slots[0]}).status_code == 303
    for client, own in ((garden, "21:30 in Nairobi"), (soil, "14:30 in Manaus")):
        assert own in client.get(f"/partnerships/proposals/{proposal.id}").text
        file = client.get(f"{here}/{meeting.id}.ics").text.replace("\r\n ", "")
        assert f"DTSTART:{day.replace('-', '')}T183000Z" in file
        assert f"DESCRIPTION:{day} 14:30 America/Manaus (UTC-04:00)" in file
    mails = db.session.scalars(select(Outgoing).where(Outgoing.letter == "meeting")).all()
    told = {mail.recipient: letters["meeting"](mail) for mail in mails}
    letter = told["garden.steward@example.org"]
    assert letter is not None and letter.text.index("21:30 in Nairobi") < letter.text.index("14:30 in Manaus")


def test_an_hour_that_the_clocks_leave_out_is_refused_and_a_zone_that_is_none(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    year = now().year + (now().month > 3)
    spring = next(date(year, 3, 31 - back) for back in range(7) if date(year, 3, 31 - back).weekday() == 6)
    who: dict[str, Any] = {"actor": two.soil_delegate, "organisation_id": two.soil.id}
    for zone, hour in (("Europe/Paris", "02:30"), ("Nowhere/At_All", "12:00"), ("../../etc/passwd", "12:00")):
        values = {"title": "First talk", "slots": [f"{spring} {hour}"], "zone": zone}
        with pytest.raises(Invalid):
            actions.offer_times(proposal, values, **who)
    made = actions.offer_times(
        proposal, {"title": "First talk", "slots": [f"{spring} 03:30"], "zone": "Europe/Paris"}, **who
    )
    assert made.slots == [f"{spring}T01:30+00:00"], "an hour later it is summer"


def test_a_place_has_the_hours_of_its_country_or_those_that_fit_its_longitude() -> None:
    assert zone_at("KE", None) == "Africa/Nairobi" and zone_at("", None) == zone_at("XX", 3.0) == "UTC"
    assert zone_at("US", None) == "UTC", "of many, none is guessed"
    assert zone_at("US", -122.4) == "America/Los_Angeles" and zone_at("RU", 37.6).startswith("Europe/")


def test_a_changed_step_is_found_and_the_taken_log_can_be_worked_out_again(app: Flask, two: Two) -> None:
    proposal = two.at("active")
    client = sign_in(app.test_client(), two.soil_delegate)
    data = json.loads(client.get(f"/partnerships/proposals/{proposal.id}/log.json").text)
    before = ""
    for one in data["steps"]:
        told = [data["proposal"], one["number"], one["at"], one["organisation"], one["role"], one["action"]]
        assert sha256([*told, one["from"], one["to"], one["payload"], one["before"]]) == one["digest"]
        assert one["before"] == before
        before = one["digest"]
    assert faults() == []
    with transaction():
        step = db.session.scalars(select(Step).where(Step.number == 2)).one()
        step.went_to = "declined"
    assert [fault for fault in faults() if "step 2 was changed" in fault]
    with transaction():
        step.went_to = "exploring"
        step.actor_id = None
    assert faults() == [] and digest_of(step) == step.digest, "a person can be erased"
    assert "former delegate of Soil" in client.get(f"/partnerships/proposals/{proposal.id}/log").text


def test_counts_of_the_register_equal_what_people_take_away(app: Flask, two: Two) -> None:
    proposal = two.at("active")
    for side, who in ((two.garden, two.garden_steward), (two.soil, two.soil_steward)):
        actions.publish(proposal, actor=who, organisation_id=side.id)
    visitor = app.test_client()
    year = now().year
    for asked, many in ((f"year={year}", 1), (f"year={year - 1}", 0), ("country=KE", 1), ("country=FR", 0), ("standing=active", 1), ("standing=ended", 0), ("sdg=1", 0), (f"organisation={two.soil.id}", 1), ("organisation=999999999", 0)):  # fmt: skip
        page = visitor.get(f"/partnerships/register?{asked}")
        taken = json.loads(visitor.get(f"/partnerships/register.json?{asked}").text)
        rows = visitor.get(f"/partnerships/register.csv?{asked}").text.splitlines()
        assert page.status_code == 200 and taken["total"] == len(taken["items"]) == len(rows) - 1 == many, asked
        assert f"{many} partnership" in page.text and all(row.startswith('"') for row in rows)
    assert partners() == set(two.ids())
    actions.unpublish(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert partners() == set() and visitor.get("/partnerships/register/two-composting-days").status_code == 410  # fmt: skip
    actions.publish(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert visitor.get("/partnerships/register/two-composting-days").status_code == 200 and faults() == []


def partners() -> set[int]:
    """Whom the register names to everybody."""
    public = select(Partnership.id).where(Partnership.state == "live", Partnership.audience == "public")
    return set(db.session.scalars(select(Partner.organisation_id).where(Partner.partnership_id.in_(public))))
