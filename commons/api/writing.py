"""Writing: one call is one action of the kind's room, with the token in the log; and answers kept for a repeat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from commons.api import groups, organisations, pages, postings, statements, topics
from commons.api.gate import Caller
from commons.api.models import KEPT, ApiAnswer
from commons.api.queries import kept_answer
from commons.api.records import item, written
from commons.api.shapes import Shape, plain
from commons.db import db, now, transaction
from commons.entries.actions import take_away
from commons.entries.queries import is_hidden
from commons.members.models import Member
from commons.room import Kind
from commons.web import Conflict, Invalid

SHAPES = {
    organisations.KIND: organisations.shape,
    pages.KIND: pages.shape,
    topics.KIND: topics.shape,
    topics.POST_KIND: topics.post_shape,
    groups.KIND: groups.shape,
    **postings.shapes,
    statements.KIND: statements.shape,
}
LONGEST_KEY = 200


class Clash(Exception):
    """A conflict in the words of the API."""

    def __init__(self, fields: dict[str, dict[str, Any]], version: int) -> None:
        super().__init__(", ".join(fields))
        self.fields, self.version = fields, version


def shape_of(kind: Kind) -> Shape:
    return SHAPES.get(kind.name) or plain(kind)


def add(kind: Kind, body: dict[str, Any], note: str, caller: Caller) -> dict[str, Any]:
    shape = shape_of(kind)
    assert shape.add is not None
    values = shape.read(body, None, sight(caller))
    return item(_named(shape, lambda: shape.add(values, actor=caller.member, note=note, via=caller.via)))  # type: ignore[misc]


def change(kind: Kind, entry: Any, body: dict[str, Any], version: int, note: str, caller: Caller) -> dict[str, Any]:
    shape, edit = shape_of(kind), kind.edit
    assert edit is not None
    values = shape.read(body, entry, sight(caller))
    try:
        _named(shape, lambda: edit(entry, values, version=version, actor=caller.member, note=note, via=caller.via))
    except Conflict as fault:
        raise clash_of(shape, fault, () if is_hidden(entry, version, caller.member) else ("base",)) from None
    return item(entry)


def remove(entry: Any, note: str, caller: Caller) -> None:
    take_away(entry, actor=caller.member, note=note, via=caller.via)


def sight(caller: Caller) -> Member | None:
    """As whom this token looks: one that may not read sees what visitors see."""
    return caller.member if "read" in caller.scopes else None


def _named(shape: Shape, act: Callable[[], Any]) -> Any:
    """Runs the action; its sentences come back under the names that the program used."""
    try:
        return act()
    except Invalid as fault:
        raise Invalid({shape.write(name, None)[0]: sentence for name, sentence in fault.fields.items()}) from None


def clash_of(shape: Shape, fault: Conflict, more: tuple[str, ...]) -> Clash:
    """Both sides, and what they began from unless a moderator has hidden it since."""
    fields: dict[str, dict[str, Any]] = {}
    for row in fault.collisions:
        sides = {side: shape.write(row.field, getattr(row, side)) for side in (*more, "mine", "theirs")}
        fields[sides["mine"][0]] = {side: value for side, (_name, value) in sides.items()}
    return Clash(fields, fault.version)


def once(key: str | None, content: str, caller: Caller, act: Callable[[], dict[str, Any]]) -> tuple[int, str]:
    """Status and body of a POST. With a key the answer is kept in the transaction that makes the thing."""
    if key is None:
        return 201, written(act())
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise Invalid({"Idempotency-Key": _("Use 1 to %(limit)s visible characters.", limit=LONGEST_KEY)})
    mark, content = _digest(key), _digest(content)
    try:
        with transaction():
            if (kept := kept_answer(caller.member.id, mark)) is None:
                kept = _kept(ApiAnswer(member_id=caller.member.id, key=mark, content=content, status=201, body=""), act)
    except IntegrityError:  # the same key a moment ago, on PostgreSQL: the other one has made it
        kept = kept_answer(caller.member.id, mark)
        if kept is None:
            raise
    if kept.content != content:
        raise Invalid({"Idempotency-Key": _("This key was used for another request. Choose a new one for each.")})
    return kept.status, kept.body


def _kept(row: ApiAnswer, act: Callable[[], dict[str, Any]]) -> ApiAnswer:
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.created <= now() - KEPT))
    db.session.add(row)
    db.session.flush()  # a second request with this key waits here
    row.body = written(act())
    return row


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def made(body: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found
