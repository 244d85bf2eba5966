"""How a program writes a page: its fields by name, areas as their short names, the text as it is to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.api.shapes import Json, Shape, areas, shown
from commons.members.models import Member
from commons.web import Invalid
from wiki.actions import add_page
from wiki.outlines import OUTLINES

KIND = "page"
PROPERTIES: Json = {
    "title": {"type": "string", "minLength": 1, "maxLength": 200},
    "text": {"type": "string", "maxLength": 200_000, "description": "Markdown; [[Title]] links to another page"},
    "summary": {"type": "string", "maxLength": 300, "description": "the page in one sentence"},
    "language": {"type": "string", "description": "of the text, BCP 47"},
    "focus": {"type": "array", "items": {"type": "string"}, "description": "areas of focus: short names as in /focus"},
    "licence": {"type": "string", "maxLength": 60},
    "outline": {"type": "string", "enum": ["", *OUTLINES]},
    "review_by": {"type": "string", "description": "ISO date by which somebody looks at it again"},
    "translation_of": {"type": ["integer", "null"], "description": "the original's id"},
    "translated_version": {
        "type": "integer",
        "minimum": 0,
        "description": "the original's version that this text says",
    },
}
RECORD: Json = {
    **PROPERTIES,
    "sources_needed": {"type": "integer", "description": "marks in the text that ask for a source"},
}
EXAMPLE: Json = {
    "title": "Rainwater tanks for schools",
    "text": "A tank of [[Ferrocement]] holds what a roof of 40 m² catches.\n\n## Sources\n\nMeasured in Kisumu.",
    "summary": "How schools build a tank with their own hands",
    "language": "en",
    "note": "Begun",
}


def read(body: Mapping[str, Any], _entry: Any, _viewer: Member | None) -> dict[str, Any]:
    if unknown := [name for name in body if name not in PROPERTIES]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    values = dict(body)
    if "focus" in values:
        values["focus"] = areas("focus", values["focus"])
    return values


shape = Shape(read, shown, PROPERTIES, add_page, EXAMPLE, RECORD)
