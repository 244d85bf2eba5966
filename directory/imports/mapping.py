"""Mapping files: how the fields of a source become ours, told in JSON and never in code.

A file in `directory/mappings/` has a `name`, an `about`, the `licence`, the `source` (title, from, date, attribution),
what it `matches`, its `fields` (ours, each with a rule as in `rules.py`) and may have `skip_when` (conditions with a
reason), `leave_out` (fields that are not wanted) and `keep` (fields that a rule reads and that are kept as they were).
What no rule reads is kept under `extra`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from directory.imports.fields import CLEANERS
from directory.imports.rules import EMPTY, BadMapping, Rule, choices_of, compiled, fields_of

__all__ = ["BadMapping", "FieldMapping", "Skipped", "Source", "choose_mapping", "load_mapping", "mapping_names"]

MAPPINGS = Path(__file__).parent.parent / "mappings"
PLAIN = "plain"
OWN = {"name", "description", "country", "lat", "lon"}
TARGETS = OWN | CLEANERS.keys()
KEYS = {"name", "about", "licence", "source", "matches", "fields", "skip_when", "leave_out", "keep"}


@dataclass(frozen=True, slots=True)
class Source:
    title: str = ""
    address: str = ""
    date: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    reason: str


@dataclass(frozen=True, slots=True)
class FieldMapping:
    name: str
    about: str
    licence: str
    source: Source
    matches: Mapping[str, list[str]]
    rules: tuple[tuple[str, str, Rule | None], ...]
    read: frozenset[str]
    choices: tuple[tuple[str, ...], ...]
    skips: tuple[tuple[Rule, Mapping[str, Any], str], ...]

    def apply(self, values: Mapping[str, Any]) -> dict[str, Any] | Skipped:
        for rule, condition, reason in self.skips:
            if _holds(rule(values), condition):
                return Skipped(reason)
        mapped = {
            target: value
            for target, field, rule in self.rules
            if (value := values.get(field) if rule is None else rule(values)) or value == 0
        }
        extra = {field: value for field, value in values.items() if field not in self.read and (value or value == 0)}
        for choice in self.choices:
            found = [(field, values[field]) for field in choice if values.get(field) not in EMPTY]
            extra.update((field, value) for field, value in found[1:] if value != found[0][1])
        given = extra.pop("extra", None)
        if given is not None:
            extra |= given if isinstance(given, dict) else {"extra": given}
        if extra:
            mapped["extra"] = extra
        return mapped


def mapping_names() -> list[str]:
    return sorted(path.stem for path in MAPPINGS.glob("*.json"))


@cache
def load_mapping(name: str) -> FieldMapping:
    """A mapping file by its name, or by its path if it ends in .json."""
    if name not in mapping_names() and not name.endswith(".json"):
        raise BadMapping(f"There is no mapping “{name}”. There are: {', '.join(mapping_names())}.")
    path = Path(name) if name.endswith(".json") else MAPPINGS / f"{name}.json"
    try:
        return read_mapping(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise BadMapping(f"The mapping “{name}” cannot be read: {error}") from error


def read_mapping(content: Any) -> FieldMapping:
    if not isinstance(content, dict) or not isinstance(content.get("fields"), dict):
        raise BadMapping("A mapping is an object with fields.")
    if unknown := (content.keys() - KEYS) | (content["fields"].keys() - TARGETS):
        raise BadMapping(f"Unknown in a mapping: {', '.join(sorted(unknown))}.")
    fields, skips, unwanted = content["fields"], content.get("skip_when", []), set(content.get("leave_out", []))
    read = {field for rule in fields.values() for field in fields_of(rule)}
    choices = (choice for rule in fields.values() for choice in choices_of(rule))
    origin = content.get("source", {})
    return FieldMapping(
        name=str(content.get("name", "")),
        about=str(content.get("about", "")),
        licence=str(content.get("licence", "")),
        source=Source(*(str(origin.get(key, "")) for key in ("title", "from", "date", "attribution"))),
        matches=content.get("matches", {}),
        rules=tuple(_prepared(target, rule) for target, rule in fields.items()),
        read=frozenset((read | unwanted) - set(content.get("keep", []))),
        choices=tuple(tuple(field for field in choice if field not in unwanted) for choice in choices),
        skips=tuple((compiled(skip["field"]), skip, str(skip.get("reason", "left out"))) for skip in skips),
    )


def _prepared(target: str, rule: Any) -> tuple[str, str, Rule | None]:
    """Most rules are plain copies; they are spared the call."""
    return (target, rule, None) if isinstance(rule, str) else (target, "", compiled(rule))


def choose_mapping(named: str = "", *, source: str = "", first_rows: Sequence[Mapping[str, Any]] = ()) -> FieldMapping:
    """The one that was asked for; else the one for this source; else the one whose marks the first rows bear."""
    if named:
        return load_mapping(named)
    mappings = [load_mapping(name) for name in mapping_names() if name != PLAIN]
    for mapping in mappings:
        if source and source in (mapping.name, *mapping.matches.get("sources", [])):
            return mapping
    keys = {key for row in first_rows for key in row}
    ids = [str(row.get("id", "")) for row in first_rows]
    fitting = (mapping for mapping in mappings if _fits(mapping.matches, keys, ids))
    return next(fitting, None) or load_mapping(PLAIN)


def _fits(marks: Mapping[str, list[str]], keys: set[str], ids: list[str]) -> bool:
    if not ids or not marks.get("fields"):
        return False
    return keys.issuperset(marks["fields"]) and all(_starts(given, marks.get("ids", [""])) for given in ids)


def _starts(text: str, starts: Iterable[str]) -> bool:
    return text.startswith(tuple(starts))


def _holds(value: Any, condition: Mapping[str, Any]) -> bool:
    given = value if isinstance(value, list) else [value]
    if "missing" in condition:
        return bool(condition["missing"]) == (value in EMPTY)
    if "is" in condition:
        wanted = condition["is"] if isinstance(condition["is"], list) else [condition["is"]]
        return any(item in wanted for item in given)
    starts = condition.get("starts", [])
    return any(isinstance(item, str) and item.startswith(tuple(starts)) for item in given)
