"""The countries that a text names, in any of the languages in which their names are known.

A name counts where it is written with a capital, if its letters have any, and the longest counts: Guinea-Bissau is not Guinea. A name
that is an ordinary word too (Jersey) counts only within a sentence, where the capital says something.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from commons.places.names import folded
from commons.places.phrases import country_phrases, is_ordinary

WORD = re.compile(r"[^\W\d_]+")
CAPITAL = re.compile(r"(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*")  # a word that may begin a name
BETWEEN = re.compile(r"[\s'’.&-]{1,3}\Z")  # what may stand between two words of a name
LONGEST_TEXT = 40_000  # characters that are read
LONGEST_NAME = 6  # words


def countries_in(text: str) -> dict[str, tuple[str, int]]:
    """code: (the name as it first stands there, how often the country is named), in the order of the text."""
    text = text[:LONGEST_TEXT]
    beginnings, found, end = _beginnings(), dict[str, tuple[str, int]](), 0
    for first in CAPITAL.finditer(text):
        lengths = beginnings.get(folded(first.group()), ()) if first.start() >= end else ()
        for many in lengths if not first.group()[0].islower() else ():
            marks = list(islice(WORD.finditer(text, first.start()), many))
            if code := _code(text, marks, many):
                end = marks[-1].end()
                name, times = found.get(code, (text[first.start() : end], 0))
                found[code] = name, times + 1
                break
    return found


def _code(text: str, marks: list[re.Match[str]], many: int) -> str:
    """The country with just this name; empty where there is none."""
    if len(marks) < many or any(
        not BETWEEN.match(text[one.end() : two.start()]) for one, two in zip(marks, marks[1:], strict=False)
    ):
        return ""
    words = [mark.group() for mark in marks]
    if many == 1 and is_ordinary(words[0]) and _begins(text, marks[0].start()):
        return ""
    return country_phrases().get(tuple(map(folded, words)), "")


def _begins(text: str, start: int) -> bool:
    """Does a sentence begin here?"""
    before = text[:start].rstrip(" \"'«“‘(*_#>-")
    return not before or before[-1] in ".!?:;\n"


@lru_cache(maxsize=1)
def _beginnings() -> dict[str, tuple[int, ...]]:
    """The first word of each name: of how many words such names are, most first."""
    found: dict[str, set[int]] = {}
    for phrase in country_phrases():
        if phrase and len(phrase) <= LONGEST_NAME:
            found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}
