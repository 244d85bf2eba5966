"""The description of an export, made from the models: JSON Schema for each table, and SCHEMA.md for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from commons.export.tables import EXEMPT, Exported
from commons.export.values import json_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PUBLIC = """This is the public share of the site: entries that are public and live, and what belongs to them. Left out
are private fields (in histories null stands for them), whole tables that concern members alone, and everything of
members but a number, a user name and a name, and that only of those who wrote something here."""
FULL = """This is the whole site. **It holds e-mail addresses and password hashes: keep it where only you can read it.**
Not in it are:"""


def columns(one: Exported, names: Sequence[str]) -> list[dict[str, Any]]:
    """For the manifest: what each column holds."""
    return [_column(one.table.c[name]) for name in names]


def _column(column: sa.Column[Any]) -> dict[str, Any]:
    points_to = sorted(f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys)
    return {
        "name": column.name,
        **{name: value for name, value in json_type(column).items() if name in ("type", "format")},
        "nullable": bool(column.nullable),
        "key": column.primary_key,
        "comment": column.comment or "",
        "points_to": points_to[0] if points_to else None,
    }


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


def for_people(site: str, public: bool, tables: Mapping[str, Mapping[str, Any]]) -> str:
    """SCHEMA.md, from the manifest's tables."""
    intro = PUBLIC if public else "\n".join([FULL, "", *(f"- `{name}`: {reason}" for name, reason in EXEMPT)])
    parts = [f"# Tables of {site}", "", intro, ""]
    for name, table in tables.items():
        parts += [
            f"## {name}",
            "",
            f"`{table['file']}`, {table['rows']:,} rows",
            "",
            "| column | type | |",
            "|---|---|---|",
        ]
        parts += [f"| {column['name']} | {_words(column)} | {_remark(column)} |" for column in table["columns"]]
        parts.append("")
    return "\n".join(parts)


def _words(column: Mapping[str, Any]) -> str:
    types = [column["type"]] if isinstance(column["type"], str) else column["type"]
    return " or ".join(column["format"] if one == "string" and "format" in column else one for one in types)


def _remark(column: Mapping[str, Any]) -> str:
    remarks = ["key"] if column["key"] else []
    remarks += [f"→ {column['points_to']}"] if column["points_to"] else []
    remarks += [column["comment"].replace("|", "\\|")] if column["comment"] else []
    return "; ".join(remarks)
