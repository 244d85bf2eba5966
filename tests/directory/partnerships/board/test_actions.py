"""Needs and offers: who publishes, what they may hold, how they end and begin again, and what an organisation says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import record, remove_entry
from commons.entries.models import Change, Revision
from commons.members.seats import take_seat
from commons.web import Conflict, Forbidden, Invalid
from directory.actions import edit_organisation
from directory.partnerships.board import actions, queries
from directory.partnerships.board.models import Openness, Posting, in_days, today
from tests import make
from tests.cast import Cast
from tests.directory.partnerships.board.makers import need, offer, person, posting, represented, sit


def verbs(entry: Posting) -> list[str]:
    return list(db.session.scalars(select(Change.verb).where(Change.entry_id == entry.id).order_by(Change.seq)))


def later(made: Posting, **values: object) -> None:
    """As it would stand after some time."""
    with transaction():
        record(made, "edited", None, actor=None)
        for name, value in values.items():
            setattr(made, name, value)


def test_a_steward_publishes_a_need_that_is_answered_for_ninety_days(app: Flask, cast: Cast) -> None:
    made = need("Drill a borehole", of=represented("Green Belt"))
    assert made.is_open and made.until == (date.today() + timedelta(days=90)).isoformat()
    assert (made.kind, made.audience, made.state) == ("need", "public", "live")


@pytest.mark.parametrize("who", ["ben", "una", "delegate"])
def test_only_stewards_and_signatories_publish(app: Flask, cast: Cast, who: str) -> None:
    organisation = represented("Green Belt")
    other = person("dele") if who == "delegate" else getattr(cast, who)
    sit(organisation, other, "delegate" if who != "una" else "steward")
    with pytest.raises(Forbidden):
        actions.add_posting("need", organisation.id, {"title": "Drill", "sort": "skill"}, actor=other)


def test_a_signatory_may_do_what_a_steward_may(app: Flask, cast: Cast) -> None:
    made = need("Drill", of=represented("Green Belt", cast.ben, role="signatory"), actor=cast.ben)
    actions.close_posting(made, "withdrawn", actor=cast.ben)
    assert made.closed == "withdrawn"


def test_the_first_one_of_an_organisation_waits_for_a_moderator_and_the_second_does_not(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    first = need("Drill", focus=["water"], of=organisation, looked_at=False)
    assert first.state == "pending" and not first.is_open
    assert queries.postings_of(organisation.id, cast.ben) == [] and queries.open_places(cast.ben) == []
    again = need("Dig", of=organisation, looked_at=False)
    assert again.state == "pending"  # nobody has looked at anything yet
    assert not queries.has_published(organisation.id)
    assert need("Pump", of=organisation).state == "live"
    assert need("Pipe", of=organisation, looked_at=False).state == "live"


def test_a_form_that_is_sent_twice_makes_one(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    assert need("Drill", of=organisation).id == need("Drill", of=organisation).id


@pytest.mark.parametrize(
    "values, field",
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"sort": "gold"}, "sort"),
        ({"sort": ""}, "sort"),
        ({"until": in_days(-1)}, "until"),
        ({"until": in_days(400)}, "until"),
        ({"until": ""}, "until"),
        ({"until": "soon"}, "until"),
        ({"radius": 0}, "radius"),
        ({"radius": 5000}, "radius"),
        ({"country": "XX"}, "country"),
        ({"focus": [999_999]}, "focus"),
        ({"remote": "perhaps"}, "remote"),
        ({"starts": "2030-05-02", "ends": "2030-05-01"}, "ends"),
        ({"closed": "fulfilled"}, "closed"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_what_a_need_may_not_hold(app: Flask, cast: Cast, values: dict[str, object], field: str) -> None:
    organisation = represented("Green Belt")
    with pytest.raises(Invalid) as fault:
        actions.add_posting("need", organisation.id, {"title": "Drill", "sort": "skill"} | values, actor=cast.ana)
    assert list(fault.value.fields) == [field]


def test_only_an_offer_stands_for_good(app: Flask, cast: Cast) -> None:
    assert offer("Lend a van", until="").is_open


def test_a_town_gets_its_point_and_takes_it_along(app: Flask, cast: Cast) -> None:
    made = need("Drill", country="KE", city="Kisumu")
    assert made.lat is not None and abs(made.lat) < 0.5
    actions.edit_posting(made, {"city": "Mombasa"}, version=made.version, actor=cast.ana)
    assert made.lat is not None and made.lat < -3
    actions.edit_posting(made, {"city": ""}, version=made.version, actor=cast.ana)
    assert made.lat is None


def test_two_people_change_different_parts_and_both_are_kept(app: Flask, cast: Cast) -> None:
    made = need("Drill", of=represented("Green Belt", cast.ana, cast.ben))
    actions.edit_posting(made, {"quantity": "two wells"}, version=1, actor=cast.ana)
    actions.edit_posting(made, {"remote": True}, version=1, actor=cast.ben)
    assert (made.quantity, made.remote) == ("two wells", True)
    with pytest.raises(Conflict):
        actions.edit_posting(made, {"quantity": "three wells"}, version=1, actor=cast.ben)
    newest = db.session.scalars(select(Revision).where(Revision.entry_id == made.id, Revision.number == 3)).one()
    assert newest.changes == {"remote": ["", "yes"]}


def test_what_is_closed_is_not_open_not_changed_and_stays_to_be_read(app: Flask, cast: Cast) -> None:
    made = need("Drill")
    actions.close_posting(made, "fulfilled", actor=cast.ana, by="Solar Aid")
    assert (made.closed, made.closed_on, made.fulfilled_by) == ("fulfilled", today().isoformat(), "Solar Aid")
    assert not made.is_open and not queries.is_answerable(made) and made.is_live
    with pytest.raises(Forbidden):
        actions.edit_posting(made, {"title": "Dig"}, version=made.version, actor=cast.ana)
    actions.close_posting(made, "withdrawn", actor=cast.ana)
    assert made.closed == "fulfilled"  # the first word counts
    assert verbs(made).count("closed") == 1


def test_only_its_organisation_closes_and_renews(app: Flask, cast: Cast) -> None:
    made = need("Drill")
    acts: tuple[Callable[[], Any], ...] = (
        lambda: actions.close_posting(made, "withdrawn", actor=cast.ben),
        lambda: actions.renew_posting(made, actor=cast.ben),
        lambda: actions.close_posting(made, "withdrawn", actor=cast.mo),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Invalid):
        actions.close_posting(made, "forgotten", actor=cast.ana)


def test_renewing_an_open_one_moves_its_day_and_tells_nobody(app: Flask, cast: Cast) -> None:
    made = need("Drill", until=in_days(5))
    actions.renew_posting(made, actor=cast.ana)
    assert made.until == in_days(90) and verbs(made)[-1] == "confirmed"


@pytest.mark.parametrize("how", ["fulfilled", "withdrawn", "expired"])
def test_a_closed_one_is_opened_again(app: Flask, cast: Cast, how: str) -> None:
    made = need("Drill", until=in_days(5))
    actions.close_posting(made, how, actor=cast.ana, by="Solar Aid" if how == "fulfilled" else "")
    actions.renew_posting(made, actor=cast.ana)
    assert made.is_open and (made.closed, made.closed_on, made.fulfilled_by) == ("", "", "")
    assert "reopened" in verbs(made)


def test_who_lost_the_mandate_does_nothing_any_more(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = need("Drill", of=organisation)
    with transaction():
        take_seat(cast.ana, f"organisation:{organisation.id}")
    acts: tuple[Callable[[], Any], ...] = (
        lambda: actions.edit_posting(made, {"title": "Dig"}, version=made.version, actor=cast.ana),
        lambda: actions.close_posting(made, "withdrawn", actor=cast.ana),
        lambda: actions.renew_posting(made, actor=cast.ana),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_what_is_past_its_day_is_not_open_before_the_worker_has_seen_it(app: Flask, cast: Cast) -> None:
    made = need("Drill", focus=["water"])
    later(made, until=in_days(-1))
    assert not made.is_open and queries.open_places(None) == [] and queries.postings_of(made.within_id or 0, None) == []


def test_nothing_of_an_organisation_that_is_gone_can_be_answered(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = need("Drill", focus=["water"], of=organisation)
    assert queries.is_answerable(made) and queries.accepts(organisation.id)
    why = {"status": "closed", "status_note": "No money"}
    edit_organisation(organisation, why, version=organisation.version, actor=cast.ana)
    assert not queries.is_answerable(made) and queries.open_places(None) == [] and not queries.accepts(organisation.id)
    with pytest.raises(Forbidden):
        actions.add_posting("need", organisation.id, {"title": "Dig", "sort": "skill"}, actor=cast.ana)


def test_nothing_of_an_organisation_that_was_removed_can_be_answered(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    made = need("Drill", focus=["water"], of=organisation)
    remove_entry(organisation, actor=cast.mo, note="Spam")
    assert not queries.is_answerable(made) and queries.open_places(None) == []


# --- openness ---


def test_nobody_is_open_to_partnership_who_has_not_said_so(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    assert not queries.accepts(organisation.id) and queries.openness_of([organisation.id]) == {}


def test_publishing_says_that_one_is_open_unless_one_said_no(app: Flask, cast: Cast) -> None:
    organisation, shut = represented("Green Belt"), represented("Shut")
    actions.set_openness(shut, {"open": False}, actor=cast.ana)
    need("Drill", of=organisation)
    need("Dig", of=shut)
    assert queries.accepts(organisation.id) and not queries.accepts(shut.id)


def test_openness_is_said_by_stewards_and_stands_in_the_log(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt")
    said = actions.set_openness(
        organisation,
        {"open": True, "looking_for": "Drillers", "can_bring": "Soil data", "capacity": 2, "translation": True},
        actor=cast.ana,
    )
    assert (said.open, said.looking_for, said.capacity, said.translation) == (True, "Drillers", 2, True)
    lines = select(Change.verb).where(Change.entry_id == organisation.id)
    assert list(db.session.scalars(lines)).count("openness") == 1
    actions.set_openness(organisation, {"open": True}, actor=cast.ana)
    assert list(db.session.scalars(lines)).count("openness") == 1  # nothing was different
    with pytest.raises(Forbidden):
        actions.set_openness(organisation, {"open": False}, actor=cast.ben)


@pytest.mark.parametrize("values", [{"capacity": 51}, {"capacity": -1}, {"capacity": ""}, {"open": "yes"}, {"x": 1}])
def test_what_openness_may_not_hold(app: Flask, cast: Cast, values: dict[str, object]) -> None:
    organisation = represented("Green Belt")
    with pytest.raises(Invalid):
        actions.set_openness(organisation, values, actor=cast.ana)
    assert db.session.get(Openness, organisation.id) is None


def test_it_counts_at_once(app: Flask, cast: Cast) -> None:
    organisation = represented("Green Belt", country="KE")
    actions.set_openness(organisation, {"open": True}, actor=cast.ana)
    assert [one.id for one, _said in queries.open_organisations("KE", 1, 20)[0]] == [organisation.id]
    assert queries.open_organisations("TG", 1, 20) == ([], 0)
    actions.set_openness(organisation, {"open": False}, actor=cast.ana)
    assert queries.open_organisations("", 1, 20) == ([], 0) and not queries.accepts(organisation.id)


def test_an_offer_of_a_hidden_organisation_is_seen_by_no_more_people_than_it(app: Flask, cast: Cast) -> None:
    hidden = make.organisation("Hidden", audience="members")
    sit(hidden, cast.ana, "steward")
    assert posting("offer", of=hidden, audience="public").audience == "members"
