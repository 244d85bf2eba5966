"""What every call passes: how often, who asks, and a body that can be trusted to be plain JSON.

A call is made by the owner of its token or by a visitor, never by the cookie of a browser. A token that is not good is
refused even where a visitor would be answered, so that a program learns of it at once. A body is looked at before
anything reads it: depth, NUL and broken text, numbers that no database holds, the same name twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Response, abort, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from commons.members import queries as members
from commons.members.door import act_as, digest
from commons.members.models import Member
from commons.text import json_depth_ok, problems
from commons.web import Forbidden, Invalid
from commons.web.limits import TABLE, limiter

DEEPEST = 20
LARGEST = 2**53
LONGEST_KEY = 200
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Caller:
    member: Member
    scopes: frozenset[str]
    via: str  # what the log says: token 12


@limiter.shared_limit(TABLE["api"], scope="api")
def count_call() -> None:
    """Counts by being called."""


@limiter.shared_limit(TABLE["write"], scope="api write")
def count_write() -> None:
    """Counts by being called."""


def arrive() -> None:
    g.viewer, g.caller = None, None
    count_call()
    if request.method not in READING:
        count_write()
    header = request.headers.get("Authorization")
    if header is None:
        return
    g.caller = caller = _caller(header)
    if "read" in caller.scopes:
        act_as(caller.member)


def leave(_fault: BaseException | None = None) -> None:
    g.pop("viewer", None)
    g.pop("caller", None)


def _caller(header: str) -> Caller:
    scheme, _space, key = header.partition(" ")
    key = key.strip()
    found = members.token_owner(key) if scheme.lower() == "bearer" and 0 < len(key) <= LONGEST_KEY else None
    if found is None:
        refuse(
            _("This token is not good: mistyped, taken back, or its owner's account is closed."),
            "invalid_token",
        )
    member, scopes = found
    number = next((token.id for token in members.tokens(member) if token.digest == digest(key)), 0)
    return Caller(member, scopes, f"token {number}")


def refuse(sentence: str, error: str = "") -> NoReturn:
    raise Unauthorized(
        sentence, www_authenticate=WWWAuthenticate("bearer", {"error": error} if error else {"realm": "api"})
    )


def writer() -> Caller:
    """Who writes; raises 401 without a token and Forbidden for one that may only read."""
    caller: Caller | None = g.caller
    if caller is None:
        refuse(_("Writing needs a token: Authorization: Bearer …"))
    if "write" not in caller.scopes:
        raise Forbidden(_("This token may only read."))
    return caller


def finish(response: Response) -> Response:
    """Caches keep nothing without asking again, and nothing at all of what a token was shown."""
    private = g.get("caller") is not None or response.status_code >= 400 or request.method not in READING
    response.headers["Cache-Control"] = "private, no-store" if private else "private, no-cache"
    response.vary.update(("Authorization", "Accept-Language"))
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def given_object(optional: bool = False) -> dict[str, Any]:
    """The body as one JSON object: 415, 413 or 400 where it is none, 422 where it is something else."""
    raw = request.get_data()
    if optional and not raw:
        return {}
    if request.mimetype != "application/json":
        abort(415)
    if not json_depth_ok(raw, DEEPEST):
        abort(400)
    try:
        body = json.loads(raw.decode(), object_pairs_hook=_once_each, parse_constant=_refused)
        _plain([body])
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(body, dict):
        raise Invalid({"body": _("The body has to be one JSON object.")})
    return body


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refused(name: str) -> NoReturn:
    raise ValueError(name)


def _plain(values: Iterable[Any]) -> None:
    """Raises ValueError for what both databases could not keep in the same way."""
    for value in values:
        if isinstance(value, dict):
            _plain((*value.keys(), *value.values()))
        elif isinstance(value, list):
            _plain(value)
        elif isinstance(value, str):
            if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
                raise ValueError("not text")
        elif isinstance(value, (int, float)) and not abs(value) <= LARGEST:  # so that NaN is refused too
            raise ValueError("not a number that can be kept")


def note_from(body: dict[str, Any]) -> str:
    """Takes the note for the history out of the body."""
    note = body.pop("note", "")
    if not isinstance(note, str):
        raise Invalid({"note": _("This has to be text.")})
    if sentence := problems(note, lines=False, limit=300):
        raise Invalid({"note": sentence})
    return note


def version_from(body: dict[str, Any]) -> int:
    """Takes the version that the writer looked at out of the body."""
    version = body.pop("version", None)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Invalid({"version": _("Say which version you read: its number, as the item gave it.")})
    return version
