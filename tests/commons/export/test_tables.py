from __future__ import annotations

import datetime as time
import gzip
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from commons.config import ROOT
from commons.db import Model, Moment
from commons.export import values
from commons.export.folder import Folder
from commons.export.reading import fill
from commons.export.tables import EXEMPT, exported, forgotten, in_order
from commons.export.values import json_type, line, readers, turned, writers
from commons.export.writing import export_site
from commons.room import Table as Handed
from tests.services import Postgres


def test_every_table_is_exported_or_excused(app: Flask) -> None:
    assert forgotten() == []
    assert {name for name, _reason in EXEMPT} <= set(Model.metadata.tables)
    assert not {name for name, _reason in EXEMPT} & {one.name for one in exported()}


def test_a_forgotten_table_is_noticed(app: Flask) -> None:
    table = sa.Table("forgotten_one", Model.metadata, sa.Column("id", sa.Integer, primary_key=True))
    try:
        assert forgotten() == ["forgotten_one"]
    finally:
        Model.metadata.remove(table)


def test_every_table_can_come_in_again(app: Flask) -> None:
    """Known types, a key, nothing that points outside of the export, and no circle that must be closed at once."""
    tables = exported()
    inside = {one.table for one in tables}
    for one in tables:
        assert one.key, one.name
        assert all(json_type(column) for column in one.table.columns)
        assert {key.column.table for key in one.table.foreign_keys} <= inside, one.name
        assert all(one.table.c[name].nullable for name in one.late), one.name
        assert one.private <= set(one.table.columns.keys()), one.name


def test_what_others_point_to_comes_first(app: Flask) -> None:
    seen: set[str] = set()
    for one in exported():
        seen.add(one.name)
        early = {key.column.table.name for key in one.table.foreign_keys if key.parent.name not in one.late}
        assert early <= seen, one.name


def test_values_come_back_as_they_went(app: Flask) -> None:
    columns: list[sa.Column[Any]] = [
        sa.Column("at", Moment),
        sa.Column("day", sa.Date),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("some", sa.JSON),
        sa.Column("word", sa.String),
    ]
    zone = time.timezone(time.timedelta(hours=5, minutes=30))
    row = {
        "at": time.datetime(2026, 3, 1, 4, 5, 6, 7, tzinfo=zone),
        "day": time.date(2026, 2, 28),
        "raw": b"\x00\xff",
        "some": {"b": [{"d": 1, "c": None}], "a": 1.5},
        "word": None,
    }
    written = turned(dict(row), writers(columns))
    assert written["at"] == "2026-02-28T22:35:06.000007Z" and written["word"] is None
    assert list(written["some"]) == ["a", "b"] and list(written["some"]["b"][0]) == ["c", "d"]
    assert turned(written, readers(columns)) == row


def test_a_type_that_is_not_known_is_refused(app: Flask) -> None:
    with pytest.raises(TypeError):
        json_type(sa.Column("span", sa.Interval))


def test_names_are_sorted_at_every_depth() -> None:
    assert (
        str(values.in_order([{"b": {"z": 1, "y": [{"n": 1, "m": 2}]}, "a": 2}]))
        == "[{'a': 2, 'b': {'y': [{'m': 2, 'n': 1}], 'z': 1}}]"
    )


def test_packed_files_say_nothing_of_when_and_where_they_were_made(
    app: Flask, grown: dict[str, int], tmp_path: Path
) -> None:
    export_site(tmp_path / "export")
    raw = (tmp_path / "export" / "entry.jsonl.gz").read_bytes()
    assert raw[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    assert gzip.decompress(raw).startswith(b'{"id":1,"kind":"focus","title":')


def test_the_sums_can_be_checked_without_this_software(app: Flask, tmp_path: Path) -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("LOUD: there is no sha256sum on this machine")
    export_site(tmp_path / "export", public=True)
    subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "export", check=True, capture_output=True
    )


def test_what_is_not_exported_is_documented_with_its_reason() -> None:
    text = " ".join((ROOT / "docs" / "export.md").read_text("utf-8").split())
    for name, reason in EXEMPT:
        assert f"| `{name}` | {reason[0].lower()}{reason[1:].rstrip('.')}" in text, name


def test_rows_that_point_to_later_rows_and_around_in_a_circle_come_in(server: Postgres, tmp_path: Path) -> None:
    """No table of today does so; posts that answer posts will."""
    metadata = sa.MetaData()
    left = sa.Table("circle_left", metadata, _number(), _pointer("circle_right"), _pointer("circle_left"))
    right = sa.Table("circle_right", metadata, _number(), _pointer("circle_left"))
    found: dict[str, list[dict[str, Any]]] = {
        "circle_left": [{"id": i, "circle_right": 3 - i, "circle_left": i % 2 + 1} for i in (1, 2)],
        "circle_right": [{"id": i, "circle_left": i} for i in (1, 2)] + [{"id": 3, "circle_left": None}],
    }
    for name, some in found.items():
        Folder(tmp_path, closed=False).write_lines(f"{name}.jsonl.gz", [[line(row) for row in some]])
    tables = in_order({left: Handed(object), right: Handed(object)})
    with server.database() as url:
        for address in ("sqlite://", url):
            engine = sa.create_engine(address)
            with engine.begin() as connection:
                if address == "sqlite://":
                    connection.exec_driver_sql("pragma foreign_keys = on")
                metadata.create_all(connection)
                assert fill(connection, tmp_path, tables, lambda many: None) == {"circle_left": 2, "circle_right": 3}
                for table in (left, right):
                    rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
                    assert [dict(row) for row in rows] == found[table.name], address
            engine.dispose()


def _number() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _pointer(to: str) -> sa.Column[Any]:
    return sa.Column(to, sa.ForeignKey(f"{to}.id", name=f"fk_to_{to}"))
