from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.entries.models import Entry
from commons.export import reading, writing
from commons.export.folder import SUMS, sha256
from commons.export.reading import import_site
from commons.export.tables import Refused
from commons.export.writing import export_site
from commons.members.models import Member
from tests.commons.export.conftest import NewSite
from tests.commons.export.past import contents, manifest


@pytest.fixture
def export(app: Flask, grown: dict[str, int], tmp_path: Path) -> Path:
    export_site(tmp_path / "export")
    return tmp_path / "export"


def is_empty() -> bool:
    return not db.session.scalar(select(func.count(Entry.id))) and not db.session.scalar(select(func.count(Member.id)))


def rewrite(folder: Path, name: str, raw: bytes) -> None:
    """Changes a file as somebody would who also mends the checksums."""
    (folder / name).write_bytes(raw)
    said = manifest(folder)
    for table in said["tables"].values():
        if table["file"] == name:
            table["sha256"] = sha256(folder / name)
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    (folder / SUMS).write_text("".join(f"{sha256(folder / one[66:])}  {one[66:]}\n" for one in lines), "utf-8")


def change_manifest(folder: Path, **values: Any) -> None:
    rewrite(folder, "manifest.json", json.dumps(manifest(folder) | values).encode())


@pytest.mark.parametrize("name", ["entry.jsonl.gz", "manifest.json", "schema/entry.json"])
def test_a_file_that_was_changed_is_refused_by_name(export: Path, new_site: NewSite, name: str) -> None:
    raw = bytearray((export / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (export / name).write_bytes(raw)
    with new_site("new"):
        with pytest.raises(Refused, match=name):
            import_site(export)
        assert is_empty()


@pytest.mark.parametrize("name", ["revision.jsonl.gz", SUMS])
def test_a_file_that_is_missing_is_named(export: Path, new_site: NewSite, name: str) -> None:
    (export / name).unlink()
    with new_site("new"):
        with pytest.raises(Refused, match=name):
            import_site(export)
        assert is_empty()


def test_a_sum_of_a_file_elsewhere_is_not_read(export: Path, new_site: NewSite) -> None:
    with (export / SUMS).open("a") as sums:
        sums.write(f"{'0' * 64}  ../outside\n")
    (export.parent / "outside").write_text("x")
    with new_site("new"), pytest.raises(Refused, match="outside is missing"):
        import_site(export)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"version": 2}, "format version 2"), ({"format": "other"}, "not an export"), ({"scope": "public"}, "public")],
)
def test_another_format_is_refused(export: Path, new_site: NewSite, values: dict[str, Any], sentence: str) -> None:
    change_manifest(export, **values)
    with new_site("new"):
        with pytest.raises(Refused, match=sentence):
            import_site(export)
        assert is_empty()


def test_tables_and_columns_of_a_newer_site_are_refused(export: Path, new_site: NewSite) -> None:
    said = manifest(export)
    change_manifest(export, tables={**said["tables"], "tomorrow": said["tables"]["seat"]})
    with new_site("new"), pytest.raises(Refused, match="tomorrow"):
        import_site(export)
    columns = [*said["tables"]["seat"]["columns"], {"name": "colour"}]
    change_manifest(export, tables={**said["tables"], "seat": {**said["tables"]["seat"], "columns": columns}})
    with new_site("newer"), pytest.raises(Refused, match="colour"):
        import_site(export)


def test_an_export_of_an_older_site_comes_in_with_todays_defaults(export: Path, new_site: NewSite) -> None:
    """As if `theme` and the table of tokens had been added since."""
    said = manifest(export)["tables"]
    del said["token"]
    said["member"]["columns"] = [column for column in said["member"]["columns"] if column["name"] != "theme"]
    change_manifest(export, tables=said)
    with gzip.open(export / "member.jsonl.gz", "rt", encoding="utf-8") as lines:
        old = [{name: value for name, value in json.loads(line).items() if name != "theme"} for line in lines]
    rewrite(export, "member.jsonl.gz", gzip.compress("".join(json.dumps(row) + "\n" for row in old).encode()))
    with new_site("new"):
        import_site(export)
        assert {member.theme for member in db.session.scalars(select(Member))} == {""}


def test_a_site_with_anything_in_it_is_refused_and_stays_as_it_is(app: Flask, export: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not empty"):
        import_site(export)
    export_site(tmp_path / "after")
    assert contents(tmp_path / "after") == contents(export)


def test_a_row_that_the_database_does_not_take_undoes_everything(export: Path, new_site: NewSite) -> None:
    with gzip.open(export / "relation.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) | {"other_id": 999_999} for line in lines]
    rewrite(export, "relation.jsonl.gz", gzip.compress("".join(json.dumps(row) + "\n" for row in found).encode()))
    with new_site("new"):
        with pytest.raises(Refused, match="relation"):
            import_site(export)
        assert is_empty()


def test_fewer_rows_than_promised_undo_everything(export: Path, new_site: NewSite) -> None:
    rewrite(export, "seat.jsonl.gz", gzip.compress(b""))
    with new_site("new"):
        with pytest.raises(Refused, match="seat has 0 rows and should have 2"):
            import_site(export)
        assert is_empty()


def test_an_import_that_dies_in_the_middle_leaves_nothing_and_can_be_tried_again(
    export: Path, new_site: NewSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with new_site("new"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(reading, "_at_the_end_of_the_log", die)
            import_site(export)
        assert is_empty()
        import_site(export)
        export_site(tmp_path / "second")
    assert contents(tmp_path / "second") == contents(export)


def test_an_export_that_dies_in_the_middle_leaves_nothing(
    app: Flask, grown: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_describe", die)
    (tmp_path / "out").mkdir()
    with pytest.raises(KeyboardInterrupt):
        export_site(tmp_path / "out" / "export")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_export_left_is_cleared_away_by_the_next_one(export: Path, tmp_path: Path) -> None:
    shutil.copytree(export, tmp_path / "again.part")
    export_site(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(export) and not (tmp_path / "again.part").exists()


def test_a_folder_with_anything_in_it_is_never_written_over(app: Flask, export: Path, tmp_path: Path) -> None:
    before = contents(export)
    with pytest.raises(Refused, match="not empty"):
        export_site(export)
    assert contents(export) == before
    (tmp_path / "new.part").mkdir()
    (tmp_path / "new.part" / "my thesis.odt").write_text("x")
    with pytest.raises(Refused, match="in the way"):
        export_site(tmp_path / "new")
    assert (tmp_path / "new.part" / "my thesis.odt").exists()


def test_an_empty_folder_may_be_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    export_site(tmp_path / "empty")
    assert (tmp_path / "empty" / "manifest.json").exists()


def test_a_full_export_is_for_its_owner_only(export: Path) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in export.rglob("*") if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in (export, export / "schema")} == {"0o700"}
