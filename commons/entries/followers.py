"""Everything derived from the log follows it at its own position, and can be thrown away and rebuilt.

A follower gets its position and returns the one it reached. A fault is kept beside the position and tried again, ever more rarely:
one broken follower never stops the others. The worker is one loop, and a thread for each follower that somebody waits for:
what others do after a large import delays no search and no letter. A second worker waits for the lease (a lock on a file).
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.models import Position
from commons.entries.queries import last_seq
from commons.room import Follower, rooms

log = logging.getLogger("commons.worker")
PAUSE = 0.3  # seconds between two looks at the log when nobody rings
REST = 3.0  # seconds between two turns of all while the log stands still: what is due by the clock can wait so long
LONGEST_PAUSE = 60.0
bell = threading.Event()  # rings in the process that wrote; other processes look every PAUSE seconds


def wake() -> None:
    bell.set()


def position(follower: str) -> int:
    return db.session.scalar(select(Position.seq).where(Position.follower == follower)) or 0


def keep_position(follower: str, seq: int, fault: str = "") -> None:
    with transaction():
        row = db.session.get(Position, follower) or Position(follower=follower)
        row.seq, row.at, row.fault = seq, now(), fault
        db.session.add(row)


def catch_up(followers: tuple[Follower, ...] | None = None) -> None:
    """Runs every follower once to the end of the log: what tests and commands call."""
    for follower in followers or all_followers():
        follower.handle(position(follower.name))


def all_followers() -> tuple[Follower, ...]:
    return tuple(follower for room in rooms().all for follower in room.followers)


class Turn:
    """A follower's turns, with a growing pause after faults."""

    def __init__(self, follower: Follower) -> None:
        self.follower, self.rest_until, self.pause = follower, 0.0, PAUSE

    def take(self) -> bool:
        """Whether there may be more to do at once."""
        if time.monotonic() < self.rest_until:
            return False
        try:
            before = position(self.follower.name)
            after = self.follower.handle(before)
            if after != before or self.pause > PAUSE:  # after a fault also to say that it is over
                keep_position(self.follower.name, after)
            self.pause = PAUSE
            return after != before
        except Exception as fault:
            db.session.rollback()
            log.exception("follower %s", self.follower.name)
            self.pause = min(LONGEST_PAUSE, self.pause * 2)
            self.rest_until = time.monotonic() + self.pause
            _keep_fault(self.follower.name, f"{type(fault).__name__}: {fault}"[:500])
            return True
        finally:
            db.session.remove()


def _keep_fault(name: str, sentence: str) -> None:
    try:
        keep_position(name, position(name), sentence)
    except Exception:
        db.session.rollback()  # the database itself is away: the log line above has said it


def run(stop: Callable[[], bool]) -> None:
    """The worker: one loop for all followers but those that go alone, until `stop()` says so."""
    followers, ended = all_followers(), threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with lease(Path(app.config["COMMONS_DATA"]) / "worker.lock", stop) as mine:
        if not mine:
            return
        beside = [
            threading.Thread(target=_alone, args=(app, one, ended), name=one.name) for one in followers if one.alone
        ]
        for thread in beside:
            thread.start()
        try:
            _loop([Turn(one) for one in followers if not one.alone], stop, REST)
        finally:
            ended.set()
            for thread in beside:
                thread.join()


def _alone(app: Flask, follower: Follower, ended: threading.Event) -> None:
    with app.app_context():
        _loop([Turn(follower)], ended.is_set)


def _loop(turns: list[Turn], stop: Callable[[], bool], rest: float = 0.0) -> None:
    """`rest`: how long they may sit when nobody rings and the log stands still; an idle site costs next to nothing."""
    reached, again, at = -1, True, 0.0
    while not stop():
        rung = bell.is_set()
        bell.clear()
        end = reached
        if again or rung or time.monotonic() - at >= rest or (end := _end_of_log()) != reached:
            again = sum(turn.take() for turn in turns) > 0  # all of them, whatever the first says
            reached, at = end, time.monotonic()
        bell.wait(PAUSE)


def _end_of_log() -> int:
    try:
        return last_seq()
    except Exception:  # each follower says so at its own turn
        db.session.rollback()
        return -1
    finally:
        db.session.remove()


@contextmanager
def lease(path: Path, stop: Callable[[], bool]) -> Iterator[bool]:
    """One worker per data folder; the kernel frees the lock when its holder dies."""
    with path.open("a") as file:
        while not stop():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                time.sleep(PAUSE)
                continue
            yield True
            return
        yield False
