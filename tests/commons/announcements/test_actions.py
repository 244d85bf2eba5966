"""Who may announce, what it may hold, and that it begins and ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from commons.announcements import actions, queries, room
from commons.announcements.fields import today
from commons.announcements.models import Announcement, Noted
from commons.db import db, transaction
from commons.entries.checks import checks
from commons.entries.followers import catch_up
from commons.entries.models import Change
from commons.members.models import Member
from commons.search.commands import differences
from commons.web import Conflict, Forbidden, Invalid
from tests.cast import Cast
from tests.commons.announcements.makers import announcement, days_pass


def day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def shown(viewer: Member | None) -> list[str]:
    return [one.titles["en"] for one in queries.strip(viewer, ())]


def test_only_moderators_announce(app: Flask, cast: Cast) -> None:
    for who in (cast.ana, cast.una):
        with pytest.raises(Forbidden):
            announcement(actor=who)
    made = announcement(actor=cast.mo)
    with pytest.raises(Forbidden):
        actions.edit_announcement(made, {"title_en": "Mine"}, version=1, actor=cast.ana)
    with pytest.raises(Forbidden):
        actions.end_announcement(made, actor=cast.ana)
    assert db.session.query(Announcement).count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title_en": "", "text_en": ""}, "title_en"),
        ({"title_en": "x" * 121}, "title_en"),
        ({"text_en": "x" * 601}, "text_en"),
        ({"text_en": "# A heading"}, "text_en"),
        ({"text_en": "- a list"}, "text_en"),
        ({"title_fr": "Seul"}, "text_fr"),
        ({"until": ""}, "until"),
        ({"until": "soon"}, "until"),
        ({"begins": "2026-02-30"}, "begins"),
        ({"until": day(91)}, "until"),
        ({"begins": day(-9), "until": day(-1)}, "until"),
        ({"begins": day(3), "until": day(2)}, "until"),
        ({"asks": "perhaps"}, "asks"),
        ({"colour": "red"}, "colour"),
        ({"text_en": 5}, "text_en"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_made(
    app: Flask, cast: Cast, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as fault:
        announcement(**values)
    assert field in fault.value.fields and db.session.query(Announcement).count() == 0


def test_an_announcement_to_a_group_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(Invalid):
        announcement(audience="group:7")


def test_ninety_days_and_six_hundred_characters_fit(app: Flask, cast: Cast) -> None:
    made = announcement(until=day(90), text_en="x" * 600, title_en="y" * 120)
    assert made.until - made.begins == timedelta(days=90)


def test_members_see_what_is_for_members_and_visitors_do_not(app: Flask, cast: Cast) -> None:
    announcement(audience="members")
    announcement(title_en="For all")
    assert shown(None) == ["For all"] and sorted(shown(cast.chi)) == ["For all", "The site moves"]


def test_one_that_begins_later_is_a_draft_that_nobody_else_sees_until_its_day(app: Flask, cast: Cast) -> None:
    made = announcement(begins=day(3))
    assert made.state == "draft" and shown(cast.ana) == [] and list(queries.current(None)) == []
    assert [one.id for one in queries.coming()] == [made.id]
    assert actions.begin_and_end() == 0
    days_pass(3)
    assert shown(cast.ana) == [] and actions.begin_and_end() == 1
    assert shown(cast.ana) == ["The site moves"] and list(queries.coming()) == []


def test_an_expired_one_disappears_at_once_and_the_worker_takes_it_from_the_search(app: Flask, cast: Cast) -> None:
    number = announcement().id
    days_pass(7)
    assert shown(None) == ["The site moves"], "its last day is shown to its end"
    days_pass(1)
    assert shown(None) == [] and list(queries.current(None)) == []
    assert actions.begin_and_end() == 1 and actions.begin_and_end() == 0
    catch_up()
    assert list(differences()) == []
    assert [line.verb for line in db.session.query(Change).filter_by(entry_id=number)] == ["created", "closed"]


def test_a_later_last_day_brings_one_back(app: Flask, cast: Cast) -> None:
    made = announcement()
    days_pass(9)
    actions.begin_and_end()
    actions.edit_announcement(made, {"begins": day(0), "until": day(5)}, version=made.version, actor=cast.mo)
    assert shown(None) == ["The site moves"]


def test_its_author_can_end_it_at_once_also_before_it_began(app: Flask, cast: Cast) -> None:
    numbers = [announcement().id, announcement(begins=day(2)).id]
    for one in numbers:
        actions.end_announcement(db.session.get_one(Announcement, one), actor=cast.mo)
    days_pass(2)
    actions.begin_and_end()
    states = [db.session.get_one(Announcement, one).state for one in numbers]
    assert shown(None) == [] and states == ["live", "draft"]


def test_the_title_and_the_language_are_those_of_the_first_language(app: Flask, cast: Cast) -> None:
    made = announcement(title_en="", text_en="", title_es="Aviso", text_es="Hoy.", title_fr="Avis", text_fr="Ce jour.")
    assert (made.title, made.language) == ("Avis", "fr")
    actions.edit_announcement(made, {"title_en": "Notice", "text_en": "Today."}, version=1, actor=cast.mo)
    assert (made.title, made.language, made.slug) == ("Notice", "en", "notice")


def test_two_moderators_who_write_different_languages_do_not_collide(app: Flask, cast: Cast) -> None:
    made = announcement(title_fr="Avis", text_fr="Vendredi.")
    actions.edit_announcement(made, {"text_fr": "Samedi."}, version=1, actor=cast.mo)
    actions.edit_announcement(made, {"text_en": "On Saturday."}, version=1, actor=cast.mo)
    assert made.texts == {"en": "On Saturday.", "fr": "Samedi."}
    with pytest.raises(Conflict):
        actions.edit_announcement(made, {"text_en": "On Sunday."}, version=1, actor=cast.mo)
    assert [fault for check in checks for fault in check.faults()] == []


def test_put_away_it_is_gone_for_this_member_only(app: Flask, cast: Cast) -> None:
    made = announcement()
    actions.note_announcement(made, actor=cast.ana)
    actions.note_announcement(made, actor=cast.ana)
    assert shown(cast.ana) == [] and shown(cast.chi) == shown(None) == ["The site moves"]
    assert db.session.query(Noted).count() == 1


def test_one_that_asks_stays_until_it_is_confirmed_and_counts_numbers(app: Flask, cast: Cast) -> None:
    made = announcement(asks="yes", audience="members")
    with pytest.raises(Forbidden):
        actions.note_announcement(made, actor=cast.ana)
    assert shown(cast.ana) == ["The site moves"]
    actions.note_announcement(made, actor=cast.ana, confirmed=True)
    actions.note_announcement(made, actor=cast.ben, confirmed=True)
    assert shown(cast.ana) == [] and shown(cast.chi) == ["The site moves"]
    assert queries.confirmations([made.id]) == ({made.id: 2}, 4), "una has not proved her address"
    with transaction():
        cast.ben.state = "suspended"
    assert queries.confirmations([made.id]) == ({made.id: 1}, 3)


def test_what_a_member_may_not_see_they_cannot_confirm(app: Flask, cast: Cast) -> None:
    made = announcement(asks="yes", audience="members")
    with transaction():
        cast.chi.state = "suspended"
    with pytest.raises(Forbidden):
        actions.note_announcement(made, actor=cast.chi, confirmed=True)


def test_who_read_it_leaves_in_no_public_export() -> None:
    assert {handed.model: handed.public for handed in room.tables} == {Announcement: True, Noted: False}
