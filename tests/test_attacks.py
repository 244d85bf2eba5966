"""What somebody tries who knows the site well: no door opens, no answer tells of what is hidden, nobody learns who keeps away."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from commons.db import db, transaction
from commons.entries.actions import take_away
from commons.entries.followers import catch_up
from commons.entries.models import Ask, Change, Entry
from commons.feed.actions import keep, make_feed_key, react, watch
from commons.forums.actions import add_post, forum_of, organising, remove_post
from commons.forums.models import Post, Topic
from commons.groups.actions import apply, invite_by_mail, remove_member, revoke, withdraw
from commons.groups.actions.seats import ask_again
from commons.members.actions import make_token
from commons.members.models import Member, Outgoing, Seat
from commons.people.actions import ask_affiliation, ask_contact, confirm_affiliation, edit_profile, own_profile
from commons.room import rooms
from commons.talks.actions import begin, block
from commons.web import Invalid
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers as forums
from tests.commons.groups import makers as groups
from tests.readable import without_tokens


@pytest.fixture(autouse=True)
def known(app: Flask, cast: Cast) -> None:
    forums.old_hands()


def as_(app: Flask, who: Member) -> FlaskClient:
    return sign_in(app.test_client(), who)


def again(entry: Any) -> Any:
    """The same row, after others ended the session it came from."""
    return db.session.get_one(type(entry), inspect(entry).identity[0])


def answered(page: FlaskClient, address: str) -> dict[str, Any]:
    found: dict[str, Any] = page.get(address).json or {}
    return found


def shown(page: FlaskClient, address: str) -> str:
    """The page without the tokens of its forms, which differ each second."""
    return without_tokens(page.get(address, follow_redirects=True).text)


def test_whoever_asked_to_talk_sees_the_same_list_when_it_was_declined(app: Flask, cast: Cast) -> None:
    talk = begin({"text": "May I ask you something?"}, [cast.chi], actor=cast.ana)
    page = as_(app, cast.ana)
    before = shown(page, "/messages"), shown(page, f"/topics/{talk.id}")
    block(cast.ana, actor=cast.chi)
    after = shown(page, "/messages"), shown(page, f"/topics/{talk.id}")
    assert before[0] == after[0]
    assert before[1] == after[1]


def test_words_of_somebody_who_blocked_me_are_shown_as_before(app: Flask, cast: Cast) -> None:
    topic = forums.topic(actor=cast.ana)
    add_post(topic, "Dig by hand.", actor=cast.ben)
    page = as_(app, cast.chi)
    address = forums.address_of(topic)
    before = shown(page, address)
    block(cast.chi, actor=cast.ben)
    assert shown(page, address) == before


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
    lines = answered(app.test_client(), f"/api/v1/changes?after={last}")
    assert [one for one in lines["items"] if one["id"] == mine.id] == [], lines


def test_applying_to_a_group_stands_in_no_copy_of_the_log(app: Flask, cast: Cast) -> None:
    group = groups.group("Repair", joining="apply", founder=cast.ana)
    last = db.session.scalar(select(Change.seq).order_by(Change.seq.desc()).limit(1))
    apply(group, [], actor=cast.chi)
    lines = answered(app.test_client(), f"/api/v1/changes?after={last}")
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
    slug = db.session.get_one(Entry, two.within_id).slug
    for address in (
        f"/topics/{one.id}",
        f"/topics/{one.id}-merged/history",
        f"/e/{one.id}",
        f"/forums/{slug}",
        "/changes",
    ):
        assert mo.get(address, follow_redirects=True).status_code < 500, address
    db.session.expire_all()
    assert db.session.get_one(Entry, one.id).state == "deleted"


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
    moved = again(moved)
    assert any(hop and hop.endswith(f"#post-{moved.number}") for hop in hops), (hops, moved.number, said)


def test_contact_with_an_organisation_tells_not_of_a_block(app: Flask, cast: Cast) -> None:
    ours = make.organisation("Wells for all", actor=cast.chi)
    with transaction():
        db.session.add(Seat(member_id=cast.ben.id, audience=f"organisation:{ours.id}", role="representative"))
    page = as_(app, cast.chi)
    before = shown(page, f"/organisations/{ours.slug}/contact")
    block(cast.chi, actor=cast.ben)
    assert shown(page, f"/organisations/{ours.slug}/contact") == before
    assert page.post(f"/organisations/{ours.slug}/contact", data={"text": "Hello there"}).status_code == 303


def test_watching_shows_nothing_of_private_acts(app: Flask, cast: Cast) -> None:
    ours = make.organisation("Wells for all", actor=cast.chi)
    mine = edit_profile({}, {}, audience="public", actor=cast.ben, open_to_follow=True)
    watch(mine, actor=cast.chi)
    page = as_(app, cast.chi)
    before = shown(page, "/watching")
    asked = ask_affiliation(
        ours, role="Driller", since="", represents=True, proof="Ring them, they know me well.", actor=cast.ben
    )
    confirm_affiliation(asked, actor=cast.mo)
    assert shown(page, "/watching") == before


def test_a_member_who_hides_is_no_name_that_an_applicant_can_try(app: Flask, cast: Cast) -> None:
    group = groups.group("Repair", joining="referral", founder=cast.ana)
    edit_profile({}, {}, audience="own", actor=cast.ben)
    page = as_(app, cast.chi)
    hidden = page.post(f"/groups/{group.slug}/apply", data={"referred_by": "ben"})
    missing = page.post(f"/groups/{group.slug}/apply", data={"referred_by": "nobodyhere"})
    assert hidden.status_code == missing.status_code == 422
    assert (
        hidden.text.replace("ben", "").split("<main")[1].split("csrf")[0]
        == missing.text.replace("nobodyhere", "").split("<main")[1].split("csrf")[0]
    )


def test_whose_seat_ended_finds_nothing_of_the_group_anywhere(app: Flask, cast: Cast) -> None:
    group = groups.group("Canarygroup", "private", founder=cast.ana, members=(cast.chi,))
    forum = forum_of(group, cast.ana)
    topic = forums.topic("Canarytopic", "canaryfirst", actor=cast.ana, within=forum)
    mine = add_post(topic, "canaryown question", actor=cast.chi)
    add_post(topic, "canarypost @chi", actor=cast.ana, reply_to=mine)
    keep(topic, actor=cast.chi)
    watch(group, actor=cast.chi)
    key = make_feed_key("reader", actor=cast.chi)
    page = as_(app, cast.chi)
    page.post("/drafts", data={"key": f"topic-{topic.id}-reply", "text": "words of my own"})
    catch_up()
    with transaction():
        db.session.add(
            Outgoing(
                recipient="chi@example.org",
                member_id=cast.chi.id,
                letter="digest",
                about={"place": group.id, "after": 0, "upto": 10**6},
                key="d",
            )
        )
    waiting = db.session.scalars(select(Outgoing)).all()
    assert "anarytopic" in page.get("/notices").text
    assert [row for row in waiting if row.letter == "ask" and rooms().letters()["ask"](row)]
    remove_member(again(group), cast.chi, "a reason", actor=cast.ana)
    db.session.expire_all()
    topic, mine = again(topic), again(mine)
    for row in db.session.scalars(select(Outgoing).where(Outgoing.letter.in_(("ask", "digest")))).all():
        assert rooms().letters()[row.letter](row) is None, row.about
    for address in (
        "/notices", "/feed", "/kept", "/kept?q=canarytopic", "/watching", "/drafts", "/messages", "/settings/mails", f"/feed/{key}.atom",
        f"/e/{topic.id}", f"/e/{mine.id}", f"/posts/{mine.id}", f"/topics/{topic.id}", f"/topics/{topic.id}.atom", "/search?q=canarypost",
        "/search/complete?q=canary", "/topics/similar?title=canarytopic", "/members/ana", "/members/chi", "/settings/contributions", "/changes",
        f"/posts/{mine.id}/history", "/reports", "/tags", "/groups?mine=1", "/share", "/topics/new", "/settings/feeds",
    ):  # fmt: skip
        answer = page.get(address, follow_redirects=True)
        assert answer.status_code < 500
        for word in ("Canarygroup", "Canarytopic", "canaryfirst", "canaryown"):  # what was asked stands on a page again
            assert word not in answer.text, (address, word)
    for address, data in (
        (f"/posts/{mine.id}/edit", {"text": "changed", "version": "1"}), (f"/posts/{mine.id}/remove", {"note": "x"}),
        (f"/topics/{topic.id}/reply", {"text": "again"}), (f"/reactions/{mine.id}", {"what": "like"}), (f"/report/{mine.id}", {"reason": "wrong"}),
        (f"/posts/{mine.id}/restore/1", {}), (f"/topics/{topic.id}/seen", {}), ("/notices/mute", {"thread": str(topic.id)}),
    ):  # fmt: skip
        assert page.post(address, data=data).status_code == 404, address


def test_what_is_moved_to_a_closed_group_is_told_to_nobody_outside(app: Flask, cast: Cast) -> None:
    group = groups.group("Closed", "private", founder=cast.mo)
    there, topic = forum_of(group, cast.mo), forums.topic("Canarytopic", "canaryfirst #canarytag", actor=cast.ana)
    add_post(topic, "canarypost @chi", actor=cast.ben)
    keep(topic, actor=cast.chi)
    watch(topic, actor=cast.chi)
    catch_up()
    topic = again(topic)
    organising.move(topic, again(there), actor=cast.mo, note="private matters", confirmed=True)
    page, last = as_(app, cast.chi), 0
    for address in ("/notices", "/feed", "/kept", "/watching", "/search?q=canaryfirst", "/tags/canarytag", "/tags", f"/e/{topic.id}", "/changes",
                    "/members/ana", "/topics/similar?title=Canarytopic", "/forums", "/forums.atom", "/api/v1/search?q=canaryfirst"):  # fmt: skip
        told = page.get(address, follow_redirects=True).text
        assert "Canarytopic" not in told.replace("title=Canarytopic", "") and "canarypost" not in told, address
    lines = [one for one in answered(page, f"/api/v1/changes?after={last}&limit=500")["items"] if one["id"] == topic.id]
    assert [one["state"] for one in lines] == ["hidden"]
    assert lines[0]["url"] is None


def test_next_leads_nowhere_else(app: Flask, cast: Cast) -> None:
    page = as_(app, cast.ana)
    topic = forums.topic(actor=cast.chi)
    for away in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ):
        for address, data in (
            (f"/reactions/{topic.id}", {"what": "like"}),
            (f"/topics/{topic.id}/watch", {}),
            ("/feed/beyond", {}),
            ("/drafts/drop", {"key": "x"}),
            ("/welcome/skip", {}),
            ("/settings/blocks", {"username": "ben"}),
            (f"/kept/{topic.id}/drop", {}),
        ):
            headers = {"Accept": "text/html", "Referer": away}
            where = page.post(address, data={**data, "next": away}, headers=headers).headers["Location"]
            assert where.startswith("/") and not where.startswith(("//", "/\\")) and "evil" not in where, (
                address,
                away,
                where,
            )


def test_a_program_cannot_write_what_a_page_would_not_take(app: Flask, cast: Cast) -> None:
    group = groups.group("Closed", "private", founder=cast.ana)
    hidden = forums.topic("Hidden", actor=cast.ana, within=forum_of(group, cast.ana))
    first = db.session.scalars(select(Post).where(Post.topic_id == hidden.id)).one()
    forum, topic = forums.forum(), forums.topic(actor=cast.chi)
    other = forums.topic(actor=cast.ben)
    strange = db.session.scalars(select(Post).where(Post.topic_id == other.id)).one()
    own = db.session.scalars(select(Post).where(Post.topic_id == topic.id)).one()
    headers = {"Authorization": f"Bearer {make_token(cast.chi, 'x', ['read', 'write'])}"}
    client = app.test_client()

    def ask(method: str, address: str, **body: Any) -> int:
        return client.open(
            f"/api/v1{address}", method=method, json=body, headers={**headers, "If-Match": '"1"'}
        ).status_code

    begun = {"title": "T", "text": "words", "forum": forum.id}
    for more in (
        {"audience": "members"},
        {"author": 1},
        {"state": "live"},
        {"within": group.id},
        {"sort": "talk"},
        {"sort": "share"},
        {"answer_id": own.id},
        {"voice": 1},
        {"closed": False},
        {"pinned": True},
        {"choices": ["a", "b"]},
    ):
        assert ask("POST", "/topics", **begun, **more) in (400, 422), more
        assert ask("PATCH", f"/topics/{topic.id}", version=1, **more) in (400, 422), more
    assert ask("POST", "/topics", **begun | {"forum": hidden.within_id}) == 404
    assert ask("POST", "/topics", **begun | {"forum": group.id}) in (404,)
    assert ask("POST", "/topics", **begun | {"forum": 10**30}) in (400, 422)
    assert ask("POST", "/topics", **begun | {"forum": topic.id}) == 403
    assert ask("POST", "/topics", **begun, about=hidden.id) in (404, 422)
    assert ask("POST", "/posts", topic=hidden.id, text="x") == 404
    assert ask("POST", "/posts", topic=topic.id, text="x", reply_to=strange.id) == 422
    assert ask("POST", "/posts", topic=topic.id, text="x", reply_to=first.id) == 422
    assert ask("POST", "/posts", topic=topic.id, text="x", topic_id=other.id) in (400, 422)
    for path in (f"/topics/{hidden.id}", f"/posts/{first.id}", f"/groups/{group.id}", f"/forums/{hidden.within_id}"):
        assert ask("PATCH", path, version=1, title="mine", text="mine") == 404, path
        assert ask("DELETE", path, note="x") == 404, path
    assert ask("PATCH", f"/posts/{strange.id}", version=1, text="mine") == 403
    assert ask("DELETE", f"/posts/{strange.id}", note="x") == 403
    assert ask("DELETE", f"/members/{own_profile(cast.ben).id}", note="x") == 403
    assert ask("PATCH", f"/groups/{group.id}", version=1, visibility="public") == 404


def test_a_removed_answer_asks_nobody_any_more(app: Flask, cast: Cast) -> None:
    topic = forums.topic(actor=cast.ana)
    answer = add_post(topic, "canarywords @chi", actor=cast.ben)
    catch_up()
    topic, answer = again(topic), again(answer)
    remove_post(answer, actor=cast.mo, note="not here")
    for row in db.session.scalars(select(Outgoing).where(Outgoing.letter == "ask")).all():
        assert rooms().letters()["ask"](row) is None
    page = as_(app, cast.chi)
    for address in ("/notices", "/search?q=canarywords", "/feed", f"/topics/{topic.id}?quote={answer.id}"):
        assert "canarywords @" not in page.get(address, follow_redirects=True).text
    assert "moved" not in page.get("/notices").text


def test_what_stands_in_a_removed_group_takes_no_more_words(app: Flask, cast: Cast) -> None:
    group = groups.group("Gone", "public", founder=cast.ana, members=(cast.chi,))
    topic = forums.topic(actor=cast.ana, within=forum_of(group, cast.ana))
    take_away(group, actor=cast.ana, note="advertising")
    page = as_(app, cast.chi)
    answer = page.post(f"/topics/{topic.id}/reply", data={"text": "still here"})
    assert answer.status_code in (410, 422) and "still here" in answer.text
    assert page.post("/share", data={"on": str(group.id), "text": "still here"}).status_code in (403, 404, 410)
    for address in (
        "/feed",
        "/groups?mine=1",
        "/share",
        "/watching",
        "/messages/new?to=ana",
        f"/topics/{topic.id}",
        "/topics/new",
        "/members/chi",
    ):
        assert page.get(address, follow_redirects=True).status_code < 500


def test_two_who_ask_are_one_talk_and_two_buttons_one_seat(app: Flask, cast: Cast) -> None:
    page = as_(app, cast.chi)
    group = groups.group("Twice", founder=cast.ana)
    for _ in range(2):
        assert page.post(f"/groups/{group.slug}/join").status_code == 303
        assert page.post("/messages/new", data={"to": "ana", "text": "Hello Ana"}).status_code == 303
        assert page.post("/share", data={"on": "mine", "text": "Once"}).status_code == 303
    assert db.session.query(Topic).filter(Topic.sort == "talk").count() == 1
    assert db.session.query(Topic).filter(Topic.sort == "share").count() == 1
    assert [seat.audience for seat in cast.chi.seats].count(group.door) == 1


def test_a_newcomer_adds_no_links_afterwards(app: Flask, cast: Cast) -> None:
    fresh = groups.person("fresh")
    post = add_post(forums.topic(actor=cast.ana), "A few words.", actor=fresh)
    with transaction():
        fresh.trusted = None
    page = as_(app, fresh)
    for text in ("https://a.example " * 5, "@ana @ben @chi"):
        assert page.post(f"/posts/{post.id}/edit", data={"text": text, "version": "1"}).status_code == 422
    assert again(post).text == "A few words."


def test_invitations_and_applications_that_are_taken_back_are_counted_too(app: Flask, cast: Cast) -> None:
    group = groups.group("Repair", joining="apply", founder=cast.ana)
    for number in range(20):
        revoke(invite_by_mail(group, "somebody@example.org", str(number), actor=cast.ana), actor=cast.ana)
    with pytest.raises(Invalid):
        invite_by_mail(group, "somebody@example.org", "", actor=cast.ana)
    for _ in range(3):
        withdraw(apply(group, [], actor=cast.chi), actor=cast.chi)
    with pytest.raises(Invalid):
        apply(group, [], actor=cast.chi)
