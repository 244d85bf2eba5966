"""Names of areas of focus, kept once at the area: what stands under an area is found by its names, in every language we
have, as if each stood in it.

Written into every entry they would be half of the index, and an entry would seem long that says little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from commons.search.analysis import Reading, terms
from commons.search.stems import LARGER, stem

BEGINNING = 3  # letters that a word and its other forms share


class AreaNames:
    """Of one segment: which of its rows are areas, and the words of their names in order."""

    def __init__(self, named: Iterable[tuple[int, Sequence[str]]]) -> None:
        self.names = [(row, terms(name)) for row, names in named for name in names]
        self.holding: dict[str, list[int]] = {}  # word: numbers of names
        self.beginning: dict[str, set[str]] = {}
        for number, (_row, words) in enumerate(self.names):
            for word in {*words, *map("".join, zip(words, words[1:], strict=False))}:  # cooperative is co-operative
                self.holding.setdefault(word, []).append(number)
                self.beginning.setdefault(word[:BEGINNING], set()).add(word)

    def rows(self, reading: Reading) -> set[int]:
        """The areas with a name that answers."""
        found = {
            self.names[number][0]
            for form in reading.forms
            for word in self._forms(form)
            for number in self.holding[word]
        }
        if reading.prefix:
            begun = (word for word in self.holding if word.startswith(reading.prefix))
            found |= {self.names[number][0] for word in begun for number in self.holding[word]}
        if reading.sequence:
            found |= set(self._side_by_side(list(reading.sequence)))
        return found

    def _forms(self, form: str) -> Iterator[str]:
        alike = self.beginning.get(form[:BEGINNING], ())
        tried = [(language, stem(form, language)) for language in LARGER] if alike else []
        for word in alike:
            if word == form or any(stem(word, language) == root for language, root in tried):
                yield word

    def _side_by_side(self, sequence: list[str]) -> Iterator[int]:
        for number in self.holding.get(sequence[0], ()):
            row, words = self.names[number]
            if any(words[at : at + len(sequence)] == sequence for at in range(len(words))):
                yield row
