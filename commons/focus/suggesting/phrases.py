"""The rules: an area is named when one of its names stands in the text as it is, whole words side by side.

A long name says more than a short one; a name of one common word (work, air, men) says little, and only together with what
else stands there. A name in capitals counts only in capitals: LEED is not Leeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from commons.focus.suggesting.reading import Seen, words

LANGUAGES = ("en", "fr", "es")
Names = Mapping[str, Mapping[str, Iterable[str]]]  # area: language: its names


@dataclass
class Phrases:
    """The names of all areas, found by their first word."""

    known: dict[str, list[tuple[tuple[str, ...], str, str, str]]] = field(default_factory=dict)

    def add(self, area: str, language: str, name: str) -> None:
        keys = tuple(word.key for word in words(name))
        if keys:
            exactly = name if name.isupper() else ""
            self.known.setdefault(keys[0], []).append((keys, language, area, exactly))

    def found(self, text: str, language: str) -> dict[str, list[tuple[Seen, int]]]:
        """area: where its names stand in the text, and of how many words they are. A language that has no names reads all."""
        spoken = (language,) if language in LANGUAGES else LANGUAGES
        row = list(words(text))
        hits: dict[str, list[tuple[Seen, int]]] = {}
        for at, first in enumerate(row):
            for keys, tongue, area, exactly in self.known.get(first.key, ()):
                if tongue in spoken and tuple(word.key for word in row[at : at + len(keys)]) == keys:
                    place = Seen(" ".join(keys), first.start, row[at + len(keys) - 1].end)
                    if not exactly or text[place.start : place.end] == exactly:
                        hits.setdefault(area, []).append((place, len(keys)))
        return hits


def phrases_of(names: Names) -> Phrases:
    made = Phrases()
    for area, spoken in names.items():
        for language, given in spoken.items():
            for name in dict.fromkeys(given):
                made.add(area, language, name)
    return made
