"""An import is killed at random moments and started again until it ends: nothing in the directory tells it from one undisturbed run."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from commons.db import db, transaction
from directory.importing import AlreadyRunning, import_file
from directory.models import ImportRun, Organisation
from tests.faults.running import Site

ROWS, KILLS = 3_000, 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Good rows; every 500th bad, some under the id of a row before; each batch has both."""
    path = tmp_path / "directory.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "name", "description", "country", "city", "website"])
        for number in range(ROWS):
            again = number % 700 == 699 and number > 1500
            row = [
                f"r{number - 1500 if again else number}",
                f"Well {number // 3} of the valley",
                f"Digs {number} wells.",
                "KE",
                "Kisumu",
                "",
            ]
            row[1] = "" if number % 500 == 250 else row[1]
            writer.writerow(row)
    return path


def state(source: str) -> list[tuple[Any, ...]]:
    """Everything of the records of a source but what numbers and times they happened to get."""
    shown = [Organisation.source_id, Organisation.title, Organisation.description, Organisation.city, Organisation.lat]
    shown += [Organisation.row_digest, Organisation.version, Organisation.state, Organisation.status]
    return [
        tuple(row)
        for row in db.session.execute(
            select(*shown).where(Organisation.source == source).order_by(Organisation.source_id)
        )
    ]


def run_of(source: str) -> ImportRun:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.scalars(select(ImportRun).where(ImportRun.source == source)).all()
    assert len(found) == 1, f"{len(found)} runs of {source}"
    return found[0]


def rows_of(source: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(ImportRun.rows).where(ImportRun.source == source)) or 0


def kill_until_it_ends(site: Site, command: tuple[str, ...], source: str) -> int:
    """Kills the command soon after it has committed something more; the last time it may end. Answers how often it was killed."""
    pick, kills = random.Random(11), 0
    while kills < KILLS and rows_of(source) < ROWS / 2:
        before, process, end = rows_of(source), site.flask(*command), time.monotonic() + 60
        while process.child and process.child.poll() is None and rows_of(source) == before and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(pick.uniform(0, 0.3))
        if process.child and process.child.poll() is not None:
            return kills
        process.kill()
        kills += 1
    process = site.flask(*command)
    assert process.wait(90) == 0, process.log.read_text()[-2000:]
    return kills


@pytest.mark.timeout(300)
def test_an_import_that_is_killed_ends_like_one_that_is_not(app: Flask, tmp_path: Path, file: Path) -> None:
    site, rejected = Site.of(app), {name: tmp_path / f"{name}.csv" for name in ("calm", "killed")}
    commands = {
        name: ("organisations", "import", str(file), "--source", name, "--rejected", str(rejected[name]))
        for name in rejected
    }
    try:
        assert site.run(*commands["calm"])[0] == 0
        kills = kill_until_it_ends(site, commands["killed"], "killed")
    finally:
        site.end()
    calm, killed = run_of("calm"), run_of("killed")
    assert kills >= 1, "it has to be killed to show anything"
    assert (killed.state, killed.rows, killed.counts) == ("done", ROWS, calm.counts)
    assert killed.counts["rejected"] == ROWS // 500 + sum(number % 700 == 699 for number in range(1501, ROWS))
    assert state("killed") == state("calm")
    ids = [row[0] for row in state("killed")]
    assert len(ids) == len(set(ids)) == killed.counts["imported"]
    assert rejected["killed"].read_text() == rejected["calm"].read_text()
    second = site.run(*commands["killed"])[1]
    assert "imported 0 · updated 0" in second, second
    assert site.run("search", "update")[0] == 0
    code, said = site.run("site", "check")
    assert code == 0, said


def test_the_same_file_is_not_brought_in_by_two_at_once(app: Flask, file: Path) -> None:
    def meddle(_many: int) -> None:
        with transaction():  # as another process does when it commits a batch
            one_more = update(ImportRun).values(rows=ImportRun.rows + 1)
            db.session.execute(one_more, execution_options={"synchronize_session": False})

    with pytest.raises(AlreadyRunning):
        import_file(file, source="twice", tick=meddle)
