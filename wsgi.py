"""The one file that names every room, in floor order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

import directory
import wiki
from commons import (
    admin,
    announcements,
    api,
    demo,
    entries,
    export,
    feed,
    files,
    focus,
    forums,
    groups,
    members,
    moderation,
    pages,
    people,
    search,
    searches,
    subjects,
    talks,
    walls,
)
from commons import app as assembly
from directory import contact, merging, representing, statements
from directory.partnerships import board, dossiers, matches

ROOMS = (
    members.room,
    entries.room,
    focus.room,
    files.room,
    search.room,
    subjects.room,
    feed.room,
    moderation.room,
    people.room,
    announcements.room,
    searches.room,
    groups.room,
    forums.room,
    walls.room,
    talks.room,
    directory.room,
    representing.room,
    contact.room,
    statements.room,
    merging.room,
    board.room,
    dossiers.room,
    matches.room,
    wiki.room,
    api.room,
    export.room,
    admin.room,
    demo.room,
    pages.room,
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    return assembly.create_app(ROOMS, config)
