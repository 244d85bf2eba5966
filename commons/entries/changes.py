"""How a revision keeps what changed in a field: both values; of a long text only the lines that differ.

Either way the value before can be had from the value after, and the other way round, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commons.text import hunks, redone, undone

LONG = 400  # characters; a shorter text is kept whole, so that an export can be read by eye
Stored = dict[str, Any]  # field: [old, new] or {"hunks": …}


def stored(changes: Mapping[str, list[Any]]) -> Stored:
    """{field: [old, new]} as a revision keeps it."""
    return {name: _stored(*pair) for name, pair in changes.items()}


def _stored(old: Any, new: Any) -> Any:
    if not isinstance(old, str) or not isinstance(new, str) or max(len(old), len(new)) <= LONG:
        return [old, new]
    found = hunks(old, new)
    size = sum(len(line) for _at, *sides in found for lines in sides for line in lines)
    return {"hunks": found} if size < len(old) + len(new) else [old, new]


def before(after: Any, change: Any) -> Any:
    return undone(after, change["hunks"]) if isinstance(change, dict) else change[0]


def after(before: Any, change: Any) -> Any:
    return redone(before, change["hunks"]) if isinstance(change, dict) else change[1]
