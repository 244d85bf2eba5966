"""Edits that wait: who must wait, what happens to them, and that each becomes exactly what its author meant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.models import Change, Revision
from commons.entries.returning import undo_revision
from commons.members.models import Member
from commons.moderation.actions import accept, give_back, hold, protect, send_again, unprotect, withdraw
from commons.moderation.checks import checks
from commons.moderation.models import Held, Protection
from commons.moderation.queries import (
    median_wait,
    must_wait,
    protection_of,
    waiting,
    waiting_count,
    waiting_of,
)
from commons.web import Conflict, Forbidden, Invalid, Waiting
from tests import make
from tests.cast import GROUP, Cast
from wiki.actions import edit_page
from wiki.models import Page


@pytest.fixture
def nia(app: Flask, cast: Cast) -> Member:
    """A new member: none of her edits was accepted yet."""
    with transaction():
        cast.chi.trusted = None
    return cast.chi


def only_held(page: Page) -> Held:
    return db.session.scalars(select(Held).where(Held.entry_id == page.id)).one()


def held_edit(page: Page, actor: Member, text: str, version: int | None = None) -> Held:
    with pytest.raises(Waiting) as caught:
        edit_page(page, {"text": text}, version=version or page.version, actor=actor, note="what I know")
    return db.session.get_one(Held, caught.value.held_id)


def faults() -> list[str]:
    return [sentence for check in checks for sentence in check.faults()]


def test_an_edit_of_a_new_member_waits_and_changes_nothing(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    lines = db.session.scalar(select(func.count()).select_from(Change))
    held = held_edit(page, nia, "One.\n\nTwo.")
    assert (page.text, page.version, held.state) == ("One.", 1, "waiting")
    assert db.session.scalar(select(func.count()).select_from(Change)) == lines, "the log knows nothing of it"
    assert db.session.scalars(waiting(cast.mo)).all() == [held] and waiting_count(cast.mo) == 1
    assert waiting_of(page, nia) == [held] and waiting_of(page, cast.ben) == waiting_of(page, None) == []
    assert db.session.scalars(waiting(cast.ben)).all() == db.session.scalars(waiting(None)).all() == []
    assert faults() == []


def test_who_must_wait_is_decided_by_trust_and_protection(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    assert [must_wait(one, page) for one in (nia, cast.ben, cast.mo, None)] == [True, False, False, False]
    protect(page, "trusted", "vandalism", None, actor=cast.mo)
    app.config["REVIEWED_EDITS"] = 0
    assert [must_wait(one, page) for one in (nia, cast.ben, cast.mo)] == [True, False, False]
    assert not must_wait(nia, None), "a new page is covered by no protection"
    protect(page, "moderators", "a quarrel", now() + timedelta(days=2), actor=cast.mo)
    assert [must_wait(one, page) for one in (nia, cast.ben, cast.mo)] == [True, True, False]
    unprotect(page, "they have made peace", actor=cast.mo)
    assert [must_wait(one, page) for one in (nia, cast.ben)] == [False, False]


def test_a_protection_ends_by_itself_and_says_why(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    for level, reason, until in (("all", "x", None), ("trusted", " ", None), ("trusted", "x", now())):
        with pytest.raises(Invalid):
            protect(page, level, reason, until, actor=cast.mo)
    with pytest.raises(Forbidden):
        protect(page, "trusted", "mine", None, actor=cast.ben)
    made = protect(page, "moderators", "a quarrel", now() + timedelta(hours=1), actor=cast.mo)
    assert protection_of(page) is made
    with transaction():
        made.until = now() - timedelta(seconds=1)
    assert protection_of(page) is None and not must_wait(cast.ben, page)
    with pytest.raises(Invalid):
        unprotect(page, "", actor=cast.mo)
    lines = db.session.execute(select(Change.verb, Change.note).where(Change.entry_id == page.id, Change.revision.is_(None)))  # fmt: skip
    assert [tuple(row) for row in lines] == [("protected", "a quarrel")]


def test_an_accepted_edit_is_its_authors(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.\n\nTwo.\n\nThree.")
    held = held_edit(page, nia, "One.\n\nTwo.\n\nThree, by Nia.")
    edit_page(page, {"text": "One, by Ben.\n\nTwo.\n\nThree."}, version=1, actor=cast.ben)
    accept(held, actor=cast.mo)
    assert page.text == "One, by Ben.\n\nTwo.\n\nThree, by Nia."
    last = db.session.scalars(select(Revision).where(Revision.entry_id == page.id).order_by(Revision.number.desc()))
    revision = last.first()
    assert revision is not None and (revision.author_id, revision.note) == (nia.id, "what I know")
    line = db.session.scalars(select(Change).order_by(Change.seq.desc())).first()
    assert line is not None and (line.verb, line.actor_id, line.revision) == ("accepted", cast.mo.id, None)
    assert (held.state, held.decided_by_id) == ("accepted", cast.mo.id) and faults() == []
    with pytest.raises(Invalid):
        accept(held, actor=cast.mo)
    assert median_wait() is not None


def test_after_some_accepted_edits_a_member_is_trusted(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "0")
    for number in range(1, 4):
        assert nia.trusted is None
        accept(held_edit(page, nia, str(number)), actor=cast.mo)
    assert nia.trusted is not None
    edit_page(page, {"text": "at once"}, version=page.version, actor=nia)
    assert page.text == "at once"


def test_a_collision_is_shown_and_nothing_is_decided(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "Dig deep.")
    held = held_edit(page, nia, "Dig deeper.")
    edit_page(page, {"text": "Dig with care."}, version=1, actor=cast.ben)
    with pytest.raises(Conflict):
        accept(held, actor=cast.mo)
    db.session.expire_all()
    assert (held.state, page.text, page.version) == ("waiting", "Dig with care.", 2)
    accept(held, actor=cast.mo, values={"text": "Dig deeper, with care."}, version=2)
    assert (page.text, held.state, held.reason) == ("Dig deeper, with care.", "accepted", "with changes")


def test_only_moderators_decide_and_a_return_has_its_reason(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    held = held_edit(page, nia, "Two.")
    for actor in (cast.ben, nia):
        with pytest.raises(Forbidden):
            accept(held, actor=actor)
        with pytest.raises(Forbidden):
            give_back(held, "no", actor=actor)
    with pytest.raises(Invalid):
        give_back(held, "  ", actor=cast.mo)
    give_back(held, "Say where you know it from.", actor=cast.mo)
    assert [(one.state, one.reason) for one in waiting_of(page, nia)] == [("returned", "Say where you know it from.")]
    with pytest.raises(Forbidden):
        send_again(held, actor=cast.ben)
    send_again(held, actor=nia, values={"text": "Two [source](https://example.org)."})
    assert held.state == "waiting" and held.reason == "" and faults() == []
    withdraw(held, actor=nia)
    assert waiting_of(page, nia) == [] and waiting_count(cast.mo) == 0


def test_a_later_edit_on_top_takes_the_place_of_the_earlier(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.\n\nTwo.")
    first = held_edit(page, nia, "One.\n\nTwo.\n\nThree.")
    again = held_edit(page, nia, "One.\n\nTwo.\n\nThree.\n\nFour.")
    assert again is first and only_held(page).values["text"].endswith("Four.")
    beside = held_edit(page, nia, "One!\n\nTwo.")
    assert beside is not first, "written without the first one: both wait, nothing is lost"
    accept(first, actor=cast.mo)
    accept(beside, actor=cast.mo)
    assert page.text == "One!\n\nTwo.\n\nThree.\n\nFour."


def test_nobody_fills_the_queue_alone(app: Flask, cast: Cast, nia: Member) -> None:
    for number in range(30):
        held_edit(make.page(f"Page {number}", "One."), nia, "Two.")
    with pytest.raises(Forbidden):
        edit_page(make.page("One more", "One."), {"text": "Two."}, version=1, actor=nia)


def test_an_edit_that_says_nothing_new_does_not_wait(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    with pytest.raises(Invalid):
        hold(page, {"text": "One."}, version=1, actor=nia)
    with pytest.raises(Invalid):
        hold(page, {"text": "Two."}, version=2, actor=nia)
    with pytest.raises(Forbidden):
        hold(page, {"text": "Two."}, version=1, actor=cast.una)


def test_a_new_page_of_a_new_member_waits_whole(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Nia's page", "Hello.", actor=nia)
    held = only_held(page)
    assert (page.state, held.version) == ("pending", 0) and faults() == []
    edit_page(page, {"text": "Hello again."}, version=1, actor=nia)
    assert page.text == "Hello again.", "nobody sees it yet, so she goes on writing"
    withdraw(held, actor=nia)
    assert page.state == "draft"
    send_again(held, actor=nia)
    assert page.state == "pending" and faults() == []
    accept(held, actor=cast.mo)
    assert page.state == "live" and faults() == []


def test_an_edit_of_who_may_not_write_any_more_is_not_published(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    held = held_edit(page, nia, "Two.")
    with transaction():
        nia.state = "suspended"
    with pytest.raises(Forbidden):
        accept(held, actor=cast.mo)
    assert page.text == "One."


def test_undoing_by_a_new_member_waits_too(app: Flask, cast: Cast, nia: Member) -> None:
    page = make.page("Wells", "One.")
    edit_page(page, {"text": "Two."}, version=1, actor=cast.ben)
    with pytest.raises(Waiting):
        undo_revision(page, 2, actor=nia)
    assert page.text == "Two." and only_held(page).values["text"] == "One."


def test_a_moderator_without_a_seat_sees_nothing_of_a_group(app: Flask, cast: Cast) -> None:
    page = make.page("Xylophonia", "One.", audience=GROUP)
    with transaction():
        cast.ben.trusted = None
        db.session.add(Protection(entry_id=page.id, level="trusted", reason="Quarrels", by_id=cast.ana.id))
    held = held_edit(page, cast.ben, "Two.")
    assert waiting_count(cast.mo) == 0 and db.session.scalars(waiting(cast.mo)).all() == []
    with pytest.raises(Forbidden):
        accept(held, actor=cast.mo)
    with pytest.raises(Forbidden):
        protect(page, "trusted", "because", None, actor=cast.mo)


def test_the_invariants_notice_what_nobody_would_find(app: Flask, cast: Cast, nia: Member) -> None:
    held = held_edit(make.page("Wells", "One."), nia, "Two.")
    fresh = make.page("Fresh", "One.", actor=nia)
    assert faults() == []
    with transaction():
        held.values, held.decided_by_id = {"colour": "red"}, cast.mo.id
        only_held(fresh).state = "withdrawn"
    assert len(faults()) == 3, faults()


def test_words_sent_again_are_no_heap_of_anything(app: Flask, cast: Cast, nia: Member) -> None:
    held = held_edit(make.page("Wells", "One."), nia, "Two.")
    with pytest.raises(Invalid):
        send_again(held, actor=nia, values={"text": "x" * 300_000})
    assert held.values["text"] == "Two."
