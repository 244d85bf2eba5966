"""What a Markdown text is made of, line by line: headings, lists, quotes, code, rules, and the words between them.

One pass over the lines of one level. What stands inside a list item or a quote is handed on as lines of its own, to be
read in the same way. The rules are those of CommonMark 0.31 (https://spec.commonmark.org/0.31/), except that raw HTML
is words, a heading without words is none but `##Title` is one, a list under a numbered item may be indented by two,
what is indented by four under `1)` is code as it is under a paragraph, and what is indented under a note or a meaning
belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["words", "heading", "fence", "code", "rule", "quote", "list"]

DEEPEST = 12
"""Lists and quotes that stand deeper inside one another are words."""

_BREAK = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)")
_LANGUAGE = re.compile(r" *\{? *\.?([\w+#-]{1,30})")
_RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})\Z")
_ITEM = re.compile(r"( {0,3})([-+*]|[0-9]{1,9}[.)])( +|\Z)(.*)")
_HASHES = re.compile(r" {0,3}(#{1,6})(?!#)(?:(?<=##)|(?= ))(.*)")
_QUOTE = re.compile(r" {0,3}> ?")
_UNDERLINE = re.compile(r" {0,3}(=+|-+) *\Z")
_DEFINITION = re.compile(r" {0,3}\[(\^?)[^\[\]]+\]:")
_SIGNS = frozenset("#>`~*-_+0123456789")
_FIRST = ("-", "+", "*", "1.", "1)")
_MEANING = re.compile(r" {0,3}: {1,3}\S")


class Block(NamedTuple):
    """Blank lines around a block belong to none."""

    kind: Kind
    start: int
    end: int
    number: int = -1
    """The level of a heading; the first number of a list that has one."""
    words: str = ""
    """The words of a heading; the language of code in a fence."""
    inner: Sequence[Sequence[str]] = ()
    """The lines inside: for each item of a list, or once for a quote and for code."""
    spaced: bool = False
    """Blank lines stand between the items of this list."""


def lines_of(text: str) -> list[str]:
    """The lines as `blocks` wants them, without tabs and with nothing on blank ones; as many as the text has."""
    return [line_of(row) for row in _BREAK.split(text.replace("\x02", "").replace("\x03", ""))]


def line_of(row: str) -> str:
    """One row without its end, as `blocks` wants it."""
    return row.expandtabs(4) if row.strip(" \t") else ""


def blocks(lines: Sequence[str]) -> list[Block]:
    found: list[Block] = []
    words = _Words()
    at = 0
    while at < len(lines):
        if not lines[at]:
            words.paragraph = -1
            at += 1
        elif block := _begun(lines, at, words):
            found += [*words.until(block.start), block]
            words = _Words()
            at = block.end
        else:
            words.take(lines[at], at)
            at += 1
    return [*found, *words.until(len(lines))]


class _Words:
    """Words that go on from line to line, until something else begins."""

    def __init__(self) -> None:
        self.start = self.end = -1
        self.paragraph = -1
        """Where the paragraph began that an underline would make a heading."""
        self.closed = False
        """The lines that follow at once are no such paragraph: they belong to a table, a note or a meaning."""
        self.noted = False
        """What is indented belongs to these words."""

    def take(self, line: str, at: int) -> None:
        near = self.end == at
        self.start = at if self.start < 0 else self.start
        definition = _DEFINITION.match(line) if self.paragraph < 0 else None
        if definition or (self.start < at and _MEANING.match(line)):
            self.closed = self.noted = not definition or bool(definition[1])
            self.paragraph = -1
        elif near and self.paragraph == at - 1 and "|" in line and not line.strip("|:- "):
            self.closed, self.paragraph = True, -1
        elif self.paragraph < 0 and not (near and self.closed) and not (self.noted and line.startswith("    ")):
            self.closed = self.noted = False
            self.paragraph = at
        self.end = at + 1

    def until(self, line: int) -> list[Block]:
        return [Block("words", self.start, min(line, self.end))] if 0 <= self.start < line else []


def _begun(lines: Sequence[str], at: int, words: _Words) -> Block | None:
    line, near = lines[at], words.end == at
    underline = _UNDERLINE.match(line) if words.paragraph >= 0 else None
    if underline:
        title = "\n".join(line.strip(" ") for line in lines[words.paragraph : at])
        return Block("heading", words.paragraph, at + 1, 1 if underline[1][0] == "=" else 2, title)
    kind = _kind(line, near)
    if kind == "heading":
        level, title = _heading(line)
        return Block("heading", at, at + 1, level, title)
    if kind == "fence":
        return _fence(lines, at)
    if kind == "quote":
        return _quote(lines, at)
    if kind == "list":
        return _list(lines, at)
    if kind == "rule":
        return Block("rule", at, at + 1)
    return _code(lines, at) if line.startswith("    ") and not near and not words.noted else None


def _kind(line: str, after_words: bool) -> Kind | None:
    """What begins on this line whatever stands before it. A list that interrupts words begins with 1 or a sign."""
    sign = line.lstrip(" ")[:1]
    if sign not in _SIGNS:
        return None
    if sign == "#" and _heading(line)[1]:
        return "heading"
    if sign == ">" and _QUOTE.match(line):
        return "quote"
    if sign in "`~" and (fence := _FENCE.match(line)) and (sign == "~" or "`" not in fence[3]):
        return "fence"
    if sign in "*-_" and _RULE.match(line):
        return "rule"
    item = _ITEM.match(line) if sign in "-+*0123456789" else None
    if item and (not after_words or (item[4] and item[2] in _FIRST and ("|" not in line or line.strip("|:- ")))):
        return "list"
    return None


def _heading(line: str) -> tuple[int, str]:
    """The level and the words, without hashes that close it. `#tag` has no words: it is none; `##Title` is one."""
    match = _HASHES.match(line)
    if match is None:
        return 0, ""
    words = match[2].strip()
    shorter = words.rstrip("#")
    return len(match[1]), words if shorter and not shorter.endswith(" ") else shorter.strip()


def _fence(lines: Sequence[str], at: int) -> Block:
    """Until the same sign at least as often, or to the end."""
    opening = _FENCE.match(lines[at])
    assert opening
    indent, fence, language = len(opening[1]), opening[2], _LANGUAGE.match(opening[3])
    end = next((n for n in range(at + 1, len(lines)) if _closes(lines[n], fence)), len(lines))
    body = [line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines[at + 1 : end]]
    return Block("fence", at, min(end + 1, len(lines)), words=language[1] if language else "", inner=[body])


def _closes(line: str, fence: str) -> bool:
    return fence in line and line.strip(" ").strip(fence[0]) == "" and not line.startswith("    ")


def _code(lines: Sequence[str], at: int) -> Block:
    end = at
    for number in range(at, len(lines)):
        if lines[number].startswith("    "):
            end = number + 1
        elif lines[number]:
            break
    return Block("code", at, end, inner=[[line[4:] for line in lines[at:end]]])


class _Inside:
    """The lines of an item or a quote so far."""

    def __init__(self, first: str) -> None:
        self.lines: list[str] = []
        self.fence = ""
        self.add(first)

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.flows: bool | None = None
        if self.fence:
            self.fence = "" if _closes(line, self.fence) else self.fence
        elif _kind(line, False) == "fence" and (opening := _FENCE.match(line)):
            self.fence = opening[2]

    def flows_on(self, line: str) -> bool:
        """Takes the line if a paragraph goes on with it even though it is not indented or quoted."""
        if self.flows is None:
            before = "" if self.fence else self.lines[-1]
            self.flows = bool(before) and _kind(before, False) in (None, "list", "quote")
        if not self.flows or not line or _kind(line, False) or _UNDERLINE.match(line):
            return False
        self.lines.append(line)
        return True


def _quote(lines: Sequence[str], at: int) -> Block:
    inside = _Inside(_QUOTE.sub("", lines[at], count=1))
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if _QUOTE.match(line):
            inside.add(_QUOTE.sub("", line, count=1))
        elif not inside.flows_on(line):
            break
        end += 1
    return Block("quote", at, end, inner=[inside.lines])


def _list(lines: Sequence[str], at: int) -> Block:
    first = _ITEM.match(lines[at])
    assert first
    sort, items, spaced = first[2][-1], [], False
    end = following = at
    mark: re.Match[str] | None = first
    while mark and mark[2][-1] == sort and not _RULE.match(mark[0]):
        spaced = spaced or following > end
        inner, end = _item(lines, following, mark)
        items.append(inner)
        following = next((n for n in range(end, len(lines)) if lines[n]), len(lines))
        mark = _ITEM.match(lines[following]) if following < len(lines) else None
    number = int(first[2][:-1]) if sort in ".)" else -1
    return Block("list", at, end, number, inner=items, spaced=spaced)


def _item(lines: Sequence[str], at: int, mark: re.Match[str]) -> tuple[list[str], int]:
    """The lines inside, and the line after the last of them."""
    indent, sign, gap, words = mark.groups()
    offset = len(indent) + len(sign) + (len(gap) if words and len(gap) <= 4 else 1)
    inside = _Inside(lines[at][offset:])
    end, coded = at + 1, False
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if not line:
            if end == at + 1 and not words:
                break
            inside.add("")
            continue
        if len(sign) > 1 and not inside.fence:
            offset = _narrower(line, len(indent), offset)
            coded = sign[-1] == ")" and (coded or not lines[number - 1]) and _is_code(line)
        if coded:
            inside.add(line)
        elif line.startswith(" " * offset):
            inside.add(line[offset:])
        elif number != end or not inside.flows_on(line):
            break
        end = number + 1
    return inside.lines[: end - at], end


def _is_code(line: str) -> bool:
    return line.startswith("    ") and not _ITEM.match(line[4:])


def _narrower(line: str, indent: int, offset: int) -> int:
    """A list under a numbered item may be indented by two, one with numbers by three."""
    item = None if line.startswith(" " * offset) else _ITEM.match(line)
    if item is None or _RULE.match(line):
        return offset
    enough = indent + (2 if item[2] in _FIRST[:3] else 3)
    return enough if enough <= len(item[1]) else offset
