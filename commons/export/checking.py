"""Before anything is written: is the export whole, does this site understand it, and is the site empty?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from commons.db import is_postgresql
from commons.export.folder import check_sums
from commons.export.tables import Exported, Refused
from commons.export.writing import FORMAT, VERSION


def read_manifest(folder: Path, tables: list[Exported]) -> tuple[dict[str, Any], set[str]]:
    """The manifest's tables and the names of all files, when the export is whole and this site understands all of it."""
    names = check_sums(folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8")) if "manifest.json" in names else {}
    if manifest.get("format") != FORMAT:
        raise Refused(f"{folder} is not an export of such a site.")
    if manifest["version"] != VERSION:
        raise Refused(f"The export has the format version {manifest['version']}; this site reads version {VERSION}.")
    if manifest["scope"] != "full":
        raise Refused(
            "This is a public export, which leaves things out. A site is made from a full one (without --public)."
        )
    found: dict[str, Any] = manifest["tables"]
    known = {one.name: one for one in tables}
    if unknown := sorted(set(found) - set(known)):
        raise Refused(
            f"The export has tables that this site does not know: {', '.join(unknown)}. Update the site first."
        )
    for name, table in found.items():
        _check_columns(known[name].table, {column["name"] for column in table["columns"]})
        if f"{name}.jsonl.gz" not in names:
            raise Refused(f"{name}.jsonl.gz is missing in {folder}: the export is not whole.")
    return found, names


def _check_columns(table: sa.Table, names: set[str]) -> None:
    if unknown := sorted(names - set(table.columns.keys())):
        raise Refused(
            f"The export's {table.name} has columns that this site does not know: {', '.join(unknown)}. "
            "Update the site first."
        )
    needed = (column.name for column in table.columns if not column.nullable and column.default is None)
    if missing := sorted(set(needed) - names):
        raise Refused(f"The export's {table.name} lacks columns that this site needs: {', '.join(missing)}.")


def be_empty(connection: Connection, tables: list[Exported]) -> None:
    if is_postgresql():  # nobody writes while we look and fill; on SQLite the transaction is enough
        names = ", ".join(f'"{one.name}"' for one in tables)
        connection.exec_driver_sql(f"lock table {names} in share row exclusive mode")
    for one in tables:
        if connection.scalar(sa.select(sa.literal(1)).select_from(one.table).limit(1)):
            raise Refused(
                f"This site is not empty: there are rows in {one.name}. "
                "An import needs a new site, made by flask db upgrade and nothing else."
            )
