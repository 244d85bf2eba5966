"""What changed between two texts, and putting two people's changes together.

Lines first, words only inside lines that changed. Lines are lined up on those that stand exactly once on both sides (in
the longest run that keeps their order); only small gaps between them are searched closely, and a gap with too many
possible pairs counts as replaced. So two texts of any shape are compared in bounded time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from merge3 import Merge3

Kind = Literal["same", "ins", "del"]
Part = tuple[Kind, str]
Block = tuple[int, int, int]
Run = tuple[list[str], list[str], list[str]]

_WORK = 10_000_000
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`same`, `ins` or `del` as a whole, or `changed` inside; `parts` in reading order. Blank lines are left out."""

    kind: Literal["same", "ins", "del", "changed"]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.parts)


@dataclass(frozen=True, slots=True)
class Collision:
    """Lines that both changed, each in their own way."""

    base: str
    mine: str
    theirs: str


@dataclass(slots=True)
class _Aligner:
    """Which runs of `a` stand unchanged in `b`; the shape in which merge3 wants to be told."""

    isjunk: object
    a: Sequence[str]
    b: Sequence[str]
    autojunk: bool = False
    purse: list[int] = field(default_factory=lambda: [_WORK])
    blocks: list[Block] = field(default_factory=list)

    def get_matching_blocks(self) -> list[Block]:
        self.blocks = []
        for i, j, n in (*_gaps(self.a, self.b, self.purse), (len(self.a), len(self.b), 0)):
            last = self.blocks[-1] if self.blocks else (0, 0, 0)
            if n and last[2] and (last[0] + last[2], last[1] + last[2]) == (i, j):
                self.blocks[-1] = (last[0], last[1], last[2] + n)
            else:
                self.blocks.append((i, j, n))
        return self.blocks


def _gaps(a: Sequence[str], b: Sequence[str], purse: list[int]) -> Iterator[Block]:
    """Matching runs in order: single anchors, and what a close search finds in the gaps between them."""
    head = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    room = min(len(a), len(b)) - head
    tail = next((k for k in range(room) if a[-1 - k] != b[-1 - k]), room)
    if head:
        yield 0, 0, head
    ends = (len(a) - tail, len(b) - tail)
    anchors = [(head - 1, head - 1), *_anchors(a, b, head, ends), ends]
    for (i, j), (i_next, j_next) in pairwise(anchors):
        yield from _closely(a, b, (i + 1, i_next), (j + 1, j_next), purse)
        if (i_next, j_next) != ends:
            yield i_next, j_next, 1
    if tail:
        yield *ends, tail


def _anchors(a: Sequence[str], b: Sequence[str], head: int, ends: tuple[int, int]) -> list[tuple[int, int]]:
    """Lines that stand once on both sides: the longest run of them that is in order on both."""
    in_a, in_b = Counter(a[head : ends[0]]), Counter(b[head : ends[1]])
    at = {line: j for j, line in enumerate(b[head : ends[1]], head) if in_b[line] == 1}
    pairs = [(i, at[line]) for i, line in enumerate(a[head : ends[0]], head) if in_a[line] == 1 and line in at]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for here, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [here]
    run: list[tuple[int, int]] = []
    here = piles[-1] if piles else -1
    while here >= 0:
        run.append(pairs[here])
        here = before[here]
    return run[::-1]


def _closely(
    a: Sequence[str], b: Sequence[str], rows: tuple[int, int], columns: tuple[int, int], purse: list[int]
) -> Iterator[Block]:
    """A gap between anchors, as long as there is work left in the purse."""
    mine, theirs = a[slice(*rows)], b[slice(*columns)]
    in_b = Counter(theirs)
    pairs = sum(in_b[line] for line in mine)
    work = pairs * min(len(mine), len(theirs))
    if 0 < work <= purse[0]:
        purse[0] -= work
        for i, j, n in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
            if n:
                yield rows[0] + i, columns[0] + j, n


def _runs(a: Sequence[str], b: Sequence[str], purse: list[int]) -> Iterator[Run]:
    """(only in a, only in b, then in both), over and over."""
    i = j = 0
    for i_next, j_next, n in _Aligner(None, a, b, purse=purse).get_matching_blocks():
        yield list(a[i:i_next]), list(b[j:j_next]), list(a[i_next : i_next + n])
        i, j = i_next + n, j_next + n


def words_diff(old: str, new: str) -> list[Paragraph]:
    """The new text paragraph by paragraph, with what was added and what is gone."""
    found: list[Paragraph] = []
    purse = [_WORK]
    for gone, come, same in _runs(_lines(old), _lines(new), purse):
        if gone and come:
            found += _changed("\n".join(gone), "\n".join(come), purse)
        else:
            found += [Paragraph("del", (("del", line),)) for line in gone]
            found += [Paragraph("ins", (("ins", line),)) for line in come]
        found += [Paragraph("same", (("same", line),)) for line in same]
    return found


def _changed(old: str, new: str, purse: list[int]) -> list[Paragraph]:
    runs = list(_phrases(_runs(_WORD.findall(old), _WORD.findall(new), purse)))
    alike = sum(len(word) for *_, same in runs for word in same if not word.isspace())
    if 4 * alike < min(len(old), len(new)):
        whole: list[Part] = [("del", old), ("ins", new)]
        return [Paragraph(kind, ((kind, line),)) for kind, text in whole for line in text.split("\n")]
    rows: list[list[Part]] = [[]]
    for gone, come, same in runs:
        pieces: list[Part] = [("del", "".join(gone)), ("ins", "".join(come)), ("same", "".join(same))]
        for kind, text in pieces:
            first, *rest = text.split("\n")
            rows[-1] += [(kind, first)] if first else []
            rows += [[(kind, line)] if line else [] for line in rest]
    return [_row(row) for row in rows if row]


def _phrases(runs: Iterator[Run]) -> Iterator[Run]:
    """Words replaced one after the other are one phrase replaced: the space between them is no common ground."""
    held_gone: list[str] = []
    held_come: list[str] = []
    held_same: list[str] = []
    for gone, come, same in runs:
        if gone and come and held_gone and held_come and held_same == [" "]:
            held_gone, held_come = [*held_gone, " ", *gone], [*held_come, " ", *come]
        else:
            yield held_gone, held_come, held_same
            held_gone, held_come = gone, come
        held_same = same
    yield held_gone, held_come, held_same


def _row(row: list[Part]) -> Paragraph:
    kinds = {kind for kind, _ in row}
    return Paragraph(kinds.pop() if len(kinds) == 1 else "changed", tuple(row))


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def merge_texts(base: str, mine: str, theirs: str) -> tuple[str | None, list[Collision]]:
    """Both people's changes in one text; or None and every place where they changed the same lines differently."""
    ends = mine.endswith("\n") or not mine
    first, ours, others = (text.replace("\r\n", "\n").rstrip("\n").split("\n") for text in (base, mine, theirs))
    merged: list[str] = []
    collisions: list[Collision] = []
    for group in Merge3(first, ours, others, sequence_matcher=_Aligner).merge_groups():
        if group[0] == "conflict":
            collisions.append(Collision(*("\n".join(lines) for lines in group[1:])))
        else:
            merged += group[1]
    if collisions:
        return None, collisions
    return "\n".join(merged) + ("\n" if ends and merged != [""] else ""), []
