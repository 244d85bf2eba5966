"""What no field of ours takes, kept within bounds."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from directory.imports.cleaning import cleaned

KEYS, KEY, TEXT, WHOLE, DEPTH = 100, 100, 5_000, 20_000, 4


def bounded_extra(extra: Any, warn: Callable[[str], None]) -> dict[str, Any]:
    """Cleaned like everything else, at most 100 fields and 20,000 characters of JSON; what is too much is named."""
    given = extra if isinstance(extra, dict) else {"extra": extra}
    kept: dict[str, Any] = {}
    size, left_out = 0, []
    for key, value in given.items():
        name = cleaned(str(key)).strip()[:KEY]
        if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= TEXT:
            found: Any = value
            size += len(value)
        elif type(value) is int and abs(value) < 1 << 53:
            found = value
            size += 20
        else:
            found = _plain(value, DEPTH)
            size += len(json.dumps(found, ensure_ascii=False))
        if not name or found is None or size > WHOLE or len(kept) >= KEYS:
            left_out.append(name)
        else:
            kept[name] = found
    if left_out:
        more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
        warn(f"too much or not to be kept, left out: {', '.join(left_out[:5])}{more}")
    return kept


def _plain(value: Any, depth: int) -> Any:
    """JSON that every database and every reader takes; None where there is nothing to keep."""
    if isinstance(value, str):
        text = cleaned(value)
        return text if len(text) <= TEXT else text[:TEXT] + "…"
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else str(value) if abs(value) < 10**40 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth == 0:
        return None
    if isinstance(value, list):
        return [found for item in value[:200] if (found := _plain(item, depth - 1)) is not None]
    if isinstance(value, dict):
        pairs = ((cleaned(str(key))[:KEY], _plain(item, depth - 1)) for key, item in list(value.items())[:KEYS])
        return {key: found for key, found in pairs if key and found is not None}
    return None
