"""The promise in figures, held on real registers; skipped where they are not at hand."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest

from benchmarks.duplicates import Row, directory_and_questions, measure, read_rows


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(
    "name", ["er_cross_register/er_cross_register.jsonl", "er_coops_across_years/er_coops_across_years.jsonl.gz"]
)
def test_both_halves_of_each_set_reach_the_mark(shared: Path, name: str, half: int) -> None:
    rows: list[Row] = [row for row in read_rows(shared / name) if crc32(row["id"].encode()) % 2 == half]
    assert len(rows) > 150
    figures = measure(*directory_and_questions(rows))
    assert figures["precision"] >= 0.9
    assert figures["recall"] >= 0.9


def test_acronyms_and_other_names_of_aid_organisations_are_suggested_with_care(shared: Path) -> None:
    rows = list(read_rows(shared / "er_development_orgs/er_development_orgs.jsonl"))
    figures = measure(*directory_and_questions(rows))
    assert figures["precision"] >= 0.85
    assert figures["recall"] >= 0.4
