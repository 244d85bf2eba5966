"""How a program writes a kind of entry: from the words of the API to versioned fields, and back for conflicts.

`plain` serves every kind as it is: names are those of its versioned fields, types follow from how a field is merged,
and areas of focus are written as their slugs or names. A kind whose rows have words of their own has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _

from commons.focus.queries import area_from, tree
from commons.members.models import Member
from commons.room import Field, Kind
from commons.text import problems
from commons.web import Invalid

AREAS = ("focus", "parents")
GOALS = "sdgs"
LONGEST_LIST = 200
LONGEST_TEXT = 200_000
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    read: Callable[
        [Mapping[str, Any], Any, Member | None], dict[str, Any]
    ]  # (body, entry or None, viewer); raises Invalid
    write: Callable[[str, Any], tuple[str, Any]]  # a versioned field and its value, as the API says them
    properties: Json  # of the body, for the OpenAPI document
    add: Callable[..., Any] | None = None
    example: Json | None = None
    record: Json | None = None  # properties of the public record


def plain(kind: Kind) -> Shape:
    fields = {field.name: field for field in kind.fields}
    return Shape(partial(_read, fields), shown, {name: _property(field) for name, field in fields.items()})


def _property(field: Field) -> Json:
    if field.how == "number":
        return {"type": ["number", "null"]}
    if field.how == "list":
        return {
            "type": "array",
            "maxItems": LONGEST_LIST,
            "items": {"type": "integer" if field.name == GOALS else "string"},
        }
    return {"type": "object"} if field.how == "table" else {"type": "string"}


def _read(fields: Mapping[str, Field], body: Mapping[str, Any], _entry: Any, _viewer: Member | None) -> dict[str, Any]:
    faults = {name: sentence for name, value in body.items() if (sentence := _fault(fields.get(name), value))}
    if faults:
        raise Invalid(faults)
    return {name: areas(name, value) if name in AREAS else value for name, value in body.items()}


def _fault(field: Field | None, value: Any) -> str | None:
    if field is None:
        return _("This field does not exist.")
    if field.how == "number":
        return None if value is None or _is_number(value) else _("Enter a number.")
    if field.how == "table":
        return None if isinstance(value, dict) else _("This does not have the right form.")
    if field.how == "list":
        return _list_fault(field.name, value)
    if not isinstance(value, str):
        return _("This has to be text.")
    return problems(value, lines=field.how == "text", limit=LONGEST_TEXT if field.how == "text" else 300)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _list_fault(name: str, value: Any) -> str | None:
    if not isinstance(value, list):
        return _("This has to be a list.")
    if len(value) > LONGEST_LIST:
        return _("At most %(limit)s.", limit=LONGEST_LIST)
    if name == GOALS:
        good = all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        return None if good else _("Choose goals from 1 to 17.")
    if not all(isinstance(one, str) for one in value):
        return _("This has to be a list of texts.")
    return next((sentence for one in value if (sentence := problems(one, lines=False, limit=300))), None)


def areas(name: str, value: Any) -> list[int]:
    """Ids of areas that are written as their slugs or as one of their names."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Invalid({name: _("Write areas of focus as a list of their short names, as in /api/v1/focus.")})
    found = [(one, area_from(one)) for one in value]
    if missing := [one for one, node in found if node is None]:
        raise Invalid({name: _("There is no area of focus called “%(name)s”.", name=missing[0][:100])})
    return sorted({node.id for _name, node in found if node})


def shown(name: str, value: Any) -> tuple[str, Any]:
    if name in AREAS and isinstance(value, list):
        nodes = tree().nodes
        return name, [nodes[area].slug if area in nodes else area for area in value]
    return name, value
