"""Answers that need not be made twice: lists without words, counts and maps, each for one state of the index."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from commons.search.snapshot import Snapshot

T = TypeVar("T")


class Memory:
    """The last so many answers that were asked for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = Lock()

    def made(self, snapshot: Snapshot, question: Hashable, make: Callable[[], T]) -> T:
        """What was made for the same question from the same snapshot, else what `make` makes now."""
        key = (snapshot.generation, question)
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                found: T = self.kept[key]
                return found
        made = make()
        with self.lock:
            self.kept[key] = made
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return made
