"""Markdown to words, for snippets, mails and search documents: linear in the length of the text, no converter involved.
And what a rendered page tells of its headings.

Every pattern stops at the next bracket or at the end of the line, so that no input makes one start over and over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple

from markupsafe import Markup

from commons.text.sanitise import HEADINGS

_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)[^\n]*$", re.M)
_RULE = re.compile(r"^[ \t]*(?:[-=*_|:][ \t|:=*_-]*)$", re.M)
_MARK = re.compile(
    r"^[ \t]*(?:(?:>[ ]?){1,20}[ \t]*)?(?:(?:#{1,6}|[-+*]|\d{1,9}[.)]|:)[ \t]+)?(?:\[[ xX]\][ \t]+)?"
    r"(?:\[\^[^\[\]\n]{1,80}\]:[ \t]*)?",
    re.M,
)
_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]\n^][^\[\]\n]{0,200}\]:[ \t]*\S[^\n]*$", re.M)
_BREAK = re.compile(r"\\$", re.M)
_NAMED = re.compile(r"[a-z]{1,20}:(?=[^\W\d])")
_WIKI = re.compile(r"\[\[([^\[\]\n|]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_NOTE = re.compile(r"\[\^[^\[\]\n]{1,80}\]")
_CAPTION = re.compile(r'!\[([^\[\]\n]{0,500})\]\(/files/[^()\s]{0,500}[ ]+"([^"\n]{1,500})"[ ]*\)')
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,500})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,2000})?\)|\[[^\[\]\n]{0,200}\])"
)
_AUTO = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRESS = re.compile(r"(?<!\d)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\d)|~~|`+|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_TAG = re.compile(r'<(/?)([a-z]+[1-6]?)([^<>"]*(?:"[^"]*"[^<>"]*)*)>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_EDIT = Markup('<a class="edit-section" href="{}" aria-label="{}"><span aria-hidden="true">{}</span></a></div>')
# One line of words: whatever the patterns above look for needs another sign, or two spaces, or to stand at the beginning.
_WITHOUT_SIGNS = re.compile(r" ?[^\W\d_](?:[^\\`*_\[\]<>|~&\s\x02]| (?! ))*")
_SPACE = re.compile(r"[ \t]+")
_GAP = re.compile(r"\s*\n\s*\n\s*")


class Heading(NamedTuple):
    level: int
    anchor: str
    title: str
    section: int | None = None
    """The number that `sections` gives what stands under it; None inside lists, quotes and notes, and behind a part of
    the text that is shown as written, where nobody can count."""


def plain(text: str) -> str:
    """The words, one paragraph per block, without the signs."""
    if _WITHOUT_SIGNS.fullmatch(text):
        return text.strip()
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return "\x02"

    text = text.replace("\x02", "").replace("\r\n", "\n")
    for pattern, instead in ((_FENCE, ""), (_DEFINITION, ""), (_RULE, ""), (_MARK, "")):
        text = pattern.sub(instead, text)
    text = _ESCAPED.sub(keep, text)
    text = _WIKI.sub(lambda m: m[2] or _NAMED.sub("", m[1].strip(), count=1), _BREAK.sub("", text))
    text = _CAPTION.sub(r"\1 \2", text)
    text = _AUTO.sub(r"\1", _LINK.sub(r"\1", _LINK.sub(r"\1", _NOTE.sub("", text))))
    text = _STRESS.sub("", text).replace("|", " ")
    signs = iter(kept)
    text = unescape(re.sub("\x02", lambda _: next(signs), text))
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
    return [heading for heading, _, _ in _headings(rendered) if heading.anchor]


def with_edit_links(
    rendered: str, addresses: Callable[[int], str], label: Callable[[str], str], sign: str = "✎"
) -> Markup:
    """A text that `markdown` gave, with a link beside every heading that begins a section, to edit that section.
    `label` makes what the link is called out of the words of the heading; `sign` is what is seen of it."""
    parts, begun = [Markup()], 0
    for heading, start, end in _headings(rendered):
        if heading.section is not None:
            parts += [Markup(rendered[begun:start]), Markup('<div class="headed">'), Markup(rendered[start:end])]
            parts.append(_EDIT.format(addresses(heading.section), label(heading.title), sign))
            begun = end
    return Markup("").join([*parts, Markup(rendered[begun:])])


def _headings(rendered: str) -> Iterator[tuple[Heading, int, int]]:
    """Each with the places where its HTML begins and ends."""
    number: int | None = 0
    opening: re.Match[str] | None = None
    for tag in _TAG.finditer(rendered):
        end, name, attributes = tag.groups()
        if 'class="as-written"' in attributes:
            number = None
        elif name not in HEADINGS:
            continue
        elif not end:
            opening = tag
        elif opening:
            given = dict(_ATTRIBUTE.findall(opening[3]))
            section = None if number is None or given.get("class") == "inner" else number + 1
            number = section or number
            words = unescape(_TAG.sub("", rendered[opening.end() : tag.start()]))
            anchor = unescape(given.get("id", ""))
            yield Heading(int(name[1]), anchor, " ".join(words.split()), section), opening.start(), tag.end()
            opening = None
