"""Taking back everything of one member, while what others wrote stays as it is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db, now, transaction
from commons.entries.actions import bring_back
from commons.entries.checks import chains, heads, logged, rows_equal_histories
from commons.entries.models import Change, Revision
from commons.entries.returning import undo_revision
from commons.moderation.actions import undo_all
from commons.moderation.actions.undoing import ranges
from commons.moderation.queries import waiting_count
from commons.web import Forbidden, Invalid, Waiting
from tests import make
from tests.cast import GROUP, Cast
from wiki.actions import edit_page
from wiki.models import Page


def edited(page: Page, old: str, new: str, actor: object) -> None:
    assert old in page.text
    edit_page(page, {"text": page.text.replace(old, new)}, version=page.version, actor=actor)  # type: ignore[arg-type]


def test_undoing_fifty_edits_leaves_later_edits_of_others_intact(app: Flask, cast: Cast) -> None:
    text = "\n\n".join(f"Paragraph {number}." for number in range(12))
    pages = [make.page(f"Page {number}", text) for number in range(5)]
    for page in pages:
        for number in range(10):
            edited(page, f"Paragraph {number}.", f"SPAM {number}.", cast.chi)
            if number in (3, 7):
                edited(page, "Paragraph 11.", f"Paragraph 11.\n\nBen was here, {number}.", cast.ben)
        edited(page, "Paragraph 10.", "Paragraph 10, by Ben.", cast.ben)
    before = [page.text for page in pages]
    preview = undo_all(cast.chi, actor=cast.mo, dry_run=True)
    assert [page.text for page in pages] == before, "a preview changes nothing"
    done = undo_all(cast.chi, actor=cast.mo, note="spam")
    assert [(one.entry.id, one.how, one.taken) for one in done] == [(one.entry.id, one.how, one.taken) for one in preview]  # fmt: skip
    assert sum(len(one.taken) for one in done) == 50
    for page in pages:
        assert "SPAM" not in page.text
        for words in ("Ben was here, 3.", "Ben was here, 7.", "Paragraph 10, by Ben.", "Paragraph 0.", "Paragraph 9."):
            assert words in page.text
    assert undo_all(cast.chi, actor=cast.mo, dry_run=True) == []
    for check in (chains, heads, rows_equal_histories, logged):
        assert list(check()) == []


def test_undoing_everything_can_be_undone(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "One.\n\nTwo.")
    edited(page, "Two.", "Two and a half.", cast.chi)
    mine = make.page("By Chi", "Alone.", actor=cast.chi)
    done = {one.entry.id: one.how for one in undo_all(cast.chi, actor=cast.mo, note="a mistake")}
    assert done == {page.id: "undone", mine.id: "removed"}
    assert page.text == "One.\n\nTwo." and mine.state == "deleted"
    undo_revision(page, page.version, actor=cast.mo)
    bring_back(mine, actor=cast.mo, note="sorry")
    assert page.text == "One.\n\nTwo and a half." and (mine.state, mine.text) == ("live", "Alone.")


def test_what_others_changed_again_is_left_and_named(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "Dig deep.\n\nRest.")
    edited(page, "Dig deep.", "Dig deepest.", cast.chi)
    edited(page, "Rest.", "Rest well.", cast.chi)
    edited(page, "Dig deepest.", "Dig as deep as you may.", cast.ben)
    [one] = undo_all(cast.chi, actor=cast.mo, note="haste")
    assert (one.how, one.taken, one.left) == ("undone", [3], [2])
    assert page.text == "Dig as deep as you may.\n\nRest."


def test_a_page_that_others_built_on_is_not_removed(app: Flask, cast: Cast) -> None:
    page = make.page("By Chi", "One.", actor=cast.chi)
    edited(page, "One.", "One.\n\nTwo, by Ben.", cast.ben)
    [one] = undo_all(cast.chi, actor=cast.mo, note="spam")
    assert (one.how, one.left, page.state) == ("left", [1], "live")


def test_only_what_was_done_since_is_taken_back(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "One.\n\nTwo.")
    edited(page, "One.", "One!", cast.chi)
    then = now()
    edited(page, "Two.", "Two!", cast.chi)
    undo_all(cast.chi, actor=cast.mo, note="late haste", since=then)
    assert page.text == "One!\n\nTwo."


def test_edits_that_wait_go_back_with_the_reason(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    with transaction():
        cast.chi.trusted = None
    with pytest.raises(Waiting):
        edit_page(page, {"text": "SPAM"}, version=1, actor=cast.chi)
    fresh = make.page("Buy SPAM", "SPAM", actor=cast.chi)
    assert {one.how for one in undo_all(cast.chi, actor=cast.mo, note="spam")} == {"returned"}
    assert waiting_count(cast.mo) == 0 and fresh.state == "pending", "its title stands in no list of removed pages"


def test_who_may_and_why(app: Flask, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    edited(page, "One.", "Two.", cast.chi)
    secret = make.page("Secret", "One.", audience=GROUP)
    edited(secret, "One.", "Two.", cast.chi)
    with pytest.raises(Forbidden):
        undo_all(cast.chi, actor=cast.ben, note="I do not like Chi")
    with pytest.raises(Invalid):
        undo_all(cast.chi, actor=cast.mo, note=" ")
    assert page.text == "Two."
    done = undo_all(cast.chi, actor=cast.mo, note="spam")
    assert [one.entry.id for one in done] == [page.id] and secret.text == "Two.", "no door of their own"
    line = db.session.scalars(select(Change).order_by(Change.seq.desc())).first()
    assert line is not None and (line.verb, line.note) == ("undid a change", "Undid version 2: spam")
    assert db.session.scalar(select(func.count()).where(Revision.author_id == cast.mo.id)) == 1


def test_numbers_are_told_in_ranges() -> None:
    assert ranges([5, 3, 4, 9, 2]) == "2–5, 9" and ranges([7]) == "7"
