"""What comes out of a file before anybody asks what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

DEPTH = 20
COLUMNS = 1_000

_FORBIDDEN = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RawRow:
    number: int
    values: dict[str, Any]
    digest: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class BadRow:
    number: int
    reason: str
    line: int = 0
    excerpt: str = ""


class Unreadable(Exception):
    """One row cannot be read; the message is a sentence."""


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def refuse_odd_text(text: str) -> None:
    if found := _FORBIDDEN.search(text):
        raise Unreadable("It contains a NUL character." if found[0] == "\0" else "It contains half of a character.")


def refuse_odd_values(value: Any) -> None:
    """Too deep, or with characters that no database takes. Walks without recursion."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH + 1:
            raise Unreadable(f"It is nested deeper than {DEPTH} levels.")
        level = [part for item in level for part in _parts(item)]


def _parts(item: Any) -> Iterator[Any]:
    if isinstance(item, str):
        refuse_odd_text(item)
    elif isinstance(item, dict):
        for key, value in item.items():
            refuse_odd_text(key)
            yield value
    elif isinstance(item, list):
        yield from item
