from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np

from commons.search.holder import SnapshotHolder
from commons.search.index import CURRENT, IndexStore
from tests.commons.search.corpus import ask, entry


def test_a_commit_shows_after_a_refresh_and_leaves_old_segments_warm(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.rebuild([entry(number, "water") for number in range(1, 200)], 1)
    holder = SnapshotHolder(store)
    before = holder.current()
    ask(before, "water")
    assert not holder.refresh()
    store.apply([entry(500, "water")], [3], 2)
    assert holder.refresh()
    after = holder.current()
    assert after.views[0] is before.views[0] and after.views[0].warm
    assert ask(after, "water").total == 199 and ask(before, "water").total == 199
    assert 500 in ask(after, "water").ids and 500 not in ask(before, "water").ids


def test_columns_are_held_once_and_stay_the_same_when_segments_come(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    few = [entry(number, "water", areas=[1, 2], sdgs=[6], country="KE", updated=number) for number in range(1, 50)]
    store.rebuild(few, 1)
    holder = SnapshotHolder(store)
    alone = holder.current()
    for position, number in enumerate(range(500, 503), 2):
        store.apply([entry(number, "well", areas=[3], country="TZ")], [], position)
        assert holder.refresh()
        now, view = holder.current(), holder.current().views[0]
        assert view is alone.views[0] and len(now.views) == position
        for facet, codes in now.single.items():
            held = view.columns.single[facet]
            assert np.shares_memory(held, codes) and held.tolist() == alone.single[facet].tolist()
        for facet, (owners, values) in now.several.items():
            held_owners, held_values = view.columns.several[facet]
            assert [held_owners.tolist(), held_values.tolist()] == [one.tolist() for one in alone.several[facet]]
            assert np.shares_memory(held_owners, owners) and np.shares_memory(held_values, values)
        assert view.numbers("updated").tolist() == alone.updated.tolist()
        assert ask(now, "water").ids == ask(alone, "water").ids and ask(now, "well").total == position - 1


def test_the_thread_brings_changes_in_by_itself(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.rebuild([entry(1, "water")], 1)
    told: list[int] = []
    holder = SnapshotHolder(store, every=0.02, refreshed=lambda snapshot: told.append(snapshot.size))
    holder.start()
    holder.start()
    try:
        assert ask(holder.current(), "water").total == 1
        store.apply([entry(2, "water")], [], 2)
        waited = time.monotonic() + 10
        while ask(holder.current(), "water").total != 2 and time.monotonic() < waited:
            time.sleep(0.02)
        assert ask(holder.current(), "water").total == 2
        assert told[-1] == 2
    finally:
        holder.stop()


def test_a_broken_index_leaves_the_old_snapshot_in_use(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.rebuild([entry(1, "water")], 1)
    holder = SnapshotHolder(store)
    holder.current()
    (tmp_path / CURRENT).write_text("index-999")
    assert not holder.refresh()
    assert ask(holder.current(), "water").ids == (1,)
    store.rebuild([entry(2, "water")], 2)
    assert holder.refresh()
    assert ask(holder.current(), "water").ids == (2,)


def test_readers_see_whole_generations_while_the_index_is_written_merged_and_rebuilt(tmp_path: Path) -> None:
    """Every document of a round carries its number: a mixture of two rounds in one answer would be a torn read."""
    store = IndexStore(tmp_path)
    store.rebuild([entry(number, "round0 all") for number in range(1, 41)], 0)
    holder = SnapshotHolder(store, every=0.005)
    holder.start()
    stop, answers = threading.Event(), [0]
    faults: list[object] = []

    def read() -> None:
        while not stop.is_set():
            try:
                snapshot = holder.current()
                everything = ask(snapshot, "all")
                rounds = {
                    name
                    for number in np.flatnonzero(np.isin(snapshot.key, everything.hits.ids())).tolist()
                    for name in snapshot.names(number)
                }
                if everything.total != 40 or len(rounds) != 1:
                    faults.append((everything.total, rounds))
                answers[0] += 1
            except Exception as error:
                faults.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for round in range(1, 25):
            documents = [entry(number, f"round{round} all") for number in range(1, 41)]
            if round % 6 == 0:
                store.rebuild(documents, round)
            else:
                store.apply(documents, [], round)
            if round % 4 == 0:
                store.compact()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        holder.stop()
    assert not faults
    assert answers[0] > 50


def test_many_processes_worth_of_audiences_do_not_grow_without_end(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.rebuild([entry(number, "water", audience=f"group:{number}") for number in range(1, 200)], 1)
    snapshot = SnapshotHolder(store).current()
    for number in range(1, 200):
        assert ask(snapshot, "water", audiences={"public", f"group:{number}"}).ids == (number,)
    assert len(snapshot.scopes) <= 64
