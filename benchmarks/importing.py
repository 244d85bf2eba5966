"""A large file of real organisations on its way in, searchable at the end; and the same file again.

    python -m benchmarks importing

Each run is a process of its own, so that its peak of memory is its own, the building of the search index included.
The bare limit reads the same rows and inserts them, as text, into one table of a SQLite database with the same
settings.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from benchmarks.figures import Figure
from benchmarks.site import REGISTER, child, opened
from commons.entries.followers import catch_up
from commons.focus.commands import plant_shipped
from commons.search.answer import search
from commons.search.engine import whoosh
from commons.search.grammar import parse
from directory.importing import BATCH, import_file

ROWS = 102_367


def measure(folder: Path) -> Iterator[Figure]:
    first = json.loads(child("benchmarks.importing", folder, REGISTER))
    again = json.loads(child("benchmarks.importing", folder, REGISTER))
    wall, cpu = bare(REGISTER)
    against = "the same rows into one bare SQLite table (CPU)"
    yield Figure(
        f"import {first['imported']:,} organisations, searchable at the end",
        first["wall"],
        "s",
        180,
        first["cpu"],
        cpu,
        against,
    )
    yield Figure("… of it building the search index", first["index_wall"], "s", None, first["index_cpu"])
    yield Figure("… peak memory", first["peak"], "MB", 600)
    yield Figure("… rows that did not come in", ROWS - first["imported"], "", 0)
    yield Figure("the same file again", again["wall"], "s", 40, again["cpu"], cpu, against)
    yield Figure("… rows changed", again["imported"] + again["updated"] + again["rejected"], "", 0)


def bare(path: Path) -> tuple[float, float]:
    """(seconds, seconds of the processor)"""
    clock, spent = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, gzip.open(path, "rt", encoding="utf-8") as lines:
        base = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        base.execute("pragma journal_mode=wal")
        base.execute("pragma synchronous=full")
        base.execute("create table row (id text primary key, name text, content text)")
        rows = ((row["id"], row["name"], json.dumps(row, ensure_ascii=False)) for row in map(json.loads, lines))
        while batch := list(islice(rows, BATCH)):
            base.execute("begin immediate")
            base.executemany("insert into row values (?, ?, ?)", batch)
            base.execute("commit")
        base.close()
    return time.perf_counter() - clock, time.process_time() - spent


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(folder: Path, file: Path) -> dict[str, Any]:
    with opened(folder).app_context():
        upgrade()
        plant_shipped()
        clock, spent = time.perf_counter(), processor()
        job = import_file(file)
        middle, used = time.perf_counter(), processor()
        catch_up()
        end, all_used = time.perf_counter(), processor()
        whoosh().holder.refresh()
        found = search(whoosh().snapshot(), parse("universidad"), audiences={"public"})
        assert found.total > 100, "what was imported is not found"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"wall": end - clock, "cpu": all_used - spent, "index_wall": end - middle, "index_cpu": all_used - used}
    return {**times, **job.counts, "peak": peak}


if __name__ == "__main__":
    os.environ.setdefault("COMMONS_DATA", sys.argv[1])
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]))))
