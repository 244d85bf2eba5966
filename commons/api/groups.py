"""How a program founds a group and changes its words. Who sees it is said when it is founded; later only people change that,
on its page, where its members are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.api.shapes import Json, Shape, areas, shown
from commons.groups.actions import add_group
from commons.groups.fields import LONGEST, MOST_QUESTIONS
from commons.groups.models import JOININGS, MODULES, VISIBILITIES, Group
from commons.members.models import Member
from commons.web import Invalid

KIND = "group"
PROPERTIES: Json = {
    "title": {"type": "string", "minLength": 1, "maxLength": 120},
    "summary": {"type": "string", "maxLength": 300, "description": "the group in one sentence"},
    "text": {"type": "string", "maxLength": LONGEST, "description": "purpose and house rules; Markdown"},
    "focus": {"type": "array", "items": {"type": "string"}, "description": "areas of focus: short names as in /focus"},
    "language": {"type": "string", "description": "BCP 47"},
    "visibility": {"type": "string", "enum": list(VISIBILITIES), "description": "only when the group is founded"},
    "joining": {"type": "string", "enum": list(JOININGS)},
    "questions": {"type": "array", "maxItems": MOST_QUESTIONS, "items": {"type": "string", "maxLength": 300}},
    "modules": {"type": "array", "items": {"type": "string", "enum": list(MODULES)}},
}
RECORD: Json = {**PROPERTIES, "archived": {"type": ["string", "null"], "description": "since when it is only read"}}
EXAMPLE: Json = {
    "title": "Rainwater around the lake",
    "summary": "Schools that build tanks and tell each other how",
    "visibility": "public",
    "joining": "open",
    "language": "en",
    "note": "Begun",
}


def read(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> dict[str, Any]:
    known = PROPERTIES if entry is None else PROPERTIES.keys() - {"visibility"}
    if unknown := [name for name in body if name not in known]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    values = dict(body)
    if "focus" in values:
        values["focus"] = areas("focus", values["focus"])
    return values


def add(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Group:
    seen = values.get("visibility", "public")
    words = {name: value for name, value in values.items() if name != "visibility"}
    return add_group(words, actor=actor, visibility=seen, note=note, via=via)


shape = Shape(read, shown, PROPERTIES, add, EXAMPLE, RECORD)
