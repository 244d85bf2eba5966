"""`make bench`: all speed figures in one table, each beside what it should reach.

    python -m benchmarks                 everything, more than an hour on two quiet cores, most of it for growing
    python -m benchmarks searching pages only these

COMMONS_SHARED names the folder of the data sets (else ../shared), COMMONS_BENCH a folder in which the imported site
is kept for the next time. What cannot be measured here is said loudly, and the command ends with 1; so it does when
a figure is not reached.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    feed,
    forums,
    growing,
    importing,
    matching_speed,
    pages,
    partnership_pages,
    running,
    saving,
    searching,
    two_engines,
    weight,
    wiki,
)
from benchmarks.figures import Figure, load, table
from benchmarks.site import missing

PARTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "importing": importing.measure,
    "searching": searching.measure,
    "pages": pages.measure,
    "partnership_pages": partnership_pages.measure,
    "saving": saving.measure,
    "wiki": wiki.measure,
    "forums": forums.measure,
    "feed": feed.measure,
    "matching": matching_speed.measure,
    "growing": growing.measure,
    "two_engines": two_engines.measure,
    "weight": weight.measure,
    "running": running.measure,
}
NEEDS_NOTHING = {"running", "feed", "matching", "partnership_pages"}


def main(names: list[str]) -> int:
    if unknown := set(names) - PARTS.keys():
        print(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    skipped = 0
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(os.environ.get("COMMONS_BENCH") or Path(temporary) / "site").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for name in names or PARTS:
            if name not in NEEDS_NOTHING and missing():
                print(f"{missing()}: {name} was not measured", file=sys.stderr)
                skipped += 1
                continue
            print(f"{time.strftime('%H:%M')} {name} ({load()})", file=sys.stderr, flush=True)
            figures += PARTS[name](folder)
    print(table(figures))
    missed = [one for one in figures if not one.reached]
    print(f"\n{len(missed)} not reached, {skipped} not measured; {load()}; {time.strftime('%Y-%m-%d %H:%M')}")
    return 1 if missed or skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
