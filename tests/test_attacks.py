"""What somebody tries who knows the site well: no door opens, no answer tells of what is hidden, nobody learns who keeps away."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import take_away
from commons.entries.models import Ask, Change, Entry
from commons.feed.actions import react, watch
from commons.forums.actions import add_post, forum_of, organising
from commons.groups.actions import apply
from commons.groups.actions.seats import ask_again
from commons.members.models import Member
from commons.people.actions import ask_affiliation, ask_contact, confirm_affiliation, edit_profile
from commons.talks.actions import begin, block
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers as forums
from tests.commons.groups import makers as groups


@pytest.fixture(autouse=True)
def known(app: Flask, cast: Cast) -> None:
    forums.old_hands()


def as_(app: Flask, who: Member) -> FlaskClient:
    return sign_in(app.test_client(), who)


def test_whoever_asked_to_talk_sees_the_same_list_when_it_was_declined(app: Flask, cast: Cast) -> None:
    talk = begin({"text": "May I ask you something?"}, [cast.chi], actor=cast.ana)
    page = as_(app, cast.ana)
    before = page.get("/messages").text, page.get(f"/topics/{talk.id}", follow_redirects=True).text
    block(cast.ana, actor=cast.chi)
    after = page.get("/messages").text, page.get(f"/topics/{talk.id}", follow_redirects=True).text
    assert before[0] == after[0]
    assert before[1] == after[1]


def test_words_of_somebody_who_blocked_me_are_shown_as_before(app: Flask, cast: Cast) -> None:
    topic = forums.topic(actor=cast.ana)
    add_post(topic, "Dig by hand.", actor=cast.ben)
    page = as_(app, cast.chi)
    address = forums.address_of(topic)
    before = page.get(address).text
    block(cast.chi, actor=cast.ben)
    assert page.get(address).text == before


def test_talk_tells_not_of_a_block(app: Flask, cast: Cast) -> None:
    talk = begin({"text": "Hello you."}, [cast.ben], actor=cast.ana)
    add_post(talk, "Hello.", actor=cast.ben)
    page = as_(app, cast.ana)
    block(cast.ana, actor=cast.ben)
    print(page.post(f"/topics/{talk.id}/reply", data={"text": "Are you there?"}).status_code)


@pytest.mark.parametrize("why", ["referral", "appointed", "idle", "widening", "application", "accepted"])
def test_notices_show_every_ask_of_groups(app: Flask, cast: Cast, why: str) -> None:
    group = groups.group("Wells", founder=cast.ana, members=(cast.ben,))
    with transaction():
        ask_again(group, [cast.ben.id], why)
    assert as_(app, cast.ben).get("/notices").status_code == 200


def test_an_answer_to_a_post_of_another_topic_asks_nobody(app: Flask, cast: Cast) -> None:
    one, other = forums.topic(actor=cast.ana), forums.topic(actor=cast.chi)
    far = add_post(other, "Far away.", actor=cast.ben)
    add_post(one, "Look here.", actor=cast.chi, reply_to=far)
    assert db.session.scalars(select(Ask.member_id).where(Ask.why == "reply")).all() == []


def test_a_private_act_is_no_news_of_a_profile(app: Flask, cast: Cast) -> None:
    mine = edit_profile({}, {}, audience="public", actor=cast.ana)
    before = mine.stirred
    last = db.session.scalar(select(Change.seq).order_by(Change.seq.desc()).limit(1))
    ask_contact(cast.chi, "", actor=cast.ana)
    db.session.refresh(mine)
    assert mine.stirred == before
    lines = app.test_client().get(f"/api/v1/changes?after={last}").json
    assert [one for one in lines["items"] if one["id"] == mine.id] == [], lines


def test_applying_to_a_group_stands_in_no_copy_of_the_log(app: Flask, cast: Cast) -> None:
    group = groups.group("Repair", joining="apply", founder=cast.ana)
    last = db.session.scalar(select(Change.seq).order_by(Change.seq.desc()).limit(1))
    apply(group, [], actor=cast.chi)
    lines = app.test_client().get(f"/api/v1/changes?after={last}").json
    assert lines["items"] == []


def test_visitors_are_not_told_who_recommends(app: Flask, cast: Cast, client: FlaskClient) -> None:
    page = make.page("Wells", "Deep.", actor=cast.chi)
    edit_profile({}, {}, audience="own", actor=cast.ben)
    react(page, "recommend", actor=cast.ben)
    react(page, "interested", actor=cast.ben)
    for address in ("/changes", "/changes.atom", "/wiki/wells/history.atom"):
        assert "Ben" not in client.get(address).text, address


def test_a_removed_profile_is_gone(app: Flask, cast: Cast, client: FlaskClient) -> None:
    mine = edit_profile({"about": "Buy my pills"}, {"about": "public"}, audience="public", actor=cast.chi)
    assert "pills" in client.get("/members/chi").text
    take_away(mine, actor=cast.mo, note="advertising")
    assert client.get("/members/chi").status_code == 410
    assert "0 people" in client.get("/members?q=pills").text
    own = as_(app, cast.chi)
    for address in ("/settings/profile", "/members/chi", "/settings/privacy", "/welcome", "/feed", "/share"):
        assert own.get(address).status_code < 500
    assert own.post("/share", data={"text": "again", "on": "mine"}).status_code < 500
    assert own.post("/settings/privacy/hide").status_code < 500
    assert own.post("/settings/privacy/undo").status_code < 500


def test_taking_somebody_out_names_no_group_that_the_admin_does_not_see(app: Flask, cast: Cast) -> None:
    group = groups.group("Above", "private", founder=cast.ana)
    groups.sit(group, cast.ben, "admin")
    groups.sit(group, cast.chi)
    hidden = groups.group("Canaryhidden", "private", founder=cast.ben, within=group)
    groups.sit(hidden, cast.chi)
    page = as_(app, cast.ana)
    told = page.post(f"/groups/{group.slug}/members/ben/remove", data={"reason": "why not"}).text
    assert "Canaryhidden" not in told


def test_a_draft_with_odd_values_opens(app: Flask, cast: Cast) -> None:
    forum = forums.forum()
    page = as_(app, cast.ana)
    key = f"forum-{forum.id}-topic"
    page.post("/drafts", data={"key": key, "focus": ["abc", "9" * 400], "sort": "x", "voice": "zz", "text": "t"})
    assert page.get(f"/forums/{forum.slug}/new?draft=1").status_code == 200


def test_drafts_name_nothing_hidden(app: Flask, cast: Cast) -> None:
    group = groups.group("Canarygroup", "private", founder=cast.ana)
    forum = forum_of(group, cast.ana)
    topic = forums.topic("Canarytopic", actor=cast.ana, within=forum)
    page = as_(app, cast.chi)
    for key in (f"topic-{topic.id}-reply", f"forum-{forum.id}-topic", f"group-{group.id}-0", f"page-{group.id}-0"):
        page.post("/drafts", data={"key": key, "text": "x"})
    told = page.get("/drafts").text
    assert "anarygroup" not in told and "anarytopic" not in told


def test_a_merged_topic_is_not_brought_back_empty(app: Flask, cast: Cast) -> None:
    one, two = forums.topic(actor=cast.ana), forums.topic(actor=cast.ana)
    add_post(one, "An answer.", actor=cast.ben)
    organising.merge(one, two, actor=cast.mo, note="the same")
    mo = as_(app, cast.mo)
    told = mo.post(f"/topics/{one.id}-merged/bring-back", data={"note": "oops"})
    print(told.status_code)
    for address in (
        f"/topics/{one.id}",
        f"/topics/{one.id}-merged/history",
        f"/e/{one.id}",
        f"/forums/{db.session.get(Entry, two.within_id).slug}",
        "/changes",
    ):
        assert mo.get(address, follow_redirects=True).status_code < 500, address
    db.session.expire_all()
    assert db.session.get(Entry, one.id).state == "deleted"


def test_numbers_of_a_merged_topic_lead_to_their_posts(app: Flask, cast: Cast, client: FlaskClient) -> None:
    one, two = forums.topic(actor=cast.ana), forums.topic(actor=cast.ana)
    said = [add_post(two, f"Words {n}.", actor=cast.ben) for n in range(3)]
    moved = add_post(one, "An answer.", actor=cast.chi)
    old = moved.number
    organising.merge(one, two, actor=cast.mo, note="the same")
    db.session.expire_all()
    found = client.get(f"/topics/{one.id}/posts/{old}", follow_redirects=False)
    hops = [found.location]
    while found.status_code in (301, 302) and len(hops) < 5:
        found = client.get(found.location)
        hops.append(found.location)
    moved = db.session.get(type(moved), moved.id)
    assert any(hop and hop.endswith(f"#post-{moved.number}") for hop in hops), (hops, moved.number, said)


def test_contact_with_an_organisation_tells_not_of_a_block(app: Flask, cast: Cast) -> None:
    ours = make.organisation("Wells for all", actor=cast.chi)
    groups.sit  # noqa: B018
    with transaction():
        from commons.members.models import Seat

        db.session.add(Seat(member_id=cast.ben.id, audience=f"organisation:{ours.id}", role="representative"))
    page = as_(app, cast.chi)
    before = page.get(f"/organisations/{ours.slug}/contact").text
    block(cast.chi, actor=cast.ben)
    assert page.get(f"/organisations/{ours.slug}/contact").text == before
    assert page.post(f"/organisations/{ours.slug}/contact", data={"text": "Hello there"}).status_code == 303


def test_watching_shows_nothing_of_private_acts(app: Flask, cast: Cast) -> None:
    ours = make.organisation("Wells for all", actor=cast.chi)
    mine = edit_profile({}, {}, audience="public", actor=cast.ben, open_to_follow=True)
    watch(mine, actor=cast.chi)
    page = as_(app, cast.chi)
    before = page.get("/watching").text
    asked = ask_affiliation(
        ours, role="Driller", since="", represents=True, proof="Ring them, they know me well.", actor=cast.ben
    )
    confirm_affiliation(asked, actor=cast.mo)
    assert page.get("/watching").text == before
