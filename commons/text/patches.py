"""A change of a text as the lines that differ: small to keep, and it can be redone and taken back byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from commons.text.aligning import lines_of, matching

Hunk = list[Any]
"""`[at, [old lines], [new lines]]`, plain JSON: `at` counts lines of the old text from 0, lines keep their ends."""

_WORK = 1_000_000


def hunks(old: str, new: str) -> list[Hunk]:
    """What leads from `old` to `new`, in order; nothing where they are the same. Texts too unlike to be lined up in
    bounded time differ in a few large hunks, at worst in one."""
    a, b = lines_of(old), lines_of(new)
    found: list[Hunk] = []
    i = j = 0
    for i_next, j_next, n in matching(a, b, [_WORK]) if old != new else ():
        if i < i_next or j < j_next:
            found.append([i, a[i:i_next], b[j:j_next]])
        i, j = i_next + n, j_next + n
    return found


def redone(old: str, hunks: Sequence[Hunk]) -> str:
    """The new text. Raises ValueError if `old` is not a text that these hunks lead on from."""
    return _exchanged(old, hunks)


def undone(new: str, hunks: Sequence[Hunk]) -> str:
    """The old text. Raises ValueError if `new` is not a text that these hunks lead to."""
    return _exchanged(new, _turned(hunks))


def grown(hunks: Iterable[Hunk]) -> int:
    """Characters added, less those taken away."""
    return sum(sum(map(len, come)) - sum(map(len, gone)) for _, gone, come in hunks)


def _turned(hunks: Iterable[Hunk]) -> list[Hunk]:
    turned: list[Hunk] = []
    longer = 0
    for at, gone, come in hunks:
        turned.append([at + longer, come, gone])
        longer += len(come) - len(gone)
    return turned


def _exchanged(text: str, hunks: Sequence[Hunk]) -> str:
    if not hunks:
        return text
    lines, found, done = lines_of(text), list[str](), 0
    for at, gone, come in hunks:
        if at < done or at > len(lines) or lines[at : at + len(gone)] != gone:
            raise ValueError(f"line {at} is not as the change found it")
        found += lines[done:at]
        found += come
        done = at + len(gone)
    found += lines[done:]
    result = "".join(found)
    if result.count("\n") + (not result.endswith("\n") and result != "") != len(found):
        raise ValueError("the change does not end where a line of this text does")
    return result
