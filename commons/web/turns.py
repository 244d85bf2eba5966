"""One request at a time computes in a process; its other threads wait for their turn, a moment at most.

Python runs one thread at a time anyway. Left to itself it changes between them in the middle of a page, at every statement and
every large array, and each change costs: with turns, four who search at once cost a tenth less, and who waits longest waits half
as long (benchmarks/README.md). A request that waits for something else (another server, a child that looks into a file) keeps its
turn for PATIENCE only; then the next one goes on beside it. Bodies are read before the turn, or without one: lines are slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.2  # seconds
FORM = 65_536  # bytes that are read before the turn


class Turns:
    def __init__(self, app: WSGIApplication) -> None:
        self.app, self.turn = app, Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        mine = _read(environ) and self.turn.acquire(timeout=PATIENCE)
        try:
            return self.app(environ, start_response)
        finally:
            if mine:
                self.turn.release()


def _read(environ: WSGIEnvironment) -> bool:
    """Whether all of the body is here."""
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal() or int(length[:9]) > FORM:
        return False
    if int(length):
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
    return True


def start(app: Flask) -> None:
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
