from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commons.text import kiln, markdown, rendering
from commons.text.shelf import DAYS, Memory, Shelf

ROOM = 100_000
LONG = "*Soil* is alive.\n\n" * 300


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    rendering.keep_in(None)  # a site that an earlier test made has a folder
    rendering._begin()
    yield
    rendering.keep_in(None)
    rendering._begin()


def _key(number: int) -> bytes:
    return number.to_bytes(20, "big")


def test_nothing_is_kept_on_disk_before_a_folder_is_given(tmp_path: Path) -> None:
    markdown(LONG)
    assert rendering._shelf is None and list(tmp_path.iterdir()) == []


def test_what_one_process_rendered_the_next_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendering.keep_in(tmp_path / "shelf")
    html = markdown(LONG)
    rendering._begin()

    def never(*_: object) -> str:
        raise AssertionError("rendered again")

    monkeypatch.setattr(kiln, "rendered", never)
    monkeypatch.setattr(kiln, "render", never)
    assert markdown(LONG) == html and "<em>Soil</em>" in html


def test_the_folder_and_its_files_are_ours_alone(tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir(mode=0o755)
    rendering.keep_in(folder)
    markdown(LONG)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_short_texts_are_not_written_to_the_disk(tmp_path: Path) -> None:
    rendering.keep_in(tmp_path)
    markdown("*short*")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"x", b"<script>alert(1)</script>", b"\n", b"\xff\xfe\x00"])
def test_a_damaged_file_is_not_shown_but_rendered_again(tmp_path: Path, damage: bytes) -> None:
    rendering.keep_in(tmp_path)
    html = markdown(LONG)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for wrong in (damage, whole[:-1], whole + damage + b"!", whole.replace(b"alive", b"aliv3")):
        path.write_bytes(wrong)
        rendering._begin()
        assert markdown(LONG) == html
        assert path.read_bytes() == whole


def test_a_file_under_another_name_is_not_shown(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, ROOM)
    shelf.keep(_key(1), "one")
    shelf._path(_key(1)).rename(shelf._path(_key(2)))
    assert shelf.find(_key(2)) is None and shelf.find(_key(1)) is None


def test_another_edition_renders_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendering.keep_in(tmp_path)
    markdown(LONG)
    monkeypatch.setattr(rendering, "EDITION", rendering.EDITION + 1)
    monkeypatch.setattr(rendering, "_made_with", rendering._maker())
    markdown(LONG)
    assert len(list(tmp_path.iterdir())) == 2


def test_what_could_not_be_rendered_is_not_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> str:
        raise kiln.Busy

    monkeypatch.setattr(kiln, "render", busy)
    rendering.keep_in(tmp_path)
    assert "as-written" in markdown(LONG * 3)
    assert list(tmp_path.iterdir()) == []


def test_the_shelf_stays_within_its_room_and_the_oldest_go_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, ROOM)
    for number in range(60):
        shelf.keep(_key(number), "x" * 3_000)
        os.utime(shelf._path(_key(number)), (time.time() - 600 + number,) * 2)
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= ROOM * 17 / 16 + 4_000
    shelf.tidy()
    assert shelf.find(_key(59)) and shelf.find(_key(40)) and shelf.find(_key(0)) is None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= ROOM


def test_nothing_stays_longer_than_its_days(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, ROOM)
    shelf.keep(_key(1), "old")
    os.utime(shelf._path(_key(1)), (time.time() - DAYS * 86_400 - 60,) * 2)
    assert shelf.find(_key(1)) is None
    (tmp_path / "of someone else.txt").write_text("stays")
    (tmp_path / "left behind.html.1.new").write_text("of a process that was ended")
    os.utime(tmp_path / "left behind.html.1.new", (0, 0))
    shelf.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["of someone else.txt"]


def test_a_shelf_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    rendering.keep_in(blocked / "shelf")
    assert "<em>Soil</em>" in markdown(LONG)
    full = Shelf(Path("/dev/full"), ROOM)
    full.keep(_key(1), "x")
    assert full.find(_key(1)) is None


def test_files_may_vanish_while_several_tidy_and_read(tmp_path: Path) -> None:
    shelves = [Shelf(tmp_path, 20_000) for _ in range(4)]
    faults: list[BaseException] = []

    def work(shelf: Shelf, begin: int) -> None:
        try:
            for number in range(150):
                shelf.keep(_key((begin + number) % 40), f"{(begin + number) % 40} " * 700)
                found = shelf.find(_key(number % 40))
                assert found is None or found == f"{number % 40} " * 700
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(shelf, 10 * n)) for n, shelf in enumerate(shelves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".new"]


def test_memory_forgets_what_was_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(4_000)
    memory.keep(b"a", "text", 0.02)
    memory.keep(b"b", "text", 0.0)
    assert memory.find(b"a") == "text" and memory.find(b"b") is None
    time.sleep(0.03)
    assert memory.find(b"a") is None


def test_a_forked_process_does_not_inherit_a_lock_that_is_held() -> None:
    rendering._cache.lock.acquire()
    child = os.fork()
    if child == 0:
        os._exit(0 if "<em>" in markdown("*after the fork*") else 1)
    rendering._cache.lock.release()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            assert status == 0
            return
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    pytest.fail("the forked process waits for a lock that nobody gives back")
