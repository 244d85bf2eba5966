"""The public log as lines for programs that keep a copy.

A line says what its entry is today: live (read it again), removed (its address says why) or hidden (drop it; it is not
for everybody any more). Of an entry that is hidden only the line that hid it is told: what happens behind a door is
nobody's business, and one that was never public has no line at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commons.api.queries import REMOVED, was_hidden_by
from commons.audience import PUBLIC
from commons.entries.models import Change, Entry, Revision
from commons.room import rooms


def lines(found: Iterable[tuple[Change, Revision | None]]) -> list[dict[str, Any]]:
    return [row for line, revision in found if (row := _line(line, revision))]


def _state(entry: Entry) -> str:
    if entry.audience != PUBLIC or entry.state not in ("live", *REMOVED):
        return "hidden"
    return "live" if entry.state == "live" else "removed"


def _line(line: Change, revision: Revision | None) -> dict[str, Any] | None:
    entry = line.entry
    state = _state(entry)
    if state == "hidden" and not was_hidden_by(revision):
        return None
    row = {
        "seq": line.seq,
        "at": line.at.isoformat(),
        "verb": line.verb,
        "id": entry.id,
        "kind": entry.kind,
        "state": state,
    }
    if state == "hidden":
        return row | {"version": None, "url": None}
    return row | {"version": line.revision or entry.version, "url": rooms().kinds[entry.kind].page(entry)}
