"""Files come in whole, once, with their sources; and go out again."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.entries.actions import remove_entry
from commons.entries.checks import checks
from commons.entries.followers import catch_up
from commons.entries.models import Change, Entry, Revision
from directory.actions import edit_organisation
from directory.importing import import_file
from directory.landing import undo_import
from directory.models import ImportRun, Organisation, Relation
from tests.cast import Cast

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "name": "Agua Clara",
        "country": "Perú",
        "city": "Cusco",
        "description": "Pozos.",
        "focus": ["water", "Energy"],
    },
    {
        "id": "b",
        "name": "Brunnen e.V.",
        "country": "DE",
        "relations": [{"type": "parent", "id": "c", "name": "Cistern"}],
    },
    {
        "id": "c",
        "name": "Cistern",
        "country": "KE",
        "website": "cistern.example.org",
        "sdgs": [6],
        "founded": 1998,
        "colour": "blue",
    },
]


def file_of(folder: Path, rows: list[Any], name: str = "rows.jsonl") -> Path:
    path = folder / name
    lines = "".join(
        json.dumps(row, ensure_ascii=False) + "\n" if not isinstance(row, str) else row + "\n" for row in rows
    )
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, encoding="utf-8")
    return path


def named(title: str) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.title == title))
    assert found is not None, title
    return found


def number_of(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_rows_become_candidates_with_source_licence_and_history(app: Flask, tmp_path: Path) -> None:
    job = import_file(file_of(tmp_path, ROWS), source="Test register", licence="CC0-1.0")
    assert job.counts == {"imported": 3, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 0}
    agua = named("Agua Clara")
    assert (agua.country, agua.status, agua.source, agua.source_id, agua.licence) == (
        "PE",
        "unconfirmed",
        "Test register",
        "a",
        "CC0-1.0",
    )
    assert len(agua.focus) == 2 and agua.lat is not None, "the town gave the point"
    assert agua.provenance["description"] == job.run.id
    assert named("Cistern").extra == {"colour": "blue"}, "nothing is dropped in silence"
    assert named("Brunnen e.V.").relation_links[0].other_id == named("Cistern").id, "ties are joined after the last row"
    for check in checks:
        assert list(check.faults()) == [], check.name


def test_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = file_of(tmp_path, ROWS, "rows.jsonl.gz")
    import_file(path, source="Test register", licence="CC0-1.0")
    before = [number_of(model) for model in (Entry, Revision, Change, Relation)]
    job = import_file(path, source="Test register", licence="CC0-1.0")
    assert (job.counts["imported"], job.counts["updated"], job.counts["unchanged"]) == (0, 0, 3)
    assert [number_of(model) for model in (Entry, Revision, Change, Relation)] == before


def test_what_a_person_edited_is_never_overwritten(app: Flask, tmp_path: Path, cast: Cast) -> None:
    import_file(file_of(tmp_path, ROWS), source="Test register", licence="CC0-1.0")
    agua = named("Agua Clara")
    edit_organisation(agua, {"description": "Pozos y escuelas."}, version=1, actor=cast.ana)
    newer = [{**ROWS[0], "description": "Changed at the source.", "city": "Lima"}, *ROWS[1:]]
    job = import_file(file_of(tmp_path, newer), source="Test register", licence="CC0-1.0")
    assert job.counts["updated"] == 1
    db.session.expire_all()
    agua = named("Agua Clara")
    assert (agua.description, agua.city, agua.version) == ("Pozos y escuelas.", "Lima", 3)


def test_bad_rows_are_reported_and_never_stop_the_good_ones(app: Flask, tmp_path: Path) -> None:
    rows = [
        *ROWS,
        {"id": "x"},
        "{broken",
        {"id": "a", "name": "Again"},
        [1, 2],
        {"id": "y", "name": "\u0000"},
        {"id": "z", "name": ["list"]},
    ]
    report = tmp_path / "rejected.csv"
    job = import_file(file_of(tmp_path, rows), source="Test register", licence="CC0-1.0", rejected=report)
    assert job.counts["imported"] == 3 and job.counts["rejected"] == 6
    with report.open(encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["row", "name", "reason"] and len(lines) == 7
    assert all(reason.strip() for _row, _name, reason in lines[1:])


def test_a_dry_run_changes_nothing(app: Flask, tmp_path: Path) -> None:
    before = number_of(Entry), number_of(ImportRun)
    assert import_file(file_of(tmp_path, ROWS), source="x", licence="y", dry_run=True).counts["imported"] == 3
    assert (number_of(Entry), number_of(ImportRun)) == before


def test_an_import_is_undone_as_a_whole_but_keeps_what_people_touched(app: Flask, tmp_path: Path, cast: Cast) -> None:
    path = file_of(tmp_path, ROWS)
    job = import_file(path, source="Test register", licence="CC0-1.0")
    edit_organisation(named("Cistern"), {"city": "Kisumu"}, version=1, actor=cast.ana)
    assert undo_import(job.run) == {"removed": 2, "kept": 1}
    catch_up()
    client = app.test_client()
    assert client.get("/organisations/agua-clara").status_code == 410
    assert "Agua Clara" not in client.get("/organisations").text
    assert client.get("/organisations/cistern").status_code == 200
    again = import_file(path, source="Test register", licence="CC0-1.0")
    assert again.counts["updated"] == 2, "a later import brings them back under their old numbers"
    assert client.get("/organisations/agua-clara").status_code == 200


@pytest.mark.parametrize(
    "name",
    ["bom_crlf.csv", "latin1.csv", "utf16.csv", "ragged.csv", "huge_field.csv", "million_columns.csv", "dup_keys.json"],
)
def test_hostile_files_end_in_rows_or_sentences(app: Flask, tmp_path: Path, shared: Path, name: str) -> None:
    job = import_file(
        shared / "hostile" / "files" / name, source="hostile", licence="none", rejected=tmp_path / "r.csv"
    )
    assert sum(job.counts.values()) > 0


def test_every_hostile_text_goes_through_every_field(app: Flask, tmp_path: Path, shared: Path) -> None:
    payloads = []
    for file in ("naughty_strings_blns", "xss_html5sec", "generated_fields"):
        with (shared / "hostile" / f"{file}.jsonl").open(encoding="utf-8") as lines:
            payloads += [json.loads(line)["payload"] for line in lines]
    fields = [
        "name",
        "description",
        "type",
        "website",
        "email",
        "phone",
        "country",
        "region",
        "city",
        "postcode",
        "status",
        "language",
    ]
    rows = [
        {"id": str(n), "name": f"row {n}", **dict.fromkeys(fields, text)}
        for n, text in enumerate(payloads)
        if len(text) < 50_000
    ]
    rows += [{"id": f"l{n}", "name": f"list {n}", "focus": [text], "names": [{"value": text}], "external_ids": {text[:50]: text}, "relations": [{"type": text, "id": text, "name": text}]} for n, text in enumerate(payloads) if len(text) < 5_000]  # fmt: skip
    job = import_file(file_of(tmp_path, rows), source="hostile", licence="none", rejected=tmp_path / "r.csv")
    assert job.counts["imported"] > 300
    catch_up()
    client = app.test_client()
    for organisation in db.session.scalars(
        select(Organisation).where(Organisation.source == "hostile").order_by(Organisation.id.desc()).limit(40)
    ):
        page = client.get(f"/organisations/{organisation.slug}")
        assert page.status_code == 200 and "<script>alert" not in page.text.lower(), organisation.title
    assert client.get("/organisations").status_code == 200


def test_what_a_moderator_removed_stays_removed(app: Flask, tmp_path: Path, cast: Cast) -> None:
    import_file(file_of(tmp_path, ROWS), source="Test register", licence="CC0-1.0")
    remove_entry(named("Cistern"), actor=cast.mo, note="Not an organisation")
    newer = [*ROWS[:2], {**ROWS[2], "city": "Mombasa"}]
    job = import_file(file_of(tmp_path, newer), source="Test register", licence="CC0-1.0")
    assert job.counts["updated"] == 0
    db.session.expire_all()
    assert named("Cistern").state == "deleted"
    assert app.test_client().get("/organisations/cistern").status_code == 410
