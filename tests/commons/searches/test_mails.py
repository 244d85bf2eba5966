"""The mails of saved searches: once, only what is new, as the reader may see it when it is sent, and a button that stops them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.followers import catch_up
from commons.entries.hiding import show_to
from commons.entries.queries import last_seq
from commons.members.models import Outgoing
from commons.members.post import send_due
from commons.search.follower import follow
from commons.searches import actions
from commons.searches.documents import stop_link
from commons.searches.models import SavedSearch
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.feed.makers import block, leave
from tests.commons.feed.test_mails import mails, mood, text
from tests.commons.forums import makers as said
from tests.commons.searches.makers import due, saved, waiting, worker
from tests.commons.test_mail import Mood
from wiki.actions import edit_page
from wiki.models import Page

__all__ = ["mood"]


def test_one_mail_tells_what_is_new_in_all_searches_that_are_due_and_none_a_second_time(
    app: Flask, cast: Cast, mood: Mood
) -> None:
    saved("/search?q=wells", actor=cast.ben, name="Wells everywhere")
    saved("/organisations?near=Kisumu&km=50", actor=cast.ben, name="Near Kisumu", rhythm="daily")
    saved("/search?q=nothing", actor=cast.ben, name="Empty")
    make.page("Deep wells", actor=cast.chi)
    make.organisation("Lake House", actor=cast.chi, city="Kisumu", country="KE")
    worker()
    worker()
    (mail,) = mails(mood)
    assert mail["To"] == "ben@example.org" and "2 new things in your searches" in mail["Subject"]
    for kind in ("plain", "html"):
        words = text(mail, kind)
        assert "Deep wells" in words and "Lake House" in words and "Near Kisumu" in words and "Empty" not in words
        assert "http://localhost/organisations?near=Kisumu" in words and "http://localhost/e/" in words
    assert mail["Message-ID"].startswith("<searches-") and "<img" not in text(mail, "html")


def test_none_comes_when_nothing_is_new_and_own_edits_are_not(app: Flask, cast: Cast, mood: Mood) -> None:
    saved("/search?q=wells", actor=cast.ana)
    page = make.page("Wells", actor=cast.ana)
    worker()
    assert mails(mood) == [] and waiting() == []
    edit_page(db.session.merge(page), {"text": "Now by Ben."}, version=1, actor=cast.ben, note="")
    worker()
    assert len(mails(mood)) == 1


def test_only_what_changed_since_the_last_mail_is_in_the_next(app: Flask, cast: Cast, mood: Mood) -> None:
    saved("/search?q=wells", actor=cast.ben)
    for title in ("First wells", "Second wells"):
        make.page(title, actor=cast.chi)
        worker()
    first, second = (text(mail) for mail in mails(mood))
    assert "First wells" in first and "Second wells" in second and "First wells" not in second


@pytest.mark.parametrize(
    ("rhythm", "days", "sent"), [("daily", 1.1, 1), ("weekly", 1.1, 0), ("weekly", 7.1, 1), ("never", 30, 0)]
)
def test_they_come_as_often_as_was_chosen(
    app: Flask, cast: Cast, mood: Mood, rhythm: str, days: float, sent: int
) -> None:
    saved("/search?q=wells", actor=cast.ben, rhythm=rhythm)
    make.page("Wells", actor=cast.chi)
    worker(days=days)
    assert len(mails(mood)) == sent


def test_who_begins_to_want_mails_is_told_of_what_comes_from_then_on(app: Flask, cast: Cast, mood: Mood) -> None:
    number = saved("/search?q=wells", actor=cast.ben, rhythm="never").id
    make.page("Old wells", actor=cast.chi)
    catch_up()
    actions.change_search(db.session.get_one(SavedSearch, number), "Mine", "daily")
    make.page("New wells", actor=cast.chi)
    worker()
    (mail,) = mails(mood)
    assert "New wells" in text(mail) and "Old wells" not in text(mail)


def test_what_was_seen_on_the_page_is_in_no_mail(app: Flask, cast: Cast, mood: Mood) -> None:
    number = saved("/search?q=wells", actor=cast.ben).id
    make.page("Wells", actor=cast.chi)
    catch_up()
    actions.mark_searches_seen([db.session.get_one(SavedSearch, number)], last_seq())
    worker()
    assert mails(mood) == []


def _hidden(cast: Cast) -> None:
    show_to(_page(), "group:99", actor=cast.ana)


def _removed(cast: Cast) -> None:
    remove_entry(_page(), actor=cast.mo, note="spam")


def _left(cast: Cast) -> None:
    leave(cast.ben, GROUP)


def _blocked(cast: Cast) -> None:
    block(cast.ben, cast.ana)


def _suspended(cast: Cast) -> None:
    with transaction():
        cast.ben.state = "suspended"


def _deleted(cast: Cast) -> None:
    actions.delete_search(db.session.query(SavedSearch).one())


def _stopped(cast: Cast) -> None:
    actions.stop_searches(cast.ben, 0)


def _seen(cast: Cast) -> None:
    actions.mark_searches_seen(db.session.query(SavedSearch).all(), last_seq())


def _renamed(cast: Cast) -> None:
    edit_page(_page(), {"title": "Gardens"}, version=1, actor=cast.ana, note="")
    follow(0)


def _page() -> Page:
    return db.session.query(Page).filter_by(title="Secret wells").one()


CHANGES = [_hidden, _removed, _left, _blocked, _suspended, _deleted, _stopped, _seen, _renamed]


@pytest.mark.parametrize("change", CHANGES)
def test_a_mail_that_waited_tells_nothing_of_what_was_revoked_meanwhile(
    app: Flask, cast: Cast, mood: Mood, change: Callable[[Cast], None]
) -> None:
    """The worker wrote it down and stood still; then the right, or the wish, ended; then it sends."""
    saved("/search?q=wells", actor=cast.ben)
    make.page("Secret wells", actor=cast.ana, audience=GROUP)
    catch_up()
    due()
    actions.follow_searches(0)
    assert len(waiting()) == 1
    change(cast)
    due()
    send_due()
    assert mails(mood) == [] and waiting() == []


@pytest.mark.parametrize("change", [_hidden, _removed, _left])
def test_a_worker_that_stood_still_from_the_beginning_tells_nothing_either(
    app: Flask, cast: Cast, mood: Mood, change: Callable[[Cast], None]
) -> None:
    saved("/search?q=wells", actor=cast.ben)
    make.page("Secret wells", actor=cast.ana, audience=GROUP)
    catch_up()
    change(cast)
    due()
    actions.follow_searches(0)
    send_due()
    assert mails(mood) == []


def test_a_mail_holds_no_word_while_it_waits_and_no_text_of_a_group(app: Flask, cast: Cast, mood: Mood) -> None:
    saved("/search?q=wells", actor=cast.ben, name="Hush")
    make.page("Secret wells", "Nobody else may read this.", actor=cast.ana, audience=GROUP)
    catch_up()
    due()
    actions.follow_searches(0)
    (row,) = waiting()
    assert "wells" not in repr((row.subject, row.text, row.html, row.about, row.key)) and "Hush" not in repr(row.about)
    due()
    send_due()
    (mail,) = mails(mood)
    assert "Secret wells" in text(mail) and "Nobody else" not in text(mail) + text(mail, "html")


def test_of_private_talks_not_even_a_title_is_in_a_mail(app: Flask, cast: Cast, mood: Mood) -> None:
    saved("/search?q=wells", actor=cast.ben)
    said.talk(cast.ben, actor=cast.ana, text="Wells and more wells")
    worker()
    assert mails(mood) == []


def test_the_worker_may_die_between_the_mail_and_its_sending(app: Flask, cast: Cast, mood: Mood) -> None:
    """The mail and how far it tells are one transaction: a second turn writes no second one."""
    saved("/search?q=wells", actor=cast.ben)
    make.page("Wells", actor=cast.chi)
    catch_up()
    due()
    actions.follow_searches(0)
    due(days=30)
    actions.follow_searches(0)
    assert len(waiting()) == 1
    send_due()
    assert len(mails(mood)) == 1


def test_two_searches_that_are_due_at_different_times_have_mails_of_their_own(
    app: Flask, cast: Cast, mood: Mood
) -> None:
    """Nothing else changed between them: their keys differ all the same, or the second would be taken for the first."""
    saved("/search?q=wells", actor=cast.ben, name="Wells", rhythm="daily")
    saved("/search?q=wells&kind=page", actor=cast.ben, name="Pages", rhythm="weekly")
    make.page("Wells", actor=cast.chi)
    worker(days=2)
    worker(days=6)
    assert len({mail["Message-ID"] for mail in mails(mood)}) == len(mails(mood)) == 2


def link_in(mail: object) -> str:
    found = re.search(r"<http://localhost(/[^>]+)>", str(mail["List-Unsubscribe"]))  # type: ignore[index]
    assert found
    return found[1]


def test_its_header_stops_one_search_signed_out_with_one_press(
    app: Flask, client: FlaskClient, cast: Cast, mood: Mood
) -> None:
    saved("/search?q=wells", actor=cast.ben, name="Wells")
    saved("/search?q=pumps", actor=cast.ben, name="Pumps")
    make.page("Wells", actor=cast.chi)
    worker()
    (mail,) = mails(mood)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "New in your search “Wells”" in mail["Subject"]
    app.config["WTF_CSRF_ENABLED"] = True
    before = client.get(link_in(mail))
    assert before.status_code == 200 and "Wells" in before.text and "no-referrer" in before.headers["Referrer-Policy"]
    rhythms = {one.name: one.rhythm for one in db.session.query(SavedSearch)}
    assert rhythms == {"Wells": "weekly", "Pumps": "weekly"}, "opening it does nothing"
    assert "have stopped" in client.post(link_in(mail), data={"List-Unsubscribe": "One-Click"}).text
    assert client.post(link_in(mail)).status_code == 200
    assert {one.name: one.rhythm for one in db.session.query(SavedSearch)} == {"Wells": "never", "Pumps": "weekly"}


def test_a_mail_about_several_stops_all_by_its_header_and_each_by_a_link_of_its_own(
    app: Flask, client: FlaskClient, cast: Cast, mood: Mood
) -> None:
    for word in ("wells", "pumps"):
        saved(f"/search?q={word}", actor=cast.ben, name=word.title())
    saved("/search?q=wells", actor=cast.chi, name="Of another")
    make.page("Wells and pumps", actor=cast.ana)
    worker()
    mail = next(one for one in mails(mood) if one["To"] == "ben@example.org")
    links = set(re.findall(r"http://localhost(/search/saved/stop/\S+)", text(mail)))
    assert len(links) == 3 and link_in(mail) in links
    client.post(link_in(mail))
    rhythms = {one.name: one.rhythm for one in db.session.query(SavedSearch)}
    assert rhythms == {"Wells": "never", "Pumps": "never", "Of another": "weekly"}


@pytest.mark.parametrize("token", ["nonsense", "", "WzEsMF0.AAAA"])
def test_an_address_that_we_did_not_write_stops_nothing(client: FlaskClient, cast: Cast, token: str) -> None:
    assert client.post(f"/search/saved/stop/{token}").status_code in (404, 405)


def test_a_link_about_another_ones_search_stops_nothing_of_theirs(client: FlaskClient, cast: Cast) -> None:
    number = saved("/search?q=wells", actor=cast.ben, name="Mine alone").id
    link = stop_link(cast.chi, number).removeprefix("http://localhost")
    assert "Mine alone" not in client.post(link).text
    assert db.session.query(SavedSearch).one().rhythm == "weekly" and db.session.query(Outgoing).count() == 0
