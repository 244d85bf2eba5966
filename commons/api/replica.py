"""The public log as lines for programs that keep a copy.

A line says what its entry is today: live (read it again), removed (its address says why) or hidden (drop it; it is not
for everybody any more). Of an entry that is hidden only the line that hid it is told: what happens behind a door is
nobody's business, and one that was never public has no line at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commons.api.queries import hiding
from commons.api.searching import exposed_kinds
from commons.audience import PUBLIC
from commons.entries.models import Change, Entry
from commons.room import rooms

REMOVED = ("deleted", "suppressed")


def lines(found: Sequence[tuple[Change, Entry]]) -> list[dict[str, Any]]:
    shown = exposed_kinds()
    told_of = [one for one in found if one[0].verb != "asked"]  # what one person asked another is nobody else's affair
    open_here = [(line, entry, _state(entry)) for line, entry in told_of if entry.kind in shown]
    told = hiding([line for line, _entry, state in open_here if state == "hidden"])
    return [_row(line, entry, state) for line, entry, state in open_here if state != "hidden" or line.seq in told]


def _state(entry: Entry) -> str:
    if entry.audience != PUBLIC or entry.state not in ("live", *REMOVED):
        return "hidden"
    return "live" if entry.state == "live" else "removed"


def _row(line: Change, entry: Entry, state: str) -> dict[str, Any]:
    is_hidden = state == "hidden"
    return {
        **{"seq": line.seq, "at": line.at.isoformat(), "verb": line.verb},
        **{"id": entry.id, "kind": entry.kind, "state": state},
        "version": None if is_hidden else line.revision or entry.version,
        "url": None if is_hidden else rooms().kinds[entry.kind].page(entry),
    }
