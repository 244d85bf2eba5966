"""What may be written to a page, by whom, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db, now
from commons.entries.checks import chains, heads, logged, rows_equal_histories
from commons.entries.hiding import hide_revision
from commons.entries.models import Redirect, Revision
from commons.entries.queries import state_at
from commons.entries.returning import restore_entry, undo_revision
from commons.web import Conflict, Forbidden, Invalid
from tests import make
from tests.cast import Cast
from wiki.actions import add_page, edit_page
from wiki.checks import links_are_those_of_the_texts

LONG = "".join(f"Line {number} says something about compost and heat.\n\n" for number in range(200))


def sound() -> list[str]:
    checks = (chains, heads, rows_equal_histories, logged, links_are_those_of_the_texts)
    return [fault for check in checks for fault in check()]


def test_a_page_has_a_title_text_and_a_history(app: Flask, cast: Cast) -> None:
    page = add_page({"title": "Composting", "text": "Heat.", "language": "en"}, actor=cast.ana, note="begun")
    assert (page.slug, page.version, page.state, page.licence) == ("composting", 1, "live", "CC BY-SA 4.0")
    changes = edit_page(page, {"text": "Heat and air."}, version=1, actor=cast.ben, note="air", minor=True)
    assert changes == {"text": ["Heat.", "Heat and air."]} and page.version == 2
    revision = db.session.scalar(select(Revision).where(Revision.entry_id == page.id, Revision.number == 2))
    assert revision is not None and (revision.author_id, revision.note, revision.minor) == (cast.ben.id, "air", True)
    assert sound() == []


def test_who_has_not_proved_an_address_writes_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_page({"title": "Composting"}, actor=cast.una)
    page = make.page("Composting")
    with pytest.raises(Forbidden):
        edit_page(page, {"text": "x"}, version=1, actor=cast.una)


@pytest.mark.parametrize(
    "title", ["", "   ", "A [b]", "a|b", "C#", "organisation: Solar Aid", "x" * 201, "\u202eabc\x00"]
)
def test_titles_that_links_could_not_say_are_refused(app: Flask, cast: Cast, title: str) -> None:
    with pytest.raises(Invalid) as fault:
        add_page({"title": title}, actor=cast.ana)
    assert "title" in fault.value.fields and fault.value.fields["title"]


def test_a_title_is_there_once(app: Flask, cast: Cast) -> None:
    make.page("Composting")
    with pytest.raises(Invalid):
        add_page({"title": "composting"}, actor=cast.ben)
    assert add_page({"title": "Composting!"}, actor=cast.ben).slug == "composting-2"


def test_a_title_cannot_take_the_address_of_a_list(app: Flask, cast: Cast) -> None:
    assert [make.page(title).slug for title in ("New", "Wanted", "Dead ends", "All")] == [
        "new-2",
        "wanted-2",
        "dead-ends-2",
        "all-2",
    ]


def test_long_texts_are_kept_as_the_lines_that_changed_and_come_back_byte_for_byte(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", LONG)
    texts = [LONG]
    for number in range(5):
        texts.append(texts[-1].replace(f"Line {number * 7} says", f"Line {number * 7} does not say"))
        edit_page(page, {"text": texts[-1]}, version=page.version, actor=cast.ben)
    kept = db.session.scalars(select(Revision.changes).where(Revision.entry_id == page.id, Revision.number > 1)).all()
    assert all("hunks" in changes["text"] and len(str(changes)) < 400 for changes in kept)
    assert [state_at(page, number)["text"] for number in range(1, 7)] == texts
    assert sound() == []


def test_two_people_who_change_different_paragraphs_are_both_kept(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", LONG)
    mine, theirs = LONG.replace("Line 3 says", "Line 3 hints at"), LONG.replace("Line 150 says", "Line 150 denies")
    edit_page(page, {"text": theirs, "summary": "How heaps work"}, version=1, actor=cast.ben)
    edit_page(page, {"text": mine, "title": "Compost"}, version=1, actor=cast.ana)
    assert "Line 3 hints at" in page.text and "Line 150 denies" in page.text
    assert (page.title, page.summary) == ("Compost", "How heaps work")
    assert sound() == []


def test_the_same_paragraph_is_a_conflict_and_nothing_changes(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", LONG)
    edit_page(page, {"text": LONG.replace("Line 3 says", "Line 3 denies")}, version=1, actor=cast.ben)
    with pytest.raises(Conflict) as fault:
        edit_page(page, {"text": LONG.replace("Line 3 says", "Line 3 hints at")}, version=1, actor=cast.ana)
    assert fault.value.version == 2 and [one.field for one in fault.value.collisions] == ["text"]
    db.session.refresh(page)
    assert page.version == 2 and "Line 3 denies" in page.text


def test_an_older_edit_is_undone_and_what_came_later_stays(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", LONG)
    edit_page(page, {"text": LONG.replace("Line 3 says", "BUY NOW")}, version=1, actor=cast.chi)
    edit_page(page, {"text": page.text.replace("Line 9 says", "Line 9 proves")}, version=2, actor=cast.ben)
    undo_revision(page, 2, actor=cast.ana)
    assert "BUY NOW" not in page.text and "Line 9 proves" in page.text and page.version == 4
    with pytest.raises(Invalid):
        undo_revision(page, 1, actor=cast.ana)


def test_undoing_what_was_changed_again_is_a_conflict(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "One.\n\nTwo.\n\nThree.\n")
    edit_page(page, {"text": "One.\n\nTwice.\n\nThree.\n"}, version=1, actor=cast.chi)
    edit_page(page, {"text": "One.\n\nThrice.\n\nThree.\n"}, version=2, actor=cast.ben)
    with pytest.raises(Conflict):
        undo_revision(page, 2, actor=cast.ana)
    assert "Thrice" in page.text


def test_restoring_makes_a_new_version(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", LONG)
    edit_page(page, {"text": "gone"}, version=1, actor=cast.chi)
    restore_entry(page, 1, actor=cast.ana)
    assert page.text == LONG and page.version == 3 and sound() == []


def test_a_hidden_version_is_neither_shown_nor_brought_back_by_others(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "Heat.")
    edit_page(page, {"text": "Somebody's address"}, version=1, actor=cast.chi)
    with pytest.raises(Invalid):
        hide_revision(page, 2, actor=cast.mo, note="an address")
    edit_page(page, {"text": "Heat."}, version=2, actor=cast.ana)
    with pytest.raises(Forbidden):
        hide_revision(page, 2, actor=cast.ana, note="an address")
    with pytest.raises(Invalid):
        hide_revision(page, 2, actor=cast.mo, note=" ")
    hide_revision(page, 2, actor=cast.mo, note="an address")
    with pytest.raises(Forbidden):
        restore_entry(page, 2, actor=cast.ana)
    assert sound() == []


def test_renaming_leaves_a_redirect_and_double_redirects_do_not_arise(app: Flask, cast: Cast) -> None:
    page = make.page("Composting")
    for number, title in enumerate(("Compost heaps", "Heaps", "Composting"), 1):
        edit_page(page, {"title": title}, version=number, actor=cast.ana)
    assert page.slug == "composting"
    found = {row.slug: row.entry_id for row in db.session.scalars(select(Redirect).where(Redirect.kind == "page"))}
    assert found == {"compost-heaps": page.id, "heaps": page.id}


def test_a_translation_names_an_original_that_is_there_and_none_of_its_kind(app: Flask, cast: Cast) -> None:
    page, hidden = make.page("Composting", language="en"), make.page("Plan", audience="group:7", actor=cast.ben)
    french = make.page("Compostage", language="fr", translation_of=page.id, translated_version=1)
    for wrong in (french.id, hidden.id, 99_999):
        with pytest.raises(Invalid) as fault:
            add_page({"title": f"To {wrong}", "translation_of": wrong}, actor=cast.chi)
        assert "translation_of" in fault.value.fields
    with pytest.raises(Invalid):
        edit_page(page, {"translation_of": page.id}, version=1, actor=cast.ana)


def test_marks_that_ask_for_sources_are_counted(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "Heat kills seeds [source needed]. `[source needed]`")
    assert page.sources == 1
    edit_page(page, {"text": "Heat kills seeds.[^1]\n\n[^1]: A book."}, version=1, actor=cast.ana)
    assert page.sources == 0


def test_only_words_make_a_translation_old(app: Flask, cast: Cast) -> None:
    page = make.page("Composting", "Heat.")
    edit_page(page, {"review_by": "2027-01-01"}, version=1, actor=cast.ana)
    assert (page.version, page.text_version) == (2, 1)
    edit_page(page, {"text": "Heat and air."}, version=2, actor=cast.ana)
    assert (page.version, page.text_version) == (3, 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "x" * 200_001),
        ("language", "klingon language"),
        ("focus", [999_999]),
        ("review_by", "next year"),
        ("outline", "essay"),
        ("version", 3),
        ("slug", "x"),
        ("sources", 0),
        ("translated_version", -1),
    ],
)
def test_what_does_not_fit_is_refused_by_name(app: Flask, cast: Cast, field: str, value: object) -> None:
    page = make.page("Composting")
    with pytest.raises(Invalid) as fault:
        edit_page(page, {field: value}, version=1, actor=cast.ana)
    assert list(fault.value.fields) == [field]


def test_a_page_that_is_larger_already_may_be_mended(app: Flask, cast: Cast) -> None:
    large = "A line of a very large page.\n" * 9_000
    page = make.page("Large")
    edit_page(page, {"text": large[:200_000]}, version=1, actor=cast.ana)
    db.session.execute(db.text("update page set text = :text"), {"text": large})
    db.session.commit()
    db.session.refresh(page)
    assert edit_page(page, {"text": large[:-5]}, version=page.version, actor=cast.ana)


def test_a_date_of_review_is_a_date(app: Flask, cast: Cast) -> None:
    soon = (now() + timedelta(days=30)).date()
    page = make.page("Composting", review_by=soon.isoformat())
    assert page.review_on == soon
