"""The words of a text as the suggestions read them, each with where it stands.

Three languages go through one door: accents fall, and the endings that English, French and Spanish put on the same word
(plural, gender, a few forms of verbs). Two words side by side count once more as a pair, also across one filler, so that
*droits des femmes* is more than its words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from commons.places.names import folded

WORD = re.compile(r"[^\W\d_]+")
LONGEST = 40  # letters of a word; what is longer is none
KEPT = 60_000  # written words whose root is remembered
remembered: dict[str, str] = {}


class Seen(NamedTuple):
    """A word or a pair of a text: its key, and the place from its first letter to behind its last."""

    key: str
    start: int
    end: int


def root(word: str) -> str:
    """The folded word without its endings: `communities` and `community`, `agricoles` and `agrícola`."""
    if len(word) > 4 and word.endswith("aux"):
        word = word[:-2] + "l"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 6 and word.endswith("ing"):
        word = word[:-3]
    if len(word) > 6 and word.endswith("ed"):
        word = word[:-2]
    if len(word) > 4 and word[-1] in "eao":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 4 and word[-1] == "y" else word


def words(text: str) -> Iterator[Seen]:
    """Every word in order."""
    for match in WORD.finditer(text):
        raw = match.group()
        key = remembered.get(raw)
        if key is None:
            if len(remembered) >= KEPT:
                remembered.clear()
            key = remembered[raw] = root(folded(raw)) if len(raw) <= LONGEST else ""
        if key:
            yield Seen(key, match.start(), match.end())


def terms(text: str, fillers: Container[str]) -> list[Seen]:
    """What counts of a text: words that are no fillers, and pairs of them. `fillers` are roots."""
    found: list[Seen] = []
    before: Seen | None = None
    gap = 0
    for word in words(text):
        if len(word.key) < 2 or word.key in fillers:
            gap += 1
            continue
        found.append(word)
        if before is not None and gap <= 1:
            found.append(Seen(f"{before.key} {word.key}", before.start, word.end))
        before, gap = word, 0
    return found
