"""What a person may ask, read without ever failing.

    water pumps            all words first, any of them when that finds too little
    "water pumps"          side by side
    -oil, NOT oil          without
    solar OR wind          either
    irrig*                 words that begin so (three letters or more)
    in:kenya area:water kind:organisation language:fr sdg:6 type:nonprofit, with "quotes" for several words

Nothing else means anything: brackets, wildcards elsewhere, fields and ranges of other search languages are read as
plain words. A question is at most 200 characters and fourteen words long, because each word costs time; `shortened` says
that something was left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from commons.search.analysis import PAIRED, WORD
from commons.search.folding import fold

LONGEST = 200
MOST_TERMS = 14
SHORTEST_PREFIX = 3
FILTERS = ("in", "area", "kind", "language", "sdg", "type")
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "：": ":", "－": "-", "＊": "*"})
ITEM = re.compile(
    rf'(?P<minus>-)?(?:(?P<field>{"|".join(FILTERS)}):)?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Query:
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()  # (field, value as typed), in order
    text: str = ""  # cleaned, for showing it again
    shortened: bool = False
    typed: tuple[str, ...] = field(
        default=(), compare=False
    )  # the plain words in the order of writing, one that stands there twice twice
    quoted: frozenset[str] = field(
        default=frozenset(), compare=False
    )  # single words in quotes: they mean only themselves

    @property
    def empty(self) -> bool:
        """Nothing to look for: with filters or without, this is browsing."""
        return not (self.terms or self.phrases or self.any_of or self.prefixes)


@dataclass(slots=True)
class Draft:
    """The question while it is being read."""

    room: int
    terms: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    any_of: list[list[str]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    quoted: set[str] = field(default_factory=set)
    shortened: bool = False
    previous: list[str] | None = None  # the list that the last word went to, for OR
    joining: bool = False
    negated: bool = False

    def takes(self, words: int) -> bool:
        if words > self.room:
            self.shortened = True
            return False
        self.room -= words
        return True


def parse(text: str) -> Query:
    """Read a question as typed into the box."""
    cleaned = clean(text)
    draft = Draft(MOST_TERMS, shortened=len(cleaned) > LONGEST)
    cleaned = cleaned[:LONGEST].strip()
    for match in ITEM.finditer(cleaned.translate(QUOTES)):
        read_item(draft, match)
    return finished(draft, cleaned)


def from_words(text: str) -> Query:
    """A question without signs or limits: every word of a text as often as it stands there."""
    words = tuple(match.group() for match in WORD.finditer(text))
    return Query(terms=words, text=text)


def clean(text: str) -> str:
    """One line without control characters, half characters and marks that turn the direction of writing."""
    kept = (" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text[: 4 * LONGEST])
    return " ".join(
        "".join(
            letter for letter in kept if unicodedata.category(letter) not in ("Cs", "Cf") or letter in "\u200c\u200d"
        ).split()
    )


def read_item(draft: Draft, match: re.Match[str]) -> None:
    bare, quoted = match["bare"], match["quoted"]
    minus = bool(match["minus"]) or draft.negated
    if match["field"] and not minus:
        value = filter_value(match)
        if value and len(draft.filters) < MOST_TERMS:
            draft.filters.append((match["field"].lower(), value))
        return
    if bare in ("AND", "OR", "NOT") and not match["minus"]:
        draft.joining, draft.negated = bare == "OR" and draft.previous is not None, bare == "NOT"
        return
    draft.negated = False
    if quoted is not None:
        read_phrase(draft, quoted, minus)
    else:
        read_word(draft, bare, minus)


def filter_value(match: re.Match[str]) -> str:
    """What stands after `in:`, with or without quotes."""
    return (match["quoted"] if match["quoted"] is not None else match["bare"]).strip("\"' ,;")


def read_phrase(draft: Draft, quoted: str, minus: bool) -> None:
    words = [found.group() for found in WORD.finditer(quoted)]
    draft.previous, draft.joining = None, False
    if words and draft.takes(len(words)):
        (
            draft.excluded if minus else draft.phrases if len(words) > 1 or PAIRED.search(words[0]) else draft.terms
        ).append(" ".join(words))
        draft.quoted.update(words[:1] if len(words) == 1 else ())


def read_word(draft: Draft, bare: str, minus: bool) -> None:
    words = [found.group() for found in WORD.finditer(bare)]
    if not words or not draft.takes(len(words)):
        draft.joining = False
        return
    if minus:
        draft.excluded += words
        draft.previous = None
    elif len(words) == 1 and bare.endswith("*") and long_enough(words[0]):
        draft.prefixes.append(fold(words[0]))
        draft.previous = None
    elif draft.joining and len(words) == 1 and draft.previous is not None:
        join(draft, words[0])
    else:
        draft.terms += words
        draft.previous = draft.terms if len(words) == 1 else None
    draft.joining = False


def join(draft: Draft, word: str) -> None:
    """`solar OR wind OR tide`: the word before becomes the first of a group."""
    if draft.previous is draft.terms:
        draft.any_of.append([draft.terms.pop()])
        draft.previous = draft.any_of[-1]
    if draft.previous is not None:
        draft.previous.append(word)


def long_enough(word: str) -> bool:
    return len(fold(word)) >= SHORTEST_PREFIX or bool(PAIRED.search(word))


def finished(draft: Draft, text: str) -> Query:
    return Query(
        terms=tuple(once(draft.terms)),
        phrases=tuple(once(draft.phrases)),
        excluded=tuple(once(draft.excluded)),
        any_of=tuple(tuple(once(group)) for group in draft.any_of),
        prefixes=tuple(once(draft.prefixes)),
        filters=tuple(dict.fromkeys(draft.filters)),
        text=text,
        shortened=draft.shortened,
        typed=tuple(draft.terms),
        quoted=frozenset(draft.quoted),
    )


def without_filter(text: str, name: str, value: str) -> str:
    """The question as typed, without `name:value`."""
    kept = [
        match.group()
        for match in ITEM.finditer(clean(text).translate(QUOTES))
        if not match["field"] or match["minus"] or (match["field"].lower(), filter_value(match)) != (name, value)
    ]
    return " ".join(kept)


def once(words: list[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words))
