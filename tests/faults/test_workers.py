"""Two workers over one data folder: one works, the other waits for its turn, and takes over when the first is killed."""

from __future__ import annotations

import signal
import time

import pytest
from flask import Flask

from commons.db import db
from commons.entries.queries import last_seq
from commons.search.engine import whoosh
from tests import make
from tests.faults.running import Site, wait_until


def behind() -> int:
    db.session.rollback()
    return last_seq() - whoosh().store.position


@pytest.mark.timeout(180)
def test_one_worker_works_and_the_next_takes_over(app: Flask) -> None:
    site = Site.of(app)
    try:
        first = site.flask("worker")
        assert wait_until(site.has_worker, 60)
        second = site.flask("worker")
        make.organisation("Followed")
        assert wait_until(lambda: behind() == 0, 30)
        time.sleep(5)  # by now the second one is waiting, too
        first.signal(signal.SIGSTOP)
        make.organisation("Not followed")
        time.sleep(3)
        assert behind() > 0, "the one that stands still keeps its turn; the other leaves the index alone"
        first.kill()
        assert wait_until(lambda: behind() == 0, 30), second.log.read_text()
        assert site.has_worker() and second.child is not None and second.child.poll() is None
        second.signal(signal.SIGTERM)
        assert second.wait(20) == 0
        assert not site.has_worker()
    finally:
        site.end()
    assert site.run("search", "check")[0] == 0
