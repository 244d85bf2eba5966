"""How history, comparisons and the log leave: plain rows for pages and feeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.models import Change, Entry, Revision
from commons.members.models import Member
from commons.room import Kind, rooms
from commons.text import words_diff

VERBS = {
    "created": _l("wrote the first version"),
    "edited": _l("edited"),
    "restored": _l("restored an older version"),
    "removed": _l("removed"),
    "brought back": _l("brought back"),
    "imported": _l("imported"),
    "updated": _l("updated from its source"),
    "undid": _l("undid an import"),
    "confirmed": _l("confirmed that it is right"),
}


def actor_name(member: Member | None) -> str:
    return member.name if member else _("an import")


def actor_url(member: Member | None) -> str | None:
    known = member is not None and "people.profile" in current_app.view_functions
    return url_for("people.profile", username=member.username) if member and known else None


def history_rows(entry: Entry, found: Sequence[Revision]) -> list[dict[str, Any]]:
    names = {field.name: field.label for field in rooms().kinds[entry.kind].fields if not field.private}
    return [
        {
            "number": row.number,
            "at": row.at,
            "actor_name": actor_name(row.author),
            "actor_url": actor_url(row.author),
            "note": row.note,
            "fields": [str(names[name]) for name in row.changes if name in names],
            "size": _size(row),
            "minor": row.minor,
            "is_current": row.number == entry.version,
        }
        for row in found
    ]


def _size(row: Revision) -> int:
    """Characters added, or with a minus sign taken away."""
    return sum(len(as_text(new)) - len(as_text(old)) for old, new in row.changes.values())


def as_text(value: Any) -> str:
    """A field's value as a person reads it in a comparison."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_text(item)}" for name, item in value.items() if as_text(item))
    return json.dumps(value)


def comparison(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that differ, each as paragraphs of (same | ins | del, text)."""
    rows = []
    for field in kind.fields:
        before, after = old.get(field.name), new.get(field.name)
        if before != after and not field.private:
            shown = readable(field.name, before), readable(field.name, after)
            rows.append(
                {
                    "name": field.name,
                    "label": field.label,
                    "how": field.how,
                    "paragraphs": [paragraph.parts for paragraph in words_diff(*shown)],
                }
            )
    return rows


def readable(field: str, value: Any) -> str:
    """Ids of areas and of other entries as their names."""
    name_of = current_app.extensions.get("names of fields", {}).get(field)
    return as_text(name_of(value) if name_of and value else value)


def log_row(line: Change) -> dict[str, Any]:
    kind = rooms().kinds[line.entry.kind]
    return {
        "seq": line.seq,
        "at": line.at,
        "kind": line.entry.kind,
        "kind_label": kind.label,
        "title": line.entry.title,
        "language": line.entry.language,
        "url": kind.page(line.entry),
        "verb_label": VERBS.get(line.verb, line.verb),
        "actor_name": actor_name(line.actor),
        "actor_url": actor_url(line.actor),
        "note": line.note,
        "diff_url": _diff_url(kind, line),
    }


def _diff_url(kind: Kind, line: Change) -> str | None:
    if not line.revision or line.revision < 2:
        return None
    number = line.revision
    return url_for("entries.diff", collection=kind.collection, slug=line.entry.slug, a=number - 1, b=number)


def log_days(found: Sequence[Change]) -> list[tuple[date, list[dict[str, Any]]]]:
    return [(day, [log_row(line) for line in lines]) for day, lines in groupby(found, key=lambda line: line.at.date())]


def feed_entries(found: Sequence[Change]) -> list[dict[str, Any]]:
    site = current_app.config["SITE_URL"].rstrip("/")
    return [
        {
            **log_row(line),
            "id": f"{site}/changes#{line.seq}",
            "link": f"{site}/e/{line.entry_id}",
            "updated": line.at.isoformat(),
        }
        for line in found
    ]
