"""What stands under an area is found by the area's names, which stand in the index once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from commons.room import SearchDocument
from commons.search.answer import Found, search
from commons.search.codes import Codes
from commons.search.grammar import parse
from commons.search.index import IndexStore
from commons.search.joining import joined
from commons.search.layout import postings
from commons.search.reading import SegmentView
from commons.search.snapshot import Snapshot
from commons.search.storage import DurableStorage

WATER = SearchDocument(
    id=1,
    kind="focus",
    audience="public",
    language="en",
    title="Water",
    names=("Water", "Eau", "Agua potable", "水资源", "Co-operative wells"),
    areas=(1,),
)
CLOSED = replace(WATER, id=2, title="Secret", names=("Secret",), audience="group:7", areas=(2,))
BELOW = replace(WATER, id=3, title="Pumps", names=("Pumps",), areas=(1, 3))
UNDER = SearchDocument(
    id=10, kind="organisation", audience="public", language="en", title="Kisumu Trust", areas=(1,), text="We help."
)
FARTHER = replace(UNDER, id=11, title="Mombasa Trust", areas=(1, 3))
HIDDEN = replace(UNDER, id=12, title="Lamu Trust", audience="group:7")
BESIDE = replace(UNDER, id=13, title="Nairobi Trust", areas=(2,), text="Water, and more of it.")
EVERY = [WATER, CLOSED, BELOW, UNDER, FARTHER, HIDDEN, BESIDE]


def snapshot(folder: Path, batches: list[list[SearchDocument]]) -> Snapshot:
    store = IndexStore(folder)
    store.rebuild([], 0)
    for number, batch in enumerate(batches, 1):
        store.apply(batch, [], number)
    return opened(store)


def opened(store: IndexStore) -> Snapshot:
    contents, codes = store.open_reader(), Codes()
    views = [SegmentView(contents.storage, segment, codes) for segment in contents.segments]
    deleted = [list(segment.deleted_docs()) for segment in contents.segments]
    return Snapshot(views, deleted, codes, contents.generation)


def asked(found: Snapshot, words: str, *audiences: str) -> Found:
    return search(found, parse(words), audiences={"public", *audiences}, match="all")


@pytest.fixture(params=[[EVERY], [[one] for one in EVERY], [EVERY[::-1]]], ids=["one", "each", "backwards"])
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Snapshot:
    return snapshot(tmp_path / "index", request.param)


def test_a_name_in_any_language_finds_what_stands_under_the_area_and_below_it(whole: Snapshot) -> None:
    for words in (
        "eau",
        "EAUX",
        "agua",
        '"agua potable"',
        "水资源",
        "水",
        "cooperative",
        "co-operative",
        "wells",
        "wat*",
    ):
        assert {10, 11} <= set(asked(whole, words).ids), words
    assert set(asked(whole, "eau").ids) == {1, 10, 11}, "an area answers to its own names, not to those of its parents"
    assert set(asked(whole, "eau kisumu").ids) == {10}
    assert set(asked(whole, "trust -eau").ids) == {13}
    assert asked(whole, '"potable agua"').total == 0


def test_nobody_is_helped_by_names_of_areas_that_they_may_not_read(whole: Snapshot) -> None:
    assert asked(whole, "secret").total == 0
    assert set(asked(whole, "secret", "group:7").ids) == {2, 13}
    assert set(asked(whole, "eau", "group:7").ids) == {1, 10, 11, 12}


def test_the_name_of_an_area_counts_beside_the_words_of_the_text(whole: Snapshot) -> None:
    found = asked(whole, "water")
    assert set(found.ids) == {1, 10, 11, 13}
    both = replace(BESIDE, id=14, areas=(1,))
    more = search(
        snapshot(Path(whole.views[0].storage.folder).parent / "more", [[*EVERY, both]]),
        parse("water"),
        audiences={"public"},
    )
    scores = dict(zip(more.ids, more.scores, strict=True))
    assert scores[14] > max(scores[13], scores[10])


def test_the_words_of_areas_are_not_in_the_entries_themselves() -> None:
    weights, _places, length = postings(UNDER)
    assert not {"water", "eau"} & weights.keys() and length < 12


def test_renaming_an_area_moves_what_stands_under_it(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    store.rebuild(EVERY, 1)
    store.apply([replace(WATER, title="Rivers", names=("Rivers",))], [], 2)
    assert 10 not in asked(opened(store), "eau").ids and 10 in asked(opened(store), "rivers").ids
    store.apply([], [1], 3)
    assert asked(opened(store), "rivers").total == 0


def test_segments_that_are_joined_hold_the_same(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    store.rebuild([], 0)
    many = [replace(UNDER, id=100 + n, text=f"wells and pumps number {n % 7}" * (n % 5)) for n in range(90)]
    for number, batch in enumerate([EVERY, many[:40], many[40:]], 1):
        store.apply(batch, [], number)
    before, contents = opened(store), store.open_reader()
    storage = DurableStorage(str(contents.storage.folder))
    [one] = joined(storage, list(contents.segments))
    codes = Codes()
    after = Snapshot([SegmentView(storage, one, codes)], [[]], codes, (1,))
    assert after.key.tolist() == before.key.tolist() and len(before.views) == 3
    for words in ("wells", '"pumps number"', "trust", "number 3", "eau", "kisumu -wells", "pum*"):
        mine, theirs = asked(after, words), asked(before, words)
        assert (mine.ids, mine.total) == (theirs.ids, theirs.total) and mine.scores == pytest.approx(theirs.scores), (
            words
        )
    some = np.arange(50, dtype=np.int32)
    assert after.streams(some) == before.streams(some) and after.names(60) == before.names(60)
    assert not [name for name in storage.list() if name.startswith(contents.segments[0].make_filename("."))]


def test_areas_under_which_nothing_stands_find_nothing_beside_the_words(tmp_path: Path) -> None:
    many = [replace(BESIDE, id=20 + number, areas=()) for number in range(30)]
    empty = replace(WATER, id=4, title="Water law", names=("Water law",), areas=(4,))
    found = snapshot(tmp_path / "index", [[WATER, empty, *many]])
    assert asked(found, "water").total == 32
