"""How watched entries are listed, and what the button beside an entry shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.entries.models import Entry
from commons.feed.documents.reading import name_of
from commons.feed.forms import LEVELS, PACES
from commons.feed.queries import watchers
from commons.members.door import viewer
from commons.room import rooms
from commons.web import with_values


def watched_rows(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [_row(*one) for one in found]


def _row(entry: Entry, watch: Any, moved: Any, by: str | None) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    address: dict[str, Any] = {"collection": kind.collection, "slug": entry.slug}
    return {
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": name_of(entry),
        "language": entry.language if entry.kind != "focus" else "",
        "url": kind.page(entry),
        "at": moved,
        "by": by or "",
        "how": watch.how,
        "level": LEVELS[watch.how][0],
        "pace": PACES[watch.mail] if entry.kind == "group" else "",
        "choose_url": url_for("feed.choose", **address),
        "unwatch_url": url_for("feed.unwatch", **address),
    }


def watched_tabs(counts: Mapping[str, int], chosen: str) -> list[dict[str, Any]]:
    """All that is watched, and one tab for each kind of it."""
    kinds = rooms().kinds
    every = {
        "label": _("Everything"),
        "url": with_values(kind="", page=""),
        "count": sum(counts.values()),
        "current": not chosen,
    }
    rows = [
        {
            "label": kinds[name].plural,
            "url": with_values(kind=name, page=""),
            "count": many,
            "current": name == chosen,
        }
        for name, many in counts.items()
    ]
    return [every, *sorted(rows, key=lambda row: -int(row["count"]))]


def watch_of(entry: Entry) -> dict[str, Any] | None:
    """Is this viewer watching, the address that changes it, and how many people watch; nothing for visitors."""
    who = viewer()
    if who is None or not entry.is_live:
        return None
    many, how = watchers(entry, who)
    address: dict[str, Any] = {"collection": rooms().kinds[entry.kind].collection, "slug": entry.slug}
    return {
        "on": bool(how),
        "count": many,
        "url": url_for("feed.unwatch" if how else "feed.watch", **address),
        "how": LEVELS[how][0] if how else "",
        "choose_url": url_for("feed.choose", **address) if how else "",
    }
