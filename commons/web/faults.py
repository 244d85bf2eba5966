"""What can go wrong in an action, as exceptions that know no web, and the pages (or JSON) that answer for them.

| raised      | answer | meaning                                                        |
| ----------- | ------ | -------------------------------------------------------------- |
| Invalid     | 422    | what was typed does not fit; a sentence per field              |
| Forbidden   | 403    | the viewer may see it, but not do this                         |
| Conflict    | 409    | somebody else changed the same words meanwhile; both are shown |
| Gone        | 410    | it was here and was removed, with the reason                   |
| TooBusy     | 503    | nothing was done; try again in a moment                        |
| Waiting     | 202    | it is kept and waits for review; pages answer with the entry   |

What a viewer may not see is 404, not 403: it does not exist for them.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, flash, jsonify, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as AnyResponse

from commons.db import db

log = logging.getLogger("commons")


class Invalid(Exception):
    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {sentence}" for name, sentence in fields.items()))
        self.fields = fields

    def flash(self) -> None:
        """Says it on the next page, where no form is left to say it beside its fields."""
        flash(" ".join(self.fields.values()), "error")


class Forbidden(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Collision:
    """One field that two people changed: what both began from, and what each made of it."""

    field: str
    base: Any
    mine: Any
    theirs: Any


class Conflict(Exception):
    def __init__(self, collisions: list[Collision], version: int, merged: dict[str, Any]) -> None:
        super().__init__(", ".join(collision.field for collision in collisions))
        self.collisions, self.version, self.merged = collisions, version, merged


class Gone(Exception):
    def __init__(self, title: str, reason: str) -> None:
        super().__init__(reason)
        self.title, self.reason = title, reason


class TooBusy(Exception):
    pass


class Waiting(Exception):
    """No fault: it is kept, and waits until somebody has looked at it."""

    def __init__(self, held_id: int, entry_id: int) -> None:
        super().__init__(f"{held_id}")
        self.held_id, self.entry_id = held_id, entry_id


def wants_json() -> bool:
    return request.path.startswith("/api/")


def start(app: Flask) -> None:
    for status in (400, 403, 404, 405, 409, 410, 413, 415, 422, 429):
        app.register_error_handler(status, _http)
    app.register_error_handler(Forbidden, lambda fault: answer(403, str(fault) or None))
    app.register_error_handler(Invalid, lambda fault: answer(422, _("Some of it does not fit."), fields=fault.fields))
    app.register_error_handler(Gone, lambda fault: answer(410, fault.reason, heading=fault.title))
    app.register_error_handler(Waiting, _waiting)
    app.register_error_handler(TooBusy, lambda fault: answer(503, str(fault) or None))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, lambda fault: answer(400))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(RecursionError, lambda fault: answer(400))
    app.register_error_handler(Exception, _unknown)


def _waiting(fault: Waiting) -> AnyResponse:
    sentence = _("Thank you. It is kept, and it is shown to others as soon as somebody has looked at it.")
    if wants_json():
        response = jsonify(message=sentence, held=fault.held_id, id=fault.entry_id)
        response.status_code = 202
        return response
    flash(sentence)
    return redirect(f"/e/{fault.entry_id}", 303)


def _http(fault: HTTPException) -> Response:
    response = answer(fault.code or 500)
    for name in ("Retry-After", "Allow"):
        if value := dict(fault.get_headers()).get(name):
            response.headers[name] = value
    return response


def _database(fault: OperationalError) -> Response:
    db.session.rollback()
    log.warning(
        "the database did not answer: %s: %s", type(fault.orig).__name__, str(fault.orig)[:200].replace("\n", " ")
    )
    return answer(503)


def _integrity(fault: IntegrityError) -> Response:
    db.session.rollback()
    log.warning("refused by a constraint: %s", str(fault.orig)[:200].replace("\n", " "))
    return answer(409)


def _unknown(fault: Exception) -> Response:
    if isinstance(fault, HTTPException):
        return _http(fault)
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.exception("fault %s at %s", reference, request.endpoint)
    return answer(500, reference=reference)


def answer(status: int, sentence: str | None = None, heading: str | None = None, **more: Any) -> Response:
    """The error page, or its JSON under /api/."""
    name: str = HTTP_STATUS_CODES.get(status, "Error")
    if wants_json():
        extra = {key: value for key, value in more.items() if value is not None}
        response = jsonify(error=name.lower().replace(" ", "_"), message=sentence or name, **extra)
    else:
        known = status if status in (400, 403, 404, 409, 410, 413, 422, 429, 500, 503) else 400
        response = make_response(_page(known, sentence=sentence, heading=heading, **more))
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _page(status: int, **words: Any) -> str:
    """The page with its frame; where even that fails (no database, a broken template), one plain sentence."""
    try:
        return render_template(f"errors/{status}.html", **words)
    except Exception:
        log.exception("the page for %s could not be drawn", status)
        return "<!doctype html><title>Common Ground</title><p>Something went wrong, and we have noted it. Try again in a moment."
