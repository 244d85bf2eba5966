"""How a program publishes a need or an offer in the name of an organisation, and changes its words. Closing and renewing are done on
its page, or by the links in its mails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from commons.api.shapes import Json, Shape, areas, shown
from commons.entries.values import number_of_entry
from commons.members.models import Member
from commons.web import Invalid
from directory.partnerships.board.actions import AUDIENCES, add_posting
from directory.partnerships.board.fields import FARTHEST, LONGEST_TEXT, LONGEST_TITLE
from directory.partnerships.board.models import CLOSINGS, SORTS, Posting

KINDS = ("need", "offer")
DAY: Json = {"type": "string", "description": "ISO date"}
STRINGS: Json = {"type": "array", "items": {"type": "string"}}
PROPERTIES: Json = {
    "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE, "description": "begins with a verb"},
    "organisation": {"type": "integer", "minimum": 1, "description": "its id; only when it is made"},
    "sort": {"type": "string", "enum": list(SORTS)},
    "text": {"type": "string", "maxLength": LONGEST_TEXT, "description": "what success looks like; Markdown"},
    "in_return": {"type": "string", "maxLength": 1000},
    "quantity": {"type": "string", "maxLength": 120, "description": "how much, in words"},
    "remote": {"type": "boolean", "description": "it can be done from anywhere"},
    "country": {"type": "string", "description": "ISO 3166-1 alpha-2"},
    "region": {"type": "string", "maxLength": 120},
    "city": {"type": "string", "maxLength": 120},
    "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90},
    "lon": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
    "radius": {"type": ["integer", "null"], "minimum": 1, "maximum": FARTHEST, "description": "km around the place"},
    "languages": STRINGS | {"description": "in which one can work together, BCP 47"},
    "language": {"type": "string", "description": "of the text, BCP 47"},
    "focus": STRINGS | {"description": "areas of focus: short names as in /focus"},
    "sdgs": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 17}},
    "starts": DAY,
    "ends": DAY,
    "until": {
        "type": "string",
        "description": "ISO date of the last day for answers; empty: an offer that stands for good",
    },
    "audience": {"type": "string", "enum": list(AUDIENCES), "description": "only when it is made"},
}
ONCE = ("organisation", "audience")
RECORD: Json = {
    **{name: rule for name, rule in PROPERTIES.items() if name != "audience"},
    "open": {"type": "boolean", "description": "it can be answered today"},
    "closed": {"type": "string", "enum": ["", *CLOSINGS]},
    "closed_on": DAY,
    "fulfilled_by": {"type": "string"},
}
EXAMPLE: Json = {
    "title": "Drill a borehole in Kitui by June",
    "organisation": 1234,
    "sort": "skill",
    "text": "Three hundred families drink from a well that is not dry in August.",
    "in_return": "Soil data of ten years",
    "country": "KE",
    "city": "Kitui",
    "languages": ["en", "sw"],
    "language": "en",
}


def read(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> dict[str, Any]:
    if unknown := [name for name in body if name not in PROPERTIES]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    if entry is not None and (fixed := [name for name in ONCE if name in body]):
        raise Invalid(dict.fromkeys(fixed, _("This cannot be changed here.")))
    values = dict(body)
    if "focus" in values:
        values["focus"] = areas("focus", values["focus"])
    return values


def _adding(kind: str) -> Callable[..., Posting]:
    def add(values: Mapping[str, Any], *, actor: Member, note: str = "", via: str = "") -> Posting:
        given = dict(values)
        try:
            organisation = number_of_entry(given.pop("organisation", None))
        except ValueError as fault:
            raise Invalid({"organisation": str(fault)}) from None
        seen = given.pop("audience", AUDIENCES[0])
        return add_posting(kind, organisation, given, actor=actor, audience=seen, note=note, via=via)

    return add


def posting_shown(name: str, value: Any) -> tuple[str, Any]:
    return (name, value == "yes") if name == "remote" else shown(name, value)


shapes = {kind: Shape(read, posting_shown, PROPERTIES, _adding(kind), EXAMPLE, RECORD) for kind in KINDS}
