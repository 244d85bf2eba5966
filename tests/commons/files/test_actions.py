"""Adding, replacing, changing and restoring files; who may, and what stays."""

from __future__ import annotations

import io
from typing import Any

import pytest

from commons.db import db
from commons.entries.actions import remove_entry
from commons.entries.hiding import hide_revision
from commons.entries.queries import state_at
from commons.entries.returning import restore_entry
from commons.files.actions import AlreadyHere, add_file, edit_file, replace_file
from commons.files.intake import store
from commons.files.models import Blob, File
from commons.files.queries import files
from commons.focus.queries import tree
from commons.web import Conflict, Forbidden, Invalid
from tests.cast import Cast
from tests.commons.files.conftest import SAID, Add
from tests.commons.files.samples import odt, pdf, picture


def test_a_file_has_its_content_and_all_that_was_said(add: Add, cast: Cast) -> None:
    areas = sorted(tree().nodes)[:2]
    made = add(picture("PNG", (50, 20)), "Tank.PNG", focus=areas, language="en", description="On the **roof**.")
    assert (made.slug, made.name, made.media_type) == ("a-rain-tank-in-zuyevka", "Tank", "image/png")
    assert (made.width, made.height, made.focus, made.licence) == (50, 20, areas, "CC BY 4.0")
    assert made.author_id == cast.ana.id and made.size == store.path_of(made.digest).stat().st_size
    assert state_at(made, 1)["digest"] == made.digest


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"licence": ""}, "licence"),
        ({"title": "  "}, "title"),
        ({"people": ""}, "people"),
        ({"people": "asked"}, "people"),
        ({"purpose": "none"}, "purpose"),
        ({"alt": "x" * 501}, "alt"),
        ({"licence": "x" * 61}, "licence"),
        ({"language": "not a code"}, "language"),
        ({"focus": [10**6]}, "focus"),
        ({"focus": "water"}, "focus"),
        ({"credit": 7}, "credit"),
        ({"state": "live"}, "state"),
        ({"audience": "public"}, "audience"),
        ({"slug": "mine"}, "slug"),
    ],
)
def test_what_does_not_fit_is_said_field_by_field(add: Add, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        add(**said)
    assert set(fault.value.fields) == {field}
    assert db.session.query(File).count() == 0


def test_without_a_file_all_faults_are_said_at_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as fault:
        add_file(None, "", {}, actor=cast.ana)
    assert set(fault.value.fields) == {"file", "title", "licence"}


def test_a_document_needs_no_answer_about_people(add: Add) -> None:
    assert add(pdf(), "report.pdf", people="").people == ""
    made = add(pdf("Another"), "report.pdf", people="none")
    assert (made.people, made.alt) == ("", ""), "what is asked about pictures is not kept of a document"


def test_who_has_not_proved_an_address_adds_nothing(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_file(io.BytesIO(picture()), "x.jpg", SAID, actor=cast.una)
    assert list(store.all_paths()) == []


def test_the_same_content_is_told_to_who_may_see_it(add: Add, cast: Cast) -> None:
    first = add()
    with pytest.raises(AlreadyHere) as told:
        add(again=False, title="Another name")
    assert [file.id for file in told.value.files] == [first.id]
    assert add(again=True, title="Another name").digest == first.digest
    assert db.session.query(Blob).count() == 1


def test_the_same_content_behind_a_door_is_told_to_nobody_outside(add: Add, cast: Cast) -> None:
    hidden = add()
    remove_entry(hidden, actor=cast.mo, note="Not ours")
    assert add(again=False, title="Mine").digest == hidden.digest


def test_replacing_keeps_the_old_content_and_restoring_brings_it_back(add: Add, cast: Cast) -> None:
    made = add()
    first = made.digest
    changed = replace_file(made, io.BytesIO(picture("PNG", (10, 10))), "new.png", version=1, actor=cast.ben)
    assert made.version == 2 and changed["digest"] == [first, made.digest] and made.media_type == "image/png"
    assert store.path_of(first).exists() and store.path_of(made.digest).exists()
    restore_entry(made, 1, actor=cast.chi)
    assert (made.version, made.digest, made.media_type, made.width) == (3, first, "image/jpeg", 60)


def test_a_picture_is_not_replaced_by_a_document(add: Add, cast: Cast) -> None:
    with pytest.raises(Invalid):
        replace_file(add(), io.BytesIO(pdf()), "x.pdf", version=1, actor=cast.ana)


def test_two_who_replace_at_once_collide_and_neither_is_lost(add: Add, cast: Cast) -> None:
    made = add()
    replace_file(made, io.BytesIO(picture(colour="red")), "a.jpg", version=1, actor=cast.ana)
    with pytest.raises(Conflict):
        replace_file(made, io.BytesIO(picture(colour="blue")), "b.jpg", version=1, actor=cast.ben)
    assert made.version == 2


def test_two_who_change_different_fields_are_both_kept(add: Add, cast: Cast) -> None:
    made = add()
    edit_file(made, {"alt": "A tank"}, version=1, actor=cast.ben)
    replace_file(made, io.BytesIO(picture(colour="blue")), "b.jpg", version=1, actor=cast.ana)
    assert (made.version, made.alt, made.name) == (3, "A tank", "b")


def test_content_of_another_file_cannot_be_claimed(add: Add, cast: Cast) -> None:
    other, mine = add(pdf("Only for members"), "x.pdf"), add(odt("mine"), "y.odt", title="Mine")
    with pytest.raises(Invalid):
        edit_file(mine, {"digest": other.digest}, version=1, actor=cast.ana)
    with pytest.raises(Invalid):
        edit_file(mine, {"digest": "../../etc/passwd"}, version=1, actor=cast.ana)
    edit_file(mine, {"media_type": "text/html", "size": 1, "width": 5}, version=1, actor=cast.ana)
    assert (mine.version, mine.media_type.endswith("text"), mine.width) == (1, True, None)


def test_a_hidden_version_comes_back_for_moderators_only(add: Add, cast: Cast) -> None:
    made = add()
    first = made.digest
    replace_file(made, io.BytesIO(picture(colour="red")), "a.jpg", version=1, actor=cast.ana)
    from_history = made.digest
    hide_revision(made, 1, actor=cast.mo, note="Shows a child")
    with pytest.raises(Invalid):
        edit_file(made, {"digest": first}, version=2, actor=cast.ana)
    assert made.digest == from_history
    edit_file(made, {"digest": first}, version=2, actor=cast.mo)
    assert made.digest == first


def test_lists_are_filtered_by_the_database(add: Add, cast: Cast) -> None:
    add(title="With words")
    without = add(title="Without words", alt="", licence="CC0 1.0")
    add(title="Ornament", alt="", purpose="decorative")
    report = add(pdf(), "r.pdf", title="Report 100%", alt="")

    def found(**how: Any) -> list[str]:
        return [file.title for file in db.session.scalars(files(None, **how))]

    assert found(lacks_alt=True) == [without.title]
    assert found(kind="document") == [report.title] == found(words="100%")
    assert found(licence="CC0 1.0") == [without.title]
    assert found(words="words without") == [without.title]
    assert len(found()) == 4
