from __future__ import annotations

from pathlib import Path

import pytest

from commons.search.grammar import parse
from commons.search.snapshot import Snapshot
from commons.search.suggest import did_you_mean, names_like, warm
from tests.commons.search.corpus import entry, snapshot_of


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    titles = [
        "World Water Watch",
        "Kenya Water Trust",
        "Water Aid",
        "Forêts du Congo",
        "Solar Sisters",
        "可持续发展组织",
        "Экология Сибири",
    ]
    first = [entry(number, title) for number, title in enumerate(titles, 1)]
    second = [
        entry(20, "Watershed Guild", names=["The Guild"], boost=3.0),
        entry(21, "Forest Friends", text="forest " * 9),
    ]
    more = [entry(number, f"Energy {number}", text="energy efficiency") for number in range(30, 90)]
    return snapshot_of(tmp_path, first, second, more)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("wat", [20, 3, 2, 1]),
        ("water", [20, 3, 2, 1]),
        ("world wa", [1]),
        ("kenya tr", [2]),
        ("FORÊT", [4]),
        ("guild", [20]),
        ("可持续", [6]),
        ("эко", [7]),
        ("zz", []),
        ("w", []),
        ("", []),
        ("\x00\ud800", []),
        ("the gu", [20]),
    ],
)
def test_names_come_while_typing(snapshot: Snapshot, typed: str, ids: list[int]) -> None:
    found = [name.id for name in names_like(snapshot, typed)]
    assert found[: len(ids)] == ids[:1] + found[1 : len(ids)] if ids else found == []
    assert set(found) == set(ids)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("watre wat", 1),
        ("wrold", 1),
        ("kenay tru", 2),
        ("sloar", 5),
        ("forest fr", 21),
        ("foerst frie", 21),
        ("эколгия", 7),
    ],
)
def test_names_come_while_typing_in_spite_of_a_slip(snapshot: Snapshot, typed: str, found: int) -> None:
    assert names_like(snapshot, typed)[0].id == found


def test_names_that_begin_as_typed_leave_no_room_for_those_that_only_come_close(snapshot: Snapshot) -> None:
    assert [name.id for name in names_like(snapshot, "solar")] == [5]


def test_never_more_names_than_asked_for(snapshot: Snapshot) -> None:
    assert len(names_like(snapshot, "energy", limit=5)) == 5


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("watre", "water"),
        ("solar sistrs", "solar sisters"),
        ('enrgy "x y" -oil', 'energy "x y" -oil'),
        ("экалогия", "экология"),
        ("kenya watre trsut", "kenya water trust"),
    ],
)
def test_a_slip_of_the_pen_is_understood(snapshot: Snapshot, typed: str, text: str) -> None:
    warm(snapshot)
    found = did_you_mean(snapshot, parse(typed))
    assert found is not None and found.text == text


@pytest.mark.parametrize("typed", ["water", "congo", "xyzzyplugh", "the", "in:kenya", "", "wtr"])
def test_nothing_is_offered_for_what_is_right_or_unknown(snapshot: Snapshot, typed: str) -> None:
    assert did_you_mean(snapshot, parse(typed)) is None
