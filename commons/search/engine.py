"""The search engine of one process: the index on disk and the snapshot in memory.

Made with the application, warmed by the first question, refreshed by a thread. Each web process holds its own; only
the worker writes.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from commons.search.memory import Memory
from commons.search.snapshot import Snapshot
from commons.search.suggest import warm


class Engine:
    def __init__(self, folder: Path, *, follow: bool) -> None:
        self.store = IndexStore(folder)
        self.holder = SnapshotHolder(self.store, refreshed=warm if follow else None)
        self.follow = follow
        self.lists = Memory(40)  # each may hold a number for every document
        self.maps = Memory(400)

    def snapshot(self) -> Snapshot:
        """What there is, at once; the first question of a process waits for it to be read. Raises IndexBroken."""
        if self.follow:
            self.holder.start()
        else:
            self.holder.refresh()  # tests and commands see every write at once
        return self.holder.current()


def start(app: Flask) -> None:
    url = str(app.config["SEARCH_URL"])
    if not url.startswith("whoosh:"):
        raise ValueError(f"SEARCH_URL is {url!r}; it takes whoosh: or whoosh:FOLDER")
    folder = Path(url.removeprefix("whoosh:") or Path(app.config["COMMONS_DATA"]) / "search")
    app.extensions["search"] = Engine(folder, follow=not app.testing)
