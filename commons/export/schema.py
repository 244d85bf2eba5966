"""The description of an export, made from the models: JSON Schema for each table, and SCHEMA.md for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from commons.export.tables import EXEMPT, Exported
from commons.export.values import json_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def columns(one: Exported, names: Sequence[str], public: bool) -> list[dict[str, Any]]:
    """For the manifest: what each column holds."""
    return [_column(one.table.c[name], public) for name in names]


def _column(column: sa.Column[Any], public: bool) -> dict[str, Any]:
    points_to = sorted(f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys)
    return {
        "name": column.name,
        **_types(column, public),
        "key": column.primary_key,
        "comment": column.comment or "",
        "points_to": points_to[0] if points_to else None,
    }


def _types(column: sa.Column[Any], public: bool) -> dict[str, Any]:
    return {"type": json_type(column)["type"], "nullable": bool(column.nullable)}


def json_schema(one: Exported, names: Sequence[str]) -> dict[str, Any]:
    """What every line of the table's file looks like."""
    properties = {}
    for name in names:
        column = one.table.c[name]
        properties[name] = json_type(column) | ({"description": column.comment} if column.comment else {})
    return {
        "$schema": DIALECT,
        "title": one.name,
        "type": "object",
        "properties": properties,
        "required": list(names),
        "additionalProperties": False,
    }
