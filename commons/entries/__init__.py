"""Entries: what every made thing shares, its history, and the one log of changes that everything else follows."""

from __future__ import annotations

from flask import Flask

from commons.entries.checks import checks
from commons.entries.models import Ask, Change, Checked, Draft, Entry, EntryLink, Position, Redirect, Revision
from commons.entries.views import CollectionConverter, blueprint
from commons.room import Room, Table


def start(app: Flask) -> None:
    app.url_map.converters["collection"] = CollectionConverter


room = Room(
    name="entries",
    blueprints=(blueprint,),
    tables=(
        Table(Entry),
        Table(Redirect),
        Table(Revision, private=("digest",)),
        Table(Change),
        Table(EntryLink),
        Table(Checked, public=False),
        Table(Ask, public=False),
        Table(Draft, public=False),
    ),
    checks=checks,
    start=start,
)
__all__ = ["Position", "room"]
