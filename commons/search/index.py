"""The index on disk: one writer, many readers, and nothing that cannot be rebuilt from the database.

    <folder>/current        the name of the index in use, swapped by rename
    <folder>/index-<n>/     segments and table of contents (Whoosh's format), position.json
    <folder>/writing.lock   held while anything is written, freed by the kernel when a process dies

A batch is one new segment plus marks on deleted rows of older ones, visible at once when the table of contents is
renamed. The position in the log is written after that: a crash in between repeats the batch, which changes nothing.
The table of contents is a pickle, so the folder belongs to the site's user alone and is never part of a backup.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC

from commons.disk import sync, write_durably
from commons.room import SearchDocument
from commons.search import layout
from commons.search.codes import Codes
from commons.search.compaction import copy_live, worth_merging
from commons.search.reading import SegmentView
from commons.search.segments import INDEX, SegmentBuilder
from commons.search.storage import DurableStorage, IndexBroken, broken_when_failing, checksum
from commons.search.writing import commit, delete, live_keys, read_through, write_all

__all__ = ["CURRENT", "POSITION", "Contents", "Generation", "IndexBroken", "IndexBusy", "IndexStore", "Report"]
CURRENT = "current"
POSITION = "position.json"
DOUBT = "doubt"
Generation = tuple[int, ...]


class IndexBusy(Exception):
    """Another process is writing: try again later."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the table of contents names: open it with `IndexStore.open_reader`."""

    storage: DurableStorage
    segments: tuple[Any, ...]
    generation: Generation
    position: int  # in the log; what is written between two looks is not told by it yet


@dataclass(frozen=True, slots=True)
class State:
    """What position.json says. Whoosh has no checksums; sizes show on opening that a file was cut short, sums in a check
    that it was changed."""

    position: int
    files: dict[str, int]
    sums: dict[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    documents: int
    deleted: int
    segments: int
    position: int
    bytes: int
    faults: tuple[str, ...]


class IndexStore:
    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._current = str(self.folder / CURRENT)
        self._pointed: tuple[tuple[int, int], str] | None = None

    # Reading

    def generation(self) -> Generation:
        """Changes with every commit, compaction and rebuild; two or three calls of stat. () where there is no index."""
        try:
            pointer = os.stat(self._current)
            if self._pointed is None or self._pointed[0] != (pointer.st_ino, pointer.st_mtime_ns):
                self._pointed = (pointer.st_ino, pointer.st_mtime_ns), str(self.directory() / POSITION)
            position = os.stat(self._pointed[1])
        except (OSError, IndexBroken):
            return ()
        return (pointer.st_ino, pointer.st_mtime_ns, position.st_ino, position.st_mtime_ns)

    def directory(self) -> Path:
        try:
            name = (self.folder / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise IndexBroken("there is no index yet") from error
        if not name.startswith("index-") or not name[6:].isdigit():
            raise IndexBroken("the pointer to the index is damaged")
        return self.folder / name

    @property
    def position(self) -> int:
        """How far in the log the index has come."""
        return self._state(self.directory()).position

    def open_reader(self) -> Contents:
        """The index as it is now. A file that vanishes meanwhile belonged to an older generation: look again."""
        for attempt in range(5):
            generation = self.generation()
            try:
                return self._contents(self.directory(), generation)
            except IndexBroken:
                if attempt == 4 or generation == self.generation():
                    raise
        raise IndexBroken("the index changes faster than it can be opened")

    def _contents(self, directory: Path, generation: Generation) -> Contents:
        with broken_when_failing("the index cannot be opened"):
            state = self._state(directory)
            files = state.files
            for name, size in files.items():
                path = directory / name
                if path.exists() and path.stat().st_size != size:
                    raise IndexBroken(f"{name} has not its size")
            mode = directory.stat()
            if mode.st_mode & 0o022 or mode.st_uid not in (os.geteuid(), 0):
                raise IndexBroken("others could write into the index")
            storage = DurableStorage(str(directory))
            toc = TOC.read(storage, INDEX, schema=layout.schema())
            named = tuple(segment.make_filename(".") for segment in toc.segments)
            if missing := [name for name in files if name.startswith(named) and not (directory / name).exists()]:
                raise IndexBroken(f"{missing[0]} is missing")
            return Contents(storage, tuple(toc.segments), generation, state.position)

    def _state(self, directory: Path) -> State:
        with broken_when_failing("the position of the index cannot be read"):
            state = json.loads((directory / POSITION).read_text(encoding="utf-8"))
            if state["version"] != layout.VERSION:
                raise IndexBroken("the index was written by another version")
            files, sums = ({str(name): int(many) for name, many in state[key].items()} for key in ("files", "sums"))
            return State(int(state["position"]), files, sums)

    # Writing

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        """Bring a batch into the index; answers with the number of documents written. The last word on a key counts."""
        latest = {document.id: document for document in changed}
        gone = set(removed)
        with self._writing(), broken_by_damage():
            directory = self.directory()
            storage, toc = self._toc(directory)
            if latest or gone:
                delete(storage, toc.segments, gone | latest.keys())
                builder = SegmentBuilder(storage)
                for document in latest.values():
                    if document.id not in gone:
                        builder.add(document)
                if len(builder):
                    toc.segments.append(builder.write())
                commit(storage, toc)
            self._reached(directory, position)
        return len(latest.keys() - gone)

    def rebuild(
        self, documents: Iterable[SearchDocument], position: int, progress: Callable[[int], None] | None = None
    ) -> int:
        """Write a new index beside the one in use and swap. `position`: where the log ended before reading began."""
        with self._writing():
            directory = self._new_directory()
            try:
                storage = DurableStorage(str(directory))
                count, segments = write_all(storage, documents, progress)
                TOC(layout.schema(), segments, 1).write(storage, INDEX)
                self._reached(directory, position)
            except BaseException:
                shutil.rmtree(directory, ignore_errors=True)
                raise
            sync(str(self.folder))
            write_durably(str(self.folder / CURRENT), directory.name)
            self._forget_old(directory)
        return count

    def compact(self) -> int:
        """Merge small and worn segments into one, outside any request; answers with the number merged."""
        with self._writing(), broken_by_damage():
            directory = self.directory()
            position = self._state(directory).position
            storage, toc = self._toc(directory)
            chosen = worth_merging(toc.segments)
            if not chosen:
                return 0
            builder = SegmentBuilder(storage)
            codes = Codes()
            for segment in chosen:
                copy_live(SegmentView(storage, segment, codes), segment, builder)
            toc.segments = [segment for segment in toc.segments if segment not in chosen]
            if len(builder):
                toc.segments.append(builder.write())
            commit(storage, toc)
            self._reached(directory, position)
        return len(chosen)

    def _toc(self, directory: Path) -> tuple[DurableStorage, Any]:
        contents = self._contents(directory, ())
        return contents.storage, TOC.read(contents.storage, INDEX, schema=layout.schema())

    def _reached(self, directory: Path, position: int) -> None:
        paths = [path for path in directory.glob(f"*{INDEX}_*") if path.is_file() and "LOCK" not in path.name]
        known = self._state(directory).sums if (directory / POSITION).exists() else {}
        files = {path.name: path.stat().st_size for path in paths}
        sums = {path.name: known.get(path.name) or checksum(str(path)) for path in paths}  # no file is written twice
        state = {"position": position, "version": layout.VERSION, "files": files, "sums": sums}
        write_durably(str(directory / POSITION), json.dumps(state))

    def _new_directory(self) -> Path:
        taken = [int(path.name[6:]) for path in self.folder.glob("index-*") if path.name[6:].isdigit()]
        directory = self.folder / f"index-{max(taken, default=0) + 1}"
        directory.mkdir(mode=0o700)
        return directory

    def _forget_old(self, current: Path) -> None:
        """One generation stays, for readers that are still opening it."""
        older = sorted(
            (path for path in self.folder.glob("index-*") if path != current), key=lambda path: path.stat().st_mtime
        )
        for path in older[:-1]:
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with open(self.folder / "writing.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy from error
            yield

    # Looking after it

    def doubt(self) -> None:
        """A reader met damage that opening does not show: the writer shall look."""
        with suppress(OSError):
            (self.folder / DOUBT).touch()

    def look(self) -> None:
        """Where a reader had doubts: raises IndexBroken if they were right."""
        if (self.folder / DOUBT).exists():
            (self.folder / DOUBT).unlink()
            if faults := self.check().faults:
                raise IndexBroken(faults[0])

    def check(self) -> Report:
        """Read everything once: counts, and a sentence for each fault."""
        contents = self.open_reader()
        directory = Path(contents.storage.folder)
        kept = [(directory / name, sum) for name, sum in self._state(directory).sums.items()]
        faults = [f"{path.name} was changed" for path, sum in kept if path.exists() and checksum(str(path)) != sum]
        keys: list[NDArray[np.int64]] = []
        codes = Codes()
        for segment in contents.segments:
            try:
                keys.append(read_through(SegmentView(contents.storage, segment, codes), segment))
            except Exception as error:
                faults.append(f"segment {segment.segment_id()} cannot be read: {type(error).__name__}")
        live = np.concatenate(keys) if keys else np.empty(0, np.int64)
        if doubled := len(live) - len(np.unique(live)):
            faults.append(f"{doubled} documents stand in the index twice")
        deleted = sum(segment.deleted_count() for segment in contents.segments)
        size = sum(path.stat().st_size for path in directory.iterdir())
        return Report(len(live), deleted, len(contents.segments), self.position, size, tuple(faults))

    def keys(self) -> set[int]:
        """Every document in the index, for comparing with the database."""
        contents = self.open_reader()
        with broken_by_damage():
            codes = Codes()
            return {
                key
                for segment in contents.segments
                for key in live_keys(SegmentView(contents.storage, segment, codes), segment).tolist()
            }


@contextmanager
def broken_by_damage() -> Iterator[None]:
    """While writing, a full disk or another writer is no damage."""
    try:
        yield
    except (IndexBroken, IndexBusy, OSError, MemoryError):
        raise
    except Exception as error:
        raise IndexBroken(f"the index cannot be changed: {type(error).__name__}: {error}") from error
