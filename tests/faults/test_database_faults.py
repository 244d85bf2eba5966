"""The database is busy, full or away: who writes waits or is told to come back, nothing is half done, and who reads goes on."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select

import wsgi
from commons.db import BUSY, db
from commons.entries.checks import chains, heads, logged, rows_equal_histories
from commons.entries.models import Revision
from commons.focus.commands import plant_shipped
from commons.members.actions import make_token
from tests import make
from tests.cast import Cast, gather
from tests.conftest import ON_POSTGRESQL, SETTINGS
from tests.services import Postgres

only_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="a fault of SQLite")


class Writer:
    """A program that edits one organisation; `kept` is what it was promised."""

    def __init__(self, app: Flask) -> None:
        made = make.organisation("Under strain")
        self.id, self.slug = made.id, made.slug
        self.token = make_token(Cast().ana, "a test", ["read", "write"])
        self.client, self.version, self.kept = app.test_client(), 1, list[str]()
        db.session.remove()

    def write(self, text: str) -> Any:
        head = {"Authorization": f"Bearer {self.token}"}
        answer = self.client.patch(
            f"/api/v1/organisations/{self.id}", json={"version": self.version, "description": text}, headers=head
        )
        if answer.status_code == 200:
            self.kept.append(text)
            self.version = answer.get_json()["version"]
        return answer

    def read(self) -> int:
        return self.client.get(f"/organisations/{self.slug}").status_code

    def check(self) -> None:
        """Everything promised is there, once and in order; nothing else is."""
        db.session.remove()
        rows = db.session.scalars(
            select(Revision.changes).where(Revision.entry_id == self.id).order_by(Revision.number)
        ).all()
        assert [changes["description"][1] for changes in rows[1:]] == self.kept
        assert [fault for check in (chains, heads, rows_equal_histories, logged) for fault in check()] == []


@contextmanager
def locked(app: Flask, seconds: float) -> Iterator[None]:
    """Another process holds the write lock."""
    other = sqlite3.connect(
        Path(app.config["COMMONS_DATA"]) / "commons.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
    release.start()
    try:
        yield
    finally:
        release.join()
        other.close()


@only_sqlite
def test_a_write_waits_for_a_lock_that_is_soon_given_back(app: Flask) -> None:
    writer, began = Writer(app), time.monotonic()
    with locked(app, 1.0):
        assert writer.write("patient").status_code == 200
        assert time.monotonic() - began > 0.9
    writer.check()


@only_sqlite
def test_a_lock_kept_too_long_refuses_the_write_and_leaves_readers_alone(app: Flask, client: FlaskClient) -> None:
    writer, reading = Writer(app), list[float]()

    def read() -> None:
        with app.app_context():
            for _ in range(5):
                began = time.monotonic()
                assert client.get(f"/organisations/{writer.slug}").status_code == 200
                reading.append(time.monotonic() - began)

    with locked(app, BUSY + 3):
        reader = threading.Thread(target=read)
        reader.start()
        answer = writer.write("too late")
        reader.join()
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert len(reading) == 5 and max(reading) < BUSY - 1, reading
    assert writer.write("later").status_code == 200
    writer.check()


@only_sqlite
def test_a_full_database_refuses_writes_until_there_is_space(app: Flask) -> None:
    writer = Writer(app)

    def few_pages(connection: Connection) -> None:
        many = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count = {many}")

    full = [True]
    event.listen(db.engine, "begin", few_pages)
    answers = [writer.write(f"{number} " + "word " * 3000) for number in range(4)]
    assert {answer.status_code for answer in answers} <= {200, 503} and answers[-1].status_code == 503
    assert answers[-1].headers["Retry-After"] and writer.read() == 200
    full.clear()
    assert writer.write("there is space again").status_code == 200
    writer.check()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"LOUD: no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@only_sqlite
def test_a_full_disk_refuses_writes_until_there_is_space(small_disk: Path) -> None:
    app = wsgi.create_app(SETTINGS | {"COMMONS_DATA": small_disk})
    with app.app_context():
        db.create_all()
        plant_shipped()
        gather()
        writer, ballast = Writer(app), small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError):
            while file.write(bytes(4096)):
                pass
        answers = [writer.write(f"{number} " + "word " * 3000) for number in range(12)]
        assert {answer.status_code for answer in answers} <= {200, 503} and answers[-1].status_code == 503
        assert answers[-1].headers["Retry-After"]
        assert writer.read() == 200
        ballast.unlink()
        assert writer.write("there is space again").status_code == 200
        writer.check()
        db.session.remove()
        db.engine.dispose()


def restarted(server: Postgres) -> None:
    """Killed like by a loss of power, and started again over what is on its disk."""
    assert server.cluster is not None
    postmaster = server.cluster.started[-1]
    postmaster.send_signal(signal.SIGKILL)
    postmaster.wait(20)
    end = time.monotonic() + 20
    while True:  # its children need a moment to see that it is gone
        try:
            server.cluster.start(server.cluster.data, settings={"synchronous_commit": "on"})
            return
        except RuntimeError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def write_on(
    app: Flask, writer: Writer, statuses: list[int], stop: threading.Event, fault: Callable[[str], None]
) -> None:
    with app.app_context():
        turn = 0
        while not stop.is_set():
            turn += 1
            text = f"turn {turn}"
            status = writer.write(text).status_code
            statuses.append(status)
            if status not in (200, 503):
                fault(f"{text}: {status}")
            if status == 503:
                while (answer := writer.client.get(f"/api/v1/organisations/{writer.id}")).status_code == 503:
                    time.sleep(0.05)  # still away: whether it was committed is not known yet
                if answer.status_code == 200 and (read := answer.get_json())["version"] > writer.version:
                    writer.version = read["version"]  # committed, though the answer was lost: allowed, once
                    writer.kept.append(text)
                time.sleep(0.05)


@pytest.mark.timeout(400)
def test_a_postgresql_that_is_killed_costs_a_moment_and_nothing_else(on_postgresql: Flask, server: Postgres) -> None:
    if server.cluster is None:
        pytest.skip("LOUD: COMMONS_TEST_PG names a server that is not ours to kill")
    writer, statuses, stop, faults = Writer(on_postgresql), list[int](), threading.Event(), list[str]()
    thread = threading.Thread(target=write_on, args=(on_postgresql, writer, statuses, stop, faults.append))
    thread.start()
    try:
        for _ in range(3):
            many = statuses.count(200)
            assert wait_for_more(lambda: statuses.count(200), many + 5), statuses[-20:]
            restarted(server)
        assert wait_for_more(lambda: statuses.count(200), statuses.count(200) + 5), "it heals by itself"
    finally:
        stop.set()
        thread.join(30)
    assert faults == [] and 503 in statuses
    writer.check()


def wait_for_more(count: Callable[[], int], many: int) -> bool:
    end = time.monotonic() + 90
    while count() < many and time.monotonic() < end:
        time.sleep(0.05)
    return count() >= many
