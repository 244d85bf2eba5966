"""Pages of another wiki come in whole: every version, author, time and note, byte for byte; once; and they link."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from commons.db import db, transaction
from commons.entries import links
from commons.entries.actions import remove_entry
from commons.entries.checks import checks
from commons.entries.models import Change, Entry, EntryLink, Redirect, Revision
from commons.entries.queries import state_at
from commons.members.actions import account_faults
from commons.members.models import Member
from tests.cast import Cast
from wiki.actions import edit_page
from wiki.checks import checks as own_checks
from wiki.importing import AlreadyRunning, Import, import_file
from wiki.linking import rebuild_links
from wiki.models import Page, PageImport

Row = dict[str, Any]


def revision(
    page: str, text: str | None, *, user: str = "Ada", time: str = "2019-05-01T10:00:00+02:00", **more: Any
) -> Row:
    row: Row = {"page": page, "rev": "1", "user": user, "time": time, "summary": "because", **more}
    return row | ({"deleted": True} if text is None else {"text": text})


ROWS: list[Row] = [
    revision("ct/intro", "# Current clamps\n\nA clamp measures.\r\n\r\nSee [how](../build/how-to.md#tools).  \n"),
    revision("build/how-to", "## How to build\n\nAsk [[Current clamps]] \u200b and [[Fog nets]].", user="Grace"),
    revision("ct/intro", "# Clamps\n\nA clamp measures current.", user="Grace", time="2020-01-02T03:04:05Z"),
    revision("old", "Gone soon."),
    revision("old", None, time="2021-01-01T00:00:00Z"),
    revision("build/readme", "# Current clamps\n\nThe same heading."),
]


def file_of(folder: Path, rows: list[Any], name: str = "pages.jsonl") -> Path:
    path = folder / name
    lines = "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows).encode()
    packed = gzip.compress(lines) if name.endswith(".gz") else lzma.compress(lines) if name.endswith(".xz") else lines
    path.write_bytes(packed)
    return path


def brought_in(folder: Path, rows: list[Any], name: str = "pages.jsonl", **more: Any) -> Import:
    return import_file(file_of(folder, rows, name), source="Test wiki", licence="CC BY-SA 4.0", **more)


def called(source_id: str) -> Page:
    db.session.expire_all()
    found = db.session.scalar(select(Page).where(Page.source == "Test wiki", Page.source_id == source_id))
    assert found is not None, source_id
    return found


def many(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def all_is_well() -> None:
    for check in (*checks, *own_checks):
        assert list(check.faults()) == [], check.name


def test_every_version_has_its_author_time_and_note(app: Flask, tmp_path: Path) -> None:
    job = brought_in(tmp_path, ROWS, "pages.jsonl.gz")
    assert (job.counts["imported"], job.counts["removed"], job.counts["rejected"]) == (5, 1, 0)
    page = called("ct/intro")
    assert (page.version, page.licence, page.state, page.text) == (2, "CC BY-SA 4.0", "live", ROWS[2]["text"])
    assert state_at(page, 1)["text"] == ROWS[0]["text"], "line ends and spaces are as they were"
    kept = db.session.scalars(select(Revision).where(Revision.entry_id == page.id).order_by(Revision.number)).all()
    writers = [db.session.get_one(Member, row.author_id) for row in kept if row.author_id]
    assert [writer.name for writer in writers] == ["Ada", "Grace"]
    assert [row.at for row in kept] == [datetime(2019, 5, 1, 8, tzinfo=UTC), datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)]
    assert {row.note for row in kept} == {"because"}
    assert (page.created, page.updated) == (kept[0].at, kept[1].at)
    assert db.session.get_one(PageImport, "Test wiki").licence == "CC BY-SA 4.0"
    all_is_well()


def test_authors_can_never_sign_in_and_nobody_can_take_their_names(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS)
    for member in db.session.scalars(select(Member).where(Member.state == "placeholder")):
        assert not member.is_active and member.password is None and member.email is None
        assert "username" in account_faults(member.username, "Name", "a@example.org", "a long password 1")
    before = set(db.session.scalars(select(Member.username)))
    import_file(file_of(tmp_path, ROWS), source="Another wiki")
    assert len(set(db.session.scalars(select(Member.username))) - before) == 2, "another source may mean other people"


def test_the_first_version_names_the_page_and_no_two_pages_have_one_name(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS)
    assert called("ct/intro").title == "Current clamps", "later headings do not rename"
    assert called("build/how-to").slug == "how-to-build"
    assert called("build/readme").title == "Build", "the heading is another page's; a readme is called by its folder"
    assert called("old").title == "Old"


def test_what_the_source_removed_is_removed_with_its_reason(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS)
    page = called("old")
    line = db.session.scalars(select(Change).where(Change.entry_id == page.id).order_by(Change.seq.desc())).first()
    assert page.state == "deleted" and line and (line.verb, line.note) == ("removed", "because")
    brought_in(tmp_path, [*ROWS, revision("old", "Back again.")])
    page = called("old")
    verbs = db.session.scalars(select(Change.verb).where(Change.entry_id == page.id).order_by(Change.seq)).all()
    assert (page.state, page.text, list(verbs)) == ("live", "Back again.", ["imported", "removed", "brought back"])
    all_is_well()


def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS)
    before = [many(model) for model in (Entry, Revision, Change, EntryLink, Member)]
    job = brought_in(tmp_path, ROWS, "pages.jsonl.xz")
    assert job.counts["unchanged"] == len(ROWS) and sum(job.counts.values()) == len(ROWS)
    assert [many(model) for model in (Entry, Revision, Change, EntryLink, Member)] == before
    job = brought_in(tmp_path, [*ROWS, revision("ct/intro", "Third."), revision("ct/types", "# Types")])
    assert (job.counts["imported"], job.counts["unchanged"]) == (2, len(ROWS))
    assert called("ct/intro").version == 3
    all_is_well()


def test_a_page_that_people_changed_here_is_left_alone(app: Flask, tmp_path: Path, cast: Cast) -> None:
    brought_in(tmp_path, ROWS)
    edit_page(called("ct/intro"), {"text": "Ours now."}, version=2, actor=cast.ana)
    remove_entry(called("build/readme"), actor=cast.mo, note="Twice here")
    job = brought_in(tmp_path, [*ROWS, revision("ct/intro", "Theirs."), revision("build/readme", "Theirs.")])
    assert (job.counts["kept"], job.counts["imported"]) == (2, 0)
    assert called("ct/intro").text == "Ours now." and called("build/readme").state == "deleted"


def test_pages_without_history_come_in_and_are_brought_up_to_date(app: Flask, tmp_path: Path) -> None:
    rows: list[Row] = [
        {
            "title": "Abies",
            "text": "See [[Abies alba]].",
            "summary": "A genus.",
            "language": "en",
            "focus": ["plants", "no"],
        },
        {"title": "Abies alba", "text": "A fir."},
        {"title": "Abies alba", "text": "Twice."},
        {"title": "Empty"},
    ]
    job = brought_in(tmp_path, rows, rejected=tmp_path / "rejected.csv")
    assert (job.counts["imported"], job.counts["rejected"], job.unknown_areas) == (3, 1, {"no"})
    page = called("Abies")
    assert (page.title, page.summary, page.language, len(page.focus)) == ("Abies", "A genus.", "en", 1)
    again = brought_in(tmp_path, [rows[0], {**rows[1], "text": "A tall fir."}])
    assert (again.counts["updated"], again.counts["unchanged"]) == (1, 1)
    assert (called("Abies alba").text, called("Abies alba").version) == ("A tall fir.", 2)
    all_is_well()


def test_names_and_relative_addresses_become_links(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, [*ROWS[:2], revision("ct/types", "[intro](intro.md) and [more](../build/)"), ROWS[5]])
    targets = {row.name: row.slug for row in db.session.scalars(select(EntryLink))}
    assert targets["Fog nets"] == "fog-nets" and targets["Current clamps"] == "current-clamps"
    assert targets["./../build/how-to.md"] == "how-to-build" and targets["./intro.md"] == "current-clamps"
    pointing = db.session.scalars(links.pointing_to(called("ct/intro"), None)).all()
    assert {page.source_id for page in pointing} == {"build/how-to", "ct/types"}
    assert rebuild_links(lambda _many: None)[1] == 0, "what the texts say is what is kept"


def test_a_page_that_comes_later_is_found_by_relative_addresses_of_older_ones(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS[:1])
    assert many(EntryLink) == 0
    brought_in(tmp_path, ROWS[:2])
    assert "./../build/how-to.md" in set(db.session.scalars(select(EntryLink.name)))


def test_lost_links_are_made_again_from_the_texts(app: Flask, tmp_path: Path) -> None:
    brought_in(tmp_path, ROWS)
    before = many(EntryLink)
    with transaction():
        db.session.execute(delete(EntryLink))
    result = app.test_cli_runner().invoke(args=["wiki", "links"])
    assert "differed 1" in result.output and many(EntryLink) == before


def test_redirects_lead_to_the_end_of_their_chain(app: Flask, tmp_path: Path) -> None:
    rows = [
        {"title": "Fir", "redirect": "Silver fir"},
        {"title": "Silver fir", "redirect": "Abies alba"},
        {"title": "Abies alba", "text": "A fir."},
        {"title": "A", "redirect": "B"},
        {"title": "B", "redirect": "A"},
        {"title": "Nowhere", "redirect": "Not there"},
    ]
    rejected = tmp_path / "rejected.csv"
    job = brought_in(tmp_path, rows, rejected=rejected)
    assert (job.counts["redirected"], job.counts["rejected"]) == (2, 3)
    page = called("Abies alba")
    assert {row.slug: row.entry_id for row in db.session.scalars(select(Redirect))} == {
        "fir": page.id,
        "silver-fir": page.id,
    }
    reasons = [row[2] for row in csv.reader(rejected.read_text(encoding="utf-8").splitlines())][1:]
    assert (
        sum("circle" in reason for reason in reasons) == 2 and sum("no such page" in reason for reason in reasons) == 1
    )
    assert brought_in(tmp_path, rows).counts["redirected"] == 0


def test_bad_rows_are_reported_and_never_stop_the_good_ones(app: Flask, tmp_path: Path) -> None:
    rows = [
        "{broken\n",
        "[1]\n",
        revision("", "No name."),
        {"page": "a", "user": "x", "time": "yesterday", "text": "?"},
        {"page": "a", "text": 7},
        {"page": "a", "user": "x"},
        {"page": "x" * 300, "text": "?"},
        {"page": "a", "text": "?" * 1_000_001},
        *ROWS,
    ]
    rejected = tmp_path / "rejected.csv"
    job = brought_in(tmp_path, rows, rejected=rejected)
    assert (job.counts["rejected"], job.counts["imported"]) == (8, 5)
    lines = list(csv.reader(rejected.read_text(encoding="utf-8").splitlines()))
    assert lines[0] == ["row", "name", "reason"] and [line[0] for line in lines[1:]] == [str(n) for n in range(1, 9)]
    assert all(line[2].endswith(".") for line in lines[1:])


def test_what_no_database_keeps_is_mended_and_counted(app: Flask, tmp_path: Path) -> None:
    job = brought_in(tmp_path, ['{"page": "a", "text": "one\\u0000two \\ud800 three", "user": "x\\u0000y"}\n'])
    assert job.counts["mended"] == 1 and called("a").text == "one\ufffdtwo \ufffd three"


def test_an_archive_that_breaks_off_gives_what_came_before(app: Flask, tmp_path: Path) -> None:
    path = file_of(tmp_path, [revision(f"p{number}", f"Text {number} " * 200) for number in range(400)], "cut.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-400])
    job = import_file(path, source="Test wiki")
    assert job.counts["imported"] > 0 and job.counts["rejected"] >= 1
    all_is_well()


def test_a_dry_run_changes_nothing(app: Flask, tmp_path: Path) -> None:
    before = many(Entry)
    job = brought_in(tmp_path, ROWS, dry_run=True)
    assert (job.counts["imported"], job.counts["removed"], many(Entry), many(PageImport)) == (5, 1, before, 0)


def test_a_second_import_at_the_same_time_is_refused(app: Flask, tmp_path: Path) -> None:
    def meanwhile(_many: int) -> None:
        brought_in(tmp_path, ROWS, "other.jsonl")

    with pytest.raises(AlreadyRunning):
        brought_in(tmp_path, ROWS, tick=meanwhile)


def test_the_command_says_what_it_did(app: Flask, tmp_path: Path) -> None:
    path = file_of(tmp_path, [*ROWS, "{broken\n"])
    command = ["wiki", "import", str(path), "--source", "Test wiki", "--licence", "CC BY-SA 4.0"]
    result = app.test_cli_runner().invoke(args=[*command, "--rejected", str(tmp_path / "rejected.csv")])
    assert result.exit_code == 0, result.output
    assert "imported 5" in result.output and "removed 1" in result.output and "rejected 1 (see" in result.output
    listed = app.test_cli_runner().invoke(args=["wiki", "imports"]).output
    assert "Test wiki (CC BY-SA 4.0)  4 pages" in listed


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", ["wiki_oem_learn", "wiki_enspiral_handbook"])
def test_a_real_wiki_is_replayed_byte_for_byte(app: Flask, shared: Path, name: str) -> None:
    file = shared / name / "revisions.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert import_file(file, source=name).counts["rejected"] == 0
    told: dict[str, list[Row]] = {}
    for row in rows:
        told.setdefault(row["page"], []).append(row)
    pages = {page.source_id: page for page in db.session.scalars(select(Page).where(Page.source == name))}
    assert pages.keys() == told.keys()
    for key, page in pages.items():
        texts = [row["text"] for row in told[key] if "text" in row]
        assert (page.version, page.text, page.state == "deleted") == (len(texts), texts[-1], "deleted" in told[key][-1])
    for page in list(pages.values())[::9]:
        texts = [row["text"] for row in told[page.source_id] if "text" in row]
        assert [state_at(page, number)["text"] for number in range(1, page.version + 1)] == texts
    all_is_well()
