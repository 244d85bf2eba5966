"""How a value of a column is written in an export: JSON in one form, the same from SQLite and from PostgreSQL.

PostgreSQL does not keep the order of names in its JSON, so they are written sorted; moments are UTC with microseconds;
bytes are base64. A type that is not known here is refused rather than written somehow.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from commons.db import Moment

NESTED = (dict, list)
Turn = Callable[[Any], Any]
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"


def json_type(column: sa.Column[Any]) -> dict[str, Any]:
    """What JSON Schema says of the column's values; raises TypeError on a type that exports cannot hold."""
    found = _json_type(_plain_type(column))
    return {**found, "type": [*_listed(found["type"]), "null"]} if column.nullable else found


def _json_type(type: sa.types.TypeEngine[Any]) -> dict[str, Any]:
    match type:
        case sa.Boolean():
            return {"type": "boolean"}
        case sa.Integer():
            return {"type": "integer"}
        case sa.Float():
            return {"type": "number"}
        case sa.DateTime():
            return {"type": "string", "format": "date-time", "pattern": MOMENT}
        case sa.Date():
            return {"type": "string", "format": "date"}
        case sa.LargeBinary():
            return {"type": "string", "contentEncoding": "base64"}
        case sa.String():
            return {"type": "string", "maxLength": type.length} if type.length else {"type": "string"}
        case sa.JSON():
            return {"type": ["array", "object"]}
    raise TypeError(f"an export cannot hold values of the type {type!r}")


def _plain_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    type: Any = column.type
    return type.impl_instance if isinstance(type, Moment) else type


def _listed(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else types


def writers(columns: Sequence[sa.Column[Any]]) -> dict[str, Turn]:
    """Column name: what makes JSON of its value. Columns whose values are JSON as they are have none."""
    turns: list[tuple[type[Any], Turn]] = [
        (sa.DateTime, _write_moment),
        (sa.Date, date.isoformat),
        (sa.LargeBinary, lambda value: base64.b64encode(value).decode()),
        (sa.JSON, in_order),
    ]
    return _turns(columns, turns)


def readers(columns: Sequence[sa.Column[Any]]) -> dict[str, Turn]:
    turns: list[tuple[type[Any], Turn]] = [
        (sa.DateTime, datetime.fromisoformat),
        (sa.Date, date.fromisoformat),
        (sa.LargeBinary, base64.b64decode),
    ]
    return _turns(columns, turns)


def _turns(columns: Sequence[sa.Column[Any]], turns: list[tuple[type[Any], Turn]]) -> dict[str, Turn]:
    return {column.name: turn for column in columns for type, turn in turns if isinstance(_plain_type(column), type)}


def _write_moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def in_order(value: Any) -> Any:
    """The same value with the names of every object sorted."""
    if type(value) is dict:
        return {name: in_order(item) if type(item) in NESTED else item for name, item in sorted(value.items())}
    return [in_order(item) if type(item) in NESTED else item for item in value] if type(value) is list else value


def turned(row: dict[str, Any], turns: Mapping[str, Turn]) -> dict[str, Any]:
    """Changes the row in place; what is not there or null stays so."""
    for name, turn in turns.items():
        value = row.get(name)
        if value is not None:
            row[name] = turn(value)
    return row


line = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
