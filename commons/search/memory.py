"""Answers that need not be made twice: lists without words, counts and maps, for one state of the index."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """The last so many answers that were asked for. What an older state of the index said is forgotten at once: it may hold
    on to the arrays of a whole snapshot."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.generation: Hashable = None
        self.kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = Lock()

    def made(self, generation: Hashable, question: Hashable, make: Callable[[], T]) -> T:
        """What was made for the same question in the same generation, else what `make` makes now."""
        with self.lock:
            if generation != self.generation:
                self.generation = generation
                self.kept.clear()
            elif question in self.kept:
                self.kept.move_to_end(question)
                found: T = self.kept[question]
                return found
        made = make()
        with self.lock:
            if generation == self.generation:
                self.kept[question] = made
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
        return made
