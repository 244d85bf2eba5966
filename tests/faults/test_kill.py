"""The site's processes are killed without warning, again and again, while people write. What they were promised is there, once."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.entries.models import Revision
from commons.entries.queries import last_seq
from commons.members.actions import make_token
from commons.search.engine import whoosh
from tests import make
from tests.cast import Cast
from tests.faults.running import Process, Site, Web, wait_until
from tests.faults.writers import Ledger, Person, Program, Writer

KILLS, LONGEST, FEWEST = 30, 90.0, 10


def people(cast: Cast, ledger: Ledger, fronts: list[Web]) -> list[Writer]:
    some = [(made.id, made.slug) for made in (make.organisation(f"Steady {number}") for number in range(6))]
    found: list[Writer] = [Program(number, ledger, fronts, some) for number in (0, 1)]
    found += [Person(number, ledger, fronts, some) for number in (2, 3)]
    for program in found[:2]:
        program.token = make_token(cast.ben, "a test", ["read", "write"])  # type: ignore[attr-defined]
    found[3].username = "chi"  # type: ignore[attr-defined]
    db.session.remove()
    return found


def kill_and_start(site: Site, fronts: list[Web], worker: Process) -> int:
    """Kills one of them at a random moment of its work, and starts it again, until it was done often enough."""
    pick, end, kills = random.Random(4), time.monotonic() + LONGEST, 0
    while kills < KILLS and time.monotonic() < end:
        victim = pick.choice([*fronts, *fronts, worker])
        ready = victim.answers if isinstance(victim, Web) else site.has_worker
        assert wait_until(ready, 30), victim.log.read_text()[-2000:]
        time.sleep(pick.uniform(0, 0.6))
        victim.kill()
        victim.start()
        kills += 1
    return kills


def marks_in_histories() -> Counter[str]:
    found: Counter[str] = Counter()
    for changes in db.session.scalars(select(Revision.changes)):
        words = [str(changes.get(name, [None, ""])[1]) for name in ("description", "title")]
        found.update(word for word in words if word.startswith("mark "))
    return found


@pytest.mark.timeout(300)
def test_what_was_acknowledged_is_there_once_however_often_processes_are_killed(app: Flask, cast: Cast) -> None:
    site, ledger = Site.of(app), Ledger()
    try:
        fronts, worker = [site.web(), site.web()], site.flask("worker")
        assert all(wait_until(front.answers, 60) for front in fronts)
        writers = people(cast, ledger, fronts)
        for writer in writers:
            writer.start()
        kills = kill_and_start(site, fronts, worker)
        for writer in writers:
            writer.done.set()
        for writer in writers:
            writer.join(30)
            assert not writer.is_alive() and writer.fault is None, writer.fault
        assert wait_until(lambda: _caught_up(), 60), worker.log.read_text()[-2000:]
    finally:
        site.end()
    counts = f"{kills} kills: {len(ledger.kept)} kept, {len(ledger.refused)} refused, {len(ledger.open)} open"
    print(counts)
    there = marks_in_histories()
    assert kills >= FEWEST and len(ledger.kept) > 3 * kills and ledger.open, counts
    assert not ledger.strange
    assert [mark for mark in ledger.kept if there[mark] != 1] == []
    assert [mark for mark in ledger.refused if there[mark]] == []
    assert [mark for mark in ledger.open if there[mark] > 1] == []
    for command in (("site", "check"), ("search", "check")):
        code, said = site.run(*command)
        assert code == 0, said


def _caught_up() -> bool:
    db.session.rollback()
    return whoosh().store.position == last_seq()
