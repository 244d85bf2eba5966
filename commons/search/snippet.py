"""The lines of a text that show why it was found, with the found words marked.

Words are compared as the index compares them, folded and by their stems, and marked where they stand in the text as
it was written. Everything else is escaped: a text can hold no mark-up of its own here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from commons.search.analysis import WORD, Word, known, readings, study
from commons.search.folding import fold
from commons.search.grammar import Query
from commons.search.stems import LARGER, stem, tongue
from commons.search.stopwords import stopwords

WIDTH = 170  # characters of a fragment
LEAD = 50  # before the first found word
LOOKED_AT = 60_000  # characters of a long text
MOST = 40  # places considered for each word of the question
SPACE = re.compile(r"\s+")
ELLIPSIS = "…"


class Mark(NamedTuple):
    start: int
    end: int
    word: str  # which word of the question


@dataclass(slots=True)
class Wanted:
    """What to look for."""

    languages: tuple[str, ...]
    words: dict[str, str] = field(default_factory=dict)  # term -> word of the question
    stems: dict[tuple[str, str], str] = field(default_factory=dict)
    runs: dict[tuple[str, ...], str] = field(default_factory=dict)  # pairs of characters that stand side by side
    prefixes: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()  # with which what is looked for begins
    seen: dict[str, tuple[Mark, ...]] = field(default_factory=dict)

    @property
    def every(self) -> set[str]:
        """All words of the question that a text may hold."""
        return {*self.words.values(), *self.runs.values(), *self.prefixes}


def words_in(text: str, wanted: Wanted) -> set[str]:
    """Which words of the question stand in a text."""
    found: set[str] = set()
    for mark in marks(text[:LOOKED_AT], wanted):
        found.add(mark.word)
        if len(found) == len(wanted.every):
            break
    return found


def snippet(text: str, query: Query, language: str = "") -> Markup:
    """At most two fragments around found words; the beginning of the text where none stands in it."""
    wanted = looked_for(query, (tongue(language),) if language and tongue(language) else LARGER)
    found = list(marks(text[:LOOKED_AT], wanted))
    parts = [rendered(text, start, end, found, wanted) for start, end in fragments(text, found)]
    return Markup(" ").join(parts)


@lru_cache(maxsize=128)
def looked_for(query: Query, languages: tuple[str, ...]) -> Wanted:
    wanted = Wanted(languages, prefixes=query.prefixes)
    stops = stopwords(languages)
    asked = [*query.terms, *query.phrases, *(word for group in query.any_of for word in group)]
    several = [reading for text in asked for reading in readings(text)]
    plain = [reading for reading in several if reading.word not in stops and fold(reading.word) not in stops]
    for reading in plain or several:
        for form in reading.forms:
            wanted.words.setdefault(form, reading.word)
            for language in languages:
                wanted.stems.setdefault((language, stem(form, language)), reading.word)
        if reading.sequence:
            wanted.runs.setdefault(reading.sequence, reading.word)
        if reading.prefix:
            wanted.prefixes += (reading.prefix,)
    runs, stems = (run[0] for run in wanted.runs), (root for _language, root in wanted.stems)
    wanted.letters = frozenset(term[0] for term in (*wanted.words, *stems, *runs, *wanted.prefixes) if term)
    return wanted


def marks(text: str, wanted: Wanted) -> Iterator[Mark]:
    many: dict[str, int] = {}
    for match in (beginning(wanted.letters) if text.isascii() else WORD).finditer(text):
        raw = match.group()
        if raw[0].lower() not in wanted.letters and raw.isascii() and "-" not in raw:
            continue  # a stem begins as its word does, but where an Arabic article goes
        inside = wanted.seen.get(raw)
        if inside is None:
            inside = wanted.seen[raw] = tuple(marked(known.get(raw) or study(raw), wanted))
        for mark in inside:
            many[mark.word] = many.get(mark.word, 0) + 1
            if many[mark.word] <= MOST:
                yield Mark(match.start() + mark.start, match.start() + mark.end, mark.word)


@lru_cache(maxsize=512)
def beginning(letters: frozenset[str]) -> re.Pattern[str]:
    """Those words of an ASCII text that `marks` looks at: that begin so or are compound."""
    firsts = "".join(sorted(re.escape(letter) for letter in letters if letter.isascii()))
    begun = rf"[{firsts}][a-z0-9]*(?:-[a-z0-9]+)*|" if firsts else ""
    return re.compile(rf"(?<![a-z0-9])(?:{begun}[a-z0-9]+(?:-[a-z0-9]+)+)", re.I | re.A)


def marked(word: Word, wanted: Wanted) -> Iterator[Mark]:
    """The found places within one written word, in order and apart from each other."""
    last = 0
    pieces = word.pieces
    for at, piece in enumerate(pieces):
        if piece.start < last and piece.start > 0:
            continue
        for run, name in wanted.runs.items():
            if tuple(each.term for each in pieces[at : at + len(run)]) == run:
                last = pieces[at + len(run) - 1].end
                yield Mark(piece.start, last, name)
                break
        else:
            answer = answers(piece.term, wanted)
            if answer and piece.start >= last:
                last = piece.end
                yield Mark(piece.start, piece.end, answer)


def answers(term: str, wanted: Wanted) -> str | None:
    if term in wanted.words:
        return wanted.words[term]
    for language in wanted.languages:
        if name := wanted.stems.get((language, stem(term, language))):
            return name
    return next((prefix for prefix in wanted.prefixes if term.startswith(prefix)), None)


def fragments(text: str, found: list[Mark]) -> list[tuple[int, int]]:
    """Where to cut: around the richest place, and around the one that adds most to it."""
    if not found or len(text) <= WIDTH:
        return [(0, WIDTH)]
    windows = [window(text, mark.start) for mark in found]
    first = max(windows, key=lambda edges: richness(edges, found, frozenset()))
    have = frozenset(mark.word for mark in found if first[0] <= mark.start < first[1])
    others = [edges for edges in windows if edges[1] <= first[0] or edges[0] >= first[1]]
    if not others:
        return [first]
    second = max(others, key=lambda edges: richness(edges, found, have))
    return sorted([first, second])


def window(text: str, at: int) -> tuple[int, int]:
    start = max(0, at - LEAD)
    if start:
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else start
    return start, start + WIDTH


def richness(edges: tuple[int, int], found: list[Mark], have: frozenset[str]) -> tuple[int, int, int]:
    inside = [mark.word for mark in found if edges[0] <= mark.start and mark.end <= edges[1]]
    return len(set(inside) - have), len(inside), -edges[0]


def rendered(text: str, start: int, end: int, found: list[Mark], wanted: Wanted) -> Markup:
    if end < len(text):
        space = text.rfind(" ", start + WIDTH // 2, end + 1)
        end = space if space > 0 else end
    end = max([min(end, len(text)), *(mark.end for mark in found if start <= mark.start < end < mark.end)])
    out = [Markup(ELLIPSIS) if start else Markup("")]
    cut = text[start:end]
    at = 0
    for mark in marks(cut, wanted):
        out += [plain(cut[at : mark.start]), Markup("<mark>"), plain(cut[mark.start : mark.end]), Markup("</mark>")]
        at = mark.end
    out += [plain(cut[at:]), Markup(ELLIPSIS) if end < len(text.rstrip()) else Markup("")]
    return Markup("").join(out)


def plain(text: str) -> Markup:
    return escape(SPACE.sub(" ", text))
