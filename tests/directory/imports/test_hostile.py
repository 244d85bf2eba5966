"""Every hostile text and file that we have, through reading, mapping and cleaning: rows or sentences, never a fault."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from directory.imports.mapping import load_mapping
from directory.imports.reading import BadRow, RawRow, read_rows
from directory.imports.rows import OrganisationRow, to_row

FIELDS = [field.name for field in dataclasses.fields(OrganisationRow) if field.name not in ("warnings", "extra")]
LISTS = ["aliases", "names", "languages", "focus", "sdgs", "relations"]


def payloads(shared: Path) -> list[str]:
    rows = (row for file in sorted((shared / "hostile").glob("*.jsonl")) for row in read_rows(file))
    return [row.values["payload"] for row in rows if isinstance(row, RawRow)]


def held(row: OrganisationRow) -> str:
    return json.dumps(dataclasses.asdict(row), ensure_ascii=False, allow_nan=False)


def test_every_hostile_text_passes_through_every_field(shared: Path) -> None:
    texts = payloads(shared)
    assert len(texts) > 4_500
    for text in texts:
        for values in (
            dict.fromkeys(FIELDS, text),
            dict.fromkeys(LISTS, [text, {"value": text, "id": text, text: text}]),
        ):
            mapped = load_mapping("plain").apply({"name": "A name", **values, text: text})
            assert isinstance(mapped, dict)
            row = to_row(mapped, country_code=lambda _: None)
            if isinstance(row, list):
                assert all(reason.endswith(".") for reason in row)
                continue
            assert not row.website or row.website.startswith(("http://", "https://"))
            assert not set(held(row)) & set("\0\u202e\u2066\u200f\ufeff\x1b")


def test_scripts_never_hide_in_an_address(shared: Path) -> None:
    for text in payloads(shared):
        row = to_row({"name": "A name", "website": text}, country_code=lambda _: None)
        assert isinstance(row, OrganisationRow)
        assert not set(row.website) & set("<>\"'` \\\n") or "'" in row.website
        assert "script:" not in row.website.split("/")[0]


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("million_columns.csv", 0, 1),
        ("svg_script.svg", 0, 1),
        ("dup_keys.json", 0, 1),
        ("huge_field.csv", 1, 0),
        ("latin1.csv", 1, 0),
        ("gif_js_polyglot.gif", 0, 1),
        ("truncated.png", 0, 1),
        ("utf16.csv", 1, 0),
        ("ragged.csv", 1, 2),
        ("bomb_20000x1000.png", 0, 1),
        ("html_as_png.png", 0, 1),
        ("bom_crlf.csv", 1, 0),
    ],
)
def test_every_hostile_file_ends_in_rows_and_sentences(shared: Path, file: str, good: int, bad: int) -> None:
    rows = list(read_rows(shared / "hostile" / "files" / file))
    assert (sum(isinstance(row, RawRow) for row in rows), sum(isinstance(row, BadRow) for row in rows)) == (good, bad)
    for row in rows:
        # a name of 300,000 letters is refused here
        found = to_row(row.values, country_code=lambda text: text) if isinstance(row, RawRow) else [row.reason]
        assert isinstance(found, OrganisationRow) or all(reason.endswith(".") for reason in found)
