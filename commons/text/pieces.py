"""A large text in pieces that are rendered one by one, and the seams between them.

A cut is made only where nothing reaches across: after a blank line, outside code, before a heading (or, where none comes
for long, before a plain paragraph). What does reach across is carried: addresses that are defined in another piece come
along with each piece that uses them, footnotes are gathered behind the last piece and numbered through the page, and
headings are told which ids are taken, so that every id comes out as if the text had been rendered in one pass.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown.extensions.toc import unique

from commons.text.rows import coded

PIECE = 24_000
MOST_LINES = 100_000
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_WORDS = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"[ ]{0,3}\[\^([^\[\]\n]{1,200})\]:")
_NESTED_NOTE = re.compile(r"[ \t>*+\-\d.)]{0,60}\[\^[^\]]*\]:")
_DEFINITION = re.compile(
    r"[ ]{0,3}\[([^\^\[\]\n][^\[\]\n]{0,200})\]:[ ]*<?[^\s<>]{1,2000}>?[ ]*(?:\"[^\"]*\"|'[^']*'|\([^()]*\))?[ ]*\Z"
)
_LABEL = re.compile(r"\[([^\[\]]{1,200})\]")
_HEADED = re.compile(r'(<h[1-6](?: [a-z-]+="[^"<>]*")*? id=")([^"]*)"')
_NOTED = re.compile(r'<sup id="fnref\d*:([^"<>]*)"><a class="footnote-ref" href="#fn:([^"<>]*)">\d+</a></sup>')
_NOTES = '<div class="footnote">'


class Seam(NamedTuple):
    """What a piece has to know of the others: ids that are taken, how often each of its notes was named before and
    which number it has. `notes`: this piece is the notes themselves."""

    ids: list[str]
    uses: dict[str, int]
    numbers: dict[str, int]
    notes: bool = False


class Fitted(NamedTuple):
    """A rendered piece, the ids of its headings and how often it names each note."""

    html: str
    ids: list[str]
    uses: dict[str, int]


@dataclass
class Cut:
    pieces: list[str]
    notes: dict[str, str] = field(default_factory=dict)  # label: the definition, all of its lines
    addresses: dict[str, tuple[int, str]] = field(default_factory=dict)  # label: the piece and line that define it

    def carried(self, number: int) -> str:
        """The piece with the definitions that it uses."""
        return self._with_addresses(self.pieces[number], number) + "".join(
            f"\n\n[^{label}]: x" for label in self.named(number)
        )

    def named(self, number: int) -> list[str]:
        """The notes that a piece names."""
        labels = (label[1:] for label in _LABEL.findall(self.pieces[number]) if label[0] == "^")
        return [label for label in dict.fromkeys(labels) if label in self.notes]

    def gathered(self, uses: Mapping[str, int]) -> str:
        """All the notes as a text, each named before as often as the pieces did: so it links back to every place."""
        named = " ".join(f"[^{label}] " * count for label, count in uses.items())
        return self._with_addresses(f"{named}\n\n" + "\n\n".join(self.notes.values()), -1)

    def numbers(self) -> dict[str, int]:
        return {label: number for number, label in enumerate(self.notes, 1)}

    def _with_addresses(self, text: str, here: int) -> str:
        labels = dict.fromkeys(label.replace("\n", " ").strip().lower() for label in _LABEL.findall(text))
        lines = [self.addresses[label] for label in labels if label in self.addresses]
        return text + "".join(f"\n\n{line}" for number, line in lines if number != here)


def cut(text: str, size: int = PIECE) -> Cut:
    """Pieces of `size` characters and up to the next place where a cut can be made; the whole if it has footnotes inside
    lists or quotes, or more lines than anybody writes. Linear time."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return Cut([text])
    pieces, notes, addresses = [list[str]()], dict[str, list[str]](), dict[str, tuple[int, str]]()
    note, length, after_gap, after_code = "", 0, True, False
    for line, code in zip(lines, coded(lines), strict=True):
        gap = not line.strip(" \t")
        if after_gap and not gap and not line.startswith(("    ", "\t")) and not (code and after_code):
            note = ""
        begins = None if code or "[^" not in line else _NOTE.match(line)
        if begins:
            note = begins[1]
            notes[note] = [line]
            pieces[-1].append("")
        elif note:
            notes[note].append(line)
        elif not code and "[^" in line and _NESTED_NOTE.match(line):
            return Cut([text])
        else:
            if after_gap and not code and _may_cut(line, length, size):
                pieces.append([])
                length = 0
            defined = None if code or "]:" not in line else _DEFINITION.match(line)
            if defined:
                addresses[defined[1].strip().lower()] = (len(pieces) - 1, line)
            pieces[-1].append(line)
            length += len(line) + 1
        after_gap, after_code = gap, code
    return Cut(["\n".join(piece) for piece in pieces], {k: "\n".join(v) for k, v in notes.items()}, addresses)


def _may_cut(line: str, length: int, size: int) -> bool:
    return length >= size and bool(_HEADING.match(line) or (length >= 2 * size and _WORDS.match(line)))


def fit(html: str, seam: Seam) -> Fitted:
    """The converter's HTML of a carried piece (not yet clean) with the ids and numbers that it has in the whole page."""
    at = html.find(_NOTES)
    if seam.notes:
        html = html[at:] if at >= 0 else ""
    elif at >= 0 and seam.numbers:
        html = html[:at] + html[html.index("</div>", at) + len("</div>") :]
    taken, fresh, uses = set(seam.ids), list[str](), dict[str, int]()

    def headed(m: re.Match[str]) -> str:
        fresh.append(unique(m[2], taken))
        return f'{m[1]}{fresh[-1]}"'

    def noted(m: re.Match[str]) -> str:
        label = entities.unescape(m[2])
        uses[label] = uses.get(label, 0) + 1
        count = seam.uses.get(label, 0) + uses[label]
        return (
            f'<sup id="fnref{count if count > 1 else ""}:{m[1]}"><a class="footnote-ref" href="#fn:{m[2]}">'
            f"{seam.numbers.get(label, '?')}</a></sup>"
        )

    html = _HEADED.sub(headed, html)
    return Fitted(html if seam.notes else _NOTED.sub(noted, html), fresh, uses)
