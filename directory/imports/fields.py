"""One cleaner for each field of a row that stands by itself. `warn` is called for what is dropped within a list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from directory.imports.cleaning import Doubtful, kind, line, optional_line, several, unique, whole
from directory.imports.contacts import language_tag, mail_address, telephone, web_address

MOST = 200
Warn = Callable[[str], None]

_GOAL = re.compile(r"(?:sdg|goal|ods|odd)?[\s_-]*0?(\d{1,2})(?:\.\w{1,2})?", re.IGNORECASE)
_YEAR = re.compile(r"\s*(\d{4})(?:-\d\d(?:-\d\d(?:[T ].*)?)?|\.0)?\s*")
_NEXT_ADDRESS = re.compile(r"\s*;\s*|[\s,]+(?=https?:|www\.)")
_SCHEME = re.compile(r"[\w.:-]{1,40}")


class ExternalName(NamedTuple):
    value: str
    language: str = ""
    types: tuple[str, ...] = ()


class Relation(NamedTuple):
    type: str
    id: str = ""
    name: str = ""


def _short(longest: int) -> Callable[[Any, Warn], str]:
    def clean(value: Any, _: Warn) -> str:
        return optional_line(value, longest)

    return clean


def _first(clean: Callable[[Any], str]) -> Callable[[Any, Warn], str]:
    """Of a list the first; of a text with several the first."""

    def first(value: Any, warn: Warn) -> str:
        if not isinstance(value, list):
            return clean(value)
        if len(value) > 1:
            warn(f"has {len(value)} values; the first was taken")
        return clean(value[0]) if value else ""

    return first


def _type(value: Any, _: Warn) -> str:
    first = next(iter(several(value)), "")
    text = re.sub(r"[\s_]+", "-", optional_line(first, 40).lower())
    if len(text) > 40:  # some letters grow when they become small
        raise Doubtful("is longer than 40 characters")
    return text


def further_types(value: Any) -> list[str]:
    return [item for item in value[1:20] if isinstance(item, str)] if isinstance(value, list) else []


def _web(value: Any) -> str:
    """Of several addresses in one text the first."""
    return web_address(_NEXT_ADDRESS.split(value.strip(), maxsplit=1)[0] if isinstance(value, str) else value)


def _founded(value: Any, _: Warn) -> int:
    if isinstance(value, str) and (found := _YEAR.fullmatch(value)):
        value = found[1]
    year = whole(value)
    if not 1000 <= year <= 2100:
        raise Doubtful("is not a year between 1000 and 2100")
    return year


def _lines(longest: int) -> Callable[[Any, Warn], tuple[str, ...]]:
    def clean(value: Any, warn: Warn) -> tuple[str, ...]:
        return _each(value, warn, lambda item: line(item, longest))

    return clean


def _each(value: Any, warn: Warn, clean: Callable[[Any], str], more_marks: str = "") -> tuple[str, ...]:
    items = several(value, more_marks)
    if isinstance(value, dict):
        raise Doubtful(f"is {kind(value)} and not a list")
    if len(items) > MOST:
        warn(f"has {len(items):,} values; the first {MOST} were taken")
    return unique((text for item in items[:MOST] if (text := _tried(item, warn, clean))), MOST)


def _tried(item: Any, warn: Warn, clean: Callable[[Any], str]) -> str:
    try:
        return clean(item)
    except Doubtful as doubt:
        warn(f"one value {doubt}; left out")
        return ""


def _languages(value: Any, warn: Warn) -> tuple[str, ...]:
    return _each(value, warn, language_tag, ",\\s")


def _language(value: Any, _: Warn) -> str:
    return language_tag(value)


def _goal(value: Any) -> str:
    text = line(value, 20)
    found = _GOAL.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 17:
        raise Doubtful(f"“{text}” is not a goal from 1 to 17")
    return found[1]


def _sdgs(value: Any, warn: Warn) -> tuple[int, ...]:
    return tuple(sorted({int(goal) for goal in _each(value, warn, _goal, ",")}))


def _names(value: Any, warn: Warn) -> tuple[ExternalName, ...]:
    found: dict[ExternalName, None] = {}
    for item in several(value)[:MOST]:
        given = item if isinstance(item, dict) else {"value": item}
        name = _tried(given.get("value", ""), warn, lambda text: line(text, 300))
        tag = given.get("language") or given.get("lang") or ""
        language = _tried(tag, warn, language_tag) if tag else ""
        types = given.get("types") or ()
        types = types if isinstance(types, list) else [types] if isinstance(types, str) else ()
        if name:
            found[ExternalName(name, language, tuple(t[:40] for t in types[:10] if isinstance(t, str)))] = None
    return tuple(found)


def _relations(value: Any, warn: Warn) -> tuple[Relation, ...]:
    found: dict[Relation, None] = {}
    for item in several(value)[:MOST]:
        if not isinstance(item, dict):
            warn("one value is not an object with type, id and name; left out")
            continue
        parts = (item.get("type"), item.get("id"), item.get("name") or item.get("label"))
        kind_of, number, name = (
            _tried(part, warn, lambda text, longest=longest: line(text, longest)) if part else ""  # type: ignore[misc]
            for part, longest in zip(parts, (60, 200, 300), strict=True)
        )
        if number or name:
            found[Relation(kind_of.lower() or "related", number, name)] = None
    return tuple(found)


def _external_ids(value: Any, warn: Warn) -> dict[str, str]:
    given = value if isinstance(value, dict) else next((i for i in several(value) if isinstance(i, dict)), None)
    if given is None:
        raise Doubtful(f"is {kind(value) if not isinstance(value, str) else 'a text'} and not an object of schemes")
    found: dict[str, str] = {}
    for scheme, number in list(given.items())[:MOST]:
        first = number[0] if isinstance(number, list) and number else number
        if not _SCHEME.fullmatch(scheme) or first is None or first == "":
            warn("one scheme or number is missing or odd; left out")
        elif text := _tried(first, warn, lambda text: line(text, 200)):
            found[scheme] = text
    return found


CLEANERS: dict[str, Callable[[Any, Warn], Any]] = {
    "source_id": lambda value, _: line(value, 200),
    "aliases": _lines(300),
    "names": _names,
    "type": _type,
    "website": _first(_web),
    "email": _first(mail_address),
    "phone": _first(telephone),
    "region": _short(120),
    "city": _short(120),
    "postcode": _short(20),
    "languages": _languages,
    "founded": _founded,
    "focus": _lines(120),
    "sdgs": _sdgs,
    "external_ids": _external_ids,
    "relations": _relations,
    "status": lambda value, _: optional_line(value, 40).lower(),
    "language": _language,
    "source": lambda value, _: line(value, 120),
    "licence": lambda value, _: line(value, 60),
    "source_date": lambda value, _: line(value, 40),
}
