"""Reporting what harms: by anybody, decided once, answered, and never a look behind a door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.followers import catch_up
from commons.entries.models import Change, Entry
from commons.forums.actions import add_post
from commons.forums.models import Post
from commons.members.actions import make_member, make_token
from commons.members.models import Member, Outgoing
from commons.members.queries import token_owner
from commons.moderation.actions import decide, let_back, report, suspend
from commons.moderation.models import Report
from commons.moderation.reports import case_of, cases, counts, disclosed_of
from commons.room import rooms
from commons.web import Forbidden, Invalid
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.forums import makers
from wiki.models import Page


def mails(to: str) -> list[Outgoing]:
    return list(db.session.scalars(select(Outgoing).where(Outgoing.recipient == to).order_by(Outgoing.id)))


def lines() -> int:
    return db.session.scalar(select(func.count()).select_from(Change)) or 0


@pytest.fixture
def page(app: Flask) -> Page:
    return make.page("Wells", "Ring me at night.")


def member(name: str) -> Member:
    return make_member(name, f"{name}@example.org", password="four words in a row")


def test_a_visitor_reports_a_page_and_is_answered_at_the_address_they_gave(app: Flask, client: FlaskClient, cast: Cast, page: Page) -> None:  # fmt: skip
    before = lines()
    assert client.get(f"/report/{page.id}").status_code == 200
    given = {"reason": "spam", "words": "An advertisement", "email": "guest@example.net"}
    assert client.post(f"/report/{page.id}", data=given).status_code == 303
    made = db.session.scalars(select(Report)).one()
    assert (made.entry_id, made.reporter_id, made.email, made.disclosed) == (page.id, None, "guest@example.net", [])
    assert lines() == before, "no line of the log tells of a report"
    decide(case_of(page.id, cast.mo), upheld=False, answer="It is a real well.", actor=cast.mo)
    assert [("It is a real well." in mail.text, "may stay" in mail.text) for mail in mails("guest@example.net")] == [
        (True, True)
    ]
    assert db.session.scalars(select(Report)).one().email == "", "the address was for the one answer"
    assert lines() == before


def test_a_report_needs_a_reason_and_a_program_that_fills_every_field_reports_nothing(client: FlaskClient, page: Page) -> None:  # fmt: skip
    answer = client.post(f"/report/{page.id}", data={"words": "Hm"})
    assert answer.status_code == 422 and "Hm" in answer.text and "Choose one of the list." in answer.text
    wrong = client.post(f"/report/{page.id}", data={"reason": "spam", "email": "me at home"})
    assert wrong.status_code == 422 and "me at home" in wrong.text
    assert client.post(f"/report/{page.id}", data={"reason": "spam", "website": "x"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_what_somebody_may_not_see_they_cannot_report(app: Flask, client: FlaskClient, cast: Cast) -> None:
    hidden = make.page("Plans", "Ours.", audience=GROUP)
    assert client.get(f"/report/{hidden.id}").status_code == client.get("/report/999999").status_code == 404
    sign_in(client, cast.mo)
    assert client.post(f"/report/{hidden.id}", data={"reason": "spam"}).status_code == 404
    with pytest.raises(Forbidden):
        report(hidden, "spam", actor=cast.chi)


def test_a_second_report_of_the_same_member_takes_the_place_of_the_first(cast: Cast, page: Page) -> None:
    first = report(page, "spam", "One", actor=cast.chi)
    second = report(page, "harassment", "Two", actor=cast.chi)
    assert (first.id, second.reason, second.words) == (second.id, "harassment", "Two")
    decide(case_of(page.id, cast.mo), upheld=False, actor=cast.mo)
    assert report(page, "spam", "Three", actor=cast.chi).id != first.id, "what was decided stays as it was"


def test_the_queue_is_grouped_by_entry_the_worst_harm_first_then_the_oldest(app: Flask, client: FlaskClient, cast: Cast, page: Page) -> None:  # fmt: skip
    other, third = make.page("Pumps", "x"), make.page("Wind", "x")
    report(other, "spam", actor=cast.chi)
    report(page, "spam", actor=cast.chi)
    report(third, "wrong", actor=cast.ben)
    report(third, "danger", actor=cast.chi)
    found = cases(cast.mo)
    assert [(case.entry.title, len(case.reports)) for case in found] == [("Wind", 2), ("Pumps", 1), ("Wells", 1)]
    assert counts(cast.mo) == (0, 3) and counts(cast.ana) == (0, 0)
    shown = sign_in(client, cast.mo).get("/moderation/reports").text
    assert shown.index("Wind") < shown.index("Pumps") < shown.index("Wells") and "2 reports" in shown
    assert '<b class="figure">3</b>' in shown, "the masthead counts reported things"
    assert "Look at the reports" in client.get("/moderation").text
    assert sign_in(app.test_client(), cast.ana).get("/moderation/reports").status_code == 404


def test_nobody_decides_about_their_own_words(app: Flask, cast: Cast) -> None:
    own = make.page("By Mo", "x", actor=cast.mo)
    report(own, "wrong", actor=cast.chi)
    assert cases(cast.mo) == [] and counts(cast.mo) == (0, 0)
    assert sign_in(app.test_client(), cast.mo).get(f"/moderation/reports/{own.id}").status_code == 404


def test_an_upheld_report_removes_with_the_reason_in_the_log_and_answers_all_who_reported(app: Flask, client: FlaskClient, cast: Cast, page: Page) -> None:  # fmt: skip
    report(page, "private", actor=cast.chi)
    report(page, "spam", actor=cast.ben)
    sign_in(client, cast.mo)
    given = {"outcome": "upheld", "step": "remove", "note": ""}
    assert client.post(f"/moderation/reports/{page.id}", data=given).status_code == 422, "a reason is needed"
    given["note"] = "A private number"
    assert client.post(f"/moderation/reports/{page.id}", data=given).status_code == 303
    db.session.expire_all()
    assert page.state == "deleted" and "A private number" in client.get("/wiki/wells").text
    assert {one.state for one in db.session.scalars(select(Report))} == {"upheld"}
    assert len(mails("chi@example.org")) == len(mails("ben@example.org")) == 1
    assert client.post(f"/moderation/reports/{page.id}", data=given).status_code == 404, "decided once"
    own = sign_in(app.test_client(), cast.chi).get("/reports").text
    assert "it was right to report it" in own


def test_a_decision_that_came_second_does_nothing(cast: Cast, page: Page) -> None:
    report(page, "spam", actor=cast.chi)
    mine, theirs = case_of(page.id, cast.mo), case_of(page.id, cast.mo)
    assert len(decide(mine, upheld=False, actor=cast.mo)) == 1
    assert decide(theirs, upheld=True, step="remove", note="late", actor=cast.mo) == []
    assert page.is_live and len(mails("chi@example.org")) == 1


def test_a_warning_goes_to_the_author_and_says_why_but_not_who(cast: Cast, page: Page) -> None:
    report(page, "harassment", actor=cast.chi)
    decide(case_of(page.id, cast.mo), upheld=True, step="warn", note="Keep to the subject.", actor=cast.mo)
    (mail,) = mails("ana@example.org")
    assert "Keep to the subject." in mail.text and "Keep to the subject." in mail.html and "Chi" not in mail.text


def test_who_is_shut_out_has_no_session_and_no_key_until_they_are_let_in(app: Flask, cast: Cast, page: Page) -> None:
    ana, key = sign_in(app.test_client(), cast.ana), make_token(cast.ana, "reads", ["read"])
    report(page, "danger", actor=cast.chi)
    decide(case_of(page.id, cast.mo), upheld=True, step="suspend", note="Threats", actor=cast.mo)
    assert ana.get("/held").status_code == 303 and token_owner(key) is None
    mo = sign_in(app.test_client(), cast.mo)
    assert "Shut out" in mo.get("/moderation/reports").text
    assert mo.post("/moderation/members/ana/let-back").status_code == 303
    db.session.expire_all()
    assert cast.ana.state == "active"
    with pytest.raises(Forbidden):
        suspend(cast.chi, actor=cast.ana)
    with pytest.raises(Forbidden):
        suspend(cast.mo, actor=cast.mo)
    with pytest.raises(Forbidden):
        let_back(cast.chi, actor=cast.ana)


def test_three_trusted_members_hide_what_a_new_member_wrote_until_somebody_decides(app: Flask, client: FlaskClient, cast: Cast) -> None:  # fmt: skip
    makers.old_hands()
    new, una = member("nora"), cast.una
    page = make.page("Cheap watches", "Buy.", actor=new)
    with transaction():
        new.trusted = una.trusted = None
    for who in (cast.ana, cast.una, cast.ben):
        report(page, "spam", actor=who)
    report(page, "spam", actor=None)
    assert page.is_live, "two trusted ones are not enough; visitors and new members count for nothing"
    report(page, "spam", actor=cast.chi)
    assert page.state == "deleted" and client.get("/wiki/cheap-watches").status_code == 410
    assert "Several members reported it" in client.get("/wiki/cheap-watches").text
    assert "hidden until you decide" in sign_in(client, cast.mo).get("/moderation/reports").text
    decide(case_of(page.id, cast.mo), upheld=False, actor=cast.mo)
    assert page.is_live and app.test_client().get("/wiki/cheap-watches").status_code == 200


def test_a_new_members_post_or_topic_goes_and_comes_back_with_its_counts(app: Flask, cast: Cast) -> None:
    makers.old_hands()
    new = member("nora")
    own, other = makers.topic("Watches", actor=new), makers.topic("Winter", actor=cast.ana)
    post = add_post(other, "Cheap watches", actor=new)
    first = db.session.scalars(select(Post).where(Post.topic_id == own.id)).one()
    with transaction():
        new.trusted = None
    for one in (post, first):
        for who in (cast.ana, cast.ben, cast.chi):
            report(one, "spam", actor=who)
    assert (post.state, first.state, own.state, other.state, other.posts) == (
        "deleted",
        "deleted",
        "deleted",
        "live",
        1,
    )
    decide(case_of(first.id, cast.mo), upheld=False, actor=cast.mo)
    assert (first.state, own.state, own.posts) == ("live", "live", 1)
    decide(case_of(post.id, cast.mo), upheld=True, step="remove", note="An advertisement", actor=cast.mo)
    assert (post.state, other.posts) == ("deleted", 1)
    last = db.session.scalars(select(Change).where(Change.entry_id == post.id).order_by(Change.seq.desc())).first()
    assert last is not None and (last.verb, last.actor_id, last.note) == ("removed", cast.mo.id, "An advertisement")
    catch_up()
    assert [fault for room in rooms().all for check in room.checks for fault in check.faults()] == []


def test_what_members_of_old_wrote_is_hidden_by_no_number_of_reports(cast: Cast, page: Page) -> None:
    for who in (cast.ben, cast.chi, cast.mo):
        report(page, "wrong", actor=who)
    assert page.is_live


def test_of_a_talk_the_message_and_the_two_before_it_are_disclosed_and_nothing_else(app: Flask, cast: Cast) -> None:
    makers.old_hands()
    talk = makers.talk(cast.ben, text="zero-word")
    for word in ("first-word", "second-word"):
        add_post(talk, word, actor=cast.ben)
    meant = add_post(talk, "third-word", actor=cast.ben)
    add_post(talk, "later-word", actor=cast.ana)
    shown = sign_in(app.test_client(), cast.ana).get(f"/report/{meant.id}").text
    assert "third-word" in shown and "first-word" in shown and "zero-word" not in shown and "later-word" not in shown
    made = report(meant, "harassment", "Every night", actor=cast.ana)
    assert [(one["name"], one["text"]) for one in made.disclosed] == [
        ("Ben", "first-word"),
        ("Ben", "second-word"),
        ("Ben", "third-word"),
    ]
    mo = sign_in(app.test_client(), cast.mo)
    case = mo.get(f"/moderation/reports/{meant.id}").text
    assert "third-word" in case and "Every night" in case
    assert "zero-word" not in case and "later-word" not in case and talk.title not in case
    assert 'value="remove"' not in case, "what a moderator may not see they cannot remove"
    with pytest.raises(Forbidden):
        decide(case_of(meant.id, cast.mo), upheld=True, step="remove", note="x", actor=cast.mo)
    decide(case_of(meant.id, cast.mo), upheld=True, step="warn", note="Leave her in peace.", actor=cast.mo)
    assert "Leave her in peace." in mails("ben@example.org")[0].text
    assert mo.get(f"/posts/{meant.id}").status_code == 404


def test_an_edit_after_the_report_does_not_change_what_was_disclosed(cast: Cast) -> None:
    makers.old_hands()
    talk = makers.talk(cast.ben, text="a threat")
    post = db.session.scalars(select(Post).where(Post.topic_id == talk.id)).one()
    made = report(post, "danger", actor=cast.ben)
    assert (
        [one["text"] for one in made.disclosed] == ["a threat"] == [one["text"] for one in disclosed_of(post, cast.ben)]
    )
    assert disclosed_of(post, cast.mo) == [], "who may not see it discloses nothing"


def test_a_report_says_nothing_to_whom_it_concerns(app: Flask, cast: Cast, page: Page) -> None:
    report(page, "spam", "secret-word", actor=cast.chi)
    ana = sign_in(app.test_client(), cast.ana)
    for address in (
        "/wiki/wells",
        "/wiki/wells/history",
        "/changes",
        "/reports",
        "/moderation/log",
        f"/report/{page.id}",
    ):
        shown = ana.get(address).text
        assert "secret-word" not in shown, address
    assert db.session.scalar(select(func.count()).select_from(Change).where(Change.entry_id == page.id)) == 1
    with pytest.raises(Invalid):
        report(page, "no such class", actor=cast.ben)


def test_own_reports_name_no_title_that_the_reporter_may_not_see_any_more(app: Flask, cast: Cast) -> None:
    page = make.page("Quixotry", "x")
    report(page, "wrong", actor=cast.chi)
    with transaction():
        db.session.execute(Entry.__table__.update().where(Entry.__table__.c.id == page.id).values(audience=GROUP))  # type: ignore[attr-defined]
    shown = sign_in(app.test_client(), cast.chi).get("/reports").text
    assert "Quixotry" not in shown and "Something that you may not see any more" in shown


def test_the_age_of_a_case_is_that_of_its_first_report(cast: Cast, page: Page) -> None:
    made = report(page, "spam", actor=cast.chi)
    with transaction():
        made.at = now() - timedelta(days=3)
    report(page, "spam", actor=cast.ben)
    assert case_of(page.id, cast.mo).reports[0].id == made.id
