"""Rendering at arm's length: a child process for texts that could take too long.

Python-Markdown can run for minutes on a few kilobytes, and a thread cannot be stopped. So whatever is large or odd is
rendered by a child that may die: it gives up after SECONDS of work, or is killed by its own ALARM (which stops even a
running regular expression), has bounded memory, knows no secret, and ends when this process does. Work is counted in
processor time, so that a busy machine condemns no text; nobody waits longer than PATIENCE. At most CHILDREN at once per
process; they start when first needed and are kept. A process that forks leaves its children to its parent.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commons.text.dialect import Link, TooSlow, to_html
from commons.text.pieces import Fitted, Seam, fit
from commons.text.sanitise import clean

CHILDREN = 2
SECONDS = 0.85
ALARM = 1.0
PATIENCE = 1.5
MEMORY = 768 * 2**20
_ROOT = str(Path(__file__).resolve().parents[2])
_CHILD = """
import sys, types
package = sys.modules["commons.text"] = types.ModuleType("commons.text")  # not the whole one: half of it loads Flask
package.__path__ = [sys.argv[1]]
from commons.text.kiln import serve
serve()
"""
_SIZE = struct.Struct(">I")


class Busy(Exception):
    """No child was free or could start in time: says nothing about the text."""


class _Child:
    def __init__(self) -> None:
        self.warm = False
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _CHILD, str(Path(__file__).parent)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1", "PATH": os.defpath},
                start_new_session=True,
            )

    def ask(self, order: bytes, until: float) -> bytes:
        if not self.warm:
            _receive(self.line, until)
            self.warm = True
        self.line.settimeout(max(0.01, until - time.monotonic()))
        _send(self.line, order)
        return _receive(self.line, until)

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.wait()


def render(text: str, known: Mapping[str, Link], anchor: str, begun: float | None = None) -> str:
    """Clean HTML as `rendered` gives it. Raises ValueError when the text is too much for it, Busy when we are."""
    html: str = _ordered((text, known, anchor, None), (begun or time.monotonic()) + PATIENCE)
    return html


def render_piece(text: str, known: Mapping[str, Link], anchor: str, seam: Seam, until: float) -> Fitted:
    """One piece of a large text, by the moment `until` on the monotonic clock. Raises what `render` raises."""
    return Fitted(*_ordered((text, known, anchor, seam), min(until, time.monotonic() + PATIENCE)))


def _ordered(order: tuple[object, ...], until: float) -> Any:
    if not _places.acquire(timeout=max(0.0, until - time.monotonic())):
        raise Busy
    try:
        return _asked(json.dumps(order).encode(), until)
    finally:
        _places.release()


def _asked(order: bytes, until: float) -> Any:
    try:
        child = _idle.get_nowait()
    except queue.Empty:
        child = _start()
    try:
        answer = child.ask(order, until)
    except (EOFError, OSError) as error:
        if not child.warm and isinstance(error, TimeoutError):
            _idle.put(child)  # still starting: the next text finds it ready
            raise Busy from None
        child.end()
        if child.warm and isinstance(error, EOFError):
            raise ValueError("rendering was given up") from None
        raise Busy from None
    _idle.put(child)
    result = json.loads(answer)
    if result is None:
        raise ValueError("rendering failed")
    return result


def _start() -> _Child:
    try:
        return _Child()
    except OSError:
        raise Busy from None


def rendered(text: str, known: Mapping[str, Link], anchor: str, seconds: float = SECONDS) -> str:
    """Clean HTML. Raises TooSlow, or ValueError when a short text grew past all measure."""
    return clean(_converted(text, known, seconds), anchor)


def rendered_piece(text: str, known: Mapping[str, Link], anchor: str, seam: Seam, seconds: float = SECONDS) -> Fitted:
    fitted = fit(_converted(text, known, seconds), seam)
    return fitted._replace(html=clean(fitted.html, anchor))


def _converted(text: str, known: Mapping[str, Link], seconds: float) -> str:
    html = to_html(text, known, seconds)
    if len(html) > 200_000 + 10 * len(text):
        raise ValueError("the text grew past all measure")
    return html


def serve() -> None:
    """The child: one order after the other from its standard input, until nobody is there any more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(4000)
    with socket.socket(fileno=0) as line, contextlib.suppress(EOFError, ConnectionError):
        _send(line, b"")
        while True:
            text, links, anchor, seam = json.loads(_receive(line))
            known = {name: Link(*link) for name, link in links.items()}
            result: str | Fitted | None
            signal.setitimer(signal.ITIMER_PROF, ALARM)
            try:
                result = rendered_piece(text, known, anchor, Seam(*seam)) if seam else rendered(text, known, anchor)
            except (TooSlow, ValueError, RecursionError, MemoryError):
                result = None
            signal.setitimer(signal.ITIMER_PROF, 0)
            _send(line, json.dumps(result).encode())


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(_SIZE.pack(len(message)) + message)


def _receive(line: socket.socket, until: float | None = None) -> bytes:
    (size,) = _SIZE.unpack(_exactly(line, _SIZE.size, until))
    return _exactly(line, size, until)


def _exactly(line: socket.socket, size: int, until: float | None) -> bytes:
    got = bytearray()
    while len(got) < size:
        if until is not None:
            line.settimeout(max(0.01, until - time.monotonic()))
        piece = line.recv(min(size - len(got), 2**18))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)


def _forget() -> None:
    """After a fork: the children belong to the parent; their lines must not be shared."""
    global _idle, _places
    while not _idle.empty():
        child = _idle.get_nowait()
        child.line.close()
        child.process.returncode = 0
    _idle, _places = queue.LifoQueue(), threading.BoundedSemaphore(CHILDREN)


def close() -> None:
    while True:
        try:
            _idle.get_nowait().end()
        except queue.Empty:
            return


_idle: queue.LifoQueue[_Child] = queue.LifoQueue()
_places = threading.BoundedSemaphore(CHILDREN)
os.register_at_fork(after_in_child=_forget)
atexit.register(close)
