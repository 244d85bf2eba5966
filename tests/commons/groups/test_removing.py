"""Who may take a whole group away, and what goes and comes back with it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.entries.actions import put_back, take_away
from commons.entries.followers import catch_up
from commons.entries.within import place_in
from commons.forums.actions import add_post, add_topic, forum_of, remove_topic
from commons.forums.models import Post, Topic
from commons.groups.actions import may_remove
from commons.groups.letters import letters
from commons.groups.models import Group
from commons.members.models import Outgoing
from commons.moderation.actions import report
from commons.web import Forbidden, Invalid
from tests.cast import Cast, sign_in
from tests.commons.forums import makers as said
from tests.commons.groups import makers


@pytest.fixture
def group(app: Flask, cast: Cast) -> Group:
    """Ana leads it, Ben and the moderator sit in it; it holds a topic with an answer."""
    said.old_hands()
    made = makers.group("Well diggers", "private", founder=cast.ana, members=(cast.ben, cast.mo))
    topic = said.topic("Pumps", "canaryfirst", within=forum_of(made, cast.ana))
    add_post(topic, "canarysecond", actor=cast.ben)
    return made


def topic_in(group: Group) -> Topic:
    return db.session.scalars(select(Topic).where(Topic.title == "Pumps", Topic.audience == group.inner_audience)).one()


def told() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Outgoing).where(Outgoing.letter == "group removed").order_by(Outgoing.id))
    found = [letters["group removed"](row) for row in rows]
    return [(one.to, one.text) for one in found if one is not None]


def test_a_moderator_who_is_a_plain_member_removes_a_group_only_after_a_report(cast: Cast, group: Group) -> None:
    for actor in (cast.ben, cast.mo):
        with pytest.raises(Forbidden):
            take_away(group, actor=actor, note="I do not like it")
    report(group, "spam", "by myself", actor=cast.mo)
    assert not may_remove(cast.mo, group), "their own report is not enough"
    report(group, "danger", "look at this", actor=cast.ben)
    assert may_remove(cast.mo, group) and not may_remove(cast.ben, group)
    with pytest.raises(Invalid):
        take_away(group, actor=cast.mo, note=" ")
    take_away(group, actor=cast.mo, note="It sells what is not there")
    ((to, text),) = told()
    assert to == "ana@example.org" and "It sells what is not there" in text and "Well diggers" in text


def test_a_group_in_which_nobody_but_its_founder_is_can_be_removed_by_a_moderator(cast: Cast) -> None:
    said.old_hands()
    alone = makers.group("Alone", founder=cast.ana)
    assert may_remove(cast.mo, alone)
    makers.sit(alone, cast.ben)
    assert not may_remove(cast.mo, alone)


def test_nothing_of_a_removed_group_stays_readable_and_all_of_it_comes_back(app: Flask, cast: Cast, group: Group) -> None:  # fmt: skip
    ben, topic = sign_in(app.test_client(), cast.ben), topic_in(group)
    before = add_topic(
        {"title": "Gone before", "text": "x", "language": ""},
        place=place_in(topic.within_id or 0, "topic", cast.ana),
        actor=cast.ana,
    )
    remove_topic(before, actor=cast.ana, note="Old")
    first = db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()
    pages = [f"/groups/{group.slug}", f"/topics/{topic.id}", f"/posts/{first.id}", f"/e/{topic.id}"]
    pages += [f"/topics/{topic.id}/history", f"/posts/{first.id}/history", f"/api/v1/posts/{first.id}"]
    take_away(group, actor=cast.ana, note="We have finished")
    catch_up()
    for page in pages:
        answer = ben.get(page, follow_redirects=True)
        assert answer.status_code in (404, 410) and "canaryfirst" not in answer.text, page
    assert "Pumps" not in ben.get("/search?q=canaryfirst").text
    assert "Pumps" not in ben.get("/feed").text
    topic = db.session.get_one(Topic, topic.id)
    with pytest.raises(Forbidden):
        put_back(topic, actor=cast.mo, note="Alone")
    put_back(db.session.get_one(Group, group.id), actor=cast.mo, note="By mistake")
    catch_up()
    assert ben.get(f"/topics/{topic.id}", follow_redirects=True).text.count("canaryfirst") >= 1
    assert "Pumps" in ben.get("/search?q=canaryfirst").text
    assert db.session.get_one(Topic, before.id).state == "deleted", "what was removed before stays so"


def test_its_admins_remove_it_on_the_settings_page(app: Flask, cast: Cast, group: Group) -> None:
    ana, ben = sign_in(app.test_client(), cast.ana), sign_in(app.test_client(), cast.ben)
    page = f"/groups/{group.slug}/remove"
    assert "Remove the group" in ana.get(f"/groups/{group.slug}/settings").text
    assert ben.post(page, data={"note": "x"}).status_code == 403
    assert ana.post(page, data={"note": ""}).status_code == 303 and ana.get(f"/groups/{group.slug}").status_code == 200
    assert ana.post(page, data={"note": "We have finished"}).status_code == 303
    assert ana.get(f"/groups/{group.slug}").status_code == 410
    assert sign_in(app.test_client(), cast.chi).get(f"/groups/{group.slug}").status_code == 404


def test_who_runs_the_site_brings_a_group_back(app: Flask, cast: Cast, group: Group) -> None:
    take_away(group, actor=cast.ana, note="We have finished")
    id = group.id
    done = app.test_cli_runner().invoke(args=["groups", "bring-back", str(id), "--reason", "By mistake"])
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    assert group.is_live and topic_in(group).is_live


def test_other_visitors_learn_nothing(client: FlaskClient, cast: Cast, group: Group) -> None:
    assert client.post(f"/groups/{group.slug}/remove", data={"note": "x"}).status_code == 303
    assert sign_in(client, cast.chi).post(f"/groups/{group.slug}/remove", data={"note": "x"}).status_code == 404
