"""The worker: followers take turns, and nobody who waits is kept waiting by the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from commons.db import db
from commons.entries import followers
from commons.entries.queries import last_seq
from commons.room import Follower
from tests import make
from tests.cast import Cast


@contextmanager
def working(app: Flask) -> Iterator[None]:
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            followers.run(stop.is_set)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_what_somebody_waits_for_is_done_while_another_has_much_to_do(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, done = threading.Event(), threading.Event()

    def busy(after: int) -> int:
        release.wait(30)
        return after

    def waited_for(after: int) -> int:
        done.set()
        return after + 1

    both = (Follower("busy", busy), Follower("waited for", waited_for, alone=True))
    monkeypatch.setattr(followers, "all_followers", lambda: both)
    with working(app):
        assert done.wait(20), "it was not its turn"
        release.set()
    assert followers.position("waited for") >= 1


def test_a_follower_that_fails_stops_none_of_the_others(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = threading.Semaphore(0)

    def broken(after: int) -> int:
        raise ValueError("not today")

    def sound(after: int) -> int:
        reached.release()
        return after

    every = (Follower("broken", broken), Follower("broken alone", broken, alone=True), Follower("sound", sound))
    monkeypatch.setattr(followers, "all_followers", lambda: every)
    with working(app):
        assert reached.acquire(timeout=20) and reached.acquire(timeout=20)
    make.page("Still here", actor=cast.chi)


def test_search_and_letters_go_alone(app: Flask) -> None:
    assert {"search", "mail"} <= {one.name for one in followers.all_followers() if one.alone}


def test_an_idle_site_lets_its_worker_rest_and_what_is_written_wakes_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[int] = []

    def followed(after: int) -> int:
        ends.append(last_seq())
        return ends[-1]

    monkeypatch.setattr(followers, "all_followers", lambda: (Follower("followed", followed),))
    with working(app):
        time.sleep(4 * followers.PAUSE)
        turns = len(ends)
        time.sleep(5 * followers.PAUSE)
        assert turns >= 1 and len(ends) <= turns + 1, "it asked at every look"
        written = make.organisation(actor=cast.ana).id
        followers.bell.clear()  # as if another process had written it
        until = time.monotonic() + 20
        while ends[-1] < last_seq() and time.monotonic() < until:
            time.sleep(0.02)
            db.session.rollback()
    assert written and ends[-1] == last_seq()
