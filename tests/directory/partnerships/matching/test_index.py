from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from directory.partnerships.matching import Asked, Card, Index, IndexBroken, build, matches, opened, record, refreshed
from directory.partnerships.matching.cards import card_of
from tests.directory.partnerships.matching.test_matches import PUMPS, TRUST, WELLS

FULL = replace(PUMPS, text="Où est l’eau ? 水", scope="local", type="charity", size=7, parent=3, impressions=2)


def ids(index: Index, card: Card = WELLS) -> list[int]:
    return [match.id for match in matches(index, Asked(card))]


@pytest.mark.parametrize("card", [Card(5), WELLS, FULL, Card(6, "\ud800")])
def test_a_card_comes_back_as_it_was(card: Card, tmp_path: Path) -> None:
    assert card_of(card.row()) == card
    assert build([card], tmp_path).card(card.id) == card
    assert build([], tmp_path).patched([card]).card(card.id) == card


def test_what_was_built_can_be_opened_by_another(tmp_path: Path) -> None:
    built = build([WELLS, PUMPS, TRUST], tmp_path, position=7)
    other = opened(tmp_path)
    assert (other.position, other.size, other.waiting) == (7, 3, 0)
    assert matches(other, Asked(WELLS)) == matches(built, Asked(WELLS))


def test_where_there_is_no_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken):
        opened(tmp_path)


def test_a_half_written_generation_is_never_read_and_goes_with_the_next_build(tmp_path: Path) -> None:
    build([WELLS, PUMPS], tmp_path)
    half = tmp_path / "matches-2"
    half.mkdir()
    (half / "records.npy").write_bytes(b"half")
    assert ids(opened(tmp_path)) == [2]
    build([WELLS, PUMPS, replace(PUMPS, id=9)], tmp_path)
    assert sorted(ids(opened(tmp_path))) == [2, 9]


@pytest.mark.parametrize("name", ["records.npy", "cards.bin", "about.json", "profile_terms.npy"])
def test_a_file_that_was_cut_short_is_noticed(tmp_path: Path, name: str) -> None:
    place = build([WELLS, PUMPS], tmp_path).place
    file = place / name
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(IndexBroken):
        opened(tmp_path)


def test_nothing_in_the_folder_is_a_pickle(tmp_path: Path) -> None:
    place = build([WELLS, PUMPS], tmp_path).place
    for file in place.glob("*.npy"):
        np.load(file, allow_pickle=False)
    assert {file.suffix for file in place.iterdir()} == {".npy", ".json", ".jsonl", ".bin"}


def test_a_change_is_seen_by_those_who_look(tmp_path: Path) -> None:
    build([WELLS, PUMPS], tmp_path, position=1)
    reader = opened(tmp_path)
    assert refreshed(reader) is reader
    record(tmp_path, [replace(PUMPS, id=9)], [2], 5)
    later = refreshed(reader)
    assert (ids(reader), ids(later), later.position) == ([2], [9], 5)
    assert refreshed(later) is later
    assert ids(opened(tmp_path)) == [9]


def test_the_position_moves_without_a_card(tmp_path: Path) -> None:
    index = build([WELLS], tmp_path)
    record(tmp_path, [], [], 9)
    assert refreshed(index).position == 9


def test_a_line_that_a_crash_cut_short_is_not_read_and_the_next_is_written_over_it(tmp_path: Path) -> None:
    index = build([WELLS, PUMPS], tmp_path)
    record(tmp_path, [replace(PUMPS, id=9)], [], 5)
    with open(index.place / "changes.jsonl", "ab") as file:
        file.write(json.dumps({"position": 6, "gone": 2}).encode()[:-4])
    assert sorted(ids(opened(tmp_path))) == [2, 9]
    record(tmp_path, [], [9], 7)
    assert ids(opened(tmp_path)) == [2]


def test_a_new_build_replaces_what_readers_have(tmp_path: Path) -> None:
    reader = build([WELLS, PUMPS], tmp_path)
    record(tmp_path, [], [2], 3)
    build([WELLS, replace(PUMPS, id=9)], tmp_path, position=4)
    assert ids(reader) == [2]
    later = refreshed(reader)
    assert (ids(later), later.position, later.waiting) == ([9], 4, 0)


def test_a_patched_index_answers_as_one_built_anew(tmp_path: Path) -> None:
    moved = replace(PUMPS, text="Now we grow seeds.", offers=((22, "Seeds of forty kinds"),), languages=("en", "xx"))
    patched = build([WELLS, PUMPS, TRUST], tmp_path / "one").patched([moved, replace(WELLS, id=8)], [3])
    anew = build([WELLS, moved, replace(WELLS, id=8)], tmp_path / "other")
    seeds = Asked(WELLS, "need", text="seeds", languages=("xx",))
    assert [match.id for match in matches(patched, seeds)] == [match.id for match in matches(anew, seeds)]
    assert ids(patched) == ids(anew)
    assert patched.card(2) == moved
    assert patched.card(3) is None
    assert patched.waiting == 3


def test_who_went_can_come_back(tmp_path: Path) -> None:
    index = build([WELLS, PUMPS], tmp_path).patched([], [2])
    assert ids(index) == []
    assert ids(index.patched([PUMPS])) == [2]
    assert index.patched([], [77]) is index


def test_of_two_cards_with_one_id_the_later_counts(tmp_path: Path) -> None:
    index = build([WELLS, PUMPS, replace(PUMPS, accepts=False)], tmp_path)
    assert ids(index) == []
    assert ids(build([replace(PUMPS, accepts=False), WELLS, PUMPS], tmp_path)) == [2]


def test_many_patches_leave_the_base_as_it_was(tmp_path: Path) -> None:
    base = build([WELLS, PUMPS, TRUST], tmp_path)
    before = matches(base, Asked(WELLS))
    index = base
    for number in range(40):
        index = index.patched([replace(PUMPS, id=100 + number % 7, text=f"pumps {number}")])
    assert index.waiting == 7
    assert index.size == 10
    assert matches(base, Asked(WELLS)) == before
