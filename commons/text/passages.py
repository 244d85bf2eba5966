"""A text cut where a reader would: paragraphs, short lists or items of long ones, quotes, tables, code, each able to stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commons.text.blocks import Block, blocks, lines_of

LONG = 12
"""A list of more items is cut into them."""

_DEFINITION = re.compile(r" {0,3}\[([^\^\[\]][^\[\]]{0,200})\]:\s*\S")
_LABEL = re.compile(r"\[([^\[\]]{1,200})\]")
_ITEM = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])\s")
_GOES_ON = re.compile(r"\s{4}|\t| {0,3}: {1,3}\S")


@dataclass(frozen=True, slots=True)
class Passage:
    """`carried`: the addresses that it uses and that are defined elsewhere in the text, as Markdown."""

    text: str
    carried: str

    @property
    def whole(self) -> str:
        return f"{self.text}\n\n{self.carried}" if self.carried else self.text


def passages(text: str) -> list[Passage]:
    """In order; blank lines between them belong to none. Lines end in newlines alone."""
    cut = list(_cut(text))
    addresses: dict[str, str] = {}
    for words, running in cut:
        for line in words.split("\n") if running else ():
            if match := _DEFINITION.match(line):
                addresses.setdefault(_key(match[1]), line)
    return [Passage(words, _carried(words, addresses)) for words, _ in cut]


def _key(label: str) -> str:
    return " ".join(label.split()).lower()


def _carried(text: str, addresses: dict[str, str]) -> str:
    if not addresses:
        return ""
    own = set(text.split("\n"))
    used = dict.fromkeys(_key(label) for label in _LABEL.findall(text))
    return "\n".join(addresses[key] for key in used if key in addresses and addresses[key] not in own)


def _cut(text: str) -> Iterator[tuple[str, bool]]:
    """Each passage, and whether it is running text."""
    rows = text.split("\n")
    for block in blocks(lines_of(text)):
        begun = block.start
        for at in range(block.start + 1, block.end):
            if _begins(rows, at, block):
                yield "\n".join(rows[begun:at]).rstrip(), block.kind == "words"
                begun = at
        yield "\n".join(rows[begun : block.end]).rstrip(), block.kind == "words"


def _begins(rows: list[str], at: int, block: Block) -> bool:
    """Does a new passage begin inside this block? Running text is cut at blank lines, a long list at each of its items."""
    if block.kind == "words":
        return bool(rows[at].strip()) and not rows[at - 1].strip() and not _GOES_ON.match(rows[at])
    return block.kind == "list" and len(block.inner) > LONG and bool(_item_of(rows[block.start], rows[at]))


def _item_of(first: str, row: str) -> bool:
    mark, other = _ITEM.match(first), _ITEM.match(row)
    return bool(mark and other and mark[1] == other[1] and mark[2][-1] == other[2][-1])
