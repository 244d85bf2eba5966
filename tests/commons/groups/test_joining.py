"""How one comes to a seat: the button, the questions, the word of a member; and how one goes."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, transaction
from commons.entries.models import Ask, Change
from commons.groups import actions
from commons.groups.letters import answer, needs_admin, removal
from commons.groups.models import Application, Group
from commons.groups.queries import application_of, groups_of, naming, subgroups
from commons.members.models import Member, Outgoing
from commons.web import Forbidden, Invalid
from tests.cast import Cast, sign_in
from tests.commons.groups import makers


def asked(group: Group, why: str) -> set[int]:
    return set(db.session.scalars(select(Ask.member_id).where(Ask.entry_id == group.id, Ask.why == why)))


def lines(group: Group) -> list[tuple[str, int | None]]:
    rows = db.session.execute(
        select(Change.verb, Change.actor_id).where(Change.entry_id == group.id).order_by(Change.seq)
    )
    return [(row.verb, row.actor_id) for row in rows]


def test_an_open_group_is_joined_by_a_button_and_left_again(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain")
    actions.set_terms(group, welcome="Bring **water**.", inherits=False, actor=cast.ana)
    sign_in(client, cast.chi)
    assert "Join the group" in client.get("/groups/rain").text
    answer = client.post("/groups/rain/join")
    assert answer.status_code == 303 and answer.headers["Location"] == "/groups/rain?welcome=1"
    assert "Bring <strong>water</strong>" in client.get("/groups/rain?welcome=1").text
    assert "Bring" not in client.get("/groups/rain").text
    assert makers.role(cast.chi, group) == "member" and [one.id for one in groups_of(cast.chi)] == [group.id]
    assert client.post("/groups/rain/leave").status_code == 303
    assert makers.role(cast.chi, group) == ""


def test_joining_and_leaving_stand_in_no_log(app: Flask, cast: Cast) -> None:
    group = makers.group()
    before = lines(group)
    actions.join(group, actor=cast.chi)
    actions.leave(group, actor=cast.chi)
    assert lines(group) == before


def test_an_address_that_is_not_proved_joins_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.join(makers.group(), actor=cast.una)


@pytest.mark.parametrize(
    ("visibility", "joining"), [("private", "open"), ("public", "apply"), ("public", "invitation")]
)
def test_the_button_works_for_open_groups_that_one_sees_only(
    app: Flask, cast: Cast, visibility: str, joining: str
) -> None:
    group = makers.group(visibility=visibility, joining=joining)
    with pytest.raises(Forbidden):
        actions.join(group, actor=cast.chi)
    assert makers.role(cast.chi, group) == ""


def test_answers_are_for_admins_only_and_a_yes_gives_a_seat(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", joining="apply", questions=["Why?", "Since when?"], members=(cast.ben,))
    sign_in(client, cast.chi)
    short = client.post("/groups/rain/apply", data={"answer_0": "Because of my garden", "answer_1": ""})
    assert short.status_code == 422 and "Because of my garden" in short.text and "Answer this question" in short.text
    assert client.post("/groups/rain/apply", data={"answer_0": "Xylophone", "answer_1": "May"}).status_code == 303
    client.post("/groups/rain/apply", data={"answer_0": "Again", "answer_1": "again"})
    assert db.session.scalar(select(func.count()).select_from(Application)) == 1
    assert asked(group, "application") == {cast.ana.id}
    assert "Take back my application" in client.get("/groups/rain").text
    for name in ("chi", "ben", "mo"):
        assert sign_in(app.test_client(), getattr(cast, name)).get("/groups/rain/applications").status_code == 404
    admin = sign_in(app.test_client(), cast.ana)
    shown = admin.get("/groups/rain/applications").text
    assert "Xylophone" in shown and "Since when?" in shown
    number = db.session.scalars(select(Application.id)).one()
    assert admin.post("/groups/rain/applications", data={"number": number, "answer": "yes"}).status_code == 303
    assert makers.role(cast.chi, group) == "member" and asked(group, "accepted") == {cast.chi.id}
    assert ("asked", None) in lines(group) and not any(actor == cast.chi.id for _verb, actor in lines(group))


def test_a_second_applicant_is_asked_about_too(app: Flask, cast: Cast) -> None:
    group = makers.group(joining="apply")
    actions.apply(group, [], actor=cast.chi)
    first = db.session.scalars(select(Ask.seq).where(Ask.entry_id == group.id)).one()
    actions.apply(group, [], actor=cast.ben)
    assert db.session.scalars(select(Ask.seq).where(Ask.entry_id == group.id)).one() > first


def test_a_no_needs_a_reason_that_the_applicant_reads(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", joining="apply")
    one = actions.apply(group, [], actor=cast.chi)
    admin = sign_in(app.test_client(), cast.ana)
    refused = admin.post("/groups/rain/applications", data={"number": one.id, "answer": "no", "reason": " "})
    assert refused.status_code == 422 and "Say why" in refused.text
    actions.decide(one, accept=False, reason="We are full", actor=cast.ana)
    with pytest.raises(Invalid):
        actions.decide(one, accept=True, reason="", actor=cast.ana)
    row = db.session.scalars(select(Outgoing).where(Outgoing.member_id == cast.chi.id)).one()
    letter = answer(row)
    assert letter is not None and "We are full" in letter.text and "Rain" in letter.text
    assert "We are full" in sign_in(client, cast.chi).get("/groups/rain").text
    with pytest.raises(Invalid, match="after a month"):
        actions.apply(group, [], actor=cast.chi)


def test_an_application_can_be_taken_back(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", joining="apply")
    actions.apply(group, [], actor=cast.chi)
    assert sign_in(client, cast.chi).post("/groups/rain/withdraw").status_code == 303
    db.session.expire_all()
    last = application_of(group, cast.chi)
    assert last is not None and last.state == "withdrawn"
    assert actions.apply(group, [], actor=cast.chi).state == "waiting"


def test_the_word_of_the_member_who_is_named_is_a_seat(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", joining="referral", members=(cast.ben,))
    sign_in(client, cast.chi)
    assert client.post("/groups/rain/apply", data={"referred_by": "nobody"}).status_code == 422
    assert client.post("/groups/rain/apply", data={"referred_by": "@ben"}).status_code == 303
    assert asked(group, "referral") == {cast.ben.id} and asked(group, "application") == set()
    one = naming(group, cast.ben)[0]
    with pytest.raises(Forbidden):
        actions.vouch(one, yes=True, actor=cast.ana)
    friend = sign_in(app.test_client(), cast.ben)
    assert "says that you know them" in friend.get("/groups/rain/members").text
    assert friend.post("/groups/rain/vouch", data={"number": one.id, "answer": "yes"}).status_code == 303
    assert makers.role(cast.chi, group) == "member"


def test_naming_somebody_tells_nobody_whether_they_belong(client: FlaskClient, cast: Cast) -> None:
    inside, outside = (makers.group(name, joining="referral", members=(cast.ben,)) for name in ("Rain", "Snow"))
    sign_in(client, cast.chi)
    answers = [
        client.post(f"/groups/{name}/apply", data={"referred_by": who})
        for name, who in (("rain", "ben"), ("snow", "mo.derates"))
    ]
    assert [one.status_code for one in answers] == [303, 303]
    client.get("/groups")  # the words of thanks are shown once
    pages = [client.get(f"/groups/{name}").text.lower().replace(name, "") for name in ("rain", "snow")]
    assert len(pages[0]) == len(pages[1])
    assert asked(inside, "referral") == {cast.ben.id} and asked(outside, "application") == {cast.ana.id}


def test_the_last_admin_stays_until_somebody_else_is_one(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    with pytest.raises(Invalid, match="no admin"):
        actions.leave(group, actor=cast.ana)
    with pytest.raises(Invalid, match="no admin"):
        actions.change_role(group, cast.ana, "member", actor=cast.ana)
    told = sign_in(client, cast.ana).post("/groups/rain/leave", follow_redirects=True).text
    assert "Make somebody else an admin first" in told
    actions.change_role(group, cast.ben, "admin", actor=cast.ana)
    actions.leave(group, actor=cast.ana)
    assert makers.role(cast.ana, group) == "" and makers.role(cast.ben, group) == "admin"


def test_an_admin_whose_account_is_not_in_use_does_not_count(app: Flask, cast: Cast) -> None:
    group = makers.group(members=(cast.chi,))
    makers.sit(group, cast.ben, "admin")
    with transaction():
        cast.ben.state = "suspended"
    with pytest.raises(Invalid, match="no admin"):
        actions.leave(group, actor=cast.ana)


def test_the_last_person_of_all_archives_the_group(app: Flask, cast: Cast) -> None:
    group = makers.group()
    with pytest.raises(Invalid, match="archive it"):
        actions.change_role(group, cast.ana, "member", actor=cast.ana)
    actions.leave(group, actor=cast.ana)
    assert group.archived is not None and lines(group)[-1] == ("archived", None)


def test_who_is_taken_out_reads_why_and_sees_nothing_any_more(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", "private", members=(cast.chi,))
    browser = sign_in(client, cast.chi)
    assert browser.get(f"/groups/{group.slug}").status_code == 200
    with pytest.raises(Invalid):
        actions.remove_member(group, cast.chi, " ", actor=cast.ana)
    with pytest.raises(Forbidden):
        actions.remove_member(group, cast.ana, "why", actor=cast.chi)
    actions.remove_member(group, cast.chi, "Too loud", actor=cast.ana)
    assert browser.get(f"/groups/{group.slug}").status_code == 404
    letter = removal(db.session.scalars(select(Outgoing).where(Outgoing.letter == "group removal")).one())
    assert letter is not None and "Too loud" in letter.text and "Rain" in letter.text
    assert not any(verb == "removed" for verb, _actor in lines(group))


def test_moderators_appoint_an_admin_only_where_all_are_gone(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    moderator = sign_in(client, cast.mo)
    data = {"username": "ben", "reason": "Ana has left"}
    moderator.post("/groups/rain/appoint", data=data)
    assert makers.role(cast.ben, group) == "member"
    with transaction():
        cast.ana.state = "suspended"
    asks = sign_in(app.test_client(), cast.ben)
    assert "Ask the moderators for an admin" in asks.get("/groups/rain/members").text
    for _time in range(2):
        assert asks.post("/groups/rain/admin-needed").status_code == 303
    row = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group needs admin")).one()
    letter = needs_admin(row)
    assert letter is not None and "Rain" in letter.text
    moderator.post("/groups/rain/appoint", data=data | {"reason": ""})
    assert makers.role(cast.ben, group) == "member"
    moderator.post("/groups/rain/appoint", data=data)
    assert makers.role(cast.ben, group) == "admin" and lines(group)[-2] == ("appointed", cast.mo.id)
    assert needs_admin(row) is None


def test_of_a_private_group_moderators_are_told_its_number_only(app: Flask, client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Xylophonia", "private", members=(cast.ben,))
    with transaction():
        cast.ana.state = "suspended"
    assert actions.ask_for_admin(group, actor=cast.ben) == 1
    letter = needs_admin(db.session.scalars(select(Outgoing).where(Outgoing.letter == "group needs admin")).one())
    assert letter is not None and "Xylophonia" not in letter.text + letter.html and group.slug not in letter.text
    assert f"flask groups appoint {group.id}" in letter.text
    assert sign_in(client, cast.mo).post(f"/groups/{group.slug}/appoint", data={"username": "ben"}).status_code == 404
    with pytest.raises(Forbidden):
        actions.appoint(group, cast.ben, "why", actor=cast.mo)
    done = app.test_cli_runner().invoke(args=["groups", "appoint", str(group.id), "ben"])
    assert done.exit_code == 0 and "Xylophonia" not in done.output
    assert makers.role(cast.ben, group) == "admin"


def test_subgroups_that_inherit_take_in_who_joins_and_let_go_who_leaves(app: Flask, cast: Cast) -> None:
    network = makers.group("Network", members=(cast.ben,))
    all_of_us = makers.group("All of us", within=network, inherits=True)
    some = makers.group("Some", within=network)
    assert makers.role(cast.ben, all_of_us) == "member" and makers.role(cast.ben, some) == ""
    actions.join(network, actor=cast.chi)
    assert makers.role(cast.chi, all_of_us) == "member" and makers.role(cast.chi, some) == ""
    actions.join(some, actor=cast.chi)
    actions.leave(network, actor=cast.chi)
    assert makers.role(cast.chi, all_of_us) == "" and makers.role(cast.chi, some) == "member"
    actions.set_terms(some, welcome="", inherits=True, actor=cast.ana)
    assert makers.role(cast.ben, some) == "member"


def test_subgroups_of_a_private_group_are_for_its_people(app: Flask, cast: Cast) -> None:
    network = makers.group("Network", "private", members=(cast.ben,))
    with pytest.raises(Invalid, match="more people"):
        makers.group("Wide", "members", within=network)
    inner = makers.group("Inner", "private", within=network, members=(cast.ben,))
    key = actions.make_link(inner, most=2, days=3, actor=cast.ana)
    with pytest.raises(Forbidden, match="above"):
        actions.use_invitation(makers.invitation(key), actor=cast.chi)
    assert makers.invitation(key).uses == 0
    actions.leave(network, actor=cast.ben)
    assert makers.role(cast.ben, inner) == ""


def test_a_hidden_subgroup_is_not_named_in_the_group_above(app: Flask, cast: Cast) -> None:
    network = makers.group("Network", members=(cast.ben, cast.chi))
    makers.group("Xylophonia", "private", within=network, members=(cast.ben,))
    shown = {
        name: sign_in(app.test_client(), getattr(cast, name)).get("/groups/network").text for name in ("ben", "chi")
    }
    assert "Xylophonia" in shown["ben"] and "Xylophonia" not in shown["chi"]
    assert subgroups(network, cast.chi) == [] and "Groups within it" not in shown["chi"]


def test_groups_stand_at_most_three_deep_and_only_admins_found_them(app: Flask, cast: Cast) -> None:
    first = makers.group(members=(cast.ben,))
    with pytest.raises(Forbidden):
        makers.group(within=first, founder=cast.ben)
    third = makers.group(within=makers.group(within=first))
    with pytest.raises(Invalid, match="three deep"):
        makers.group(within=third)


def test_nobody_outside_does_what_members_and_admins_do(app: Flask, cast: Cast) -> None:
    makers.group("Rain", members=(cast.ben,))
    browsers: dict[str, Member] = {"member": cast.ben, "outside": cast.chi, "moderator": cast.mo}
    for name, who in browsers.items():
        browser = sign_in(app.test_client(), who)
        for page in ("settings", "applications", "invitations"):
            free = page == "invitations" and name == "member"
            assert browser.get(f"/groups/rain/{page}").status_code == (200 if free else 404), (name, page)
        for post in (
            "settings",
            "visibility",
            "visibility/stop",
            "archive",
            "reopen",
            "members/ana/role",
            "members/ana/remove",
        ):
            assert browser.post(f"/groups/rain/{post}", data={"visibility": "private"}).status_code == 404, (name, post)
    assert makers.role(cast.ana, db.session.scalars(select(Group)).one()) == "admin"
