"""Founding a group, its words, who sees it, its modules, and its rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from commons.audience import may_see
from commons.db import db, now, table, transaction
from commons.entries.models import Ask, Change, Entry
from commons.entries.returning import restore_entry
from commons.entries.within import takes
from commons.groups import actions, tending
from commons.groups.checks import contents, doors, looked_after
from commons.groups.documents.pages import tabs
from commons.groups.models import Group
from commons.room import rooms
from commons.web import Conflict, Forbidden, Invalid
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.groups import makers
from tests.test_query_counts import asked as statements_of

WORDS = {"title": "Rain", "summary": "Tanks", "joining": "apply", "questions": "Why?\n\nWhen?", "modules": ["pages"]}


def faults() -> list[str]:
    return [*doors(), *contents(), *looked_after()]


def pretend(group: Group, **moments: timedelta) -> None:
    """As if these dates of the group were so long ago."""
    with transaction():
        for name, ago in moments.items():
            there = table(Entry) if name in ("created",) else table(Group)
            db.session.execute(update(there).where(there.c.id == group.id).values({name: now() - ago}))
    db.session.expire_all()


def test_whoever_founds_a_group_is_its_admin_and_a_form_sent_twice_makes_one(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.chi)
    assert client.get("/groups/new").status_code == 200
    for _time in range(2):
        answer = client.post("/groups/new", data=WORDS | {"visibility": "members"})
        assert answer.status_code == 303 and answer.headers["Location"] == "/groups/rain"
    group = db.session.scalars(select(Group)).one()
    assert (group.audience, group.questions, group.modules) == ("members", ["Why?", "When?"], ["pages"])
    assert makers.role(cast.chi, group) == "admin" and faults() == []


def test_a_form_with_faults_comes_back_with_its_words(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.chi)
    answer = client.post("/groups/new", data=WORDS | {"title": "", "visibility": "members"})
    assert answer.status_code == 422 and "A group needs a name" in answer.text and "Tanks" in answer.text
    many = client.post("/groups/new", data=WORDS | {"questions": "\n".join("abcdef")})
    assert many.status_code == 422 and "at most 5 questions" in many.text
    assert client.post("/groups/new", data=WORDS | {"visibility": "everybody"}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Group)) == 0
    assert client.get("/groups/new?title=Red+link").text.count("Red link") == 1


def test_a_private_name_is_told_by_no_address(app: Flask, cast: Cast) -> None:
    hidden = makers.group("Rain", "private")
    assert hidden.slug != "rain" and makers.group("Rain", founder=cast.chi).slug == "rain"
    actions.edit_group(hidden, {"title": "Snow"}, version=1, actor=cast.ana)
    assert hidden.slug != "snow" and makers.group("Snow", founder=cast.chi).slug == "snow"


def test_admins_change_the_words_and_history_keeps_them(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    admin = sign_in(client, cast.ana)
    assert "What the group uses" in admin.get("/groups/rain/settings").text
    assert admin.post("/groups/rain/settings", data=WORDS | {"version": 1, "text": "Dig"}).status_code == 303
    assert (group.text, group.joining, group.version) == ("Dig", "apply", 2)
    assert "By answers" in admin.get("/groups/rain/diff/1/2").text
    with pytest.raises(Forbidden):
        actions.edit_group(group, {"text": "Mine"}, version=2, actor=cast.ben)
    actions.edit_group(group, {"text": "Dig deep"}, version=2, actor=cast.ana)
    with pytest.raises(Conflict):
        actions.edit_group(group, {"text": "Dig wide"}, version=2, actor=cast.ana)
    both = admin.post("/groups/rain/settings", data=WORDS | {"version": 2, "text": "Dig wide"})
    assert both.status_code == 409 and "Dig deep" in both.text and "Dig wide" in both.text
    restore_entry(group, 1, actor=cast.ana)
    assert (group.text, group.visibility, group.joining) == ("", "public", "open")


def test_a_group_closes_at_once_with_all_that_stands_in_it(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    inner = makers.group("Inner", within=group)
    page = makers.put(group, make.page("Wells", "Dug."))
    below = makers.put(inner, make.page("Pipes", "Laid."))
    admin = sign_in(client, cast.ana)
    assert admin.post("/groups/rain/visibility", data={"visibility": "private"}).status_code == 303
    db.session.expire_all()
    assert {entry.audience for entry in (group, page)} == {group.door}
    assert {entry.audience for entry in (inner, below)} == {inner.door}
    assert app.test_client().get("/wiki/wells").status_code == 404 and admin.get("/wiki/wells").status_code == 200
    assert faults() == []
    actor = select(Change.actor_id).where(Change.entry_id == page.id, Change.verb == "showed to others")
    assert db.session.scalars(actor).all() == [None]


def test_a_group_opens_after_seven_days_and_old_words_stay_with_their_readers(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    group = makers.group("Rain", "private", members=(cast.ben,))
    page = makers.put(group, make.page("Wells", "Dug."))
    assert actions.change_visibility(group, "public", actor=cast.ana) == "later"
    asked = select(Ask.member_id).where(Ask.entry_id == group.id, Ask.why == "widening")
    assert db.session.scalars(asked).all() == [cast.ben.id]
    notice = sign_in(client, cast.ben).get(f"/groups/{group.slug}").text
    assert "everybody will see this group" in notice
    assert tending.widen_due() == 0 and app.test_client().get(f"/groups/{group.slug}").status_code == 404
    pretend(group, widens=timedelta(seconds=1))
    assert tending.widen_due() == 1
    db.session.expire_all()
    assert (group.visibility, group.audience, group.widens) == ("public", "public", None)
    assert app.test_client().get(f"/groups/{group.slug}").status_code == 200
    assert page.audience == group.door and app.test_client().get("/wiki/wells").status_code == 404
    assert takes(group, "page", cast.ben) == "public"
    actions.change_visibility(group, "members", actor=cast.ana)
    db.session.expire_all()
    assert page.audience == group.door and faults() == []


def test_any_admin_stops_the_opening(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", "members")
    makers.sit(group, cast.ben, "admin")
    actions.change_visibility(group, "public", actor=cast.ana)
    admin = sign_in(client, cast.ben)
    assert "Stop it" in admin.get("/groups/rain/settings").text
    assert admin.post("/groups/rain/visibility/stop").status_code == 303
    db.session.expire_all()
    assert group.widens is None and tending.widen_due() == 0 and group.visibility == "members"


def test_a_group_never_opens_further_than_the_one_above_it(app: Flask, cast: Cast) -> None:
    network = makers.group("Network", "members")
    inner = makers.group("Inner", "private", within=network)
    with pytest.raises(Invalid):
        actions.change_visibility(inner, "public", actor=cast.ana)
    actions.change_visibility(inner, "members", actor=cast.ana)
    actions.change_visibility(network, "private", actor=cast.ana)
    pretend(inner, widens=timedelta(seconds=1))
    assert tending.widen_due() == 0
    db.session.expire_all()
    assert inner.visibility == "private" and inner.widens is None and faults() == []


def test_what_may_be_put_into_a_group_follows_from_seat_module_and_rest(app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", "private", members=(cast.ben,), modules=["pages"])
    kind = rooms().kinds["group"]
    for who, seen in ((cast.ben, group.door), (cast.chi, None), (cast.mo, None), (None, None)):
        assert kind.takes is not None and kind.takes(who, group, "page") == seen
        assert kind.takes(who, group, "topic") == seen
        assert kind.takes(who, group, "file") is None and kind.takes(who, group, "forum") is None
        assert kind.takes(who, group, "group") is None and kind.takes(who, group, "organisation") is None
    assert takes(group, "group", cast.ana) == group.door
    actions.archive(group, "We are done", actor=cast.ana)
    assert takes(group, "page", cast.ben) is None and not actions.may_edit(cast.ana, group)


def test_a_module_that_is_off_has_no_tab_and_keeps_what_is_in_it(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain")
    makers.put(group, make.page("Wells", "Dug."))
    actions.edit_group(group, {"modules": []}, version=1, actor=cast.ana)
    with app.test_request_context():
        labels = [str(tab["label"]) for tab in tabs(group, "group")]
    assert not {"Forum", "Pages", "Files"} & set(labels)
    assert client.get("/wiki/wells").status_code == 200


def test_an_archived_group_is_read_says_why_and_opens_again(client: FlaskClient, app: Flask, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    admin = sign_in(client, cast.ana)
    assert admin.post("/groups/rain/archive", data={"reason": " "}).status_code == 422
    assert admin.post("/groups/rain/archive", data={"reason": "The tanks are full"}).status_code == 303
    page = app.test_client().get("/groups/rain")
    assert "The tanks are full" in page.text and "Archived since" in page.text
    assert sign_in(app.test_client(), cast.chi).post("/groups/rain/join").status_code == 403
    assert "Open it again" in admin.get("/groups/rain/settings").text
    assert admin.post("/groups/rain/reopen").status_code == 303
    db.session.expire_all()
    assert group.archived is None and takes(group, "page", cast.ben) == "public"


def test_idle_groups_are_asked_about_and_archived_unless_somebody_answers(app: Flask, cast: Cast) -> None:
    quiet, needed, busy = (makers.group(name) for name in ("Quiet", "Needed", "Busy"))
    with transaction():
        db.session.execute(update(Change).values(at=now() - timedelta(days=400)))
    for group in (quiet, needed, busy):
        pretend(group, created=timedelta(days=400))
    makers.put(busy, make.page("Fresh", "Today."))
    assert tending.ask_idle() == 2 and tending.ask_idle() == 0
    asked = select(Ask.entry_id).where(Ask.why == "idle", Ask.member_id == cast.ana.id)
    assert set(db.session.scalars(asked)) == {quiet.id, needed.id}
    assert quiet.archives is not None and quiet.archives > now() + timedelta(days=59)
    actions.need_it(needed, actor=cast.ana)
    pretend(quiet, archives=timedelta(seconds=1))
    assert tending.archive_due() == 1
    db.session.expire_all()
    assert quiet.archived is not None and needed.archived is None and busy.noticed is None
    actions.reopen(quiet, "", actor=cast.ana)
    assert quiet.archived is None
    pretend(needed, noticed=timedelta(days=91))
    assert tending.ask_idle() == 1


def test_who_writes_after_the_notice_keeps_the_group_open(app: Flask, cast: Cast) -> None:
    group = makers.group("Rain")
    with transaction():
        db.session.execute(update(Change).values(at=now() - timedelta(days=400)))
    pretend(group, created=timedelta(days=400))
    assert tending.ask_idle() == 1
    makers.put(group, make.page("Fresh", "Today."))
    pretend(group, archives=timedelta(seconds=1))
    assert tending.archive_due() == 0
    db.session.expire_all()
    assert group.archived is None and group.archives is None


def test_a_member_who_sits_in_it_answers_the_notice(client: FlaskClient, cast: Cast) -> None:
    group = makers.group("Rain", members=(cast.ben,))
    pretend(group, archives=timedelta(days=-20), noticed=timedelta(days=40))
    sign_in(client, cast.ben)
    assert "We still need it" in client.get("/groups/rain").text
    assert client.post("/groups/rain/needed").status_code == 303
    db.session.expire_all()
    assert group.archives is None


def test_a_mention_in_a_private_purpose_tells_nobody_outside(app: Flask, cast: Cast) -> None:
    makers.group("Rain", "private", text="Ask @chi about it.")
    assert db.session.scalars(select(Ask.member_id)).all() == []


def test_lists_are_narrowed_and_paged_and_the_feed_is_for_everybody(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    water = make.organisation("Works", focus=["water"]).focus
    makers.group("Rain", focus=water, language="en")
    makers.group("Snow", "members", "apply", language="sw")
    for number in range(25):
        makers.group(f"Band {number}", founder=cast.ben)
    first, second = (client.get(f"/groups?page={page}").text for page in (1, 2))
    assert "Band 24" in first and "Rain" not in first and "Rain" in second and "Snow" not in first + second
    assert "Rain" in client.get("/groups?area=water").text and "Band" not in client.get("/groups?area=water").text
    mine = sign_in(client, cast.ana)
    assert {name for name in ("Rain", "Snow", "Band 3") if name in mine.get("/groups?mine=1").text} == {"Rain", "Snow"}
    assert "Snow" in mine.get("/groups?joining=apply").text and "Rain" not in mine.get("/groups?joining=apply").text
    assert "Snow" in mine.get("/groups?language=sw").text
    assert "Rain" in mine.get("/groups.atom?area=water").text and "Snow" not in mine.get("/groups.atom").text
    assert may_see(cast.ana, db.session.scalars(select(Group).where(Group.title == "Snow")).one())


@pytest.mark.parametrize("address", ["/groups", "/groups/rain", "/groups/rain/members", "/groups/rain/applications"])
def test_pages_ask_the_database_only_so_often(client: FlaskClient, app: Flask, cast: Cast, address: str) -> None:
    group = makers.group("Rain", members=(cast.ben, cast.chi))
    for number in range(8):
        makers.put(group, make.page(f"Page {number}", "Words."))
        makers.group(f"Inner {number}", within=group)
    sign_in(client, cast.ana)
    sent = statements_of(client, address)
    assert len(sent) <= 22, "\n\n".join(sent)
