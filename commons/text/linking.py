"""What a text links to by name, found without a converter and in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from commons.text.dialect import MENTION, TITLE

MOST_LINKS = 10_000
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_TICKED = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")
_RELATIVE = (
    r"\]\([ \t]{0,9}(?:<(?P<pointed>[^<>\n]{1,500})>"
    r"|(?P<plain>[^\s()<>]{1,500}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?))"
    r"|^[ ]{0,3}\[[^\^\[\]\n][^\[\]\n]{0,200}\]:[ \t]*<?(?P<defined>[^\s<>]{1,500})>?[ \t]*(?:[\"'(].*)?$"
)
_TARGET = re.compile(f"{TITLE}|{MENTION}|{_RELATIVE}", re.M)
_ELSEWHERE = re.compile(r"[/\\?#]|[A-Za-z][A-Za-z0-9+.-]*:")


def names_in(text: str) -> list[str]:
    """Once each and in order, at most MOST_LINKS: `Composting` for `[[Composting|heaps]]`, `@ana` for a mention,
    `./../soil/humus.md` for `[words](../soil/humus.md#life)`. Nothing that stands in code."""
    return list(islice(dict.fromkeys(_found(_without_code(text))), MOST_LINKS))


def _found(text: str) -> Iterator[str]:
    for m in _TARGET.finditer(text):
        if m[0].startswith("[["):
            name = m[1].strip()
        elif m[0].startswith("@"):
            name = m[0]
        else:
            target = m["pointed"] or m["plain"] or m["defined"]
            name = "" if _ELSEWHERE.match(target) else f"./{target.partition('#')[0]}"
        if name:
            yield name


def _without_code(text: str) -> str:
    if "```" not in text and "~~~" not in text:
        return _TICKED.sub(" ", text)
    lines = text.split("\n")
    return _TICKED.sub(" ", "\n".join(line for line, code in zip(lines, fenced(lines), strict=True) if not code))


def fenced(lines: list[str]) -> list[bool]:
    """Which lines belong to fenced code, the fences included. A fence that is never closed opens nothing; one at the
    margin is closed at the margin, one that is indented (in a list) by the same signs anywhere."""
    last: dict[str, int] = {}
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            last[line.rstrip()] = last[f" {line.strip()}"] = number
    end, found = "", list[bool]()
    for number, line in enumerate(lines):
        if end:
            found.append(True)
            if end in (line.rstrip(), f" {line.strip()}"):
                end = ""
            continue
        mark = _FENCE.match(line)
        wanted = f" {mark[1]}" if mark and mark[0] != mark[1] else mark[1] if mark else ""
        end = wanted if last.get(wanted, -1) > number else ""
        found.append(bool(end))
    return found
