"""What one organisation says of another: once, signed, answered once, and taken away by who may."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.api import statements
from commons.db import db, transaction
from commons.entries.actions import put_back, take_away
from commons.entries.asks import speaks_for
from commons.entries.followers import catch_up
from commons.entries.hiding import show_to
from commons.entries.models import Ask
from commons.entries.returning import restore_entry
from commons.members.models import Block, Member
from commons.members.seats import take_seat
from commons.moderation.actions import decide, report
from commons.moderation.reports import case_of
from commons.web import Forbidden, Invalid
from directory.actions import edit_organisation
from directory.models import Organisation
from directory.statements.actions import add_statement, answer_statement, edit_statement, remove_statement
from directory.statements.models import Statement
from tests import make
from tests.cast import Cast, sign_in
from tests.directory.statements.makers import WORDS, represent, speaking

OTHER = "They answer letters within a day, and they keep what they promise."


@pytest.fixture
def solar(app: Flask, cast: Cast) -> Organisation:
    """Ana is its steward."""
    return speaking("Solar Aid", cast.ana)


@pytest.fixture
def wells(app: Flask, cast: Cast) -> Organisation:
    """Ben is its steward."""
    return speaking("Wells for all", cast.ben)


@pytest.fixture
def said(solar: Organisation, wells: Organisation, cast: Cast) -> Statement:
    return add_statement(wells, solar, {"text": WORDS}, actor=cast.ana)


def asked(member: Member, why: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Ask.entry_id).where(Ask.member_id == member.id, Ask.why == why)))


def refused(about: Organisation, voice: Organisation, actor: Member, **values: str) -> str:
    with pytest.raises(Invalid) as fault:
        add_statement(about, voice, {"text": WORDS, **values}, actor=actor)
    return " ".join(fault.value.fields.values())


def test_a_steward_signs_and_it_stands_on_the_pages_of_both(app: Flask, client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    sign_in(client, cast.ana)
    form = "/organisations/wells-for-all/statements/new"
    assert form in client.get("/organisations/wells-for-all").text
    assert "Solar Aid" in client.get(form).text
    sent = {"voice": solar.id, "text": f"{WORDS} <b>Truly</b>", "link": "/organisations/solar-aid", "language": "en"}
    assert client.post(form, data=sent).status_code == 303
    visitor = app.test_client()
    for address in ("wells-for-all", "wells-for-all/statements", "solar-aid", "solar-aid/said"):
        text = visitor.get(f"/organisations/{address}").text
        assert WORDS in text and "Ana" in text and "&lt;b&gt;Truly" in text, address
    assert asked(cast.ben, "statement") and not asked(cast.ana, "statement")
    made = db.session.scalars(select(Statement)).one()
    page = visitor.get(f"/statements/{made.id}").text
    assert "Solar Aid" in page and 'href="/organisations/solar-aid"' in page and f"/report/{made.id}" in page
    assert WORDS in visitor.get("/organisations/wells-for-all/statements.atom").text
    assert visitor.get(f"/e/{made.id}").headers["Location"] == f"/statements/{made.id}"


def test_nothing_counts_or_rates_anywhere(client: FlaskClient, said: Statement) -> None:
    for address in (
        f"/statements/{said.id}",
        "/organisations/wells-for-all",
        "/organisations/wells-for-all/statements",
    ):
        assert not re.search(r"★|rating|average|stars", client.get(address).text, re.I), address


def test_it_has_forty_to_eight_hundred_characters_and_a_link_here_or_https(cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    assert "more character" in refused(wells, solar, cast.ana, text="x" * 39)
    assert refused(wells, solar, cast.ana, text="x" * 801)
    for link in (
        "http://old.example",
        "javascript:alert(1)",
        "//evil.example",
        "/nowhere/at/all",
        '/"onclick',
        "x" * 600,
    ):
        assert "https" in refused(wells, solar, cast.ana, link=link), link
    made = add_statement(wells, solar, {"text": "x" * 40, "link": "http://localhost/wiki"}, actor=cast.ana)
    assert made.link == "/wiki"
    edit_statement(made, {"text": "y" * 800, "link": "https://Proof.example/x"}, version=1, actor=cast.ana)
    assert made.link == "https://proof.example/x"


def test_who_may_not_says_nothing(cast: Cast, solar: Organisation, wells: Organisation) -> None:
    represent(solar, cast.chi, "delegate")
    for who in (cast.chi, cast.ben, cast.mo):
        with pytest.raises(Forbidden):
            add_statement(wells, solar, {"text": WORDS}, actor=who)
    assert "nothing of itself" in refused(solar, solar, cast.ana)
    young = make.organisation("Young")
    assert not db.session.scalars(select(Statement)).all()
    represent(young, cast.ben, "signatory", days=6)
    assert "seven days" in refused(solar, young, cast.ben)
    represent(young, cast.chi, "delegate", days=30)
    take_seat(cast.chi, speaks_for(young.id))
    assert "seven days" in refused(solar, young, cast.ben), "who left does not make it older"


def test_a_block_reads_like_any_other_hindrance(cast: Cast, solar: Organisation, wells: Organisation) -> None:
    closed = make.organisation("Twice", status="duplicate", status_note="the same")
    ordinary = refused(closed, solar, cast.ana)
    with transaction():
        db.session.add(Block(member_id=cast.ben.id, other_id=cast.ana.id, how="block"))
    assert refused(wells, solar, cast.ana) == ordinary
    represent(solar, cast.chi)
    add_statement(wells, solar, {"text": WORDS}, actor=cast.chi)


def test_there_is_one_for_each_pair_also_at_the_same_moment(app: Flask, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    add_statement(solar, wells, {"text": WORDS}, actor=cast.ben)
    start, results, ids = threading.Barrier(3), list[Any](), (wells.id, solar.id, cast.ana.id)
    db.session.rollback()

    def say() -> None:
        with app.app_context():
            about, voice = (db.session.get_one(Organisation, id) for id in ids[:2])
            who = db.session.get_one(Member, ids[2])
            start.wait()
            try:
                results.append(add_statement(about, voice, {"text": WORDS}, actor=who).id)
            except Invalid as fault:
                results.append(fault)
            db.session.remove()

    threads = [threading.Thread(target=say) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(type(one).__name__ for one in results) == ["Invalid", "Invalid", "int"]


def test_it_is_answered_once_and_anew_when_its_words_changed(client: FlaskClient, cast: Cast, said: Statement) -> None:
    sign_in(client, cast.ben)
    address = f"/statements/{said.id}/answer"
    assert address in client.get("/organisations/wells-for-all").text
    assert client.post(address, data={"text": ""}).status_code == 422
    assert client.post(address, data={"text": "Thank you; the third one is <i>dry</i>."}).status_code == 303
    assert "the third one is &lt;i&gt;dry" in client.get("/organisations/solar-aid").text
    assert asked(cast.ana, "answered") == [said.id]
    assert client.post(address, data={"text": "And more"}).status_code == 403
    db.session.expire_all()
    edit_statement(said, {"text": OTHER}, version=said.version, actor=cast.ana)
    assert said.answer, "the answer stays"
    assert "changed after this answer" in client.get(f"/statements/{said.id}").text
    assert client.post(address, data={"text": "Now it is right."}).status_code == 303
    assert "changed after this answer" not in client.get(f"/statements/{said.id}").text


def test_only_a_steward_of_the_one_it_is_about_answers(cast: Cast, said: Statement, wells: Organisation) -> None:
    represent(wells, cast.chi, "delegate")
    for who in (cast.ana, cast.chi, cast.mo):
        with pytest.raises(Forbidden):
            answer_statement(said, "No", actor=who)


def test_another_steward_changes_it_and_signs_and_the_history_keeps_the_first_words(client: FlaskClient, cast: Cast, said: Statement, solar: Organisation) -> None:  # fmt: skip
    represent(solar, cast.chi, "signatory")
    sign_in(client, cast.chi)
    page = client.get(f"/statements/{said.id}/edit")
    assert WORDS in page.text and 'name="version"' in page.text
    sent = {"text": OTHER, "link": "", "language": "", "version": "1", "note": "shorter"}
    assert client.post(f"/statements/{said.id}/edit", data=sent).status_code == 303
    shown = client.get(f"/statements/{said.id}").text
    assert OTHER in shown and "Chi" in shown
    assert "shorter" in client.get(f"/statements/{said.id}/history").text
    assert WORDS[:20] in client.get(f"/statements/{said.id}/diff/1/2").text
    stale = client.post(f"/statements/{said.id}/edit", data=sent | {"text": f"{OTHER} So do I."})
    assert stale.status_code == 422 and "So do I." in stale.text and "meanwhile" in stale.text
    sign_in(client, cast.ben)
    assert client.post(f"/statements/{said.id}/edit", data=sent).status_code == 403


def test_restoring_an_older_version_does_not_take_the_answer_away(cast: Cast, said: Statement) -> None:
    answer_statement(said, "Thank you.", actor=cast.ben)
    edit_statement(said, {"text": OTHER}, version=said.version, actor=cast.ana)
    restore_entry(said, 1, actor=cast.ana, note="")
    assert (said.text, said.answer) == (WORDS, "Thank you.")
    with pytest.raises(Forbidden):
        restore_entry(said, 1, actor=cast.ben, note="")


def test_a_form_without_a_session_gives_the_words_back(client: FlaskClient, said: Statement) -> None:
    forms = (
        "/organisations/wells-for-all/statements/new",
        f"/statements/{said.id}/edit",
        f"/statements/{said.id}/answer",
    )
    for address in forms:
        assert client.get(address).status_code == 303
        answer = client.post(address, data={"text": OTHER, "voice": "1"})
        assert answer.status_code == 401 and OTHER in answer.text, address


def test_what_was_taken_back_may_be_said_anew_without_the_old_answer(client: FlaskClient, cast: Cast, said: Statement, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    answer_statement(said, "Thank you.", actor=cast.ben)
    sign_in(client, cast.ana)
    assert client.post(f"/statements/{said.id}/withdraw").status_code == 303
    assert client.get(f"/statements/{said.id}").status_code == 410
    assert WORDS not in client.get("/organisations/wells-for-all").text
    db.session.expire_all()
    again = add_statement(wells, solar, {"text": OTHER}, actor=cast.ana)
    assert again.id == said.id and again.is_live and (again.answer, again.answered) == ("", None)
    assert "Thank you." not in client.get(f"/statements/{said.id}").text


def test_what_a_moderator_removed_is_not_said_again(cast: Cast, said: Statement, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    report(said, "wrong", "They never worked together", actor=cast.chi)
    case = case_of(said.id, cast.mo)
    decide(case, upheld=True, step="remove", note="No work together was found", actor=cast.mo)
    db.session.refresh(said)
    assert said.state == "deleted"
    assert "cannot write about this one" in refused(wells, solar, cast.ana)
    put_back(said, actor=cast.mo, note="It was found")
    with pytest.raises(Forbidden):
        remove_statement(said, actor=cast.ben, note="We do not like it")
    with pytest.raises(Invalid):
        take_away(said, actor=cast.mo, note=" ")


def test_it_is_shown_only_where_both_organisations_are(app: Flask, client: FlaskClient, cast: Cast, said: Statement, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    catch_up()
    assert f"/statements/{said.id}" in client.get("/search?q=three+wells").text
    wells, solar = (db.session.get_one(Organisation, one.id) for one in (wells, solar))
    with transaction():
        show_to(wells, "group:7", actor=cast.mo)
    assert db.session.get_one(Statement, said.id).audience == "group:7", "it goes with what it is about"
    assert client.get(f"/statements/{said.id}").status_code == 404
    assert WORDS not in client.get("/organisations/solar-aid").text + client.get("/organisations/solar-aid/said").text
    with transaction():
        show_to(wells, "public", actor=cast.mo)
    take_away(solar, actor=cast.mo, note="Does not exist")
    for address in (
        f"/statements/{said.id}",
        "/organisations/wells-for-all",
        "/organisations/wells-for-all/statements",
    ):
        assert WORDS not in client.get(address).text, address
    assert client.get(f"/statements/{said.id}").status_code == 404


def test_it_goes_and_comes_with_either_organisation_for_search_and_programs_too(client: FlaskClient, cast: Cast, said: Statement) -> None:  # fmt: skip
    ids = said.id, said.voice_id, said.about_id

    def everywhere() -> list[bool]:
        catch_up()
        catch_up()  # what the first round wrote reaches the search in the second
        found = client.get("/api/v1/statements").get_json()["items"]
        return [bool(found), f"/statements/{ids[0]}" in client.get("/search?q=three+wells").text]

    assert everywhere() == [True, True]
    for one in ids[1:]:
        take_away(db.session.get_one(Organisation, one), actor=cast.mo, note="Does not exist")
        assert everywhere() == [False, False]
        put_back(db.session.get_one(Organisation, one), actor=cast.mo, note="It does")
        assert everywhere() == [True, True]
    with transaction():
        show_to(db.session.get_one(Organisation, ids[1]), "group:7", actor=cast.mo)
    assert everywhere() == [False, False]
    with transaction():
        show_to(db.session.get_one(Organisation, ids[1]), "public", actor=cast.mo)
    assert everywhere() == [True, True]
    take_away(db.session.get_one(Statement, ids[0]), actor=cast.mo, note="Untrue")
    take_away(db.session.get_one(Organisation, ids[1]), actor=cast.mo, note="Does not exist")
    catch_up()
    put_back(db.session.get_one(Organisation, ids[1]), actor=cast.mo, note="It does")
    assert everywhere() == [False, False], "what a moderator removed stays away"


def test_it_is_found_and_told_to_programs(client: FlaskClient, cast: Cast, said: Statement, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    answer_statement(said, "Thank you, Solar people.", actor=cast.ben)
    catch_up()
    assert f"/statements/{said.id}" in client.get("/search?q=thank+solar+people").text
    found = client.get(f"/api/v1/statements/{said.id}").get_json()
    assert (found["organisation"], found["about"], found["text"]) == (solar.id, wells.id, WORDS)
    assert found["answer"] == "Thank you, Solar people." and found["kind"] == "statement"
    assert [row["id"] for row in client.get("/api/v1/statements").get_json()["items"]] == [said.id]


def test_a_program_says_it_only_in_the_name_of_one_for_which_its_member_signs(cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    words = statements.shape.read({"text": WORDS, "organisation": solar.id, "about": wells.id}, None, cast.ana)
    with pytest.raises(Forbidden):
        statements.add(words, actor=cast.ben)
    made = statements.add(words, actor=cast.ana, via="token 1")
    assert (made.voice_id, made.about_id, made.text) == (solar.id, wells.id, WORDS)
    for wrong in ({"about": 10**9}, {"about": True}, {"organisation": None}, {"organisation": "1"}):
        with pytest.raises(Invalid):
            statements.add(words | wrong, actor=cast.ana)
    for fixed in ("organisation", "about", "answer"):
        with pytest.raises(Invalid):
            statements.read({fixed: "x"}, made, cast.ana)


def test_the_panel_shows_five_and_leads_to_the_rest(client: FlaskClient, cast: Cast, wells: Organisation) -> None:
    for number in range(7):
        voice = speaking(f"Voice {number}", cast.ana)
        add_statement(wells, voice, {"text": f"{WORDS} Number {number}."}, actor=cast.ana)
    page = client.get("/organisations/wells-for-all").text
    assert page.count("Number ") >= 5 and "Number 6." in page and "Number 1." not in page
    assert "/organisations/wells-for-all/statements" in page
    whole = client.get("/organisations/wells-for-all/statements").text
    assert all(f"Number {number}." in whole for number in range(7))


def test_who_signs_for_several_chooses_and_speaks_for_no_other(client: FlaskClient, cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    speaking("Second house", cast.ana)
    sign_in(client, cast.ana)
    form = client.get("/organisations/wells-for-all/statements/new").text
    assert "<select" in form and "Second house" in form and "Solar Aid" in form
    stranger = speaking("Strangers", cast.chi)
    sent = {"text": WORDS, "voice": stranger.id}
    assert client.post("/organisations/wells-for-all/statements/new", data=sent).status_code == 403
    assert client.post("/organisations/wells-for-all/statements/new", data=sent | {"voice": "x"}).status_code == 404


def test_the_statements_of_a_closed_organisation_stay_and_new_ones_are_possible(cast: Cast, solar: Organisation, wells: Organisation) -> None:  # fmt: skip
    closing = {"status": "closed", "status_note": "The last well was dug"}
    edit_organisation(wells, closing, version=wells.version, actor=cast.chi)
    assert add_statement(wells, solar, {"text": WORDS}, actor=cast.ana).is_live
