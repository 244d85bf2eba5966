"""The index on disk: one writer, many readers, and nothing that cannot be rebuilt from the database.

    <folder>/current        the name of the index in use, swapped by rename
    <folder>/index-<n>/     segments and table of contents (Whoosh's format), position.json
    <folder>/writing.lock   held while anything is written, freed by the kernel when a process dies

A batch is one new segment plus marks on deleted rows of older ones, visible at once when the table of contents is renamed. The
position in the log is written after that: a crash in between repeats the batch, which changes nothing. The table of contents is a
pickle, so the folder belongs to the site's user alone and is never part of a backup.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import TOC, clean_files

from commons.room import SearchDocument
from commons.search import layout
from commons.search.compaction import copy_live, worth_merging
from commons.search.reading import SegmentView
from commons.search.codes import Codes
from commons.search.segments import INDEX, SegmentBuilder
from commons.search.storage import DurableStorage, sync, write_durably

CURRENT = "current"
POSITION = "position.json"
Generation = tuple[int, ...]


class IndexBroken(Exception):
    """The index cannot be read: answer from the database, and rebuild."""


class IndexBusy(Exception):
    """Another process is writing: try again later."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the table of contents names: open it with `IndexStore.open_reader`."""

    storage: DurableStorage
    segments: tuple[Any, ...]
    generation: Generation


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
        return self._state(self.directory())["position"]

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
        try:
            self._state(directory)
            mode = directory.stat()
            if mode.st_mode & 0o022 or mode.st_uid not in (os.geteuid(), 0):
                raise IndexBroken("others could write into the index")
            storage = DurableStorage(str(directory))
            toc = TOC.read(storage, INDEX, schema=layout.schema())
            return Contents(storage, tuple(toc.segments), generation)
        except IndexBroken:
            raise
        except Exception as error:
            raise IndexBroken(f"the index cannot be opened: {type(error).__name__}") from error

    def _state(self, directory: Path) -> dict[str, int]:
        try:
            state = json.loads((directory / POSITION).read_text(encoding="utf-8"))
            found = {"position": int(state["position"]), "version": int(state["version"])}
        except Exception as error:
            raise IndexBroken("the position of the index cannot be read") from error
        if found["version"] != layout.VERSION:
            raise IndexBroken("the index was written by another version")
        return found

    # Writing

    def apply(self, changed: Iterable[SearchDocument], removed: Iterable[int], position: int) -> int:
        """Bring a batch into the index; answers with the number of documents written. The last word on a key counts."""
        latest = {document.id: document for document in changed}
        gone = set(removed)
        with self._writing(), broken_when_failing():
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
        """Write a new index beside the one in use and swap. `position`: the end of the log before the first document was read."""
        with self._writing(), broken_when_failing():
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
        with self._writing(), broken_when_failing():
            directory = self.directory()
            position = self._state(directory)["position"]
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
        write_durably(str(directory / POSITION), json.dumps({"position": position, "version": layout.VERSION}))

    def _new_directory(self) -> Path:
        taken = [int(path.name[6:]) for path in self.folder.glob("index-*") if path.name[6:].isdigit()]
        directory = self.folder / f"index-{max(taken, default=0) + 1}"
        directory.mkdir(mode=0o700)
        return directory

    def _forget_old(self, current: Path) -> None:
        """One generation stays, for readers that are still opening it."""
        older = sorted((path for path in self.folder.glob("index-*") if path != current), key=lambda path: path.stat().st_mtime)
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

    def check(self) -> Report:
        """Read everything once: counts, and a sentence for each fault."""
        faults: list[str] = []
        contents = self.open_reader()
        directory = Path(contents.storage.folder)
        keys: list[np.ndarray[Any, Any]] = []
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
        with broken_when_failing():
            codes = Codes()
            return {key for segment in contents.segments for key in live_keys(SegmentView(contents.storage, segment, codes), segment).tolist()}


@contextmanager
def broken_when_failing() -> Iterator[None]:
    """Damage shows as six kinds of exception and more; a full disk is none of them."""
    try:
        yield
    except (IndexBroken, IndexBusy, OSError, MemoryError):
        raise
    except Exception as error:
        raise IndexBroken(f"the index cannot be changed: {type(error).__name__}: {error}") from error


def write_all(storage: DurableStorage, documents: Iterable[SearchDocument], progress: Callable[[int], None] | None) -> tuple[int, list[Any]]:
    """Segment after segment, so that memory stays the same for any number of documents. Keys must not come twice."""
    segments: list[Any] = []
    builder = SegmentBuilder(storage)
    count = 0
    for document in documents:
        builder.add(document)
        count += 1
        if builder.full:
            segments.append(builder.write())
            builder = SegmentBuilder(storage)
        if progress and count % 1000 == 0:
            progress(count)
    if len(builder):
        segments.append(builder.write())
    if progress:
        progress(count)
    return count, segments


def delete(storage: DurableStorage, segments: list[Any], keys: set[int]) -> None:
    wanted = np.fromiter(keys, np.int64, len(keys))
    codec_schema = layout.schema()
    for segment in segments:
        reader = segment.codec().per_document_reader(storage, segment)
        column = reader.column_reader("numbers", codec_schema["numbers"].column_type)
        rows = np.frombuffer(b"".join(column), layout.NUMBERS)
        for number in np.flatnonzero(np.isin(rows["key"], wanted)).tolist():
            segment.delete_document(number)


def commit(storage: DurableStorage, toc: Any) -> None:
    """Empty segments go, the rest is named in a new table of contents; then what nobody names is removed."""
    segments = [segment for segment in toc.segments if segment.doc_count()]
    TOC(layout.schema(), segments, toc.generation + 1).write(storage, INDEX)
    clean_files(storage, INDEX, toc.generation + 1, segments)


def live_keys(view: SegmentView, segment: Any) -> np.ndarray[Any, Any]:
    live = np.ones(view.size, bool)
    live[list(segment.deleted_docs())] = False
    found: np.ndarray[Any, Any] = view.columns.numbers["key"][live]
    return found


def read_through(view: SegmentView, segment: Any) -> np.ndarray[Any, Any]:
    for field in view.fields:
        for _, ids, _, _ in view.all_terms(field):
            if ids[-1] >= view.size:
                raise ValueError("a posting points past the end")
    return live_keys(view, segment)
