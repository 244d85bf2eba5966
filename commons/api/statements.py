"""How a program says something of another organisation in the name of one for which its member signs, and changes that.
Answering is for people, on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.api.shapes import Json, Shape, shown
from commons.members.models import Member
from commons.web import Invalid
from directory.models import Organisation
from directory.queries import by_ids
from directory.statements.actions import add_statement
from directory.statements.fields import ADDRESS, LONGEST, OWN, SHORTEST
from directory.statements.models import Statement

KIND = "statement"
PROPERTIES: Json = {
    "text": {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST},
    "link": {"type": "string", "maxLength": ADDRESS, "description": "where that can be seen: a page here, or https"},
    "language": {"type": "string", "description": "of the text, BCP 47"},
    "organisation": {
        "type": "integer",
        "minimum": 1,
        "description": "the id of the one that says it; cannot be changed",
    },
    "about": {"type": "integer", "minimum": 1, "description": "the id of the one that it is about; cannot be changed"},
}
RECORD: Json = {
    **PROPERTIES,
    "answer": {"type": "string", "description": "of the organisation that it is about; empty: none"},
    "answered": {"type": ["string", "null"], "description": "ISO time of the answer"},
}
EXAMPLE: Json = {
    "text": "We dug three wells together in 2025. They came on time, and told us early when something was late.",
    "language": "en",
    "organisation": 1234,
    "about": 1235,
}


def read(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> dict[str, Any]:
    known = PROPERTIES if entry is None else OWN
    if unknown := [name for name in body if name not in known]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    return dict(body)


def add(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Statement:
    ends = {name: _organisation(name, values.get(name), actor) for name in ("organisation", "about")}
    words = {name: values[name] for name in OWN if name in values} | {"text": values.get("text", "")}
    return add_statement(ends["about"], ends["organisation"], words, actor=actor, note=note, via=via)


def _organisation(name: str, value: Any, viewer: Member) -> Organisation:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    found = by_ids([value], viewer) if good else []
    if not found:
        raise Invalid({name: _("Write the number of an organisation.")})
    return found[0]


shape = Shape(read, shown, PROPERTIES, add, EXAMPLE, RECORD)
