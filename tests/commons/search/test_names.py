"""What the search reaches on real names; `python -m benchmarks.names` measures all of it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.names import known_items


def test_real_names_are_found_in_spite_of_slips(shared: Path, tmp_path: Path) -> None:
    found = known_items(shared, tmp_path, 400, misses=False)
    assert found["0 slips"]["success@10"] >= 0.97
    assert found["1 slips"]["success@10"] >= 0.96
    assert found["2 slips"]["success@10"] >= 0.95
