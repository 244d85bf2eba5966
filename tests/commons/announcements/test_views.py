"""The strip above every page, the list, the forms, and what they cost."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from commons.announcements.models import Announcement, Noted
from commons.announcements.queries import forget
from commons.db import db, table
from commons.entries.actions import remove_entry, take_away
from commons.entries.followers import catch_up
from commons.entries.models import Entry
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.announcements.makers import announcement, days_pass
from tests.commons.announcements.test_actions import day
from tests.test_query_counts import statements

STRIP = 'aria-label="Announcement"'


def test_it_stands_above_every_page_until_a_visitor_puts_it_away_without_leaving_a_name(
    client: FlaskClient, cast: Cast
) -> None:
    made = announcement(text_en="See [the plan](https://example.org/plan), *soon*.")
    for address in ("/", "/organisations", "/search?q=water", "/sign-in", "/nothing-is-here"):
        page = client.get(address).text
        assert STRIP in page and "The site moves" in page, address
    assert '<a href="https://example.org/plan"' in page and "<em>soon</em>" in page
    answer = client.post(f"/announcements/{made.slug}/dismiss", data={"next": "/organisations"})
    cookie = client.get_cookie("announcements")
    assert answer.status_code == 303 and answer.headers["Location"] == "/organisations"
    assert cookie is not None and cookie.value == str(made.id) and cookie.http_only
    assert STRIP not in client.get("/").text and db.session.query(Noted).count() == 0


def test_above_its_own_page_it_is_not_said_twice(client: FlaskClient, cast: Cast) -> None:
    made, other = announcement(), announcement(title_en="The site sleeps")
    page = client.get(f"/announcements/{made.slug}").text
    assert page.count("On Friday it is away for an hour.") == 2 and page.count(STRIP) == 1
    assert "The site sleeps" in page and client.get(f"/announcements/{other.slug}").text.count(STRIP) == 1


def test_a_member_puts_it_away_on_all_their_devices(app: Flask, client: FlaskClient, cast: Cast) -> None:
    made = announcement(audience="members")
    assert STRIP not in client.get("/").text
    sign_in(client, cast.ana)
    assert STRIP in client.get("/").text and "Do not show this again" in client.get("/").text
    client.post(f"/announcements/{made.slug}/dismiss", data={"next": "/"})
    assert STRIP not in client.get("/").text
    assert STRIP not in sign_in(app.test_client(), cast.ana).get("/").text
    assert STRIP in sign_in(app.test_client(), cast.chi).get("/").text


def test_one_that_asks_has_a_button_that_confirms_and_the_author_sees_numbers_and_no_names(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    made = announcement(asks="yes")
    sign_in(client, cast.ana)
    assert "I have read this" in client.get("/").text
    assert client.post(f"/announcements/{made.slug}/dismiss").status_code == 403 and STRIP in client.get("/").text
    assert client.post(f"/announcements/{made.slug}/confirm", data={"next": "/"}).status_code == 303
    assert STRIP not in client.get("/").text and "You confirmed" in client.get(f"/announcements/{made.slug}").text
    assert "members confirmed it" not in client.get("/announcements").text
    page = sign_in(app.test_client(), cast.mo).get("/announcements").text
    assert "1 of 4 members confirmed it" in page and ">Ana<" not in page


def test_a_visitor_cannot_confirm(client: FlaskClient, cast: Cast) -> None:
    made = announcement(asks="yes")
    assert "I have read this" not in client.get("/").text
    answer = client.post(f"/announcements/{made.slug}/confirm")
    assert "/sign-in" in answer.headers["Location"] and db.session.query(Noted).count() == 0


def test_readers_get_their_language_where_there_is_one(client: FlaskClient, cast: Cast) -> None:
    announcement(title_fr="Le site déménage", text_fr="Vendredi, il est absent une heure.")
    assert "Le site déménage" in client.get("/", headers={"Accept-Language": "fr"}).text
    page = client.get("/", headers={"Accept-Language": "es"}).text
    assert "The site moves" in page and '<div lang="en" dir="auto">' in page


def test_a_moderator_writes_one_through_the_form_and_faults_keep_the_words(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.mo)
    words = {"title_en": "Meeting", "text_en": "On Monday.", "begins": day(0), "audience": "public"}
    page = client.post("/announcements/new", data=words)
    assert page.status_code == 422 and "Enter the last day" in page.text and "On Monday." in page.text
    assert client.post("/announcements/new", data=words | {"until": day(7), "asks": "y"}).status_code == 303
    made = db.session.query(Announcement).one()
    assert (made.title, made.asks, made.audience, made.slug) == ("Meeting", True, "public", "meeting")
    assert "Announced." in client.get("/announcements").text


def test_a_moderator_edits_it_and_history_restores_it(client: FlaskClient, cast: Cast) -> None:
    made, address = announcement(), "/announcements/the-site-moves"
    sign_in(client, cast.mo)
    assert "On Friday it is away" in client.get(f"{address}/edit").text
    words = {"title_en": "The site moves", "text_en": "Not at all.", "begins": day(0), "until": day(3), "version": "1"}
    assert client.post(f"{address}/edit", data=words).status_code == 303
    stale = client.post(f"{address}/edit", data=words | {"text_en": "On Sunday."})
    assert stale.status_code == 409 and "Not at all." in stale.text and "On Sunday." in stale.text
    assert client.post(f"{address}/restore/1").status_code == 303
    db.session.refresh(made)
    assert made.texts["en"] == "On Friday it is away for an hour." and made.version == 3
    assert "Text in English" in client.get(f"{address}/history").text


def test_for_everybody_else_its_forms_do_not_exist(client: FlaskClient, cast: Cast) -> None:
    announcement()
    sign_in(client, cast.ana)
    for address in ("/announcements/new", "/announcements/the-site-moves/edit"):
        assert client.get(address).status_code == 404
    assert client.post("/announcements/the-site-moves/end").status_code == 404


def test_the_list_holds_what_runs_and_moderators_see_what_comes(app: Flask, client: FlaskClient, cast: Cast) -> None:
    announcement(title_en="Now")
    announcement(title_en="Later", begins=day(2))
    announcement(title_en="Inside", audience="members")
    page = client.get("/announcements").text
    assert "Now" in page and "Later" not in page and "Inside" not in page
    assert client.get("/announcements/later").status_code == 404
    page = sign_in(client, cast.mo).get("/announcements").text
    assert "Later" in page and "Not shown yet" in page and "Inside" in page
    assert client.get("/announcements/later").status_code == 200
    days_pass(8)
    assert "Now" not in app.test_client().get("/announcements").text


def test_its_feed_holds_what_everybody_may_read(client: FlaskClient, cast: Cast) -> None:
    announcement(title_en="For all")
    announcement(title_en="Inside", audience="members")
    sign_in(client, cast.ana)
    answer = client.get("/announcements.atom")
    titles = [one.text for one in ElementTree.fromstring(answer.data).iterfind("{*}entry/{*}title")]
    assert answer.mimetype == "application/atom+xml" and titles == ["For all"]


def test_a_removed_one_is_gone_from_every_page_and_tells_why(client: FlaskClient, cast: Cast) -> None:
    made = announcement()
    take_away(made, actor=cast.mo, note="A mistake")
    assert STRIP not in client.get("/").text
    answer = client.get("/announcements/the-site-moves")
    assert answer.status_code == 410 and "A mistake" in answer.text


def test_it_is_found_by_search_while_it_runs_and_has_a_record_in_the_api(client: FlaskClient, cast: Cast) -> None:
    made = announcement(title_en="Xylophones")
    assert "Xylophones" in client.get("/search?q=xylophones&kind=announcement").text
    found = client.get(f"/api/v1/announcements/{made.id}").json
    assert found is not None and found["titles"] == {"en": "Xylophones"} and found["until"] == day(7)


def test_without_an_announcement_the_strip_costs_no_statement(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for browser in (client, sign_in(app.test_client(), cast.ana)):
        browser.get("/about")
        with statements() as sent:
            browser.get("/about")
        assert [one for one in sent if "announcement" in one] == []


def test_with_one_a_visitor_costs_none_and_a_member_one(app: Flask, client: FlaskClient, cast: Cast) -> None:
    announcement()
    for browser, many in ((client, 0), (sign_in(app.test_client(), cast.ana), 1)):
        browser.get("/about")
        with statements() as sent:
            assert STRIP in browser.get("/about").text
        assert len([one for one in sent if "announcement" in one]) == many


def test_another_process_notices_by_the_index(app: Flask, client: FlaskClient, cast: Cast) -> None:
    """What this process made is forgotten at once; here the row is changed behind its back, and the log followed."""
    made = announcement()
    assert STRIP in client.get("/").text
    db.session.execute(update(table(Entry)).where(table(Entry).c.id == made.id).values(state="deleted"))
    db.session.commit()
    assert STRIP in client.get("/").text, "remembered"
    make.page("Something else")
    catch_up()
    assert STRIP not in client.get("/").text


@pytest.mark.parametrize("address", ["/about", "/announcements"])
def test_a_page_without_an_index_has_its_announcements_too(
    app: Flask, client: FlaskClient, cast: Cast, address: str
) -> None:
    announcement()
    for file in (app.config["COMMONS_DATA"] / "search").rglob("*"):
        if file.is_file():
            file.write_bytes(b"")
    forget()
    assert STRIP in client.get(address).text


def test_a_generic_removal_by_a_moderator_needs_a_reason(client: FlaskClient, cast: Cast) -> None:
    made = announcement()
    with pytest.raises(Exception, match="note"):
        remove_entry(made, actor=cast.mo, note="")
