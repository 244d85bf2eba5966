"""Records that nobody confirmed for a year: who is asked, what the links do, and what silence means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commons.db import db, now, table, transaction
from commons.entries.models import Change, Entry
from commons.members.models import Outgoing
from directory.actions import confirm_organisation
from directory.documents import search_documents
from directory.models import Organisation
from directory.representing.actions import reminders
from directory.representing.models import Confirmation, MailKey, Reminder
from tests import make
from tests.cast import Cast, sign_in
from tests.directory.representing.makers import age, letters, links, sent, solar, speak

PAGE = "/organisations/solar-aid"
LONG = 400  # days


def imported(record: Organisation) -> Organisation:
    with transaction():
        db.session.execute(update(table(Entry)).where(table(Entry).c.id == record.id).values(source="A register"))
    db.session.refresh(record)
    return record


@pytest.fixture
def old(app: Flask) -> Organisation:
    """Imported more than a year ago, with an address, and never confirmed."""
    made = imported(solar(description="Lamps"))
    age(made, LONG)
    return made


def later(days: int) -> None:
    """So many days pass for all reminders."""
    with transaction():
        for row in db.session.scalars(select(Reminder)):
            row.sent = row.sent - timedelta(days=days)


def asked() -> list[str]:
    reminders.remind()
    return [row.recipient for row in db.session.scalars(select(Outgoing).where(Outgoing.letter == "reminder"))]


@pytest.mark.parametrize(
    ("days", "confirmed", "source", "email", "due"),
    [
        (LONG, "", "A register", "office@solar.example", True),
        (300, "", "A register", "office@solar.example", False),
        (LONG, "", "", "office@solar.example", False),
        (LONG, "", "A register", "", False),
        (LONG, "recent", "A register", "office@solar.example", False),
    ],
)
def test_imported_records_that_nobody_confirmed_in_a_year_are_asked_about(app: Flask, days: int, confirmed: str, source: str, email: str, due: bool) -> None:  # fmt: skip
    made = solar(email=email)
    if source:
        imported(made)
    age(made, days, now().date().isoformat() if confirmed else "")
    assert asked() == (["office@solar.example"] if due else [])


def test_its_own_people_are_asked_and_not_the_address_of_the_record(app: Flask, cast: Cast, old: Organisation) -> None:
    speak(old, cast.ana)
    speak(old, cast.ben, "delegate")
    age(old, LONG, "2020-01-01")
    assert sorted(asked()) == ["ana@example.org", "ben@example.org"]


def test_at_most_once_in_thirty_days_and_twice_in_a_year(old: Organisation) -> None:
    assert len(asked()) == 1 and len(asked()) == 1, "not again at once"
    later(31)
    assert len(asked()) == 2
    later(31)
    assert len(asked()) == 2, "no third one within a year"
    later(320)
    assert len(asked()) == 3


def test_a_turn_asks_about_so_many_and_a_second_turn_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "TURN", 2)
    for number in range(3):
        age(imported(make.organisation(email=f"no-{number}@example.org")), LONG)
    assert reminders.remind() == 2 and reminders.remind() == 1 and reminders.remind() == 0


def test_the_worker_turns_once_a_day(old: Organisation) -> None:
    assert reminders.follow_freshness(7) == 7 and db.session.query(Reminder).count() == 1
    later(31)
    reminders.follow_freshness(7)
    assert db.session.query(Reminder).count() == 1


def test_closed_hidden_and_removed_records_are_left_alone(app: Flask, old: Organisation) -> None:
    for audience, status in (("group:7", "active"), ("public", "closed"), ("public", "duplicate")):
        made = imported(make.organisation(audience=audience, email="a@example.org"))
        age(made, LONG)
        with transaction():
            key = table(Organisation).c.id == made.id
            db.session.execute(update(table(Organisation)).where(key).values(status=status))
    assert asked() == ["office@solar.example"]


def three(app: Flask) -> tuple[Any, list[str]]:
    reminders.remind()
    (letter,) = letters()
    return letter, links(letter)


def test_the_mail_has_three_links_and_the_way_to_stop_it(app: Flask, old: Organisation) -> None:
    letter, found = three(app)
    right, different, closed, stop = found[1:]
    assert letter.to == "office@solar.example" and "Solar Aid" in letter.subject
    assert letter.headers == {"List-Unsubscribe": f"<http://localhost{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # fmt: skip
    visitor = app.test_client()
    for link in (right, different, closed, stop):
        shown = visitor.get(link)
        assert shown.status_code == 200 and shown.headers["Referrer-Policy"] == "no-referrer", link
    assert db.session.query(Change).filter(Change.entry_id == old.id).count() == 1, "opening a link changes nothing"
    rows = str(db.session.execute(select(MailKey.__table__)).all())
    assert not any(link.rpartition("/")[2] in rows for link in found[1:])
    assert sent() == 1


def test_still_right_confirms_today_without_signing_in(app: Flask, old: Organisation) -> None:
    link = three(app)[1][1]
    visitor = app.test_client()
    assert "It is still right" in visitor.get(link).text
    assert visitor.post(link).status_code == 303
    db.session.refresh(old)
    assert old.confirmed == now().date().isoformat()
    line = db.session.scalars(select(Change).where(Change.verb == "confirmed")).one()
    assert (line.actor_id, line.via, line.note) == (None, "mail", "The organisation answered by mail: still right")
    word = db.session.scalars(select(Confirmation)).one()
    assert (word.how, word.number, word.whole) == ("mail", old.version, True)
    assert visitor.post(link).status_code == 410 and visitor.get(link).status_code == 410
    assert db.session.scalars(select(Reminder.answer)).all() == ["right"] and letters() == []


def test_who_speaks_for_it_is_named_when_they_answer(app: Flask, cast: Cast, old: Organisation) -> None:
    speak(old, cast.ana)
    app.test_client().post(three(app)[1][1])
    assert db.session.scalars(select(Change.actor_id).where(Change.verb == "confirmed")).all() == [cast.ana.id]


def test_closed_asks_for_the_reason_and_the_record_stays(app: Flask, old: Organisation) -> None:
    link = three(app)[1][3]
    visitor = app.test_client()
    assert visitor.post(link, data={"reason": " "}).status_code == 422
    assert visitor.post(link, data={"reason": "Our work is done."}).status_code == 303
    db.session.refresh(old)
    assert (old.status, old.status_note, old.state) == ("closed", "Our work is done.", "live")
    assert "Our work is done." in visitor.get(PAGE).text and visitor.post(link).status_code == 410


def test_something_different_opens_no_form_by_itself(app: Flask, cast: Cast, old: Organisation) -> None:
    link = three(app)[1][2]
    shown = app.test_client().get(link).text
    assert "/sign-in?next=" in shown and f"{PAGE}/claim" in shown and "<textarea" not in shown
    assert app.test_client().post(link).status_code == 405
    speak(old, cast.ana)
    assert f'href="{PAGE}/edit"' in sign_in(app.test_client(), cast.ana).get(link).text


def test_the_links_work_for_thirty_days(app: Flask, old: Organisation) -> None:
    link = three(app)[1][1]
    with transaction():
        db.session.execute(update(MailKey).values(expires=now() - timedelta(seconds=1)))
    assert app.test_client().get(link).status_code == 410 and app.test_client().post(link).status_code == 410
    assert old.confirmed == ""


@pytest.mark.parametrize("app", [{"WTF_CSRF_ENABLED": True}], indirect=True)
def test_a_mail_program_stops_the_reminders_by_itself(app: Flask, old: Organisation) -> None:
    stop = three(app)[1][4]
    assert app.test_client().post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert app.test_client().post(stop).status_code == 200, "a second time changes nothing"
    later(40)
    assert len(asked()) == 1 and letters() == []
    reminders.note_silence()
    assert db.session.scalar(select(Change.seq).where(Change.verb == "unanswered")) is None


def test_one_who_stops_is_left_alone_and_colleagues_are_asked_on(app: Flask, cast: Cast, old: Organisation) -> None:
    speak(old, cast.ana)
    speak(old, cast.ben, "delegate")
    reminders.remind()
    mine = next(letter for letter in letters() if letter.to == "ana@example.org")
    app.test_client().post(links(mine)[4])
    later(31)
    assert asked().count("ana@example.org") == 1 and asked().count("ben@example.org") == 2


def test_silence_is_said_and_counts_in_the_search_and_deletes_nothing(app: Flask, old: Organisation) -> None:
    age(old, LONG, "2020-02-03")
    with transaction():
        db.session.add(Reminder(organisation_id=old.id, sent=now() - timedelta(days=31)))
    before = next(iter(search_documents([old.id])))
    assert before.confirmed > 0
    assert reminders.note_silence() == 1 and reminders.note_silence() == 0
    after = next(iter(search_documents([old.id])))
    assert (after.confirmed, after.boost < before.boost) == (0, True)
    shown = app.test_client().get(PAGE).text
    assert "Not confirmed since" in shown and "have had no answer" in shown
    assert db.session.scalars(select(Change.actor_id).where(Change.verb == "unanswered")).all() == [None]


def test_a_later_word_ends_the_silence(app: Flask, cast: Cast, old: Organisation) -> None:
    with transaction():
        db.session.add(Reminder(organisation_id=old.id, sent=now() - timedelta(days=31)))
        db.session.add(Change(entry=old, thread=old, verb="unanswered", at=now() - timedelta(days=2)))
    reminders.note_silence()
    confirm_organisation(old, version=old.version, actor=cast.ben)
    assert "have had no answer" not in app.test_client().get(PAGE).text


def test_what_was_confirmed_meanwhile_is_no_silence(app: Flask, cast: Cast, old: Organisation) -> None:
    with transaction():
        db.session.add(Reminder(organisation_id=old.id, sent=now() - timedelta(days=31)))
    confirm_organisation(old, version=old.version, actor=cast.ben)
    reminders.note_silence()
    assert db.session.scalars(select(Reminder.answer)).all() == ["right"]


def test_the_list_of_old_records_by_area(app: Flask, client: FlaskClient) -> None:
    make.organisation("Fresh", focus=["water"], confirmed=now().date().isoformat())
    age(make.organisation("Old water", focus=["water"]), LONG, "2019-01-01")
    make.organisation("Never asked", focus=["energy"])
    make.organisation("Secret", audience="group:7")
    all_of_them = client.get("/organisations/stale").text
    assert all_of_them.index("Old water") < all_of_them.index("Never asked"), "what was confirmed once comes first"
    assert "Fresh" not in all_of_them and "Secret" not in all_of_them
    water = client.get("/organisations/stale?focus=water").text
    assert "Old water" in water and "Never asked" not in water
    assert client.get("/organisations/stale?focus=nothing&page=9").status_code == 200


@pytest.mark.parametrize("path", ["still-right", "has-closed", "something-different", "no-reminders"])
def test_a_guessed_key_opens_nothing(client: FlaskClient, path: str) -> None:
    assert client.get(f"/{path}/guessed").status_code == 410
