"""The sections of a text: what stands under one heading, to be read or edited alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from commons.text.blocks import blocks, lines_of
from commons.text.plain import plain
from commons.text.rows import coded

SOURCE_WORDS = (
    "source needed",
    "citation needed",
    "source manquante",
    "référence nécessaire",
    "falta fuente",
    "cita requerida",
)
SOURCE_NEEDED = rf"\[(?i:{'|'.join(SOURCE_WORDS)})\](?![(\[:])".replace(" ", r"\s")
_NEEDED = re.compile(rf"(?<![\\\[!]){SOURCE_NEEDED}")
_TICKED = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")
_SIGN = re.compile(r"[\\\[\]*_`<>&~|]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Section(NamedTuple):
    """`start` and `end` count characters of the text. Number 0 is what stands before the first heading."""

    number: int
    level: int
    title: str
    start: int
    end: int


def sections(text: str) -> list[Section]:
    """A section goes on to the next heading of its own level or a higher one, so that it contains those below it.
    Headings inside lists, quotes and code begin none."""
    starts = [0, *(line.end() for line in _LINE.finditer(text))]
    headings = [block for block in blocks(lines_of(text)) if block.kind == "heading"]
    ends = [len(text)] * len(headings)
    waiting: list[int] = []
    for number, heading in enumerate(headings):
        while waiting and headings[waiting[-1]].number >= heading.number:
            ends[waiting.pop()] = starts[heading.start]
        waiting.append(number)
    found = [Section(0, 0, "", 0, starts[headings[0].start] if headings else len(text))]
    for number, (heading, end) in enumerate(zip(headings, ends, strict=True), 1):
        title = plain(f"# {heading.words}") if _SIGN.search(heading.words) else heading.words
        found.append(Section(number, heading.number, " ".join(title.split()), starts[heading.start], end))
    return found


def section_text(text: str, number: int) -> str:
    """Raises LookupError for a section that the text does not have."""
    section = _section(text, number)
    return text[section.start : section.end]


def with_section(text: str, number: int, new: str) -> str:
    """The text with other words in one section, and blank lines around them where words would otherwise run on into
    each other; everything else stays byte for byte. Raises LookupError for a section that the text does not have."""
    section = _section(text, number)
    before, old, after = text[: section.start], text[section.start : section.end], text[section.end :]
    if new == old:
        return text
    line = "\r\n" if "\r\n" in text else "\n"
    if before and not new.startswith("#"):
        before = _apart(before, line)
    return before + (_apart(new, line) if new and after else new) + after


def sources_needed(text: str) -> int:
    """How often the text says that a source is missing, outside code."""
    return len(_NEEDED.findall(outside(text))) if _NEEDED.search(text) else 0


def outside(text: str) -> str:
    """The text without its code."""
    rows = text.split("\n")
    text = "\n".join("" if code else row for row, code in zip(rows, coded(rows), strict=True))
    return _TICKED.sub(" ", text) if "`" in text else text


def _section(text: str, number: int) -> Section:
    found = sections(text)
    if not 0 <= number < len(found):
        raise LookupError(number)
    return found[number]


def _apart(words: str, line: str) -> str:
    """Words that end with a blank line."""
    lines = words.replace("\r\n", "\n").rstrip(" \t")
    return words + line * (0 if lines.endswith("\n\n") else 1 if lines.endswith("\n") else 2)
