"""What a measurement gives, and how all of them are printed: one table, each figure beside what it should reach and
a bare limit.

The machine is rarely ours alone. So every figure has the processor's time beside the clock's, and where it makes
sense a bare limit measured in the same minute: the least that any program would need for the same work. Noise is in
both; their ratio has little of it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    work: str
    value: float
    unit: str  # s, ms, MB, KB; "" for a plain number
    reach: float | None = None  # at most
    cpu: float | None = None  # in the same unit
    bare: float | None = None  # the bare limit, in the same unit
    against: str = ""  # what the bare limit is

    @property
    def reached(self) -> bool:
        return self.reach is None or self.value <= self.reach


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many runs of the same work, by the clock and by the processor."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    def p50(self) -> float:
        return statistics.median(self.wall)

    def cpu50(self) -> float:
        return statistics.median(self.cpu)

    def p95(self) -> float:
        return share(self.wall, 0.95)

    def cpu95(self) -> float:
        return share(self.cpu, 0.95)


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def timed(works: Iterable[Callable[[], object]]) -> Times:
    wall, cpu = [], []
    for work in works:
        clock, spent = time.perf_counter(), time.process_time()
        work()
        cpu.append((time.process_time() - spent) * 1000)
        wall.append((time.perf_counter() - clock) * 1000)
    return Times(tuple(wall), tuple(cpu))


def shown(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return (f"{value:,.0f}" if value >= 100 or not unit else f"{value:,.1f}") + (f" {unit}" if unit else "")


def table(figures: Sequence[Figure]) -> str:
    heads = ("work", "measured", "reach", "", "CPU", "bare limit", "ratio")
    rows = [
        (
            one.work,
            shown(one.value, one.unit),
            shown(one.reach, one.unit),
            "" if one.reach is None else "yes" if one.reached else "NO",
            shown(one.cpu, one.unit),
            f"{shown(one.bare, one.unit)} {one.against}" if one.bare is not None else "",
            f"{(one.cpu or one.value) / one.bare:.1f}" if one.bare else "",
        )
        for one in figures
    ]
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (heads, *rows)
    ]
    return "\n".join((lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]))


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
