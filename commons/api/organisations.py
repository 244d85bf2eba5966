"""How a program writes an organisation: the row fields that imports take too, here strictly.

What only the site sets (id, audience, state, source, provenance …) is not among the fields and is refused by name, like
anything unknown. Another organisation can only be named by who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from commons.api.queries import visible_ids
from commons.api.shapes import Json, Shape, areas
from commons.api.shapes import shown as plainly
from commons.members.models import Member
from commons.web import Invalid
from directory.actions import add_organisation
from directory.models import RELATIONS, SCOPES, STATUSES

KIND = "organisation"
AS_THEY_ARE = (
    *(
        "description",
        "type",
        "language",
        "founded",
        "website",
        "email",
        "phone",
        "country",
        "region",
        "city",
        "postcode",
    ),
    *("lat", "lon", "scope", "languages", "sdgs", "status", "status_note", "licence"),
)
OURS = {"name": "title"}
THEIRS = {"title": "name"}
LINE: Json = {"type": "string", "maxLength": 300}
STRINGS: Json = {"type": "array", "items": {"type": "string"}}
RELATION: Json = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"type": "string", "enum": list(RELATIONS)},
        "id": {"type": ["integer", "null"], "description": "of the other organisation, where it is here"},
        "external_id": {"type": ["string", "null"], "description": "its id at the source, where it is not"},
        "name": {"type": "string", "description": "needed where it is not here"},
    },
}
PROPERTIES: Json = {
    "name": {"type": "string", "minLength": 1, "maxLength": 300},
    "aliases": STRINGS | {"description": "other names, without their languages"},
    "names": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["value"],
            "properties": {"value": LINE, "language": {"type": "string"}, "types": STRINGS},
        },
    },
    "description": {"type": "string", "maxLength": 20_000},
    "type": {"type": "string", "maxLength": 40},
    "language": {"type": "string", "description": "of the text, BCP 47"},
    "founded": {"type": ["integer", "null"], "minimum": 1000, "maximum": 2100},
    "website": {"type": "string", "maxLength": 500},
    "email": {"type": "string", "description": "for the contact form; never shown"},
    "phone": {"type": "string", "description": "for its representatives; never shown"},
    "country": {"type": "string", "description": "ISO 3166-1 alpha-2"},
    "region": {"type": "string", "maxLength": 120},
    "city": {"type": "string", "maxLength": 120},
    "postcode": {"type": "string", "maxLength": 20},
    "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90},
    "lon": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
    "scope": {"type": "string", "enum": list(SCOPES)},
    "languages": STRINGS | {"description": "working languages, BCP 47"},
    "focus": STRINGS | {"description": "areas of focus: short names as in /focus, or their names"},
    "sdgs": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 17}},
    "external_ids": {"type": "object", "additionalProperties": {"type": "string"}},
    "relations": {"type": "array", "items": RELATION},
    "status": {"type": "string", "enum": list(STATUSES)},
    "status_note": {"type": "string", "maxLength": 500},
    "successor_id": {"type": ["integer", "null"], "description": "of a closed or duplicate record"},
    "licence": {"type": "string", "maxLength": 60},
}
RECORD: Json = {
    **{name: rule for name, rule in PROPERTIES.items() if name not in ("email", "phone")},
    "confirmed": {"type": "string", "description": "ISO date of the last yes; empty: never"},
    "represented": {"type": "boolean", "description": "somebody speaks for it here"},
    "contested": {
        "type": "array",
        "items": {"type": "object"},
        "description": "relations that the other side contests: type, id, since, why",
    },
    "extra": {"type": "object", "description": "fields of the source that this site does not know"},
}
EXAMPLE: Json = {
    "name": "Rainwater for Kisumu",
    "aliases": ["Maji ya Mvua"],
    "description": "Builds tanks that collect rainwater with schools around Lake Victoria.",
    "type": "community group",
    "country": "KE",
    "city": "Kisumu",
    "languages": ["en", "sw"],
    "founded": 2012,
    "sdgs": [6],
    "note": "From their own website",
}


def read(body: Mapping[str, Any], entry: Any, viewer: Member | None) -> dict[str, Any]:
    known = {"name", "names", "aliases", "focus", "external_ids", "relations", "successor_id", *AS_THEY_ARE}
    if unknown := [name for name in body if name not in known]:
        raise Invalid(dict.fromkeys(unknown, _("This field does not exist.")))
    values = {OURS.get(name, name): body[name] for name in ("name", *AS_THEY_ARE) if name in body}
    faults: dict[str, str] = {}
    for name, made in (
        ("names", _names),
        ("focus", _focus),
        ("external_ids", _ids),
        ("relations", _relations),
        ("successor_id", _successor),
    ):
        if name in body or (name == "names" and "aliases" in body):
            try:
                values[name] = made(body, entry, viewer)
            except Invalid as fault:
                faults |= fault.fields
    if faults:
        raise Invalid(faults)
    return values


def _names(body: Mapping[str, Any], entry: Any, _viewer: Member | None) -> list[Any]:
    aliases, names = body.get("aliases", []), body.get("names", [])
    if not isinstance(aliases, list) or not all(isinstance(one, str) for one in aliases):
        raise Invalid({"aliases": _("This has to be a list of texts.")})
    if not isinstance(names, list) or not all(isinstance(one, dict) and _is_name(one) for one in names):
        raise Invalid({"names": _("Write names as a list of {value, language, types}.")})
    if "names" in body:
        return [*names, *(one for one in aliases if one not in [row["value"] for row in names])]
    kept = {row["value"]: row for row in (entry.names if entry else ())}
    return [kept.get(one, one) for one in aliases]


def _is_name(row: Mapping[str, Any]) -> bool:
    types = row.get("types") or []
    return (
        set(row) <= {"value", "language", "types"}
        and isinstance(row.get("value"), str)
        and isinstance(row.get("language") or "", str)
        and isinstance(types, list)
        and all(isinstance(one, str) for one in types)
    )


def _focus(body: Mapping[str, Any], _entry: Any, _viewer: Member | None) -> list[int]:
    return areas("focus", body["focus"])


def _ids(body: Mapping[str, Any], _entry: Any, _viewer: Member | None) -> dict[str, Any]:
    given = body["external_ids"]
    if not isinstance(given, dict) or not all(
        isinstance(one, (str, int)) and not isinstance(one, bool) for one in given.values()
    ):
        raise Invalid({"external_ids": _("Write register numbers as {scheme: number}.")})
    return given


def _relations(body: Mapping[str, Any], _entry: Any, viewer: Member | None) -> list[list[Any]]:
    given = body["relations"]
    if not isinstance(given, list) or not all(isinstance(row, dict) and _is_relation(row) for row in given):
        raise Invalid({"relations": _("Write relations as a list of {type, id, name}.")})
    titles = _others("relations", [row["id"] for row in given if isinstance(row.get("id"), int)], viewer)
    return [
        [row["type"], row.get("external_id") or row.get("id") or None, row.get("name") or titles.get(row.get("id"), "")]
        for row in given
    ]


def _is_relation(row: Mapping[str, Any]) -> bool:
    other = row.get("id")
    return (
        set(row) <= {"type", "id", "external_id", "name"}
        and isinstance(row.get("type"), str)
        and (other is None or isinstance(other, (int, str)))
        and not isinstance(other, bool)
        and all(isinstance(row.get(name) or "", str) for name in ("external_id", "name"))
    )


def _successor(body: Mapping[str, Any], _entry: Any, viewer: Member | None) -> int | None:
    other = body["successor_id"]
    if other is not None and (not isinstance(other, int) or isinstance(other, bool)):
        raise Invalid({"successor_id": _("Write the number of an organisation.")})
    _others("successor_id", [] if other is None else [other], viewer)
    return other


def _others(field: str, ids: Sequence[int], viewer: Member | None) -> dict[Any, str]:
    """id: title of organisations that this writer may see; the others do not exist for them."""
    found = visible_ids(KIND, [i for i in ids if 0 < i < 2**31], viewer)
    if missing := [i for i in ids if i not in found]:
        raise Invalid({field: _("There is no organisation with the number %(number)s.", number=missing[0])})
    return found


def shown(name: str, value: Any) -> tuple[str, Any]:
    if name == "relations" and isinstance(value, list):
        return name, [
            {
                "type": type,
                "id": None if isinstance(ref, str) else ref,
                "external_id": ref if isinstance(ref, str) else None,
                "name": title,
            }
            for type, ref, title in value
        ]
    return plainly(THEIRS.get(name, name), value)


shape = Shape(read, shown, PROPERTIES, add_organisation, EXAMPLE, RECORD)
