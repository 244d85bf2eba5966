"""Who speaks for an organisation: roles, invitations, handing over, leaving; and the inbox that they share."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.asks import VOICES, speaks_for
from commons.entries.models import Ask, Change
from commons.members.models import Member, Seat
from commons.people import actions as belonging
from commons.people.models import Affiliation
from commons.room import Panel, rooms
from commons.web import Forbidden, Invalid
from directory.models import Organisation
from directory.representing.actions import seats
from directory.representing.checks import seats_of_nothing
from directory.representing.models import Claim
from directory.representing.queries.people import given_by, speakers
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.people import makers as people
from tests.directory.representing.makers import solar, speak, voices

PAGE = "/organisations/solar-aid"
PEOPLE, INBOX = f"{PAGE}/representatives", f"{PAGE}/inbox"


@pytest.fixture
def record(app: Flask, cast: Cast) -> Organisation:
    """Ana signs, Ben is a steward, Chi a delegate."""
    made = solar()
    for who, voice in ((cast.ana, "signatory"), (cast.ben, "steward"), (cast.chi, "delegate")):
        speak(made, who, voice)
    return made


def browser(app: Flask, cast: Cast, name: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(cast, name))


def press(client: FlaskClient, username: str, what: str, **data: str) -> int:
    return client.post(f"{PEOPLE}/{username}/{what}", data=data).status_code


def test_those_who_are_invited_count_among_the_people_that_there_can_be(
    app: Flask, record: Organisation, cast: Cast
) -> None:
    many = [people.member(f"invited{number}") for number in range(seats.MOST - 3)]
    for one in many:
        seats.invite(record, one, "delegate", actor=cast.ana)
    with pytest.raises(Invalid):
        seats.invite(record, people.member("one.more"), "delegate", actor=cast.ana)


def test_its_own_people_see_who_speaks_and_nobody_else_does(app: Flask, cast: Cast, record: Organisation) -> None:
    shown = browser(app, cast, "chi").get(PEOPLE).text
    assert all(word in shown for word in ("Ana", "Ben", "Signatory", "Steward", "Delegate"))
    assert "Invite a colleague" not in shown and "Invite a colleague" in browser(app, cast, "ben").get(PEOPLE).text
    mo = browser(app, cast, "mo")
    for page in (PEOPLE, INBOX):
        assert mo.get(page).status_code == 404
        assert app.test_client().get(page).status_code == 303
    assert mo.post(PEOPLE, data={"username": "chi", "voice": "delegate"}).status_code == 404
    assert press(mo, "chi", "role", voice="signatory") == 404


def test_the_page_tells_the_roles_and_only_names_that_are_shown(app: Flask, cast: Cast, record: Organisation) -> None:
    with transaction():
        for who in (cast.ana, cast.ben):
            row = Affiliation(member_id=who.id, organisation_id=record.id, state="confirmed", represents=True)
            db.session.add(row)
    people.profile(cast.ana, "public", {"affiliations": "public"})
    people.profile(cast.ben, "public", {"affiliations": "members"})
    visitor, chi = app.test_client().get(PAGE).text, browser(app, cast, "chi").get(PAGE).text
    assert all(word in visitor for word in ("Who speaks for it", "Signatory", "Steward", "Delegate", ">Ana<"))
    assert ">Ben<" not in visitor and "@chi" not in visitor and "1 person" in visitor
    assert ">Ben<" in chi


def test_a_steward_gives_roles_up_to_their_own_and_leaves_signatories_alone(cast: Cast, record: Organisation) -> None:
    people_there = speakers(record.id)
    assert given_by(cast.ana, people_there) == VOICES
    assert given_by(cast.ben, people_there) == ("delegate", "steward")
    assert given_by(cast.chi, people_there) == () == given_by(cast.mo, people_there) == given_by(None, people_there)
    seats.change_voice(record, cast.chi, "steward", actor=cast.ben)
    assert voices(record)[cast.chi.id] == "steward"
    for member, voice, actor in (
        (cast.chi, "signatory", cast.ben),
        (cast.ben, "signatory", cast.ben),
        (cast.ana, "delegate", cast.ben),
        (cast.chi, "admin", cast.ana),
        (cast.chi, "delegate", cast.mo),
    ):
        with pytest.raises(Forbidden):
            seats.change_voice(record, member, voice, actor=actor)
    with pytest.raises(Forbidden):
        seats.leave(record, cast.ana, actor=cast.ben)
    with pytest.raises(Forbidden):
        seats.hand_over(record, cast.chi, actor=cast.ben)


def test_a_member_is_invited_by_user_name_and_says_yes(app: Flask, cast: Cast, record: Organisation) -> None:
    ben, mo = browser(app, cast, "ben"), browser(app, cast, "mo")
    assert ben.post(PEOPLE, data={"username": "@mo.derates", "voice": "delegate"}).status_code == 303
    assert "Mo" in ben.get(PEOPLE).text and cast.mo.id not in voices(record)
    assert db.session.scalars(select(Ask.member_id).where(Ask.why == "representing")).all() == [cast.mo.id]
    assert "You are invited to speak" in mo.get(PAGE).text
    assert mo.get(f"{PAGE}/claim").headers["Location"].endswith("/invitation")
    assert mo.post(f"{PAGE}/invitation", data={"answer": "yes"}).status_code == 303
    assert voices(record)[cast.mo.id] == "delegate" and mo.get(INBOX).status_code == 200
    assert mo.get(f"{PAGE}/invitation").status_code == 404


def test_an_invitation_gives_no_more_than_its_maker_may_give_then(app: Flask, cast: Cast, record: Organisation) -> None:
    made = seats.invite(record, cast.mo, "steward", actor=cast.ben)
    seats.change_voice(record, cast.ben, "delegate", actor=cast.ana)
    with pytest.raises(Forbidden):
        seats.answer_invitation(made, True, actor=cast.mo)
    assert cast.mo.id not in voices(record)
    seats.answer_invitation(made, False, actor=cast.mo)
    assert db.session.get_one(Claim, made.id).state == "declined"


@pytest.mark.parametrize(("name", "voice", "status"), [("chi", "delegate", 422), ("nobody", "delegate", 422), ("ben", "delegate", 422), ("mo.derates", "signatory", 403), ("mo.derates", "king", 422)])  # fmt: skip
def test_an_invitation_that_does_not_fit_is_refused(app: Flask, cast: Cast, record: Organisation, name: str, voice: str, status: int) -> None:  # fmt: skip
    answer = browser(app, cast, "ben").post(PEOPLE, data={"username": name, "voice": voice})
    assert answer.status_code == status and db.session.scalar(select(Claim.id)) is None


def test_an_invitation_is_taken_back(app: Flask, cast: Cast, record: Organisation) -> None:
    made = seats.invite(record, cast.mo, "delegate", actor=cast.ben)
    assert browser(app, cast, "chi").post(f"{PEOPLE}/invited/{made.id}").status_code == 403
    assert browser(app, cast, "ana").post(f"{PEOPLE}/invited/{made.id}").status_code == 303
    assert browser(app, cast, "mo").post(f"{PAGE}/invitation", data={"answer": "yes"}).status_code == 404


def test_the_last_signatory_names_another_before_going(app: Flask, cast: Cast, record: Organisation) -> None:
    ana = browser(app, cast, "ana")
    assert "Make somebody else a signatory before you go" in ana.get(PEOPLE).text
    assert press(ana, "ana", "remove") == 303 and voices(record)[cast.ana.id] == "signatory"
    assert press(ana, "ana", "role", voice="steward") == 303 and voices(record)[cast.ana.id] == "signatory"
    assert press(ana, "ben", "hand_over") == 303
    assert voices(record) == {cast.ana.id: "steward", cast.ben.id: "signatory", cast.chi.id: "delegate"}
    assert press(ana, "ana", "remove") == 303 and cast.ana.id not in voices(record)
    assert ana.get(PEOPLE).status_code == 404


def test_when_the_last_one_goes_the_record_is_open_again_and_the_log_names_nobody(app: Flask, cast: Cast) -> None:
    made = solar()
    speak(made, cast.ana)
    ana = browser(app, cast, "ana")
    assert press(ana, "ana", "remove") == 303 and voices(made) == {}
    line = db.session.scalars(select(Change).where(Change.verb == "open again")).one()
    assert (line.actor_id, line.entry_id) == (None, made.id)
    assert "Nobody speaks for it here yet" in ana.get(PAGE).text
    assert "By a line on its website" in browser(app, cast, "chi").get(f"{PAGE}/claim").text


def test_where_nobody_signs_any_more_a_steward_names_a_signatory(cast: Cast, record: Organisation) -> None:
    with transaction():
        db.session.get_one(Member, cast.ana.id).state = "suspended"
    seats.change_voice(record, cast.chi, "signatory", actor=cast.ben)
    assert voices(record)[cast.chi.id] == "signatory"


def test_who_speaks_no_more_still_belongs_to_it(cast: Cast, record: Organisation) -> None:
    seats.answer_invitation(seats.invite(record, cast.mo, "delegate", actor=cast.ana), True, actor=cast.mo)
    held = db.session.scalars(select(Affiliation).where(Affiliation.member_id == cast.mo.id)).one()
    assert (held.state, held.represents) == ("confirmed", True)
    seats.leave(record, cast.mo, actor=cast.ben)
    db.session.refresh(held)
    assert (held.state, held.represents) == ("confirmed", False) and cast.mo.id not in voices(record)


def test_everybody_of_an_organisation_sees_the_same_inbox(app: Flask, cast: Cast, record: Organisation) -> None:
    belonging.ask_affiliation(record, role="Canaryrole", since="", represents=False, proof="", actor=cast.mo)
    for name in ("ana", "ben", "chi"):
        shown = browser(app, cast, name).get(INBOX).text
        assert "Canaryrole" in shown and ("It is so" in shown) is (name != "chi")
    found = db.session.scalars(select(Affiliation)).one()
    answer = browser(app, cast, "ben").post(f"/affiliations/{found.id}/confirm", data={"next": INBOX})
    assert answer.headers["Location"] == INBOX
    assert "Nothing waits for you" in browser(app, cast, "ana").get(INBOX).text


def test_who_speaks_for_several_gets_a_switch(app: Flask, cast: Cast, record: Organisation) -> None:
    ana = browser(app, cast, "ana")
    assert "Your organisations" not in ana.get(INBOX).text
    speak(make.organisation("Zebra Aid"), cast.ana)
    shown = ana.get(INBOX).text
    assert "Your organisations" in shown and "/organisations/zebra-aid/inbox" in shown


def test_other_rooms_hang_what_waits_into_the_inbox(app: Flask, cast: Cast, record: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    panel = Panel("Proposals", "directory/_to_place.html", lambda one, who: {"organisations": [], "count": 3} if who else None)  # fmt: skip
    monkeypatch.setattr(type(rooms()), "panels", lambda _rooms, kind: [panel] if kind == "inbox" else [])
    shown = browser(app, cast, "chi").get(INBOX).text
    assert "Proposals" in shown and ">3<" in shown and "Nothing waits" not in shown


def test_the_api_says_that_it_is_represented_and_by_nobody_name(app: Flask, cast: Cast, record: Organisation) -> None:
    other, client = make.organisation("Other"), app.test_client()
    told = client.get(f"/api/v1/organisations/{record.id}").get_json()
    assert told["represented"] is True and told["confirmed"] == ""
    assert client.get(f"/api/v1/organisations/{other.id}").get_json()["represented"] is False
    assert "ana" not in str(told).lower().replace("organisation", "")


def test_the_check_finds_a_seat_at_nothing(cast: Cast, record: Organisation) -> None:
    assert list(seats_of_nothing()) == []
    with transaction():
        db.session.add(Seat(member_id=cast.mo.id, audience=speaks_for(999_999), role="delegate"))
    assert len(list(seats_of_nothing())) == 1


def test_an_organisation_has_at_most_so_many_voices(cast: Cast, record: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(seats, "MOST", 3)
    with pytest.raises(Invalid):
        seats.invite(record, cast.mo, "delegate", actor=cast.ana)
