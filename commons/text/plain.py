"""Markdown to words, for snippets, mails and search documents: linear in the length of the text, no converter involved.

Every pattern stops at the next bracket or at the end of the line, so that no input makes one start over and over.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import NamedTuple

_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)[^\n]*$", re.M)
_RULE = re.compile(r"^[ \t]*(?:[-=*_|:][ \t|:=*_-]*)$", re.M)
_MARK = re.compile(
    r"^[ \t]*(?:(?:>[ ]?){1,20}[ \t]*)?(?:(?:#{1,6}|[-+*]|\d{1,9}[.)]|:)[ \t]+)?(?:\[[ xX]\][ \t]+)?"
    r"(?:\[\^[^\[\]\n]{1,80}\]:[ \t]*)?",
    re.M,
)
_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]\n^][^\[\]\n]{0,200}\]:[ \t]*\S[^\n]*$", re.M)
_WIKI = re.compile(r"\[\[([^\[\]\n|]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_NOTE = re.compile(r"\[\^[^\[\]\n]{1,80}\]")
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,500})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,2000})?\)|\[[^\[\]\n]{0,200}\])"
)
_AUTO = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRESS = re.compile(r"(?<!\d)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\d)|~~|`+|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_SPACE = re.compile(r"[ \t]+")
_GAP = re.compile(r"\s*\n\s*\n\s*")


class Heading(NamedTuple):
    level: int
    anchor: str
    title: str


def plain(text: str) -> str:
    """The words, one paragraph per block, without the signs."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return "\x02"

    text = text.replace("\x02", "").replace("\r\n", "\n")
    for pattern, instead in ((_FENCE, ""), (_DEFINITION, ""), (_RULE, ""), (_MARK, "")):
        text = pattern.sub(instead, text)
    text = _ESCAPED.sub(keep, text)
    text = _WIKI.sub(lambda m: m[2] or m[1], text)
    text = _AUTO.sub(r"\1", _LINK.sub(r"\1", _LINK.sub(r"\1", _NOTE.sub("", text))))
    text = _STRESS.sub("", text).replace("|", " ")
    signs = iter(kept)
    text = html.unescape(re.sub("\x02", lambda _: next(signs), text))
    return _GAP.sub("\n\n", "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n"))).strip()


def excerpt(text: str, length: int = 200) -> str:
    """The beginning as one line, cut between words."""
    words = " ".join(plain(text[: 20 * length + 2000]).split())
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    space = length - 1 if words[length - 1] == " " else cut.rfind(" ")
    return (cut[:space] if space > length // 2 else cut).rstrip(" ,;:.-–—(") + "…"


def headings(rendered: str) -> list[Heading]:
    """The headings of a text that `markdown` gave, for a table of contents."""
    reader = _Headings()
    reader.feed(str(rendered))
    reader.close()
    return reader.found


class _Headings(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Heading] = []
        self.open: tuple[int, str] | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        anchor = dict(attrs).get("id")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() and anchor:
            self.open, self.words = (int(tag[1]), anchor), []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == f"h{self.open[0]}":
            self.found.append(Heading(*self.open, " ".join("".join(self.words).split())))
            self.open = None
