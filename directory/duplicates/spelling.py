"""Is this the same word, spelt otherwise?"""

from __future__ import annotations

from directory.duplicates.words import CANON


def within(one: str, other: str, most: int) -> bool:
    """At most so many letters added, dropped, changed or swapped with a neighbour."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i] + [0] * len(other)
        for j, against in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return False
    return row[-1] <= most


def nearly(one: str, other: str) -> float:
    """1 for the same word, less for a misspelling or a shortening, 0 for another word."""
    if one == other:
        return 1.0
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < 3 or (short[0] != long[0] and short[-1] != long[-1]) or not (one.isalpha() and other.isalpha()):
        return 0.0
    if len(short) == 3:
        swapped = sorted(short) == sorted(long)
        return 0.75 if swapped or (len(long) == 4 and within(short, long, 1)) else 0.0
    if long.startswith(short):
        return 0.85 if len(long) - len(short) <= 2 else 0.6
    return 0.85 if within(short, long, 2 if len(short) >= 8 else 1) else 0.0


def respelt(word: str) -> str:
    """What a misspelt kind of organisation was meant to be ("Gemqeinde", "Cetner"); the word itself if nothing fits."""
    if len(word) < 5 or word in CANON:
        return word
    return next(
        (kind for spelling, kind in CANON.items() if len(spelling) >= 5 and nearly(word, spelling) >= 0.85), word
    )
