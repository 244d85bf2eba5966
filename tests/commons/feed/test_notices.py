"""Notices: what asks for me on top, then one line for each thread that moved since I read it; a query, as I may see it now."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient

from commons.db import db
from commons.entries.actions import remove_entry
from commons.feed.actions import mark_all_seen, mark_seen, watch
from commons.feed.documents import notices_of
from commons.feed.models import Seen, Watch, Wishes
from commons.feed.queries import bell, notices
from commons.forums.actions import accept_answer, add_post
from commons.members.models import Member
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.feed import makers
from tests.commons.feed.makers import block, changed, last_line, leave
from tests.commons.forums.makers import old_hands, topic
from tests.test_query_counts import asked


def shown(member: Member) -> dict[str, Any]:
    with current_app.test_request_context():
        return notices_of(member)


def asks(member: Member) -> list[str]:
    return [row["sentence"] for row in shown(member)["asks"]]


def moved(member: Member) -> list[str]:
    return [row["title"] for _day, rows in shown(member)["days"] for row in rows]


def test_what_moved_since_i_began_to_watch_is_told_once(app: Flask, cast: Cast) -> None:
    wells = make.organisation("Wells")
    watch(wells, actor=cast.ben)
    assert moved(cast.ben) == [] and bell(cast.ben) == 0
    for _number in range(3):
        changed(wells, cast.chi, f"moved {_number}")
    changed(wells, cast.ben, "by myself")
    (row,) = shown(cast.ben)["days"][0][1]
    assert row["happened"] == "3 edits by Chi" and row["reason"] == "because you watch it"
    assert bell(cast.ben) == 1


def test_reading_the_thread_marks_its_notice(app: Flask, cast: Cast) -> None:
    wells = make.organisation("Wells")
    watch(wells, actor=cast.ben)
    changed(wells, cast.chi, "moved")
    mark_seen(wells, actor=cast.ben)
    assert moved(cast.ben) == [] and bell(cast.ben) == 0
    changed(wells, cast.chi, "again")
    assert moved(cast.ben) == ["Wells"] and shown(cast.ben)["days"][0][1][0]["happened"] == "1 edit by Chi"


def test_what_only_the_feed_lists_is_no_notice(app: Flask, cast: Cast) -> None:
    wells, place = make.organisation("Wells"), makers.forum("Talk", actor=cast.mo)
    watch(wells, actor=cast.ben, how="feed")
    watch(place, actor=cast.ben)
    changed(wells, cast.chi, "moved")
    makers.topic("Lamps", actor=cast.ana, within=place)
    assert moved(cast.ben) == [] and bell(cast.ben) == 0
    watch(place, actor=cast.ben, how="notices")
    assert moved(cast.ben) == ["Lamps"] and bell(cast.ben) == 1
    assert shown(cast.ben)["days"][0][1][0]["reason"] == "because you follow Talk"


def test_a_mention_stands_on_top_and_its_thread_is_not_repeated(app: Flask, cast: Cast) -> None:
    topic = makers.topic("Lamps", actor=cast.ana, within=makers.forum("Talk", actor=cast.mo))
    watch(topic, actor=cast.ben)
    makers.post(topic, "What does @ben think?", actor=cast.chi)
    assert asks(cast.ben) == ["Chi mentioned you in “Lamps”"]
    assert moved(cast.ben) == [] and bell(cast.ben) == 1
    mark_seen(topic, actor=cast.ben)
    assert asks(cast.ben) == [] and bell(cast.ben) == 0
    assert [row["sentence"] for row in shown(cast.ben)["earlier"]] == ["Chi mentioned you in “Lamps”"]


def test_many_asks_of_one_thread_and_reason_are_one_line(app: Flask, cast: Cast) -> None:
    topic = makers.topic("Lamps", actor=cast.ana, within=makers.forum("Talk", actor=cast.mo))
    for _number in range(3):
        makers.post(topic, "And @ben?", actor=cast.chi)
    (row,) = shown(cast.ben)["asks"]
    assert row["more"] == 2 and bell(cast.ben) == 1


def test_everything_is_read_up_to_what_the_page_showed(app: Flask, cast: Cast) -> None:
    wells, page = make.organisation("Wells"), make.page("Pumps")
    for one in (wells, page):
        watch(one, actor=cast.ben)
    changed(wells, cast.chi, "moved")
    make.page("For Ben", "Hello @ben", actor=cast.chi)
    upto = last_line().seq
    changed(wells, cast.ana, "meanwhile")
    mark_all_seen(upto, actor=cast.ben)
    assert asks(cast.ben) == [] and moved(cast.ben) == ["Wells"]
    mark_all_seen(10**6, actor=cast.ben)
    assert moved(cast.ben) == []
    changed(wells, cast.ana, "later")
    assert moved(cast.ben) == ["Wells"], "a number beyond the log does not hide what comes later"
    assert db.session.get_one(Wishes, cast.ben.id).read_to <= last_line().seq


def test_a_muted_thread_says_nothing_not_even_a_mention(app: Flask, cast: Cast) -> None:
    topic = makers.topic("Lamps", actor=cast.ana, within=makers.forum("Talk", actor=cast.mo))
    watch(topic, actor=cast.ben, how="muted")
    makers.post(topic, "And @ben?", actor=cast.chi)
    assert asks(cast.ben) == [] and moved(cast.ben) == [] and bell(cast.ben) == 0


def test_notices_hold_what_is_visible_now(app: Flask, cast: Cast) -> None:
    village = makers.group("Village", cast.ben, actor=cast.ana, private=True)
    topic = makers.topic("Lamps", actor=cast.ana, within=village, sort="share")
    said = make.page("Pumps")
    for one in (topic, said):
        watch(one, actor=cast.ben)
    makers.post(topic, "What says @ben?", actor=cast.ana)
    changed_page = make.page("For Ben", "Hello @ben", actor=cast.chi)
    assert len(asks(cast.ben)) == 2
    remove_entry(changed_page, actor=cast.mo, note="spam")
    assert asks(cast.ben) == ["Ana mentioned you in “Lamps”"]
    leave(cast.ben, village.door)
    assert asks(cast.ben) == [] and bell(cast.ben) == 0


def test_whom_i_block_later_asks_for_me_no_more(app: Flask, cast: Cast) -> None:
    make.page("For Ben", "Hello @ben", actor=cast.chi)
    assert bell(cast.ben) == 1
    block(cast.ben, cast.chi)
    assert asks(cast.ben) == [] and bell(cast.ben) == 0


def test_the_bell_stops_counting_at_its_most(app: Flask, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(notices, "MOST", 2)
    for _number in range(4):
        make.page("", "Hello @ben", actor=cast.chi)
    assert bell(cast.ben) == 2


def test_the_page_marks_mutes_and_tells(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/notices").status_code == 303
    sign_in(client, cast.ben)
    assert "Nothing new" in client.get("/notices").text
    wells, pumps = make.organisation("Wells"), make.organisation("Pumps")
    for one in (wells, pumps):
        watch(one, actor=cast.ben)
        changed(one, cast.chi, "moved")
    page = client.get("/notices").text
    assert "Wells" in page and "Pumps" in page and "1 edit by Chi" in page
    assert client.post("/notices/read", data={"thread": wells.id}).headers["Location"] == "/notices"
    client.post("/notices/mute", data={"thread": pumps.id})
    page = client.get("/notices").text
    assert "Nothing new" in page and db.session.get_one(Watch, (cast.ben.id, pumps.id)).how == "muted"
    changed(wells, cast.chi, "again")
    client.post("/notices/read", data={"upto": last_line().seq})
    assert "Nothing new" in client.get("/notices").text


def test_what_was_read_of_one_thread_does_not_count_for_another(app: Flask, cast: Cast) -> None:
    wells, pumps = make.organisation("Wells"), make.organisation("Pumps")
    for one in (wells, pumps):
        watch(one, actor=cast.ben)
    changed(pumps, cast.chi, "moved first")
    changed(wells, cast.chi, "moved then")
    mark_seen(wells, actor=cast.ben)
    changed(wells, cast.chi, "moved again")
    assert moved(cast.ben) == ["Wells", "Pumps"] and bell(cast.ben) == 2


def test_marking_what_one_may_not_see_is_a_404_and_leaves_nothing(client: FlaskClient, cast: Cast) -> None:
    secret = make.page("Xylophonia", audience="group:7")
    sign_in(client, cast.chi)
    for address in ("/notices/read", "/notices/mute"):
        assert client.post(address, data={"thread": secret.id}).status_code == 404
        assert client.post(address, data={"thread": "99999999"}).status_code == 404
    assert db.session.get(Seen, (cast.chi.id, secret.id)) is None


def test_opening_the_pages_writes_nothing(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    wells = make.organisation("Wells")
    watch(wells, actor=cast.ben)
    changed(wells, cast.chi, "moved")
    for address in ("/notices", "/feed", "/watching", "/settings/mails", "/settings/feeds"):
        sent = asked(client, address)
        assert not [one for one in sent if one.split()[0] in ("INSERT", "UPDATE", "DELETE")], address
    assert bell(cast.ben) == 1


def test_notices_cost_the_same_for_one_thread_as_for_many(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)

    def one_more() -> None:
        wells = make.organisation()
        watch(wells, actor=cast.ben)
        changed(wells, cast.chi, "moved")

    one_more()
    few = len(asked(client, "/notices"))
    for _number in range(8):
        one_more()
    assert len(asked(client, "/notices")) == few <= 12


def test_an_accepted_answer_stands_once_also_where_thanks_were_said(app: Flask, cast: Cast) -> None:
    old_hands()
    question = topic("Which pump?", sort="question", actor=cast.ana)
    answer = add_post(question, "The old one", actor=cast.ben)
    accept_answer(question, answer, actor=cast.ana)
    add_post(question, "Thank you", actor=cast.ana, reply_to=answer)
    (row,) = shown(cast.ben)["asks"]
    assert "accepted" in row["sentence"] and row["more"] == 1 and row["url"].endswith(f"/posts/{answer.id}")
