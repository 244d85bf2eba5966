"""How an entry leaves: the fields that every kind has, then those of its own public record."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app

from commons.focus.queries import tree
from commons.room import Kind, rooms

PREFIX = "/api/v1"


def exposed() -> dict[str, Kind]:
    return rooms().resources()


def item(entry: Any) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    record = kind.record(entry) if kind.record else {}
    return {**shared(entry, kind), **record}


def shared(entry: Any, kind: Kind) -> dict[str, Any]:
    nodes = tree().nodes
    return {
        "id": entry.id,
        "kind": entry.kind,
        "url": kind.page(entry),
        "title": entry.title,
        "language": entry.language,
        "created": entry.created.isoformat(),
        "updated": entry.updated.isoformat(),
        "version": entry.version,
        "audience": entry.audience,
        "focus": [nodes[area].slug for area in getattr(entry, "focus", ()) if area in nodes],
        "licence": entry.licence,
        "source": entry.source,
        "source_id": entry.source_id,
    }


def etag(found: dict[str, Any]) -> str:
    return f"{found['id']}-{found['version']}"


def address(collection: str, found: dict[str, Any]) -> str:
    return f"{PREFIX}/{collection}/{found['id']}"


def written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)


def answer(data: Any, status: int = 200) -> Response:
    return answer_text(written(data), status)


def answer_text(text: str, status: int) -> Response:
    return current_app.response_class(text + "\n", status=status, mimetype="application/json")


def item_answer(found: dict[str, Any]) -> Response:
    response = answer(found)
    response.set_etag(etag(found), weak=True)
    return response
