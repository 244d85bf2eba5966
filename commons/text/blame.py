"""Who wrote which line: the revision that last changed each line of a text, read off the changes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from commons.text.aligning import lines_of
from commons.text.patches import Hunk
from commons.text.rows import coded

_GONE = -1


def origins(current: str, changes: Iterable[tuple[int, list[Hunk] | None]]) -> list[int]:
    """For each line of `current` (as hunks count lines) the number of the revision it comes from. `changes` are read
    newest first, only as far as lines are unknown: (revision, its hunks, or None where it left the text alone). What is
    unknown at the end is the oldest's. Raises ValueError where the changes are not those of this text."""
    lines = lines_of(current)
    found = [0] * len(lines)
    places, unknown, number = list(range(len(lines))), len(lines), 0
    for number, hunks in changes:
        for place in _written(lines, places, hunks or ()):
            found[place] = number
            unknown -= 1
        if not unknown:
            return found
        if hunks:
            places = _before(places, hunks)
    for place in places:
        if place != _GONE:
            found[place] = number
    return found


def paragraphs(current: str, origins: Sequence[int]) -> list[tuple[str, int]]:
    """What stands between blank lines, fenced code in one, each with the newest of its lines' revisions."""
    lines = lines_of(current)
    rows = zip(lines, origins, coded(lines), strict=True)
    runs = [list(run) for written, run in groupby(rows, lambda row: row[2] or bool(row[0].strip())) if written]
    return [("".join(line for line, _, _ in run), max(number for _, number, _ in run)) for run in runs]


def _written(lines: Sequence[str], places: Sequence[int], hunks: Sequence[Hunk]) -> list[int]:
    """The lines of today that came with these hunks; `places`: where each line of that revision stands today."""
    found: list[int] = []
    longer = 0
    for at, gone, come in hunks:
        here = places[at + longer : at + longer + len(come)]
        if len(here) < len(come) or any(p != _GONE and lines[p] != line for p, line in zip(here, come, strict=True)):
            raise ValueError(f"line {at} is not as this revision left it")
        found += [place for place in here if place != _GONE]
        longer += len(come) - len(gone)
    return found


def _before(places: Sequence[int], hunks: Sequence[Hunk]) -> list[int]:
    """The same for the revision before."""
    earlier: list[int] = []
    done = longer = 0
    for at, gone, come in hunks:
        earlier += places[done : at + longer]
        earlier += [_GONE] * len(gone)
        done = at + longer + len(come)
        longer += len(come) - len(gone)
    return earlier + list(places[done:])
