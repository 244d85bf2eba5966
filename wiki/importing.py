"""Bringing in the pages of another wiki, with their whole histories: streamed, in batches that are committed whole.

A row is known again by its page and by which row of that page it is (`Page.rows`). So the same file again changes
nothing, a longer one adds what is new, and a run that was killed goes on where it stopped. A page that people have
changed here since is left alone. Authors become placeholders who can never sign in. When the last row is in, what
stands between the pages is written: links and redirects.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from commons.cli import write_rejected
from commons.db import db, on_commit, transaction
from commons.entries.followers import wake
from commons.focus.queries import AreasByName
from commons.members.models import Member
from commons.text import clean_line, skeleton
from commons.text import slug as slug_of
from wiki.landing import land_rows, rows_here
from wiki.linking import Pointer, write_links, write_redirects
from wiki.models import PageAuthor, PageImport
from wiki.rows import BadRow, PageRow, read_rows

BATCH, WEIGHT = 500, 4_000_000  # rows and characters at most in one transaction
LONG = 0.7  # seconds that a transaction should take: others wait for it
COUNTS = ("imported", "updated", "removed", "redirected", "unchanged", "kept", "mended", "rejected")


class AlreadyRunning(Exception):
    """Another process is bringing in pages."""


@dataclass
class Import:
    """One run over one file; `counts` is the summary, in rows."""

    source: str
    licence: str
    dry_run: bool
    rejected_file: Path | None
    tick: Callable[[int], None]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    has_new_pages: bool = False
    seen: dict[str, int] = field(default_factory=dict)  # page: rows of it so far
    pointers: list[Pointer] = field(default_factory=list)
    areas: AreasByName = field(default_factory=AreasByName)
    writers: dict[str, int] = field(default_factory=dict)
    size: int = 25  # of the next batch: it begins small and grows with what this machine can do

    @property
    def unknown_areas(self) -> set[str]:
        return {name for name, area in self.areas.items() if area is None}

    def writer(self, name: str) -> int | None:
        """The placeholder for this writer of the source, made when first met; called inside a transaction."""
        if not name:
            return None
        if name not in self.writers:
            known = db.session.get(PageAuthor, (self.source, name))
            self.writers[name] = known.member_id if known else _placeholder(self.source, name)
        return self.writers[name]


def _placeholder(source: str, name: str) -> int:
    mark = blake2b(f"{source}\0{name}".encode(), digest_size=6).hexdigest()
    username = f"{slug_of(name)[:20].strip('-')}~{mark}"  # ~ stands in no name that can be registered
    member = Member(username=username, skeleton=skeleton(username), name=name, state="placeholder")
    db.session.add(member)
    db.session.flush()
    db.session.add(PageAuthor(source=source, name=name, member_id=member.id))
    db.session.flush()
    return member.id


def import_file(
    path: Path,
    *,
    source: str,
    licence: str = "",
    url: str = "",
    about: str = "",
    dry_run: bool = False,
    rejected: Path | None = None,
    tick: Callable[[int], None] = lambda many: None,
) -> Import:
    """Reads the file to its end and returns the counts; rejected rows go to `rejected` (CSV: row, name, reason)."""
    job = Import(clean_line(source)[:120], licence[:60], dry_run, rejected, tick)
    if dry_run:
        for batch in _batches(job, read_rows(path)):
            _count(job, batch)
        return job
    with _alone():
        _begin(job, url, about)
        for batch in _batches(job, read_rows(path)):
            _land(job, batch)
        write_links(job.source, lambda _many: tick(0))
        write_rejected(job.rejected_file, write_redirects(job.source, job.pointers, job.counts))
        with transaction():
            db.session.execute(text("analyze"))  # without figures on its tables SQLite takes the wrong index
    return job


@contextmanager
def _alone() -> Iterator[None]:
    """One import of pages at a time; the kernel frees the lock when its holder dies."""
    with (Path(current_app.config["COMMONS_DATA"]) / "wiki-import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning("Another import of pages is running. Wait until it has ended.") from None
        yield


def _begin(job: Import, url: str, about: str) -> None:
    with transaction():
        known = db.session.get(PageImport, job.source) or PageImport(source=job.source, licence="", url="", about="")
        known.licence = job.licence = job.licence or known.licence or "not stated"
        known.url, known.about = url[:500] or known.url, about or known.about
        db.session.add(known)


Numbered = tuple[int, PageRow]  # which row of its page it is


def _batches(job: Import, rows: Iterator[PageRow | BadRow]) -> Iterator[list[Numbered]]:
    """Good rows that bring or take a text; redirects wait in `job.pointers`, bad rows are written down."""
    batch: list[Numbered] = []
    read = weight = 0
    for row in rows:
        read += 1
        if reason := _refused(job, row):
            job.counts["rejected"] += 1
            name = row.name if isinstance(row, BadRow) else row.page
            write_rejected(job.rejected_file, [(row.number, name, reason)])
        elif isinstance(row, PageRow) and row.redirect:
            job.pointers.append(Pointer(row.number, row.page, row.redirect))
        elif isinstance(row, PageRow):
            job.seen[row.page] = job.seen.get(row.page, 0) + 1
            batch.append((job.seen[row.page], row))
            weight += len(row.text)
        if len(batch) >= job.size or weight >= WEIGHT:
            yield batch
            job.tick(read)
            batch, read, weight = [], 0, 0
    if batch:
        yield batch
    job.tick(read)


def _refused(job: Import, row: PageRow | BadRow) -> str:
    if isinstance(row, BadRow):
        return row.reason
    if not row.has_history and not row.redirect and row.page in job.seen:
        return "The same title stands in an earlier row of this file."
    return ""


def _land(job: Import, batch: Sequence[Numbered]) -> None:
    with transaction():
        began = time.monotonic()
        land_rows(job, batch)
        on_commit(wake)
    took = time.monotonic() - began
    job.size = max(20, min(BATCH, 2 * job.size, int(len(batch) * LONG / max(took, 0.001))))
    db.session.expunge_all()


def _count(job: Import, batch: Sequence[Numbered]) -> None:
    """What the batch would do, as far as that can be said without doing it."""
    here = rows_here(job.source, [row.page for _index, row in batch])
    for index, row in batch:
        count = "unchanged" if index <= here.get(row.page, 0) else "removed" if row.deleted else "imported"
        job.counts[count] += 1
