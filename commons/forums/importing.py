"""Bringing in the topics of another forum: streamed, in batches that are committed whole.

A topic comes with all its posts or not at all, so a run that was killed goes on where it stopped, the same file again
changes nothing, and a longer one adds what is new. Authors become placeholders who can never sign in, forums are opened
by the names that the source gives them.
"""

from __future__ import annotations

import csv
import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from commons.db import db, on_commit, transaction
from commons.entries.followers import wake
from commons.forums.landing import count_topics, land_topics
from commons.forums.rows import BadRow, TopicRow, read_rows
from commons.text import clean_line, csv_cell

BATCH, WEIGHT = 200, 2_000_000  # topics and characters at most in one transaction
LONG = 0.7  # seconds that a transaction should take: others wait for it
COUNTS = ("topics", "posts", "unchanged", "kept", "rejected")


class AlreadyRunning(Exception):
    """Another process is bringing in topics."""


@dataclass
class Import:
    """One run over one file. `counts`: new topics, new posts, posts that were here, posts whose topic was removed here, and
    rows or posts that cannot be taken."""

    source: str
    licence: str
    dry_run: bool
    rejected_file: Path | None
    tick: Callable[[int], None]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    forums: dict[str, tuple[int, str]] = field(default_factory=dict)
    writers: dict[str, int] = field(default_factory=dict)
    size: int = 10  # topics of the next batch: it begins small and grows with what this machine can do


def import_file(
    path: Path,
    *,
    source: str,
    licence: str = "",
    dry_run: bool = False,
    rejected: Path | None = None,
    tick: Callable[[int], None] = lambda many: None,
) -> Import:
    """Reads the file to its end and returns the counts; what cannot be taken goes to `rejected` (CSV: row, name, reason).
    Raises AlreadyRunning."""
    job = Import(clean_line(source)[:120], licence[:60] or "not stated", dry_run, rejected, tick)
    if dry_run:
        for batch in _batches(job, read_rows(path)):
            count_topics(job, batch)
        return job
    with _alone():
        for batch in _batches(job, read_rows(path)):
            _land(job, batch)
        with transaction():
            db.session.execute(text("analyze"))  # without figures on its tables SQLite takes the wrong index
    return job


@contextmanager
def _alone() -> Iterator[None]:
    """One import of topics at a time; the kernel frees the lock when its holder dies."""
    with (Path(current_app.config["COMMONS_DATA"]) / "forums-import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning("Another import of topics is running. Wait until it has ended.") from None
        yield


def _batches(job: Import, rows: Iterator[TopicRow | BadRow]) -> Iterator[list[TopicRow]]:
    """Good rows, each topic once in a batch; bad ones, and bad posts of good ones, are written down."""
    batch: list[TopicRow] = []
    read = weight = 0
    for row in rows:
        if isinstance(row, TopicRow) and (len(batch) >= job.size or weight >= WEIGHT or _stands_in(batch, row)):
            yield batch
            job.tick(read)
            batch, read, weight = [], 0, 0
        read += 1
        if isinstance(row, BadRow):
            _reject(job, [row])
            continue
        _reject(job, row.faults)
        batch.append(row)
        weight += sum(len(post.text) + 500 for post in row.posts)
    if batch:
        yield batch
    job.tick(read)


def _stands_in(batch: Sequence[TopicRow], row: TopicRow) -> bool:
    return any(row.source_id == other.source_id for other in batch)


def _land(job: Import, batch: Sequence[TopicRow]) -> None:
    began = time.monotonic()
    with transaction():
        land_topics(job, batch)
        on_commit(wake)
    took = time.monotonic() - began
    job.size = max(5, min(BATCH, 2 * job.size, int(len(batch) * LONG / max(took, 0.001))))
    db.session.expunge_all()


def _reject(job: Import, rows: Sequence[BadRow]) -> None:
    job.counts["rejected"] += len(rows)
    if not rows or job.rejected_file is None:
        return
    fresh = not job.rejected_file.exists()
    with job.rejected_file.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(("row", "name", "reason"))
        writer.writerows((row.number, csv_cell(row.name[:100]), csv_cell(row.reason)) for row in rows)
