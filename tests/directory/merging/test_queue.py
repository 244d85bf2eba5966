"""The queue of records that may be one: found in bulk and after each change, judged once, worked off by keyboard and without scripts."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.entries.models import Entry
from directory.actions import edit_organisation
from directory.importing import import_file
from directory.merging import room
from directory.merging.actions import call_different, find_all
from directory.merging.models import Merge, Suspect
from directory.models import Organisation, Relation
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.directory.merging.makers import merged, twins


def follow() -> None:
    catch_up(room.followers)
    db.session.expire_all()


def pairs(state: str = "open") -> list[tuple[int, int]]:
    rows = db.session.execute(
        select(Suspect.one_id, Suspect.other_id).where(Suspect.state == state).order_by(Suspect.id)
    )
    return [(one, other) for one, other in rows]


def test_records_that_look_alike_come_into_the_queue_after_a_change(app: Flask, cast: Cast) -> None:
    one, other = twins()
    make.organisation("A school of dance", country="FR", city="Lyon")
    follow()
    assert pairs() == [(one.id, other.id)]
    edit_organisation(
        other, {"title": "Painters of Mombasa", "city": "Mombasa", "names": []}, version=1, actor=cast.chi
    )
    follow()
    assert pairs() == []


def test_all_of_them_are_compared_by_one_command(app: Flask, cast: Cast) -> None:
    one, other = twins()
    assert find_all() == 1 and pairs() == [(one.id, other.id)]
    call_different(other.id, one.id, actor=cast.mo)
    assert find_all() == 0
    result = app.test_cli_runner().invoke(args=["duplicates", "find"])
    assert result.exit_code == 0 and "pairs to look at" in result.output


def test_two_that_are_different_are_asked_about_again_only_when_a_name_or_a_website_changes(
    app: Flask, cast: Cast
) -> None:
    one, other = twins()
    follow()
    call_different(one.id, other.id, actor=cast.mo)
    edit_organisation(other, {"description": "Builds tanks."}, version=1, actor=cast.chi)
    follow()
    assert (pairs(), pairs("different")) == ([], [(one.id, other.id)])
    edit_organisation(other, {"title": "Rainwater for Kisumu"}, version=2, actor=cast.chi)
    follow()
    assert pairs() == [(one.id, other.id)]


def test_the_queue_is_for_moderators_and_members_whose_edits_show_at_once(client: FlaskClient, cast: Cast) -> None:
    addresses = ("/organisations/duplicates", "/organisations/duplicates.csv", "/organisations/merges")
    assert {client.get(address).status_code for address in addresses} == {404}
    with transaction():
        cast.chi.trusted = None
    sign_in(client, cast.chi)
    assert {client.get(address).status_code for address in addresses} == {404}
    client.post("/sign-out")
    sign_in(client, cast.ben)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_ticked_pairs_are_kept_as_different(client: FlaskClient, cast: Cast) -> None:
    twins()
    follow()
    sign_in(client, cast.mo)
    page = client.get("/organisations/duplicates").text
    assert "Rain Water for Kisumu" in page and "the same place" in page
    box = re.search(r'name="pair" value="(\d+)"', page)
    assert box is not None
    assert client.post("/organisations/duplicates", data={"pair": [box[1], "99", "x"]}).status_code == 303
    assert pairs() == [] and len(pairs("different")) == 1
    assert "Mo" in client.get("/organisations/duplicates?state=different").text


@pytest.mark.parametrize("sign", ["=", "＝", "@"])
def test_the_queue_leaves_as_a_spreadsheet_without_formulas(client: FlaskClient, cast: Cast, sign: str) -> None:
    twins()
    one = make.organisation(f"{sign}Rainwater for Kisumu", country="KE", city="Kisumu")
    follow()
    sign_in(client, cast.mo)
    text = client.get("/organisations/duplicates.csv").text
    rows = list(csv.reader(io.StringIO(text)))
    assert all(line.startswith('"') for line in text.splitlines()), "or a semicolon begins a cell where commas do not"
    assert rows[0][:3] == ["score", "reasons", "one_id"] and len(rows) > 1
    assert not any(cell.startswith(sign) for row in rows for cell in row)
    assert any(f"'{one.title}" in row for row in rows)


def test_two_records_stand_side_by_side_and_become_one(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins(description="Builds tanks.")
    sign_in(client, cast.mo)
    address = f"/organisations/duplicates/{winner.id}/{loser.id}"
    page = client.get(address).text
    assert 'name="choice-title"' in page and 'name="choice-website"' in page and "Builds tanks." in page
    form = {"winner_version": 1, "loser_version": 1, "choice-title": "loser", "note": "One telephone"}
    answer = client.post(address, data=form)
    assert answer.status_code == 303
    shown = client.get(answer.headers["Location"]).text
    assert "One telephone" in shown and "Make them two again" in shown
    db.session.expire_all()
    assert winner.title == "Rain Water for Kisumu" and winner.website == "https://rain.example.org"
    again = client.post(address, data=form)
    assert again.status_code == 303 and again.headers["Location"] == f"/organisations/{winner.slug}"
    assert db.session.scalar(select(func.count()).select_from(Merge)) == 1
    assert client.post(answer.headers["Location"], data={"note": "Two villages"}).status_code == 303
    assert client.get("/organisations/rain-water-for-kisumu").status_code == 200
    assert "taken back" in client.get("/organisations/merges").text


def test_private_contacts_are_chosen_without_being_read(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins(
        email="secret@rain.example.org", phone="+254 20 1234567", extra={"mail": "old@rain.example.org"}
    )
    sign_in(client, cast.mo)
    page = client.get(f"/organisations/duplicates/{winner.id}/{loser.id}").text
    assert 'name="choice-email"' in page and "is known, and shown to nobody" in page
    assert not any(secret in page for secret in ("secret@", "1234567", "old@"))
    client.post(f"/organisations/duplicates/{winner.id}/{loser.id}", data={"winner_version": 1, "loser_version": 1})
    db.session.expire_all()
    assert winner.email == "secret@rain.example.org"


def test_an_old_form_shows_both_again(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins()
    edit_organisation(loser, {"founded": 2001}, version=1, actor=cast.chi)
    sign_in(client, cast.mo)
    answer = client.post(
        f"/organisations/duplicates/{winner.id}/{loser.id}", data={"winner_version": 1, "loser_version": 1}
    )
    assert answer.status_code == 422 and "changed meanwhile" in answer.text
    assert 'name="loser_version" type="hidden" value="2"' in answer.text.replace(' id="loser_version"', "")


def test_what_goes_along_is_told_before(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins()
    third = make.organisation("Wells for all", website="https://wells.example.org")
    edit_organisation(third, {"relations": [["partner", loser.id, loser.title]]}, version=1, actor=cast.chi)
    sign_in(client, cast.mo)
    page = client.get(f"/organisations/duplicates/{winner.id}/{loser.id}").text
    assert "Ties that others name: 1" in page


def test_what_stands_behind_a_door_is_neither_named_nor_counted(client: FlaskClient, cast: Cast) -> None:
    made = merged(
        make.organisation("Hidden rain", audience=GROUP), make.organisation("Hidden", audience=GROUP), cast.ana
    )
    winner, loser = twins()
    page = make.page("A page of the group", audience=GROUP, actor=cast.ben)
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == page.id).values(within_id=loser.id))
    sign_in(client, cast.mo)
    assert "Pages: 1" not in client.get(f"/organisations/duplicates/{winner.id}/{loser.id}").text
    assert client.get(f"/organisations/merges/{made.id}").status_code == 404
    assert "Hidden" not in client.get("/organisations/merges").text
    client.post("/sign-out")
    sign_in(client, cast.ben)
    assert "Pages: 1" in client.get(f"/organisations/duplicates/{winner.id}/{loser.id}").text
    assert "Hidden rain" in client.get("/organisations/merges").text


def test_any_two_can_be_looked_at_by_their_addresses(client: FlaskClient, cast: Cast) -> None:
    winner, loser = twins()
    sign_in(client, cast.mo)
    where = {"one": "http://localhost/organisations/rainwater-for-kisumu", "other": "rain-water-for-kisumu"}
    answer = client.get("/organisations/duplicates/two", query_string=where)
    assert answer.headers["Location"] == f"/organisations/duplicates/{winner.id}/{loser.id}"
    assert (
        client.get("/organisations/duplicates/two?one=no&other=such").headers["Location"] == "/organisations/duplicates"
    )


def test_a_record_tells_those_who_decide_that_it_may_be_here_twice(client: FlaskClient, cast: Cast) -> None:
    twins()
    follow()
    assert "Perhaps it is here twice" not in client.get("/organisations/rainwater-for-kisumu").text
    sign_in(client, cast.mo)
    assert "Perhaps it is here twice" in client.get("/organisations/rainwater-for-kisumu").text


@pytest.fixture
def register(app: Flask, tmp_path: Path) -> Any:
    """Brings a file in; each time with other content where `more` says so."""

    def bring(more: str = "") -> dict[str, int]:
        file = tmp_path / "register.csv"
        lines = ["id,name,city,country,relations", f"a1,Rainwater {more},Kisumu,KE,", "a2,Wells,Kisumu,KE,"]
        file.write_text("\n".join(lines), encoding="utf-8")
        return import_file(file, source="Register", licence="CC0-1.0", rejected=tmp_path / "rejected.csv").counts

    return bring


def test_a_file_that_comes_again_does_not_bring_back_what_was_merged(
    app: Flask, cast: Cast, register: Any, tmp_path: Path
) -> None:
    register()
    loser = db.session.scalar(select(Organisation).where(Organisation.source_id == "a1"))
    assert loser is not None
    winner = make.organisation("Rainwater for Kisumu")
    merged(winner, loser, cast.mo)
    number = select(func.count()).select_from(Organisation)
    before = db.session.scalar(number)
    assert register()["unchanged"] == 2
    assert register("Trust")["rejected"] == 1
    assert db.session.scalar(number) == before
    assert "It was merged here: change “Rainwater for Kisumu” instead." in (tmp_path / "rejected.csv").read_text()
    db.session.expire_all()
    assert db.session.get_one(Organisation, loser.id).state == "deleted"


def test_a_tie_that_a_file_names_leads_to_the_record_that_stays(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "ties.jsonl"
    first = '{"id": "b1", "name": "Rain", "country": "KE"}\n'
    file.write_text(first, encoding="utf-8")
    import_file(file, source="Ties", licence="CC0-1.0")
    loser = db.session.scalar(select(Organisation).where(Organisation.source_id == "b1"))
    assert loser is not None
    winner = make.organisation("Rainwater for Kisumu")
    merged(winner, loser, cast.mo)
    more = '{"id": "b2", "name": "Wells", "country": "KE", "relations": [{"type": "parent", "id": "b1", "name": "Rain"}]}\n'
    file.write_text(first + more, encoding="utf-8")
    import_file(file, source="Ties", licence="CC0-1.0")
    ties = select(Relation.other_id).where(Relation.external_id == "b1")
    assert db.session.scalars(ties).all() == [winner.id]
