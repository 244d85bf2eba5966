from __future__ import annotations

import fcntl
import multiprocessing
import os
import random
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commons.room import SearchDocument
from commons.search.holder import SnapshotHolder
from commons.search.index import CURRENT, POSITION, IndexBroken, IndexBusy, IndexStore
from tests.commons.search.corpus import ask, entry
from tests.pace import within


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    store = IndexStore(tmp_path / "search")
    store.rebuild([entry(number, f"first {number}") for number in range(1, 50)], 10)
    return store


def found(store: IndexStore, text: str) -> set[int]:
    return set(ask(SnapshotHolder(store).current(), text).ids)


def test_a_batch_changes_adds_and_removes(store: IndexStore) -> None:
    assert store.apply([entry(1, "second"), entry(60, "second")], [2, 777], 11) == 2
    assert found(store, "second") == {1, 60}
    assert found(store, "first") == set(range(3, 50))
    assert store.position == 11
    assert store.keys() == {1, *range(3, 50), 60}


def test_the_last_word_on_a_document_counts(store: IndexStore) -> None:
    store.apply([entry(70, "early"), entry(70, "late")], [], 12)
    store.apply([entry(70, "later")], [], 13)
    store.apply([entry(70, "latest")], [70], 14)
    assert found(store, "early") == found(store, "late") == found(store, "later") == found(store, "latest") == set()
    assert not store.check().faults


def test_the_same_batch_twice_changes_nothing(store: IndexStore) -> None:
    for _ in range(3):
        store.apply([entry(1, "again"), entry(80, "again")], [4], 15)
    assert found(store, "again") == {1, 80}
    assert store.check().documents == 49


def test_an_empty_batch_moves_the_position_only(store: IndexStore) -> None:
    before = store.open_reader().segments
    store.apply([], [], 99)
    assert store.position == 99
    assert store.open_reader().segments == before


def test_the_folder_is_for_the_site_alone(store: IndexStore) -> None:
    for path in (store.folder, store.directory()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    store.directory().chmod(0o777)
    with pytest.raises(IndexBroken, match="others"):
        store.open_reader()


def test_only_one_process_writes(store: IndexStore) -> None:
    with open(store.folder / "writing.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            store.apply([], [], 1)
        with pytest.raises(IndexBusy):
            store.rebuild([], 1)
        with pytest.raises(IndexBusy):
            store.compact()
    assert store.position == 10


def test_a_rebuild_swaps_and_keeps_one_generation(store: IndexStore) -> None:
    for round in (1, 2, 3):
        counted: list[int] = []
        assert (
            store.rebuild([entry(number, f"round{round}") for number in range(1, 2500)], 20 + round, counted.append)
            == 2499
        )
        assert counted[-1] == 2499 and len(counted) == 3
    assert sorted(path.name for path in store.folder.glob("index-*")) == ["index-3", "index-4"]
    assert (store.position, store.directory().name) == (23, "index-4")


def test_a_rebuild_that_fails_leaves_the_index_in_use(store: IndexStore) -> None:
    def failing() -> Iterator[SearchDocument]:
        yield entry(1)
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        store.rebuild(failing(), 99)
    assert (store.position, len(found(store, "first"))) == (10, 49)
    assert [path.name for path in store.folder.glob("index-*")] == ["index-1"]


def test_the_generation_says_when_something_changed_and_costs_nothing(store: IndexStore, tmp_path: Path) -> None:
    seen = {store.generation()}
    store.apply([entry(1, "x")], [], 11)
    seen.add(store.generation())
    store.rebuild([entry(1)], 12)
    seen.add(store.generation())
    assert len(seen) == 3
    assert IndexStore(tmp_path / "nowhere").generation() == ()
    with within(0.05):
        for _ in range(1000):
            store.generation()


def test_small_and_worn_segments_are_merged_and_nothing_else_changes(store: IndexStore) -> None:
    for number in range(100, 130):
        store.apply(
            [entry(number, f"small n{number}", text="forêts communautaires", language="fr")], [number - 100], number
        )
    before = ask(SnapshotHolder(store).current(), "small OR first", audiences=None)
    assert len(store.open_reader().segments) == 31
    assert store.compact() == 31
    after = ask(SnapshotHolder(store).current(), "small OR first", audiences=None)
    assert (before.ids, before.total) == (after.ids, after.total)
    assert before.scores == pytest.approx(after.scores, rel=1e-6)
    report = store.check()
    assert (report.segments, report.deleted, report.documents, report.position, report.faults) == (1, 0, 50, 129, ())
    assert found(store, "foret") == set(range(100, 130))
    assert found(store, '"forets communautaires"') == set(range(100, 130))
    assert store.compact() == 0


def test_big_segments_are_left_alone(store: IndexStore) -> None:
    store.rebuild([entry(number) for number in range(1, 15_001)], 1)
    big = store.open_reader().segments[0].segment_id()
    for number in range(3):
        store.apply([entry(20_000 + number)], [], 2 + number)
    assert store.compact() == 3
    assert [segment.segment_id() for segment in store.open_reader().segments][0] == big


def test_everything_removed_leaves_an_empty_index(store: IndexStore) -> None:
    store.apply([], range(1, 50), 11)
    assert store.check().documents == 0
    assert found(store, "") == set()
    store.apply([entry(5, "new")], [], 12)
    assert found(store, "new") == {5}


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "half": content[: len(content) // 2], "zeros": bytes(len(content))}[how])


@pytest.mark.parametrize("how", ["gone", "empty", "half", "zeros"])
def test_every_damaged_file_is_one_kind_of_exception_or_found_by_the_check(tmp_path: Path, how: str) -> None:
    store = IndexStore(tmp_path / "search")
    names = 0
    for number in range(20):
        store.rebuild(
            [entry(one, f"n{one} water", text="river forest " * 9, areas=[1], language="fr") for one in range(1, 60)],
            number,
        )
        files = sorted(path for path in (store.folder / CURRENT, *store.directory().iterdir()))
        names = len(files)
        if number >= names:
            break
        damage(files[number], how)
        try:
            ask(SnapshotHolder(store).current(), "water river")
            assert store.check().faults, files[number].name
        except IndexBroken:
            pass
        assert store.rebuild([entry(1)], 5) == 1  # and it can always be made again
        assert not store.check().faults
    assert names >= 7


def test_another_version_of_the_layout_is_not_read(store: IndexStore) -> None:
    (store.directory() / POSITION).write_text('{"position": 5, "version": 0}')
    with pytest.raises(IndexBroken, match="version"):
        store.open_reader()
    with pytest.raises(IndexBroken):
        SnapshotHolder(store).current()


def test_a_missing_index_is_broken_until_it_is_built(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "none")
    holder = SnapshotHolder(store)
    for _ in range(2):
        with pytest.raises(IndexBroken):
            holder.current()
    with pytest.raises(IndexBroken):
        store.apply([entry(1)], [], 1)
    store.rebuild([entry(1, "here")], 1)
    assert ask(holder.current(), "here").ids == (1,)


def write_for_ever(folder: str, acknowledged: str) -> None:
    store = IndexStore(Path(folder))
    for batch in range(1, 10_000):
        store.apply([entry(1000 * batch + one, f"batch{batch}") for one in range(20)], [], batch)
        if batch % 5 == 0:
            store.compact()
        Path(f"{acknowledged}.new").write_text(str(batch))
        os.replace(f"{acknowledged}.new", acknowledged)


def test_a_writer_killed_at_any_moment_leaves_whole_batches(tmp_path: Path) -> None:
    pick = random.Random(9)
    context = multiprocessing.get_context("spawn")
    for round in range(5):
        folder, acknowledged = tmp_path / f"kill{round}", tmp_path / f"said{round}"
        store = IndexStore(folder)
        store.rebuild([entry(1)], 0)
        writer = context.Process(target=write_for_ever, args=(str(folder), str(acknowledged)))
        writer.start()
        while not acknowledged.exists():
            time.sleep(0.01)
        time.sleep(pick.uniform(0.05, 0.7))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        said = int(acknowledged.read_text())
        report = store.check()
        keys = store.keys() - {1}
        assert not report.faults
        assert len(keys) % 20 == 0
        assert {1000 * batch + one for batch in range(1, said + 1) for one in range(20)} <= keys
        assert store.position in (said, said + 1)
        store.apply([entry(5, "afterwards")], [], 50_000)  # nothing stays locked
        assert found(store, "afterwards") == {5}
