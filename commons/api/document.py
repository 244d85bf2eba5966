"""The OpenAPI document's words: what each address takes and gives, with calls that work as they stand."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from commons.api.asking import ChangesQuery, Filters, ListQuery, Paged
from commons.api.shapes import Json, Shape
from commons.room import Kind

ABOUT = """All that is public here, as JSON, without a key. With a member's token (`Authorization: Bearer …`)
a program reads what its owner may read and writes as its owner, within the token's scopes.

**A copy that stays equal.** Walk through a list by following `next`; its first answer carries `seq`. From then on
ask `/changes?after=seq` and go on with `next`: a `live` line means read the entry again, `removed` and `hidden` mean
drop it. When an area of focus gets a new short name, `focus` of what stands under it follows: read those again.

**Repeats.** A POST with an `Idempotency-Key` may be sent again for a day: it answers as the first did, and does
nothing.

**Faults** are `{error, message, fields?}`. What you may not see does not exist (404); what was removed says why
(410)."""


Error = Schema.from_dict(
    {
        "error": fields.String(required=True, metadata={"description": "what kind of fault, as not_found"}),
        "message": fields.String(required=True, metadata={"description": "a sentence for a person"}),
        "fields": fields.Dict(metadata={"description": "a sentence per field; for 409 {base, mine, theirs} per field"}),
        "version": fields.Integer(metadata={"description": "for 409: the version to send with your next try"}),
        "reference": fields.String(metadata={"description": "for 500: names the fault in the site's log"}),
    },
    name="Error",
)
SHARED: Json = {
    "id": {"type": "integer", "description": "never reused"},
    "kind": {"type": "string"},
    "url": {"type": "string", "description": "its page on this site"},
    "title": {"type": "string"},
    "language": {"type": "string", "description": "BCP 47; empty: not known"},
    "created": {"type": "string", "format": "date-time"},
    "updated": {"type": "string", "format": "date-time"},
    "version": {"type": "integer", "minimum": 1},
    "audience": {"type": "string"},
    "focus": {"type": "array", "items": {"type": "string"}},
    "licence": {"type": "string"},
    "source": {"type": "string"},
    "source_id": {"type": "string"},
}
NUMBER: Json = {"type": "integer"}
HIT: Json = {
    **{name: SHARED[name] for name in ("id", "kind", "url", "title", "language")},
    "snippet": {"type": "string"},
    "score": {"type": ["number", "null"]},
    "reasons": {"type": "array", "items": {"type": "string"}},
}
LINE: Json = {
    **{
        "seq": NUMBER,
        "at": {"type": "string", "format": "date-time"},
        "verb": {"type": "string"},
        "id": NUMBER,
        "kind": {"type": "string"},
    },
    "state": {"type": "string", "enum": ["live", "removed", "hidden"]},
    "version": {"type": ["integer", "null"]},
    "url": {"type": ["string", "null"]},
}
VALUE: Json = {"value": {"type": "string"}, "label": {"type": "string"}, "count": NUMBER}
NOTE: Json = {"type": "string", "maxLength": 300, "description": "for the history: why"}
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
READ_FAULTS = (400, 401, 422, 429, 503)
WRITE_FAULTS = (400, 401, 403, 413, 415, 422, 429, 503)


def schema_name(kind: Kind) -> str:
    return kind.name.capitalize()


def thing(properties: Json, **more: Any) -> Json:
    return {"type": "object", "properties": properties, **more}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def several(items: Json) -> Json:
    return {"type": "array", "items": items}


def gives(status: int, schema: Json | None, description: str, faults: tuple[int, ...]) -> Json:
    good: Json = {"description": description}
    if schema is not None:
        good["content"] = {"application/json": {"schema": schema}}
    return {str(status): good} | {str(fault): {"$ref": f"#/components/responses/E{fault}"} for fault in faults}


def query(*schemas: Any) -> list[Json]:
    return [{"in": "query", "schema": schema} for schema in schemas]


def search_words() -> Json:
    page: Json = {"total": NUMBER, "page": NUMBER, "per_page": NUMBER, "items": several(thing(HIT))}
    page |= {
        "facets": {"type": "object", "additionalProperties": several(thing(VALUE))},
        "interpreted": {"type": "object"},
        "suggestion": {"type": ["string", "null"]},
    }
    kinds = {"in": "query", "name": "kind", "schema": {"type": "string"}, "description": "may stand several times"}
    return {
        "summary": "Search everything",
        "parameters": [kinds, *query(Filters, Paged)],
        "responses": gives(200, thing(page), "What was found, best first", READ_FAULTS),
    }


def list_words(kind: Kind) -> Json:
    page = {"total": NUMBER, "page": NUMBER, "per_page": NUMBER, "items": several(ref(schema_name(kind)))}
    more: Json = {
        "seq": NUMBER | {"description": "the log's last line; not with words or filters"},
        "next": {"type": ["string", "null"]},
    }
    return {
        "summary": f"List {kind.collection}",
        "description": "In the order of ids, or by words and filters as in /search.",
        "parameters": query(ListQuery, *([Filters] if kind.documents else [])),
        "responses": gives(200, thing(page | more), "One page of them", (304, *READ_FAULTS)),
    }


def item_words(kind: Kind) -> Json:
    faults = (304, 400, 401, 404, 410, 429, 503)
    return {
        "summary": f"One of {kind.collection}",
        "responses": gives(200, ref(schema_name(kind)), "The entry", faults),
    }


def body(properties: Json, required: list[str], example: Json | None) -> Json:
    content: Json = {"schema": thing(properties, required=required, additionalProperties=False)}
    if example:
        content["example"] = example
    return {"required": True, "content": {"application/json": content}}


def matches_words(resource: str) -> Json:
    parts = {"type": "object", "additionalProperties": {"type": "number"}}
    other = thing({"id": NUMBER, "title": {"type": "string"}, "url": {"type": "string"}})
    match = {"organisation": other, "score": {"type": "number"}, "parts": parts, "reasons": several({"type": "string"})}
    match |= {"codes": several({"type": "string"}), "group": {"type": "string"}, "weak": {"type": "boolean"}}
    return {
        "summary": f"Who could work together with one of {resource}",
        "description": "At most twelve organisations that are open to partnership, best first; each reason is a fact of both.",
        "responses": gives(200, thing({"items": several(thing(match))}), "The matches", (400, 401, 404, 410, 429, 503)),
    }


def create_words(kind: Kind, shape: Shape) -> Json:
    key = {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
    first = next(iter(shape.properties))
    return {
        "summary": f"Add to {kind.collection}",
        "security": TOKEN,
        "parameters": [key],
        "requestBody": body({**shape.properties, "note": NOTE}, [first], shape.example),
        "responses": gives(201, ref(schema_name(kind)), "Made", (*WRITE_FAULTS, 409)),
    }


def change_words(kind: Kind, shape: Shape) -> Json:
    version = NUMBER | {"minimum": 1, "description": "the version that you read"}
    return {
        "summary": f"Change one of {kind.collection}",
        "description": "Only the fields that are named. What others changed elsewhere is kept; the same field is 409.",
        "security": TOKEN,
        "requestBody": body(
            {**shape.properties, "version": version, "note": NOTE}, ["version"], {"version": 1, "note": "Looked at it"}
        ),
        "responses": gives(200, ref(schema_name(kind)), "As it is now", (*WRITE_FAULTS, 404, 409, 410)),
    }


def remove_words(kind: Kind) -> Json:
    note = {"in": "query", "name": "note", "required": True, "schema": NOTE, "example": "Asked for by the organisation"}
    return {
        "summary": f"Remove one of {kind.collection}",
        "description": "For moderators. The reason is shown at the old address.",
        "security": TOKEN,
        "parameters": [note],
        "responses": gives(204, None, "Removed", (*WRITE_FAULTS, 404, 410)),
    }


def changes_words() -> Json:
    page: Json = {"items": several(thing(LINE)), "after": NUMBER, "next": NUMBER, "more": {"type": "boolean"}}
    return {
        "summary": "The public log, in order",
        "description": "Everything that changed, was removed or was hidden. Ask again with after = next.",
        "parameters": query(ChangesQuery),
        "responses": gives(200, thing(page), "Lines, oldest first", READ_FAULTS),
    }
