"""Threads of one process: who computes, who waits, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any

import pytest
from flask import Flask, request

from commons.web import turns

LONG = 3.0  # seconds in which everything here is over, whatever else the machine does


@pytest.fixture
def site() -> Flask:
    app = Flask("turns")
    turns.start(app)
    return app


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_one_at_a_time_computes(site: Flask, threads: ThreadPoolExecutor) -> None:
    inside, most, counting = 0, 0, Lock()

    @site.get("/")
    def computes() -> str:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with counting:
            inside -= 1
        return "done"

    assert all(threads.map(lambda _: site.test_client().get("/").text == "done", range(16)))
    assert most == 1


def test_nobody_waits_long_for_one_that_waits_for_something_else(site: Flask, threads: ThreadPoolExecutor) -> None:
    began, go_on = Event(), Event()

    @site.get("/slow")
    def slow() -> str:
        began.set()
        assert go_on.wait(LONG)
        return "slow"

    site.add_url_rule("/quick", view_func=lambda: "quick")
    waits = threads.submit(lambda: site.test_client().get("/slow").text)
    assert began.wait(LONG)
    assert threads.submit(lambda: site.test_client().get("/quick").text).result(LONG) == "quick"
    assert not waits.done()
    go_on.set()
    assert waits.result(LONG) == "slow"


class Line:
    """A body that comes when it is let through."""

    def __init__(self, body: bytes) -> None:
        self.body, self.let_through, self.asked = body, Event(), Event()

    def read(self, many: int = -1) -> bytes:
        self.asked.set()
        assert self.let_through.wait(LONG)
        many = len(self.body) if many < 0 else many
        here, self.body = self.body[:many], self.body[many:]
        return here


@pytest.mark.parametrize("size", [10, turns.FORM, turns.FORM + 1, 10 * turns.FORM])
def test_a_slow_line_keeps_no_turn(site: Flask, threads: ThreadPoolExecutor, size: int) -> None:
    site.add_url_rule("/", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    line, middle = Line(b"x" * size), site.wsgi_app
    assert isinstance(middle, turns.Turns)

    def sends() -> str:
        environ: dict[str, Any] = {"wsgi.input": line, "CONTENT_LENGTH": str(size)}
        return site.test_client().post("/", environ_overrides=environ).text

    answer = threads.submit(sends)
    assert line.asked.wait(LONG)
    assert not middle.turn.locked()
    line.let_through.set()
    assert answer.result(LONG) == str(size)


@pytest.mark.parametrize("length", ["", "0", "x", "-1", "1" * 40, "²"])
def test_any_length_is_answered(site: Flask, length: str) -> None:
    site.add_url_rule("/", view_func=lambda: "here", methods=["POST"])
    assert site.test_client().post("/", environ_overrides={"CONTENT_LENGTH": length}).status_code in (200, 400, 413)


def test_the_turn_is_given_back_after_a_fault(site: Flask) -> None:
    @site.get("/")
    def fails() -> str:
        raise RuntimeError

    site.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(RuntimeError):
        site.test_client().get("/")
    assert isinstance(site.wsgi_app, turns.Turns) and not site.wsgi_app.turn.locked()
