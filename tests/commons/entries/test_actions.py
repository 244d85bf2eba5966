"""Every write: the row, its revision and a line in the log, together or not at all."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db, table, transaction
from commons.entries.actions import bring_back, edit_entry, remove_entry
from commons.entries.checks import chains, heads, logged, rows_equal_histories
from commons.entries.models import Change, Redirect, Revision, Unrecorded
from commons.entries.queries import find, state_at
from commons.entries.returning import restore_entry
from commons.room import rooms
from commons.web import Conflict, Forbidden, Gone, Invalid
from directory.actions import edit_organisation
from directory.models import Organisation
from tests import make
from tests.cast import Cast


def test_an_edit_leaves_row_revision_and_log_line(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.")
    changed = edit_organisation(solar, {"description": "Lamps for schools."}, version=1, actor=cast.ben, note="where")
    assert changed == {"description": ["Lamps.", "Lamps for schools."]}
    revision = db.session.scalar(select(Revision).where(Revision.entry_id == solar.id, Revision.number == 2))
    line = db.session.scalar(select(Change).where(Change.entry_id == solar.id).order_by(Change.seq.desc()))
    assert revision is not None and line is not None
    assert (revision.changes, revision.author_id, revision.note) == (changed, cast.ben.id, "where")
    assert (line.verb, line.actor_id, line.revision) == ("edited", cast.ben.id, 2)
    assert solar.version == 2


def test_saving_what_is_there_already_changes_nothing(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", city="Nairobi", country="KE")
    before = db.session.scalar(select(func.count()).select_from(Change))
    assert edit_organisation(solar, {"title": "Solar Aid", "city": "Nairobi"}, version=1, actor=cast.ben) == {}
    assert db.session.scalar(select(func.count()).select_from(Change)) == before
    assert solar.version == 1


def test_an_entry_cannot_change_behind_the_log(app: Flask) -> None:
    solar = make.organisation("Solar Aid")
    solar.description = "changed by hand"
    with pytest.raises(Unrecorded):
        db.session.commit()
    db.session.rollback()


def test_a_failure_inside_undoes_everything(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.")
    with pytest.raises(RuntimeError), transaction():
        edit_organisation(solar, {"description": "gone with the storm"}, version=1, actor=cast.ana)
        raise RuntimeError("the power went")
    db.session.expire_all()
    again = db.session.get_one(Organisation, solar.id)
    assert (again.description, again.version) == ("Lamps.", 1)
    assert db.session.scalar(select(func.count()).where(Revision.entry_id == solar.id)) == 1


def test_two_people_edit_different_fields_and_both_are_kept(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.", website="https://old.example.org")
    edit_organisation(solar, {"website": "https://new.example.org/"}, version=1, actor=cast.ben)
    changed = edit_organisation(
        solar, {"description": "Lamps for schools.", "website": "https://old.example.org"}, version=1, actor=cast.chi
    )
    assert set(changed) == {"description"}
    assert solar.website == "https://new.example.org/"


def test_two_people_edit_different_paragraphs_and_both_are_kept(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="One.\n\nTwo.\n\nThree.")
    edit_organisation(solar, {"description": "One!\n\nTwo.\n\nThree."}, version=1, actor=cast.ben)
    edit_organisation(solar, {"description": "One.\n\nTwo.\n\nThree!"}, version=1, actor=cast.chi)
    assert solar.description == "One!\n\nTwo.\n\nThree!"


def test_a_collision_shows_both_and_changes_nothing(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.")
    edit_organisation(solar, {"description": "Lamps for schools."}, version=1, actor=cast.ben)
    with pytest.raises(Conflict) as caught:
        edit_organisation(solar, {"description": "Lamps for clinics."}, version=1, actor=cast.chi)
    [collision] = caught.value.collisions
    assert (collision.base, collision.mine, collision.theirs) == ("Lamps.", "Lamps for clinics.", "Lamps for schools.")
    assert caught.value.version == 2
    assert (solar.description, solar.version) == ("Lamps for schools.", 2)


def test_lists_are_merged_as_sets(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", languages=["en", "sw"])
    edit_organisation(solar, {"languages": ["en", "sw", "fr"]}, version=1, actor=cast.ben)
    edit_organisation(solar, {"languages": ["en"]}, version=1, actor=cast.chi)
    assert sorted(solar.languages) == ["en", "fr"]


def test_restoring_is_a_new_version_and_history_stays(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="First.", focus=["water"])
    edit_organisation(solar, {"description": "Second.", "focus": []}, version=1, actor=cast.ben)
    restore_entry(solar, 1, actor=cast.chi)
    assert (solar.description, solar.version, len(solar.focus)) == ("First.", 3, 1)
    assert state_at(solar, 2)["description"] == "Second."
    assert db.session.scalar(select(func.count()).where(Revision.entry_id == solar.id)) == 3


def test_a_new_name_gets_a_new_address_and_the_old_one_leads_there(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid")
    edit_organisation(solar, {"title": "Sun for All"}, version=1, actor=cast.ben)
    assert solar.slug == "sun-for-all"
    assert db.session.scalar(select(Redirect.entry_id).where(Redirect.slug == "solar-aid")) == solar.id
    assert make.organisation("Solar Aid").slug == "solar-aid-2"


def test_who_may_not_write_changes_nothing(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid")
    assert not cast.una.may_write
    with pytest.raises(Forbidden):
        edit_organisation(solar, {"title": "Una was here"}, version=1, actor=cast.una)
    with pytest.raises(Forbidden):
        remove_entry(solar, actor=cast.chi, note="I do not like it")
    assert solar.title == "Solar Aid" and solar.state == "live"


def test_a_removed_page_says_why_and_comes_back(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid")
    with pytest.raises(Invalid):
        remove_entry(solar, actor=cast.mo, note="")
    remove_entry(solar, actor=cast.mo, note="Not an organisation")
    with pytest.raises(Gone) as caught:
        find(rooms().kinds["organisation"], "solar-aid", None)
    assert caught.value.reason == "Not an organisation"
    bring_back(solar, actor=cast.mo, note="It is one")
    assert find(rooms().kinds["organisation"], "solar-aid", None).id == solar.id


def test_a_version_from_the_future_is_refused(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid")
    for version in (0, -1, 2, 10**12):
        with pytest.raises(Invalid):
            edit_entry(solar, {"title": "x"}, version=version, actor=cast.ana)


def test_the_invariants_hold_and_notice_damage(app: Flask, cast: Cast) -> None:
    solar = make.organisation("Solar Aid", description="Lamps.")
    edit_organisation(solar, {"description": "More lamps."}, version=1, actor=cast.ben)
    for check in (chains, heads, rows_equal_histories, logged):
        assert list(check()) == [], check.__name__
    db.session.execute(
        table(Revision).update().where(Revision.entry_id == solar.id, Revision.number == 1).values(changes={})
    )
    assert list(chains())
    db.session.execute(table(Organisation).update().where(Organisation.id == solar.id).values(description="by hand"))
    db.session.expire_all()
    assert list(rows_equal_histories())
