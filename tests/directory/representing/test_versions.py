"""The version of everybody beside the version of the organisation itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commons.db import db, now, table, transaction
from commons.entries.followers import catch_up
from commons.entries.models import Revision
from commons.web import Forbidden, Invalid
from directory.actions import edit_organisation
from directory.models import Organisation
from directory.representing.actions.versions import answer, follow_edits
from directory.representing.checks import words_on_nothing
from directory.representing.models import Confirmation
from directory.representing.queries.versions import versions
from tests.cast import Cast, sign_in
from tests.directory.representing.makers import solar, speak

PAGE = "/organisations/solar-aid"
OWN = f"{PAGE}/confirmed"
CHANGED = "Changed by others since the organisation confirmed it"


@pytest.fixture
def record(app: Flask, cast: Cast) -> Organisation:
    """Ana signs for it, and has confirmed it."""
    made = solar(description="We lend lamps.", country="KE", city="Kisumu", phone="111")
    speak(made, cast.ana)
    answer(made, (), version=1, actor=cast.ana)
    follow_edits(0)
    return made


def browser(app: Flask, cast: Cast, name: str) -> FlaskClient:
    return sign_in(app.test_client(), getattr(cast, name))


def edit(record: Organisation, who: object, **values: object) -> None:
    edit_organisation(record, values, version=record.version, actor=who)  # type: ignore[arg-type]
    follow_edits(0)


def days_pass(record: Organisation, days: int) -> None:
    """Every version is so much older."""
    with transaction():
        for number, at in db.session.execute(select(Revision.number, Revision.at).where(Revision.entry_id == record.id)).all():  # fmt: skip
            key = (Revision.entry_id == record.id, Revision.number == number)
            db.session.execute(update(table(Revision)).where(*key).values(at=at - timedelta(days=days)))


def test_what_others_change_is_marked_and_the_own_version_stays_to_be_read(app: Flask, cast: Cast, record: Organisation) -> None:  # fmt: skip
    visitor = app.test_client()
    assert CHANGED not in visitor.get(PAGE).text and visitor.get(OWN).status_code == 302
    edit(record, cast.ben, description="We sell lamps.")
    shown = visitor.get(PAGE).text
    assert CHANGED in shown and OWN in shown and "We sell lamps." in shown
    own = visitor.get(OWN).text
    assert "We lend lamps." in own and "<del>" in own and "<ins>" in own
    assert "It is right so" not in shown + own, "only its own people answer"
    assert "It is right so" in browser(app, cast, "ana").get(PAGE).text


def test_its_own_people_confirm_in_one_click(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    ana = browser(app, cast, "ana")
    assert "1 field differs" in ana.get(f"{PAGE}/inbox").text
    data = {"how": "all", "version": record.version, "next": f"{PAGE}/inbox"}
    assert ana.post(OWN, data=data).headers["Location"] == f"{PAGE}/inbox"
    db.session.refresh(record)
    assert record.description == "We sell lamps." and CHANGED not in ana.get(PAGE).text
    assert "Nothing waits" in ana.get(f"{PAGE}/inbox").text


def test_or_they_go_back_to_their_own_version(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.", city="Nairobi")
    assert browser(app, cast, "ana").post(OWN, data={"how": "none", "version": record.version}).status_code == 303
    follow_edits(0)
    db.session.refresh(record)
    assert (record.description, record.city) == ("We lend lamps.", "Kisumu") and versions(record, None) is None


def test_or_they_keep_some_of_it(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.", founded=1999)
    ana = browser(app, cast, "ana")
    assert 'value="founded"' in ana.get(OWN).text
    ana.post(OWN, data={"how": "some", "field": ["founded", "title"], "version": record.version})
    follow_edits(0)
    db.session.refresh(record)
    assert (record.description, record.founded) == ("We lend lamps.", 1999) and versions(record, None) is None


def test_an_answer_to_what_changed_once_more_meanwhile_is_refused(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    seen = record.version
    edit(record, cast.chi, description="We eat lamps.")
    assert "changed once more" in browser(app, cast, "ana").post(OWN, data={"how": "all", "version": seen}, follow_redirects=True).text  # fmt: skip
    assert versions(record, None) is not None
    with pytest.raises(Invalid):
        answer(record, (), version=seen, actor=cast.ana)


def test_others_do_not_answer_for_it(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    for name in ("ben", "mo"):
        assert browser(app, cast, name).post(OWN, data={"how": "all", "version": record.version}).status_code == 404
        with pytest.raises(Forbidden):
            answer(record, (), version=record.version, actor=getattr(cast, name))


def test_what_its_own_people_write_is_confirmed_by_itself(cast: Cast, record: Organisation) -> None:
    edit(record, cast.ana, description="We lend big lamps.")
    assert versions(record, None) is None
    word = db.session.scalars(select(Confirmation).order_by(Confirmation.id.desc())).first()
    assert word is not None and (word.how, word.whole, word.number, word.by_id) == ("edit", True, record.version, cast.ana.id)  # fmt: skip
    follow_edits(0)
    assert db.session.query(Confirmation).count() == 2, "a second run says nothing twice"


def test_writing_on_does_not_confirm_what_others_changed_elsewhere(cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    edit(record, cast.ana, city="Mombasa")
    found = versions(record, None)
    assert found is not None and "description" in found.fields and "city" not in found.fields
    assert (found.own["description"], found.own["city"]) == ("We lend lamps.", "Mombasa")


def test_undone_is_as_if_it_had_never_been(cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    edit(record, cast.chi, description="We lend lamps.")
    assert versions(record, None) is None


def test_after_a_month_without_an_answer_it_is_the_version_of_the_community(app: Flask, cast: Cast, record: Organisation) -> None:  # fmt: skip
    edit(record, cast.ben, description="We sell lamps.")
    days_pass(record, 29)
    assert "has not answered" not in app.test_client().get(PAGE).text
    days_pass(record, 2)
    shown = app.test_client().get(PAGE).text
    assert "The organisation has not answered: this is the version of the community." in shown
    assert "We lend lamps." in app.test_client().get(OWN).text


def test_what_is_shown_to_nobody_stays_so(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, phone="999")
    assert "999" not in app.test_client().get(OWN).text and "111" not in app.test_client().get(OWN).text
    assert "Phone" not in app.test_client().get(OWN).text and "Phone" in browser(app, cast, "ana").get(OWN).text


def test_a_version_that_a_moderator_hid_is_not_read_here(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    word = db.session.scalars(select(Confirmation)).first()
    assert word is not None
    with transaction():
        db.session.execute(update(Revision).where(Revision.entry_id == record.id, Revision.number == word.number).values(hidden=True))  # fmt: skip
    assert app.test_client().get(OWN).status_code == 302 and CHANGED not in app.test_client().get(PAGE).text


def test_where_nobody_speaks_any_more_there_is_one_version(app: Flask, cast: Cast, record: Organisation) -> None:
    edit(record, cast.ben, description="We sell lamps.")
    browser(app, cast, "ana").post(f"{PAGE}/representatives/ana/remove")
    assert CHANGED not in app.test_client().get(PAGE).text and app.test_client().get(OWN).status_code == 302


def test_the_follower_goes_along_with_the_log(cast: Cast, record: Organisation) -> None:
    edit_organisation(record, {"city": "Mombasa"}, version=record.version, actor=cast.ana)
    catch_up()
    assert versions(record, None) is None


def test_the_check_finds_a_word_on_no_version(cast: Cast, record: Organisation) -> None:
    assert list(words_on_nothing()) == []
    with transaction():
        db.session.add(Confirmation(organisation_id=record.id, number=77, how="page", at=now()))
    assert len(list(words_on_nothing())) == 1
