"""Keeps a process's snapshot fresh from a thread of its own: a request takes what is there and never waits for the
disk.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable

from commons.search.codes import Codes
from commons.search.index import IndexBroken, IndexStore
from commons.search.reading import SegmentView
from commons.search.snapshot import Snapshot

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds between two looks at the generation
LARGE = 10_000  # documents of a segment


class SnapshotHolder:
    def __init__(
        self, store: IndexStore, every: float = EVERY, refreshed: Callable[[Snapshot], None] | None = None
    ) -> None:
        self.store = store
        self.every = every
        self.refreshed = refreshed
        self.codes = Codes()
        self.views: dict[tuple[str, str], SegmentView] = {}
        self.snapshot: Snapshot | None = None
        self.fault: IndexBroken | None = None
        self.failed: tuple[int, ...] | None = None  # the generation that could not be read
        self.working = threading.Lock()
        self.stopped = threading.Event()
        self.thread: threading.Thread | None = None

    def current(self) -> Snapshot:
        """The latest snapshot that could be made; the first call of a process makes it."""
        if self.snapshot is None:
            self.refresh()
        if self.snapshot is None:
            raise self.fault or IndexBroken("there is no index yet")
        return self.snapshot

    def refresh(self) -> bool:
        """Look at the disk now; True if the snapshot is a new one. A broken index leaves the old snapshot in use."""
        with self.working:
            generation, known = self.store.generation(), set(self.snapshot.views if self.snapshot else ())
            if self.snapshot is not None and generation == self.snapshot.generation:
                return False
            if self.fault is not None and generation == self.failed:
                return False
            try:
                snapshot = self._read()
            except IndexBroken as error:
                self.fault, self.failed = error, generation
                self.store.doubt()
                return False
            self.snapshot, self.fault = snapshot, None
        if self.refreshed:
            self.refreshed(snapshot)
        if any(view.size > LARGE for view in snapshot.views if view not in known):
            give_back_memory()
        return True

    def _read(self) -> Snapshot:
        last = IndexBroken("there is no index yet")
        for _ in range(5):  # a segment may be merged away between reading its name and opening it
            contents = self.store.open_reader()
            folder = str(contents.storage.folder)
            try:
                views = {}
                for segment in contents.segments:
                    key = (folder, segment.segment_id())
                    views[key] = self.views.get(key) or SegmentView(contents.storage, segment, self.codes)
                deleted = [list(segment.deleted_docs()) for segment in contents.segments]
                snapshot = Snapshot(list(views.values()), deleted, self.codes, contents.generation)
                snapshot.position = contents.position
            except Exception as error:
                last = IndexBroken(f"the index cannot be read: {type(error).__name__}")
                last.__cause__ = error
                if contents.generation == self.store.generation():
                    raise last from error
                continue
            self.views = views
            return snapshot
        raise last

    def start(self) -> None:
        """Begin refreshing in the background; call it in each process after it was forked."""
        if self.thread is None or not self.thread.is_alive():
            self.stopped.clear()
            self.thread = threading.Thread(target=self._watch, name="search snapshot", daemon=True)
            self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        if self.thread is not None:
            self.thread.join(timeout=10)
            self.thread = None

    def _watch(self) -> None:
        while not self.stopped.wait(self.every):
            try:
                self.refresh()
            except Exception:
                log.exception("the search snapshot could not be refreshed")


def give_back_memory() -> None:
    """Reading a large segment takes three times what is kept of it; glibc returns the rest when it is told to."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
