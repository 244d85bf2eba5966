"""Bounds on time that hold on a machine that others use too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLACK = 8  # seen: work of 0.15 s that took 2.5 s of processor time beside other jobs


@contextmanager
def within(seconds: float, what: object = "", clock: Callable[[], float] = time.thread_time) -> Iterator[None]:
    """What is done inside takes at most so many seconds of this thread on an idle machine. What this is to find (work that
    grows with the square of the text, a wait without end) takes minutes, so that SLACK hides none of it; the objects of other
    tests are not collected meanwhile. Figures are measured by the benchmarks."""
    enabled = gc.isenabled()
    gc.disable()
    began = clock()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
    took = clock() - began
    assert took < seconds * SLACK, f"{took:.2f} s instead of {seconds} s {what}"
