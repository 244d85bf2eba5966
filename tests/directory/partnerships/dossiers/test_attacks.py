"""What somebody tries in a dossier who knows the site well: odd numbers and days, links that outlive what they were for, and mail that
nobody asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.asks import speaks_for
from commons.members.models import Block, Outgoing
from commons.members.seats import take_seat
from commons.web import Forbidden, Invalid
from directory.partnerships.dossiers import actions
from directory.partnerships.dossiers.actions.meeting import GUESTS_A_DAY
from directory.partnerships.dossiers.actions.sending import shut_out
from directory.partnerships.dossiers.documents.letters import letters
from directory.partnerships.dossiers.models import Meeting, Party, Proposal
from tests.cast import sign_in
from tests.directory.partnerships.dossiers.makers import Two, organisation, person

FAR = 10**30  # no database holds it as a number


def times(two: Two, proposal: Proposal, guest: str = "gus@example.net", **values: Any) -> Meeting:
    asked = {"title": "Compost", "slots": [(now() + timedelta(days=3)).isoformat()], "guest": guest, **values}
    return actions.offer_times(proposal, asked, actor=two.soil_delegate, organisation_id=two.soil.id)


def letter_of(name: str) -> Any:
    rows = db.session.scalars(select(Outgoing).where(Outgoing.letter == name).order_by(Outgoing.id)).all()
    return letters[name](rows[-1])


def guest_link() -> str:
    words: list[str] = letter_of("meeting guest").text.split()
    return next(word for word in words if "/meetings/" in word)


@pytest.mark.parametrize("zone", ["UTC", "Africa/Nairobi", "America/New_York"])
@pytest.mark.parametrize("slot", ["0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00"])
def test_a_time_at_the_edge_of_the_calendar_is_refused_beside_its_field(
    app: Flask, two: Two, slot: str, zone: str
) -> None:
    proposal = two.at("exploring")
    with pytest.raises(Invalid) as fault:
        times(two, proposal, slots=[slot], zone=zone)
    assert list(fault.value.fields) == ["slots"]


def test_numbers_that_no_database_holds_are_no_promise_and_no_account(app: Flask, two: Two) -> None:
    running = two.at("active")
    page = sign_in(app.test_client(), two.garden_steward)
    assert page.post(f"/partnerships/proposals/{running.id}/promises/{FAR}/kept").status_code == 403
    two.found()
    done = two.at("completed")
    told = page.post(f"/partnerships/proposals/{done.id}/accounts/{FAR}", data={"how": "confirmed"})
    assert told.status_code == 403


def test_the_link_of_a_guest_leads_nowhere_when_the_talk_is_over(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    meeting = times(two, proposal)
    link, guest = guest_link(), app.test_client()
    assert guest.get(link).status_code == 200
    actions.close(proposal, "withdraw", "other", actor=two.soil_steward, organisation_id=two.soil.id)
    assert guest.get(link).status_code == 410
    assert guest.post(link, data={"slot": meeting.slots[0]}).status_code == 410
    db.session.refresh(meeting)
    assert meeting.chosen is None
    assert letter_of("meeting guest") is None, "nor is a mail sent that waited"
    actions.reopen(proposal, actor=two.soil_steward, organisation_id=two.soil.id)
    assert guest.get(link).status_code == 200


def test_who_lost_the_mandate_is_not_told_of_a_meeting(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    meeting = times(two, proposal, "")
    actions.choose_time(proposal, meeting, meeting.slots[0], actor=two.garden_delegate, organisation_id=two.garden.id)
    mine = Outgoing.letter == "meeting", Outgoing.member_id == two.soil_steward.id
    row = db.session.scalars(select(Outgoing).where(*mine)).one()
    assert letters["meeting"](row) is not None
    with transaction():
        take_seat(two.soil_steward, speaks_for(two.soil.id))
    assert letters["meeting"](row) is None


def test_nobody_sends_mails_to_the_whole_world_as_invitations_to_meet(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    for number in range(GUESTS_A_DAY):
        times(two, proposal, f"guest{number}@example.net")
    with pytest.raises(Invalid) as fault:
        times(two, proposal, "one.more@example.net")
    assert list(fault.value.fields) == ["guest"]
    times(two, proposal, "")


def test_who_shut_the_door_or_takes_no_proposals_is_not_brought_in_by_another_way(app: Flask, two: Two) -> None:
    proposal = two.at("exploring")
    mine: dict[str, Any] = {"actor": two.garden_steward, "organisation_id": two.garden.id}
    steward = person("third")
    third, closed = organisation("Third", steward=steward), organisation("Closed", True, steward=steward)
    with transaction():
        shut_out(third.id, two.soil.id)
    told = set()
    for other in (third, closed):
        with pytest.raises(Invalid) as fault:
            actions.bring_in(proposal, other, **mine)
        told.add(fault.value.fields["organisation"])
    assert len(told) == 1, "who was shut out reads what everybody reads"
    actions.let_in(third.id, two.soil.id, actor=steward)
    with transaction():
        db.session.add(Block(member_id=steward.id, other_id=two.garden_steward.id, how="block"))
    with pytest.raises(Invalid):
        actions.bring_in(proposal, third, **mine)
    actions.bring_in(proposal, third, actor=two.soil_steward, organisation_id=two.soil.id)


def test_a_partnership_is_renewed_once_at_a_time_and_not_behind_a_shut_door(app: Flask, two: Two) -> None:
    proposal = two.at("completed")
    page, address = sign_in(app.test_client(), two.garden_steward), f"/partnerships/proposals/{proposal.id}/renew"
    assert page.post(address).status_code == 303
    assert page.post(address).status_code == 403, "pressed twice"
    found = select(Proposal).where(Proposal.id != proposal.id)
    made = db.session.scalars(found).one()
    actions.close(made, "decline", "other", actor=two.soil_steward, organisation_id=two.soil.id, shut=True)
    with pytest.raises(Forbidden):
        actions.renew(proposal, actor=two.garden_steward, organisation_id=two.garden.id)
    actions.let_in(two.soil.id, two.garden.id, actor=two.soil_steward)
    actions.renew(proposal, actor=two.garden_steward, organisation_id=two.garden.id)
    assert len(db.session.scalars(select(Party).where(Party.organisation_id == two.soil.id)).all()) == 3
