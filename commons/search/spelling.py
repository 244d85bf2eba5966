"""Words within two slips of the pen, for any alphabet, without a list of every slip.

Each word of the vocabulary has a signature of 64 bits, one per pair of neighbouring letters. A slip changes few
pairs, so words with a signature far from the typed one need not be compared letter by letter; what remains is a
handful.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LONGEST = 24  # letters of words that are worth correcting
PAIRS_APART = {1: 6, 2: 10}  # exchanging two neighbours changes three pairs into three others
MOST = 120  # words compared letter by letter
TWO_SLIPS = 7  # letters from which on two slips are forgiven


class Vocabulary:
    """Words as a matrix of letters, with lengths and signatures."""

    def __init__(self, words: Iterable[str]) -> None:
        kept = [word for word in words if 3 <= len(word) <= LONGEST and not word.isdigit()]
        self.letters = np.array(kept, f"<U{LONGEST}") if kept else np.empty(0, f"<U{LONGEST}")
        self.lengths = np.fromiter(map(len, kept), np.uint8, len(kept))
        self.signatures = signatures(self.letters)


def signatures(words: NDArray[np.str_]) -> NDArray[np.uint64]:
    found = np.zeros(len(words), np.uint64)
    for start in range(0, len(words), 20_000):  # in slices, to bound memory
        codes = words[start : start + 20_000].view(np.uint32).reshape(-1, LONGEST).astype(np.uint64)
        before = np.concatenate((np.zeros((len(codes), 1), np.uint64), codes), axis=1)
        after = np.concatenate((codes, np.zeros((len(codes), 1), np.uint64)), axis=1)
        mixed = (before * np.uint64(0x9E3779B97F4A7C15) + after * np.uint64(0xC2B2AE3D27D4EB4F)) >> np.uint64(58)
        bits = np.where((before > 0) | (after > 0), np.uint64(1) << mixed, np.uint64(0))
        found[start : start + 20_000] = np.bitwise_or.reduce(bits, axis=1)
    return found


def closest(vocabulary: Vocabulary, word: str) -> list[tuple[str, int]]:
    """Words at most one slip away, or two for long words, with the number of slips."""
    if not 3 <= len(word) <= LONGEST or not len(vocabulary.letters):
        return []
    slips = 2 if len(word) >= TWO_SLIPS else 1
    sign = signatures(np.array([word], f"<U{LONGEST}"))[0]
    apart = np.bitwise_count(vocabulary.signatures ^ sign)
    near = (apart <= PAIRS_APART[slips]) & (np.abs(vocabulary.lengths.astype(np.int16) - len(word)) <= slips)
    chosen = np.flatnonzero(near)
    if len(chosen) > MOST:
        chosen = chosen[np.argsort(apart[chosen], kind="stable")[:MOST]]
    found = ((str(vocabulary.letters[at]), slips_between(word, str(vocabulary.letters[at]), slips)) for at in chosen)
    return [(other, distance) for other, distance in found if distance <= slips]


@lru_cache(maxsize=20_000)  # the segments of an index have most of their words in common
def slips_between(one: str, other: str, most: int) -> int:
    """Letters missing, added, exchanged or swapped with their neighbour; more than `most` is only said to be more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i] + [0] * len(other)
        for j, beside in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
