"""What long commands share: progress on a terminal, plain lines elsewhere, and one summary line of counts at the end."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from commons.text import csv_cell

site = AppGroup("site", help="The site as a whole: check, export, import.")  # admin and export add their commands to it


class Progress:
    """Counts work that is being done; redraws at most five times a second."""

    def __init__(self, what: str) -> None:
        self.what, self.done, self.began = what, 0, time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.shown = 0.0

    def step(self, many: int = 1) -> None:
        self.done += many
        moment = time.monotonic()
        if moment - self.shown < (0.2 if self.terminal else 10):
            return
        self.shown = moment
        rate = self.done / max(moment - self.began, 0.001)
        click.echo(
            f"{self.what} {self.done:,} ({rate:,.0f} a second)" + ("\r" if self.terminal else "\n"), nl=False, err=True
        )

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    bar = Progress(what)
    yield bar
    if bar.terminal:
        click.echo(" " * 70 + "\r", nl=False, err=True)


def summary(counts: Mapping[str, int | str], seconds: float) -> None:
    """`imported 102,367 · updated 0 · rejected 12 (see rejected.csv) · 38.2 s`"""
    parts = [f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in counts.items()]
    click.echo(" · ".join([*parts, f"{seconds:.1f} s"]))


def import_summary(counts: Mapping[str, int], rejected: Path, seconds: float) -> None:
    """The same with "rejected" at the end, and where those rows are to be seen."""
    said: dict[str, int | str] = {name: many for name, many in counts.items() if name != "rejected"}
    said["rejected"] = f"{counts['rejected']:,}" + (f" (see {rejected})" if counts["rejected"] else "")
    summary(said, seconds)


def write_rejected(file: Path | None, rows: Sequence[tuple[int, str, str]]) -> None:
    """Adds what an import did not take: the number of the row, its name (100 characters of it), the reason."""
    if not rows or file is None:
        return
    fresh = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        if fresh:
            writer.writerow(("row", "name", "reason"))
        writer.writerows((number, csv_cell(name[:100]), csv_cell(reason)) for number, name, reason in rows)
