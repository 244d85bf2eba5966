"""From text to the terms of the index, for documents and questions alike.

A word is indexed as it is folded (`forests`), and once more under its stem where that differs (`!forest`): the exact
form serves phrases, prefixes and a reader whose language nobody knows, the stem serves everyone else. Scripts written
without spaces become overlapping pairs of characters, which a question asks for side by side. `co-operative` is found
as two words and as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from commons.search.folding import fold
from commons.search.stems import stem

STEM = "!"  # sorts before every letter and digit, so that words stay together in the vocabulary
MARK = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983"
    "\u09bc-\u09cd\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
    "\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84"
    "\u102b-\u103e\u1056-\u1059\u1062-\u1064\u17b4-\u17d3\u200c\u200d\u3099\u309a"
)
LETTER = rf"(?:[^\W_]|[{MARK}])"
WORD = re.compile(rf"{LETTER}+(?:[-\u2010\u2011]{LETTER}+)*")
PAIRED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]+"
)
HYPHEN = re.compile("[-\u2010\u2011]")
KEPT = 60_000  # words whose analysis is remembered
LONGEST = 64  # characters of a term; what is longer is cut, on both sides


class Piece(NamedTuple):
    """One term of a written word: its place among the terms and where it stands in the written word."""

    term: str
    offset: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    pieces: tuple[Piece, ...]
    width: int  # how many places it takes
    plain: tuple[str, ...]  # folded and whole, for names


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a question asks for: any of the forms, or the sequence side by side, or whatever begins so."""

    word: str  # folded, as typed
    forms: tuple[str, ...] = ()
    sequence: tuple[str, ...] = ()
    prefix: str = ""


known: dict[str, Word] = {}


def study(raw: str) -> Word:
    """Take one written word apart."""
    pieces: list[Piece] = []
    plain: list[str] = []
    place = 0
    for start, end, paired in parts(raw):
        plain.append(fold(raw[start:end]))
        if paired:
            # Pairs, and the last character alone: with it, one character finds every run that holds it.
            for at in range(start, end):
                pieces.append(Piece(fold(raw[at : at + 2] if at + 1 < end else raw[at]), place, at, min(at + 2, end)))
                place += 1
        elif term := fold(raw[start:end])[:LONGEST]:
            pieces.append(Piece(term, place, start, end))
            place += 1
    if len(pieces) > 1 and HYPHEN.search(raw) and not PAIRED.search(raw):
        pieces.append(Piece("".join(piece.term for piece in pieces)[:LONGEST], 0, 0, len(raw)))
    word = Word(tuple(piece for piece in pieces if piece.term), place, tuple(filter(None, plain)))
    if len(known) >= KEPT:
        known.clear()
    known[raw] = word
    return word


def parts(raw: str) -> Iterator[tuple[int, int, bool]]:
    """The stretches of a written word between hyphens: (start, end, written without spaces)."""
    at = 0
    for chunk in HYPHEN.split(raw):
        last = at
        for run in PAIRED.finditer(raw, at, at + len(chunk)):
            if run.start() > last:
                yield last, run.start(), False
            yield run.start(), run.end(), True
            last = run.end()
        if last < at + len(chunk):
            yield last, at + len(chunk), False
        at += len(chunk) + 1


def spans(text: str) -> Iterator[tuple[int, Word]]:
    """Every written word with the place where it starts in the text."""
    for match in WORD.finditer(text):
        raw = match.group()
        yield match.start(), known.get(raw) or study(raw)


def words(text: str) -> list[str]:
    """The folded words of a text in order, each whole."""
    return [plain for raw in WORD.findall(text) for plain in (known.get(raw) or study(raw)).plain]


def terms(text: str) -> list[str]:
    """The folded terms of a text in order: words, and pairs of characters where a script has no spaces."""
    found: list[str] = []
    for raw in WORD.findall(text):
        last = 0
        for term, _, _, end in (known.get(raw) or study(raw)).pieces:
            if end > last:  # neither a joined form nor the lone last character of a run
                found.append(term)
                last = end
    return found


def forms(term: str, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Under what a word may stand in the index, and in documents of which languages: () is all of them.

    A stem counts only where its own language is spoken: the Swedish stem of `forets` is `for`, and English pages
    are full of that.
    """
    found: dict[str, tuple[str, ...]] = {}
    for language in languages:
        root = stem(term, language)
        for form in (root, STEM + root):
            found[form] = (*found.get(form, ()), language)
    found[term] = ()
    return found


def readings(text: str) -> list[Reading]:
    """What the words of a question ask for."""
    found: list[Reading] = []
    for match in WORD.finditer(text):
        raw = match.group()
        plain = [fold(raw[start:end])[:LONGEST] for start, end, paired in parts(raw) if not paired]
        if len(plain) > 1 and not PAIRED.search(raw):
            found.append(Reading(raw, ("".join(plain)[:LONGEST],), tuple(plain)))
            continue
        for start, end, paired in parts(raw):
            stretch = fold(raw[start:end])
            if not stretch:
                continue
            if not paired:
                found.append(Reading(stretch, (stretch[:LONGEST],)))
            elif end - start == 1:
                found.append(Reading(stretch, prefix=stretch))
            else:
                pairs = tuple(fold(raw[at : at + 2]) for at in range(start, end - 1))
                found.append(Reading(stretch, sequence=pairs) if len(pairs) > 1 else Reading(stretch, pairs))
    return found
