"""What stands behind the question mark, read strictly.

One small schema per kind of list, shared by the views and the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range

from commons.web import Invalid
from commons.web.addresses import FARTHEST

MOST_ITEMS = 100
MOST_CHANGES = 500
WHOLE: dict[str, Any] = {"invalid": _l("Enter a whole number."), "too_large": _l("This number is too large.")}


def whole(low: int, high: int, default: int, description: str) -> fields.Integer:
    sentence = _l("Enter a number from %(low)s to %(high)s.", low=low, high=high)
    return fields.Integer(
        load_default=default,
        error_messages=WHOLE,
        validate=Range(low, high, error=sentence),  # type: ignore[arg-type]
        metadata={"description": description, "example": default or low},
    )


def words(description: str, example: str = "", longest: int = 200) -> fields.String:
    sentence = _l("At most %(limit)s characters.", limit=longest)
    more = {"example": example} if example else {}
    return fields.String(
        load_default="",
        validate=Length(max=longest, error=sentence),  # type: ignore[arg-type]
        metadata={"description": description, **more},
    )


def one_of(values: Sequence[str], description: str) -> fields.String:
    """The first of them where nothing is said."""
    sentence = _l("Choose one of these: %(values)s.", values=", ".join(values))
    return fields.String(
        load_default=values[0],
        validate=OneOf(values, error=sentence),  # type: ignore[arg-type]
        metadata={"description": description, "example": values[0]},
    )


class Paged(Schema):
    class Meta:
        unknown = EXCLUDE

    page = whole(1, FARTHEST, 1, "which page")
    per_page = whole(1, MOST_ITEMS, 20, "how many at once")


class ListQuery(Paged):
    after = whole(0, 2**31 - 1, 0, "entries with a higher id: to walk through everything while it changes")
    source = words("where an import took it from", longest=120)
    source_id = words("its id at that source")


class ChangesQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    after = whole(0, 2**53, 0, "lines after this one")
    limit = whole(1, MOST_CHANGES, MOST_CHANGES, "how many at once")


class Filters(Schema):
    """The search's own parameters; only described here, because `commons.search` reads them."""

    q = words('words; also "side by side", -without, one OR other, in:kenya, area:water', "water")
    focus = words("area of focus, by its short name; may stand several times")
    sdg = words("goal, 1 to 17; may stand several times", "6")
    country = words("ISO 3166-1 alpha-2; may stand several times", "KE")
    type = words("type of organisation")
    language = words("working language, BCP 47; may stand several times", "en")
    near = words("a place by name", "Nairobi", 100)
    km = words("how far from there, 1 to 2000", "50")
    bbox = words("south,west,north,east", "-5,33,5,42")
    confirmed = words("12: confirmed within twelve months")
    partnership = words("open: organisations that are open to partnership; in lists of organisations")
    sort = words("relevance, distance, confirmed, updated, title", "title")


def asked(schema: type[Schema]) -> dict[str, Any]:
    """The parameters of this request; raises Invalid with a sentence per name."""
    try:
        found: dict[str, Any] = schema().load(request.args.to_dict())
    except ValidationError as fault:
        rows = fault.messages_dict
        raise Invalid({str(name): " ".join(map(str, sentences)) for name, sentences in rows.items()}) from None
    return found
