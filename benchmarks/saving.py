"""One member's edits of existing organisations: durable when the answer comes, and found by everybody soon after.

    python -m benchmarks saving

A save is what the form's request does once it is read: rights, the lock on the row, the merge, the revision with
its digest, the line in the log, the commit to disk. The bare limit is one row into a SQLite table on the same disk
with the same settings, committed with fsync. How soon it is found: a worker of its own follows the log while this
process saves a word that nobody has used and asks for it until it is there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from benchmarks.figures import Figure, share, timed
from benchmarks.site import made, opened
from commons.config import ROOT
from commons.db import db
from commons.entries.followers import catch_up
from commons.members.actions import make_member
from commons.members.models import Member
from directory.actions import edit_organisation
from directory.models import Organisation

TIMES = 60
WORDS = 6
PATIENCE = 60.0


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        copy = Path(temporary) / "site"
        shutil.copytree(made(folder), copy)
        app = opened(copy)
        with app.app_context():
            writer = make_member(
                "bench", "bench@example.org", name="Bench", role="member", password=secrets.token_hex(12)
            )
            ids = list(db.session.scalars(select(Organisation.id).order_by(Organisation.id).limit((TIMES + 1) * 97)))[
                ::97
            ]
            catch_up()
            save(ids[0], writer, "warm")
            times = timed(partial(save, id, writer, f"Edited as number {id}.") for id in ids[1:])
        bare = timed(_bare(copy))
        against = "a bare commit with fsync"
        yield Figure(
            "save of an edit, durable: p50", times.p50(), "ms", 25, times.cpu50(), bare.p50(), f"{against} (clock)"
        )
        yield Figure("… p95", times.p95(), "ms", None, times.cpu95(), bare.p95(), f"{against} (clock)")
        waits = found_after(app, copy, ids[:WORDS], writer)
        yield Figure("… found by search: p50", share(waits, 0.5), "s", 2)
        yield Figure("… found by search: slowest", max(waits), "s")


def save(id: int, writer: Member, text: str) -> None:
    organisation = db.session.get_one(Organisation, id)
    assert edit_organisation(organisation, {"description": text}, version=organisation.version, actor=writer)


def _bare(folder: Path) -> Iterator[partial[None]]:
    base = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    base.execute("pragma journal_mode=wal")
    base.execute("pragma synchronous=full")
    base.execute("create table line (id integer primary key, text text)")
    for number in range(TIMES):
        yield partial(_commit, base, number)


def _commit(base: sqlite3.Connection, number: int) -> None:
    base.execute("begin immediate")
    base.execute("insert into line values (?, ?)", (number, "Edited." * 20))
    base.execute("commit")


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    environment = {**os.environ, "COMMONS_DATA": str(folder), "SITE_URL": "http://localhost"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def found_after(app: Flask, folder: Path, ids: list[int], writer: Member) -> list[float]:
    """Seconds from each save to the first search that shows it; the first word waits for the worker to have begun."""
    waits = []
    with worker(folder):
        for id in ids:
            word = "q" + secrets.token_hex(6)
            with app.app_context():
                save(id, writer, f"Nobody wrote {word} before.")
            waits.append(_until_found(app, word))
    return waits[1:]


def _until_found(app: Flask, word: str) -> float:
    client, began = app.test_client(), time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if f"<mark>{word}</mark>" in client.get(f"/search?q={word}").text:
            break
        time.sleep(0.05)
    return time.monotonic() - began
