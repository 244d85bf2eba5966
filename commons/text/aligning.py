"""Which runs of one list stand unchanged in another: the ground under comparisons, patches and merges.

Items are lined up on those that stand exactly once on both sides (in the longest run that keeps their order); only small
gaps between them are searched closely, and a gap with too many possible pairs counts as replaced. So two lists of any
shape are lined up in bounded time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

Block = tuple[int, int, int]
Run = tuple[list[str], list[str], list[str]]

WORK = 10_000_000
_START = 1000


def lines_of(text: str) -> list[str]:
    """The lines with their ends, cut at newlines only: joined, they are the text again, byte for byte."""
    *whole, last = text.split("\n")
    lines = [line + "\n" for line in whole]
    return [*lines, last] if last else lines


def matching(a: Sequence[str], b: Sequence[str], purse: list[int]) -> list[Block]:
    """(start in a, start in b, length) of what is in both, in order, never two that touch on both sides; last the empty
    one at both ends. `purse` holds one number: the work that close searches may still do, in steps of some 100 ns."""
    blocks: list[Block] = []
    for i, j, n in (*_gaps(a, b, purse), (len(a), len(b), 0)):
        last = blocks[-1] if blocks else (0, 0, 0)
        if n and last[2] and (last[0] + last[2], last[1] + last[2]) == (i, j):
            blocks[-1] = (last[0], last[1], last[2] + n)
        else:
            blocks.append((i, j, n))
    return blocks


def runs(a: Sequence[str], b: Sequence[str], purse: list[int]) -> Iterator[Run]:
    """(only in a, only in b, then in both), over and over."""
    i = j = 0
    for i_next, j_next, n in matching(a, b, purse):
        yield list(a[i:i_next]), list(b[j:j_next]), list(a[i_next : i_next + n])
        i, j = i_next + n, j_next + n


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
    """Items that stand once on both sides: the longest run of them that is in order on both."""
    in_a, in_b = Counter(a[head : ends[0]]), Counter(b[head : ends[1]])
    at = {item: j for j, item in enumerate(b[head : ends[1]], head) if in_b[item] == 1}
    pairs = [(i, at[item]) for i, item in enumerate(a[head : ends[0]], head) if in_a[item] == 1 and item in at]
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
    if not mine or not theirs or purse[0] < _START:
        return
    in_b = Counter(theirs)
    pairs = sum(in_b[item] for item in mine)
    work = _START + pairs * min(len(mine), len(theirs))
    if pairs and work <= purse[0]:
        purse[0] -= work
        for i, j, n in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
            if n:
                yield rows[0] + i, columns[0] + j, n
