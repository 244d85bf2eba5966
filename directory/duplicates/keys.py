"""Two small maps from what organisations share to where they stand, both growing in place.

A dict with half a million entries would cost some 60 MB. `Keys` needs 8 bytes an entry: buckets by the lower part of a
hash, each a plain array of (upper part, slot). `Words` keeps the slots of each word, and for any three letters in a row
the words that have them, so that a misspelt word finds its neighbours among the vocabulary rather than among all names.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import Final

import numpy as np

from directory.duplicates.spelling import nearly

_BUCKETS: Final = 1 << 14
_TAG: Final = 0xFFFFFFFF
_BUDGET: Final = 40_000
_RARE: Final = 2
_NEARLY: Final = 0.8
_OVERLAP: Final = 0.3
_SHARE: Final = 0.35


class Keys:
    def __init__(self) -> None:
        self._buckets: dict[int, array[int]] = {}

    def add(self, key: Hashable, slot: int) -> None:
        hashed = hash(key)
        bucket = self._buckets.get(hashed % _BUCKETS)
        if bucket is None:
            bucket = self._buckets[hashed % _BUCKETS] = array("Q")
        bucket.append((hashed >> 14 & _TAG) << 32 | slot)

    def find(self, key: Hashable) -> Iterator[int]:
        hashed = hash(key)
        tag = hashed >> 14 & _TAG
        return (entry & _TAG for entry in self._buckets.get(hashed % _BUCKETS, ()) if entry >> 32 == tag)


class Words:
    """Which cards have a word, and which words are nearly that word."""

    def __init__(self) -> None:
        self._slots: dict[str, array[int]] = {}
        self._words: list[str] = []
        self._grams: dict[str, array[int]] = {}
        self._gone: Counter[str] = Counter()

    def count(self, word: str) -> int:
        return len(self._slots.get(word, ())) - self._gone[word]

    def forget(self, words: Iterable[str]) -> None:
        """The slots stay until all is laid out afresh; only the counts are mended."""
        self._gone.update(words)

    def add(self, words: Iterable[str], slot: int) -> None:
        slots = self._slots
        for word in words:
            if word in slots:
                slots[word].append(slot)
            else:
                slots[word] = array("I", (slot,))
                self._learn(word)

    def nearest(self, words: Iterable[str], size: int, limit: int) -> list[int]:
        """The cards that have the most telling of these words; of the commonest ones nothing is read."""
        known = dict.fromkeys(words, 1.0)
        for word in list(known):
            if len(self._slots.get(word, ())) <= _RARE:
                known.update((near, _NEARLY) for near in self.nearly(word) if near not in known)
        lists = sorted((len(self._slots[word]), share, word) for word, share in known.items() if word in self._slots)
        read, weights = 0, np.zeros(size, dtype=np.float32)
        for number, (length, share, word) in enumerate(lists):
            read += length
            if number and read > _BUDGET:
                break
            weights[np.array(self._slots[word], dtype=np.uint32)] += share * np.log1p(size / length)
        best = np.flatnonzero(weights > weights.max(initial=0) * _SHARE)
        if len(best) > limit:
            best = best[np.argpartition(weights[best], -limit)[-limit:]]
        return list(map(int, best))

    def nearly(self, word: str) -> list[str]:
        """The known words that look most like a rare or unknown one, going by three letters in a row."""
        grams = grams_of(word)
        lists = [self._grams[gram] for gram in grams if gram in self._grams]
        if not lists:
            return []
        words, counts = np.unique(
            np.concatenate([np.array(each, dtype=np.uint32) for each in lists]), return_counts=True
        )
        found = words[counts >= max(2, len(grams) * _OVERLAP)]
        return [near for near in (self._words[number] for number in found) if near != word and nearly(word, near)]

    def _learn(self, word: str) -> None:
        number = len(self._words)
        self._words.append(word)
        for gram in grams_of(word):
            if gram in self._grams:
                self._grams[gram].append(number)
            else:
                self._grams[gram] = array("I", (number,))


def grams_of(word: str) -> set[str]:
    text = "^" + word + "$"
    return {text[i : i + 3] for i in range(len(text) - 2)}
