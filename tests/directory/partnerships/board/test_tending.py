"""What the worker does for the board: reminders at 14 days, at 3 and at the end, each once whatever happens to the worker or its clock;
and the links in those mails, which act without signing in, once, and only when a button is pressed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons import db as ground
from commons.db import db, transaction
from commons.entries.actions import record
from commons.members.models import Outgoing
from commons.members.seats import take_seat
from directory.partnerships.board import actions, models
from directory.partnerships.board.documents.letters import letters
from directory.partnerships.board.models import Posting, in_days
from directory.partnerships.board.tending import tend
from tests.cast import Cast
from tests.directory.partnerships.board.makers import need, offer, represented


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The days by which the site's clock is ahead."""
    ahead, real = [0], ground.now
    monkeypatch.setattr(models, "now", lambda: real() + timedelta(days=ahead[0]))
    return ahead


def waiting() -> list[Outgoing]:
    """Mails of the board that wait, the oldest first; they are taken away as if they had been sent."""
    found = db.session.scalars(
        select(Outgoing).where(Outgoing.letter == "posting reminder").order_by(Outgoing.id)
    ).all()
    with transaction():
        for row in found:
            db.session.delete(row)
    return list(found)


def written(row: Outgoing) -> str:
    letter = letters["posting reminder"](row)
    return letter.text if letter else ""


def test_an_organisation_is_reminded_at_fourteen_days_at_three_and_at_the_end(
    app: Flask, cast: Cast, clock: list[int]
) -> None:
    made = need("Drill a borehole", of=represented("Green Belt", cast.ana, cast.ben), until=in_days(30))
    told = {}
    for day in range(34):
        clock[0] = day
        tend()
        if rows := waiting():
            told[day] = (sorted(row.recipient for row in rows), written(rows[0]).split("\n")[2])
    assert list(told) == [16, 27, 31]
    assert told[16][0] == ["ana@example.org", "ben@example.org"]
    assert "ends in 14 days" in told[16][1] and "ends in 3 days" in told[27][1] and "is over since" in told[31][1]
    assert made.closed == "expired" and not made.is_open


def test_a_worker_that_was_dead_for_a_week_reminds_once_and_never_of_two_at_a_time(
    app: Flask, cast: Cast, clock: list[int]
) -> None:
    need("Drill a borehole", until=in_days(20))
    clock[0] = 18  # both reminders are due
    tend()
    assert len(waiting()) == 1
    tend()
    assert waiting() == []
    clock[0] = 40  # over long since
    tend()
    assert len(waiting()) == 1
    tend()
    assert waiting() == []


def test_a_clock_that_is_set_back_does_nothing_twice(app: Flask, cast: Cast, clock: list[int]) -> None:
    made = need("Drill a borehole", until=in_days(20))
    for day in (7, 6, 7, 18, 2, 18, 25, 0, 25):
        clock[0] = day
        tend()
    assert len(waiting()) == 3  # 14 days, 3 days, the end
    clock[0] = 0
    assert made.closed == "expired" and not made.is_open


def test_a_day_that_is_near_from_the_beginning_is_no_news(app: Flask, cast: Cast, clock: list[int]) -> None:
    need("Drill a borehole", until=in_days(10))
    tend()
    assert waiting() == []
    clock[0] = 7
    tend()
    assert len(waiting()) == 1


def test_after_a_renewal_reminders_begin_anew(app: Flask, cast: Cast, clock: list[int]) -> None:
    made = need("Drill a borehole", until=in_days(20))
    clock[0] = 18
    tend()
    row = waiting()[0]
    actions.renew_posting(made, actor=cast.ana)
    assert written(row) == ""  # it was renewed before the mail was written
    tend()
    assert waiting() == []
    clock[0] = 18 + 88
    tend()
    assert len(waiting()) == 1


def test_what_stands_for_good_what_is_closed_and_what_waits_is_left_alone(
    app: Flask, cast: Cast, clock: list[int]
) -> None:
    organisation = represented("Green Belt")
    offer("Lend a van", of=organisation, until="")
    closed = need("Drill a borehole", of=organisation, until=in_days(5))
    actions.close_posting(closed, "withdrawn", actor=cast.ana)
    waits = need("Dig", of=represented("New"), until=in_days(5), looked_at=False)
    clock[0] = 200
    tend()
    assert waiting() == [] and closed.closed == "withdrawn" and waits.closed == ""


def test_a_worker_that_dies_between_closing_and_telling_has_done_neither(
    app: Flask, cast: Cast, clock: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = need("Drill a borehole", until=in_days(20))
    clock[0] = 30
    monkeypatch.setattr("directory.partnerships.board.tending.told_of", _dies)
    with pytest.raises(MemoryError):
        tend()
    assert made.closed == "" and waiting() == []
    monkeypatch.undo()
    with transaction():
        record(made, "edited", None, actor=None)
        made.until = in_days(-1)
    tend()
    assert made.closed == "expired" and len(waiting()) == 1


def _dies(_posting: Posting) -> list[int]:
    raise MemoryError


# --- the links ---


def links(made: Posting, clock: list[int], day: int) -> tuple[str, str]:
    """(renew, close) of the mail that is sent on this day."""
    clock[0] = day
    tend()
    found = re.findall(r"http://localhost(/\S+)", written(waiting()[0]))
    return found[0], found[1]


def test_the_link_of_a_mail_renews_without_signing_in_once(
    client: FlaskClient, app: Flask, cast: Cast, clock: list[int]
) -> None:
    made = need("Drill a borehole", until=in_days(20))
    renew, close = links(made, clock, 18)
    page = client.get(renew)
    assert page.status_code == 200 and "Renew for 90 days" in page.text
    db.session.refresh(made)
    assert made.until == (models.today() + timedelta(days=2)).isoformat()  # looking at it changes nothing
    assert client.post(renew.split("?")[0], data={"how": "renew"}).status_code == 303
    db.session.refresh(made)
    assert made.until == in_days(90)
    for again in (renew, close):
        assert client.get(again).status_code == 410
        assert client.post(again, data={"how": "withdrawn"}).status_code == 410
    db.session.refresh(made)
    assert made.is_open


def test_the_link_of_a_mail_closes_and_says_by_whom(
    client: FlaskClient, app: Flask, cast: Cast, clock: list[int]
) -> None:
    made = need("Drill a borehole", until=in_days(20))
    _renew, close = links(made, clock, 18)
    assert client.post(close, data={"how": "tomorrow"}).status_code == 422  # and the key is not spent
    assert client.post(close, data={"how": "fulfilled", "by": "Well Diggers"}).status_code == 303
    db.session.refresh(made)
    assert (made.closed, made.fulfilled_by) == ("fulfilled", "Well Diggers")


def test_the_link_of_the_last_mail_opens_it_again(
    client: FlaskClient, app: Flask, cast: Cast, clock: list[int]
) -> None:
    made = need("Drill a borehole", until=in_days(20))
    renew, _close = links(made, clock, 22)
    assert "Open it again for 90 days" in client.get(renew).text
    client.post(renew, data={"how": "renew"})
    db.session.refresh(made)
    assert made.is_open and made.closed == ""


def test_the_link_of_who_lost_the_mandate_does_nothing(
    client: FlaskClient, app: Flask, cast: Cast, clock: list[int]
) -> None:
    organisation = represented("Green Belt")
    made = need("Drill a borehole", of=organisation, until=in_days(20))
    renew, _close = links(made, clock, 18)
    with transaction():
        take_seat(cast.ana, f"organisation:{organisation.id}")
    assert client.post(renew, data={"how": "renew"}).status_code == 403
    db.session.refresh(made)
    assert made.until != in_days(90)


def test_an_invented_key_opens_nothing(client: FlaskClient, app: Flask, cast: Cast) -> None:
    for key in ("x", "y" * 300, "é", "-"):
        assert client.get(f"/partnerships/answers/{key}").status_code == 410
        assert client.post(f"/partnerships/answers/{key}", data={"how": "renew"}).status_code == 410
