"""Invitations: a mail to one address, a link that is handed on; what each key opens, for whom, how often and how long."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.models import Ask
from commons.groups import actions, tending
from commons.groups.actions.inviting import Spent, leads_to
from commons.groups.letters import invitation as letter_of
from commons.groups.models import Application, Group, Guest
from commons.members.actions import verify
from commons.members.door import digest
from commons.members.models import Block, Invitation, Member, Outgoing, Ticket
from commons.members.queries import by_name_or_email
from commons.people.actions import own_profile
from commons.web import Forbidden, Invalid
from tests.cast import PASSWORD, Cast, sign_in
from tests.commons.forums.makers import old_hands
from tests.commons.groups import makers
from tests.readable import without_tokens

ACCOUNT = {"username": "nora", "name": "Nora", "password": PASSWORD, "language": "en", "charter": "y"}


def mailed_key() -> str:
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group invitation")).one()
    return str(row.about["key"])


def link(group: Group, most: int = 1, *, actor: Member) -> str:
    return actions.make_link(group, most=most, days=7, actor=actor)


def test_a_key_is_kept_as_its_digest_and_the_page_of_it_tells_only_name_and_inviter(app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", "private", summary="Xylophonia", text="Zanzibarium", members=(cast.ben,))
    key = link(group, actor=cast.ana)
    assert key not in repr(db.session.execute(select(Invitation.__table__)).all())
    for browser in (app.test_client(), sign_in(app.test_client(), cast.chi)):
        answer = browser.get(f"/invitations/{key}")
        assert answer.status_code == 200 and answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Rain" in answer.text and "Ana" in answer.text
        for word in ("Xylophonia", "Zanzibarium", "Ben", group.slug, group.door):
            assert word not in answer.text, word
    assert makers.invitation(key).uses == 0 and makers.role(cast.chi, group) == ""


def test_the_button_gives_the_seat_and_uses_the_link_up(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", "private", "invitation")
    key = link(group, actor=cast.ana)
    sign_in(client, cast.chi)
    assert client.post(f"/invitations/{key}").headers["Location"] == f"/groups/{group.slug}?welcome=1"
    assert makers.role(cast.chi, group) == "member" and makers.invitation(key).uses == 1
    assert client.post(f"/invitations/{key}").status_code == 404
    assert sign_in(app.test_client(), cast.ben).post(f"/invitations/{key}").status_code == 404


def test_wrong_spent_expired_and_revoked_keys_answer_alike(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", "private")
    keys = {name: link(group, actor=cast.ana) for name in ("spent", "expired", "revoked", "archived")}
    with transaction():
        makers.invitation(keys["spent"]).uses = 1
        makers.invitation(keys["expired"]).expires = now() - timedelta(seconds=1)
    actions.revoke(makers.invitation(keys["revoked"]), actor=cast.ana)
    actions.archive(group, "done", actor=cast.ana)
    sign_in(client, cast.chi)
    wrong = client.get(f"/invitations/{'x' * 32}")
    assert wrong.status_code == 404 and "opens nothing" in wrong.text
    for name, key in keys.items():
        for ask in (client.get, client.post):
            answer = ask(f"/invitations/{key}")
            assert answer.status_code == 404, name
            assert without_tokens(answer.text).replace(key, "") == without_tokens(wrong.text).replace("x" * 32, ""), (
                name
            )
    for odd in ("a", "null", "%00", "x" * 300, "[]"):
        assert client.get(f"/invitations/{odd}").status_code in (400, 404), odd


def test_what_a_link_opens_follows_from_what_its_maker_may_do_now(app: Flask, cast: Cast) -> None:
    table = {
        "open": ("seat", "seat"),
        "apply": ("seat", "apply"),
        "referral": ("seat", "seat"),
        "invitation": ("seat", ""),
    }
    for visibility in ("public", "members", "private"):
        for joining, (by_admin, by_member) in table.items():
            group = makers.group("", visibility, joining, members=(cast.ben,))
            assert leads_to(makers.invitation(link(group, actor=cast.ana)), None) == by_admin
            if by_member:
                key = link(group, 5, actor=cast.ben)
                assert leads_to(makers.invitation(key), None) == by_member, (visibility, joining)
                assert makers.invitation(key).most == (1 if joining == "referral" else 5)
                actions.leave(group, actor=cast.ben)
                assert leads_to(makers.invitation(key), None) == ""
            else:
                with pytest.raises(Forbidden):
                    link(group, actor=cast.ben)


def test_a_members_link_to_a_private_group_that_asks_leads_to_its_questions(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", "private", "apply", questions=["Why?"], members=(cast.ben,))
    key = link(group, actor=cast.ben)
    sign_in(client, cast.chi)
    assert "Why?" in client.get(f"/invitations/{key}").text
    assert client.post(f"/invitations/{key}", data={"answer_0": ""}).status_code == 422
    assert client.post(f"/invitations/{key}", data={"answer_0": "For the garden"}).status_code == 303
    assert makers.role(cast.chi, group) == "" and client.get(f"/groups/{group.slug}").status_code == 404
    one = db.session.scalars(select(Application)).one()
    assert one.answers == [["Why?", "For the garden"]] and makers.invitation(key).uses == 1
    actions.decide(one, accept=True, reason="", actor=cast.ana)
    assert client.get(f"/groups/{group.slug}").status_code == 200


def test_a_mail_to_an_unknown_address_leads_to_an_account_first_and_then_to_the_seat(
    client: FlaskClient, cast: Cast
) -> None:
    group = makers.group("Rain", "private", "invitation")
    actions.invite_by_mail(group, "nora@example.org", "Come and dig", actor=cast.ana)
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group invitation")).one()
    letter, key = letter_of(row), mailed_key()
    assert letter is not None and letter.to == "nora@example.org" and "Come and dig" in letter.text
    assert f"http://localhost/invitations/{key}" in letter.text and "Ana" in letter.text
    assert client.post(f"/invitations/{key}").headers["Location"] == "/join"
    assert client.post("/join", data=ACCOUNT | {"email": "nora@example.org"}).status_code == 303
    nora = by_name_or_email("nora")
    assert nora is not None and makers.invitation(key).uses == 1 and makers.invitation(key).email == ""
    with pytest.raises(Forbidden):
        actions.use_invitation(makers.invitation(key), actor=nora)
    verify(db.session.scalars(select(Ticket).where(Ticket.purpose == "verify")).one())
    with pytest.raises(Spent):
        actions.use_invitation(makers.invitation(key), actor=cast.chi)
    sign_in(client, nora)
    assert client.post(f"/invitations/{key}").status_code == 303 and makers.role(nora, group) == "member"
    actions.leave(group, actor=nora)
    with pytest.raises(Spent):
        actions.use_invitation(makers.invitation(key), actor=nora)


@pytest.mark.parametrize("app", [{"REGISTRATION": "invited"}], indirect=True)
def test_where_members_are_invited_a_groups_invitation_opens_the_form(app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", "private", "invitation")
    key = link(group, actor=cast.ana)
    stranger = app.test_client()
    stranger.post("/join", data=ACCOUNT | {"email": "nora@example.org"})
    assert by_name_or_email("nora") is None
    stranger.post(f"/invitations/{key}")
    assert stranger.post("/join", data=ACCOUNT | {"email": "nora@example.org"}).status_code == 303
    nora = by_name_or_email("nora")
    assert nora is not None and nora.is_active
    second = app.test_client()
    second.post(f"/invitations/{key}")
    second.post("/join", data=ACCOUNT | {"username": "nils", "email": "nils@example.org"})
    assert by_name_or_email("nils") is None


def test_a_mail_is_for_the_account_with_that_address(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", "private")
    actions.invite_by_mail(group, "ben@example.org", "", actor=cast.ana)
    key = mailed_key()
    with pytest.raises(Forbidden, match="another address"):
        actions.use_invitation(makers.invitation(key), actor=cast.chi)
    assert "another address" in sign_in(client, cast.chi).get(f"/invitations/{key}").text
    actions.use_invitation(makers.invitation(key), actor=cast.ben)
    assert makers.role(cast.ben, group) == "member" and makers.invitation(key).email == ""


def test_a_mail_that_was_taken_back_is_not_sent(app: Flask, cast: Cast) -> None:
    group = makers.group()
    made = actions.invite_by_mail(group, "nora@example.org", "", actor=cast.ana)
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group invitation")).one()
    with pytest.raises(Forbidden):
        actions.revoke(made, actor=cast.chi)
    actions.revoke(made, actor=cast.ana)
    assert letter_of(row) is None and made.email == ""


def test_nobody_floods_addresses(app: Flask, cast: Cast) -> None:
    group = makers.group()
    for number in range(20):
        actions.invite_by_mail(group, f"nora{number}@example.org", "", actor=cast.ana)
    with pytest.raises(Invalid, match="tomorrow"):
        actions.invite_by_mail(group, "one.more@example.org", "", actor=cast.ana)
    other = makers.group(founder=cast.ben)
    actions.invite_by_mail(other, "nora@example.org", "", actor=cast.ben)
    with pytest.raises(Invalid, match="already"):
        actions.invite_by_mail(other, "Nora@Example.org", "", actor=cast.ben)
    with transaction():
        cast.chi.trusted = None
    with pytest.raises(Invalid, match="New members"):
        actions.invite_by_mail(makers.group(founder=cast.chi), "nora@example.org", "", actor=cast.chi)


def test_addresses_are_deleted_after_thirty_days(app: Flask, cast: Cast) -> None:
    group = makers.group()
    old, young = (actions.invite_by_mail(group, f"{name}@example.org", "", actor=cast.ana) for name in ("old", "young"))
    with transaction():
        old.created = now() - timedelta(days=31)
    assert tending.forget_invitations() == 1
    assert db.session.scalars(select(Invitation.email)).all() == [young.email]


def test_of_fifty_uses_at_once_of_a_link_for_one_exactly_one_succeeds(app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", "private")
    key = link(group, actor=cast.ana)
    people = [makers.person(f"nora{number}").id for number in range(10)]
    won: list[int] = []
    start = threading.Barrier(50)

    def press(id: int) -> None:
        with app.app_context():
            start.wait()
            for _again in range(40):
                try:
                    actions.use_invitation(makers.invitation(key), actor=db.session.get_one(Member, id))
                    won.append(id)
                    return
                except Spent:
                    return
                except Exception:
                    db.session.rollback()  # somebody else was writing: press again

    threads = [threading.Thread(target=press, args=(people[number % 10],)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    seats = select(func.count()).select_from(Invitation).where(Invitation.digest == digest(key), Invitation.uses == 1)
    assert db.session.scalar(seats) == 1
    assert len({id for id in people if makers.role(db.session.get_one(Member, id), group)}) == 1 and set(won) <= set(
        people
    )


def test_the_page_of_invitations_shows_a_new_link_once_and_takes_old_ones_back(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    makers.group("Rain", members=(cast.ben,))
    sign_in(client, cast.ben)
    made = client.post("/groups/rain/invitations/link", data={"most": 3, "days": 5}).text
    key = made.partition("http://localhost/invitations/")[2].partition("<")[0]
    assert makers.invitation(key).most == 3
    assert key not in client.get("/groups/rain/invitations").text
    assert client.post("/groups/rain/invitations/link", data={"most": 0, "days": 5}).status_code == 422
    assert client.post("/groups/rain/invitations/mail", data={"email": "nothing"}).status_code == 422
    admin = sign_in(app.test_client(), cast.ana)
    assert client.post("/groups/rain/invitations/mail", data={"email": "nora@example.org"}).status_code == 303
    assert "nora@example.org" in admin.get("/groups/rain/invitations").text
    number = makers.invitation(key).id
    assert sign_in(app.test_client(), cast.chi).post(f"/groups/rain/invitations/{number}/revoke").status_code == 404
    assert admin.post(f"/groups/rain/invitations/{number}/revoke").status_code == 303
    db.session.expire_all()
    assert leads_to(makers.invitation(key), None) == ""


# --- by user name ---


def test_a_member_who_is_invited_by_name_says_yes(app: Flask, cast: Cast) -> None:
    old_hands()
    for visibility in ("public", "private"):
        group = makers.group(f"Wells {visibility}", visibility, "invitation", founder=cast.ana)
        ana, chi = sign_in(app.test_client(), cast.ana), sign_in(app.test_client(), cast.chi)
        page = f"/groups/{group.slug}/invitations"
        assert ana.post(f"{page}/name", data={"username": "@Chi", "name_note": "Come"}).status_code == 303
        assert "Chi" in ana.get(page).text and "chi@example.org" not in ana.get(page).text
        shown = chi.get("/groups").text
        assert f"Wells {visibility}" in shown and "Come" in shown
        number = db.session.scalars(select(Guest.invitation_id).order_by(Guest.invitation_id.desc())).first()
        assert (
            sign_in(app.test_client(), cast.ben).post(f"/groups/invited/{number}", data={"answer": "yes"}).status_code
            == 404
        )
        assert makers.role(cast.chi, group) == "" and makers.role(cast.ben, group) == ""
        assert chi.post(f"/groups/invited/{number}", data={"answer": "yes"}).status_code == 303
        assert makers.role(cast.chi, group) == "member"
        assert chi.post(f"/groups/invited/{number}", data={"answer": "yes"}).status_code == 404
    asked = db.session.scalars(select(Ask.member_id).where(Ask.why == "invitation")).all()
    mails = db.session.scalars(select(Outgoing.recipient).where(Outgoing.letter == "group invitation")).all()
    assert asked == [cast.chi.id] and mails == ["chi@example.org"], (
        "a private group is told of by mail, never as a notice"
    )


def test_a_no_is_told_to_nobody_and_nobody_is_asked_again_meanwhile(app: Flask, cast: Cast) -> None:
    old_hands()
    group = makers.group("Wells", "private", "invitation", founder=cast.ana)
    made = actions.invite_by_name(group, "chi", "", actor=cast.ana)
    before = sign_in(app.test_client(), cast.ana).get(f"/groups/{group.slug}/invitations").text
    chi = sign_in(app.test_client(), cast.chi)
    chi.post(f"/groups/invited/{made.id}", data={"answer": "no"})
    db.session.expire_all()
    after = sign_in(app.test_client(), cast.ana).get(f"/groups/{group.slug}/invitations").text
    assert before.count("Chi") == after.count("Chi") > 0 and "Wells" not in chi.get("/groups").text
    with pytest.raises(Invalid) as fault:
        actions.invite_by_name(group, "chi", "", actor=cast.ana)
    assert "invited already" in fault.value.fields["username"]
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group invitation")).one()
    assert letter_of(row) is None, "a mail still on its way is not sent"


@pytest.mark.parametrize("blocker", ["chi", "ana"])
def test_who_blocked_the_other_is_invited_in_vain_and_nobody_can_tell(app: Flask, cast: Cast, blocker: str) -> None:
    old_hands()
    group = makers.group("Wells", "public", "invitation", founder=cast.ana)
    one, other = (cast.chi, cast.ana) if blocker == "chi" else (cast.ana, cast.chi)
    with transaction():
        db.session.add(Block(member_id=one.id, other_id=other.id))
    made = actions.invite_by_name(group, "chi", "", actor=cast.ana)
    assert db.session.scalars(select(Ask).where(Ask.why == "invitation")).all() == []
    chi = sign_in(app.test_client(), cast.chi)
    assert "invites you" not in chi.get("/groups").text + chi.get(f"/groups/{group.slug}").text
    assert chi.post(f"/groups/invited/{made.id}", data={"answer": "yes"}).status_code == 404


def test_who_hides_who_belongs_already_and_who_is_unknown_cannot_be_invited_by_name(cast: Cast) -> None:
    old_hands()
    group = makers.group("Wells", "public", "apply", founder=cast.ana, members=(cast.ben,))
    with transaction():
        profile = own_profile(cast.chi)
        profile.audience = f"member:{cast.chi.id}"
        record(profile, "showed to others", None, actor=cast.chi)
    found = {}
    for name in ("chi", "nobody-of-this-name", "ana", "ben"):
        with pytest.raises(Invalid) as fault:
            actions.invite_by_name(group, name, "", actor=cast.ana)
        found[name] = fault.value.fields["username"]
    assert found["chi"] == found["nobody-of-this-name"] == found["ana"] and "already" in found["ben"]
    with pytest.raises(Forbidden):
        actions.invite_by_name(group, "mo.derates", "", actor=cast.ben)
