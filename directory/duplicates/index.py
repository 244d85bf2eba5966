"""The index of what is already in the directory, asked before a new organisation is saved.

It lives in one process, is built from an iterator of cards (which it does not keep) and follows changes one card at a
time. A question gathers candidates cheaply (what shares a name, an acronym, a website, a number, a postcode, sentences,
or rare words however misspelt) and compares only those; one lock lets readers and the follower share it between
threads.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from math import log
from threading import RLock
from typing import Final

from directory.duplicates.cards import Card, Suspect
from directory.duplicates.evidence import Asked, Key, weigh_up
from directory.duplicates.keys import Keys, Words
from directory.duplicates.prints import Print, keys_of, print_of
from directory.duplicates.spelling import respelt
from directory.duplicates.words import COMMON

SUSPECT: Final = 0.4
_NEAREST: Final = 40
_ALIKE: Final = 60
_PRIOR: Final = 2_000
_COMMON_IN_PRIOR: Final = 60


@contextmanager
def quiet_collector() -> Iterator[None]:
    """A hundred thousand small tuples make the garbage collector walk them again and again for nothing."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


class DuplicateIndex:
    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._lock = RLock()
        self._clear()
        self.build(cards)

    def __len__(self) -> int:
        return len(self._slot)

    def __contains__(self, id: object) -> bool:
        return id in self._slot

    def build(self, cards: Iterable[Card]) -> None:
        """Start again from these cards alone."""
        with self._lock:
            self._clear()
            with quiet_collector():
                for card in cards:
                    self.add(card)

    def add(self, card: Card) -> None:
        """A card that is known already takes the place of its older self."""
        known = print_of(card)
        with self._lock:
            self.remove(card.id)
            self._place(known)

    def remove(self, id: int) -> None:
        with self._lock:
            slot = self._slot.pop(id, None)
            if slot is None:
                return
            known = self._prints[slot]
            self._prints[slot] = None
            if known is not None:
                self._spelt.forget({word for words in known.names for word in words})
            if len(self._prints) > 2 * len(self._slot) + 1_000:
                self._tidy()

    def suspects(self, card: Card, limit: int = 5, at_least: float = SUSPECT) -> list[Suspect]:
        """The likeliest first; never the card itself."""
        with self._lock:
            asked = self._asked(card)
            found = [
                Suspect(known.id, round(score, 4), reasons)
                for known in self._candidates(asked)
                for score, reasons in (weigh_up(asked, known),)
                if score >= at_least
            ]
        return sorted(found, key=lambda suspect: (-suspect.score, suspect.id))[:limit]

    def _clear(self) -> None:
        self._slot: dict[int, int] = {}
        self._prints: list[Print | None] = []
        self._keys = Keys()
        self._spelt = Words()

    def _place(self, known: Print) -> None:
        slot = len(self._prints)
        self._prints.append(known)
        self._slot[known.id] = slot
        for key in keys_of(known):
            self._keys.add(key, slot)
        self._spelt.add({word for words in known.names for word in words}, slot)

    def _tidy(self) -> None:
        alive = [known for known in self._prints if known is not None]
        self._clear()
        for known in alive:
            self._place(known)

    def _weight(self, word: str) -> float:
        """How telling a word is here; a small directory borrows what is common elsewhere."""
        prior = _COMMON_IN_PRIOR if word in COMMON else 1
        weight = log((len(self._slot) + _PRIOR) / (self._spelt.count(word) + prior))
        if len(word) <= 3 and not word.isdigit() and not self._spelt.count(word):
            return weight * (0.3 if len(word) <= 2 else 0.6)
        return max(weight, 0.5)

    def _asked(self, card: Card) -> Asked:
        known = self._respelt(print_of(card))
        keys = dict.fromkeys(key for key in keys_of(known) if key[0] != "initials")
        # An acronym may be the initials of a known name, a name may be a known acronym, and the other way round.
        single = [words[0] for words in known.names if len(words) == 1 and 2 <= len(words[0]) <= 9]
        for letters in (*known.given, *single):
            keys |= dict.fromkeys((("initials", letters), ("acronym", letters)))
        for letters in known.initials:
            keys |= dict.fromkeys((("acronym", letters), ("name", letters)))
        return Asked(known, {key: self._alive(key) for key in keys}, cache(self._weight))

    def _alive(self, key: Key) -> list[int]:
        return [slot for slot in dict.fromkeys(self._keys.find(key)) if self._prints[slot] is not None]

    def _respelt(self, known: Print) -> Print:
        """A word that nobody else here has may be a slip in a common one."""
        names = dict.fromkeys(known.names)
        for words in known.names:
            names[tuple(word if self._spelt.count(word) else respelt(word) for word in words)] = None
        return replace(known, names=tuple(names)) if len(names) > len(known.names) else known

    def _candidates(self, asked: Asked) -> Iterable[Print]:
        slots: set[int] = set()
        for found in asked.sharing.values():
            slots.update(found[:_ALIKE])
        for words in asked.known.names:
            slots.update(self._spelt.nearest(words, len(self._prints), _NEAREST))
        for slot in slots:
            known = self._prints[slot]
            if known is not None and known.id != asked.known.id:
                yield known
