"""The few declarative rules of which a mapping file is made.

A rule is a field's name, or an object with one of the verbs of `VERBS` and any of the changes of `CHANGES`:

    "founded": "year"                                          copy
    "name": {"copy": ["title", "label"]}                       the first that is there
    "description": {"join": ["mission", "programs"]}           with a blank line between; the same text only once
    "focus": {"list": ["topics", "tags"], "table": {"Water": "water"}}
    "country": {"constant": "GB"}
    "external_ids": {"external_ids": {"GB-CHC": {"copy": "id", "without": "GB-CHC-"}}}
    "names": {"names": "names"}                                [{value, language, types}] out of what looks like it
    "relations": {"relations": "relationships"}                [{type, id, name}] likewise

Changes, in this order: `split` a text at a mark; `replace` marks in a text; take away in front what stands in `without`
(where it is missing the value is left out); put `prefix` in front; repair the `case` of a `name`, a `place` or a
`sentence` (with `proper` the fields whose words are names); pick by `table`, `by` the whole value or its longest
`prefix`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from directory.imports.casing import name_case, place_case, sentence_case

Values = Mapping[str, Any]
Rule = Callable[[Values], Any]
Change = Callable[[Any, Values], Any]
EMPTY: tuple[Any, ...] = (None, "", [], {})


class BadMapping(ValueError):
    """A mapping file says something that is not understood; the message is a sentence."""


def compiled(rule: Any) -> Rule:
    if isinstance(rule, str):
        return lambda values: values.get(rule)
    if not isinstance(rule, dict):
        raise BadMapping(f"A rule is a field's name or an object, not {rule!r}.")
    verbs = [verb for verb in VERBS if verb in rule]
    if len(verbs) != 1 or (unknown := rule.keys() - VERBS.keys() - CHANGES.keys() - SETTINGS):
        found = ", ".join(verbs) if len(verbs) != 1 else ", ".join(sorted(unknown))
        raise BadMapping(f"A rule has one of {', '.join(VERBS)} and known changes; found: {found or 'none'}.")
    source = VERBS[verbs[0]](rule[verbs[0]], rule)
    changes = [CHANGES[change](rule[change], rule) for change in CHANGES if change in rule]
    if not changes:
        return source

    def apply(values: Values) -> Any:
        value = source(values)
        for change in changes:
            value = change(value, values)
        return value

    return apply


def fields_of(rule: Any) -> set[str]:
    """The fields of the source that a rule reads."""
    if isinstance(rule, str):
        return {rule}
    read: set[str] = set()
    for verb in (VERBS.keys() & rule.keys()) - {"constant"}:
        asked = rule[verb]
        parts = asked.values() if verb == "external_ids" else asked if isinstance(asked, list) else [asked]
        read.update(*map(fields_of, parts))
    return read


def choices_of(rule: Any) -> list[list[str]]:
    """Fields of which a rule takes only one, so that the others can be kept elsewhere."""
    if not isinstance(rule, dict):
        return []
    if isinstance(rule.get("copy"), list):
        return [rule["copy"]]
    return [choice for verb in ("names", "relations") for choice in choices_of(rule.get(verb))]


def _copy(asked: str | list[str], _: Values) -> Rule:
    if isinstance(asked, str):
        return lambda values: values.get(asked)
    return lambda values: next((value for field in asked if (value := values.get(field)) not in EMPTY), None)


def _join(asked: list[str], rule: Values) -> Rule:
    between = str(rule.get("with", "\n\n"))

    def join(values: Values) -> Any:
        found = [value for field in asked if (value := values.get(field)) not in EMPTY]
        if len(found) == 1 and not isinstance(found[0], dict):
            return found[0]
        texts: dict[str, None] = {}
        for text in (text for value in found for text in _texts(value)):
            texts[text.strip()] = None
        return between.join(texts) or None

    return join


def _list(asked: list[str], _: Values) -> Rule:
    return lambda values: [item for field in asked for item in _several(values.get(field))]


def _external_ids(asked: dict[str, Any], _: Values) -> Rule:
    rules = {scheme: compiled(rule) for scheme, rule in asked.items()}

    def external_ids(values: Values) -> dict[str, Any]:
        found = {scheme: rule(values) for scheme, rule in rules.items()}
        given = found.pop("*", None)
        return (given if isinstance(given, dict) else {}) | {k: v for k, v in found.items() if v not in EMPTY}

    return external_ids


def _shape(names: dict[str, tuple[str, ...]]) -> Callable[[Any, Values], Rule]:
    def shaped(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        return {ours: item[theirs] for ours, them in names.items() for theirs in them if theirs in item}

    def shape(asked: Any, _: Values) -> Rule:
        source = compiled(asked)
        return lambda values: [shaped(item) for item in _several(source(values))]

    return shape


def _split(mark: str, _: Values) -> Change:
    def split(value: Any, _: Values) -> Any:
        texts = (part for item in _several(value) for part in (item.split(mark) if isinstance(item, str) else [item]))
        return [text.strip() if isinstance(text, str) else text for text in texts if text not in EMPTY]

    return split


def _replace(table: dict[str, str], _: Values) -> Change:
    def replace(text: str) -> str:
        for old, new in table.items():
            text = text.replace(old, new)
        return text

    return _on_texts(replace)


def _without(start: str, _: Values) -> Change:
    return _on_texts(lambda text: text[len(start) :] if text.startswith(start) else None)


def _prefix(start: str, _: Values) -> Change:
    return _on_texts(lambda text: start + text)


def _case(case: str, rule: Values) -> Change:
    if case in ("name", "place"):
        return _on_texts(name_case if case == "name" else place_case)
    if case != "sentence":
        raise BadMapping(f"The case is name, place or sentence, not {case!r}.")
    proper = rule.get("proper", ())

    def sentence(value: Any, values: Values) -> Any:
        names = [name_case(name) for field in proper if isinstance(name := values.get(field), str)]
        if not isinstance(value, str):
            return value
        return "\n\n".join(sentence_case(paragraph, names) for paragraph in value.split("\n\n"))

    return sentence


def _table(table: dict[str, Any], rule: Values) -> Change:
    by = rule.get("by", "whole")
    longest = max(map(len, table), default=0)

    def picked(key: str) -> Any:
        if by == "whole":
            return table.get(key)
        return next((table[key[:end]] for end in range(min(len(key), longest), 0, -1) if key[:end] in table), None)

    def pick(value: Any, _: Values) -> Any:
        if isinstance(value, list):
            found = (part for item in value if isinstance(item, str) for part in _several(picked(item)))
            return list(dict.fromkeys(found))
        return picked(value) if isinstance(value, str) else None

    return pick


def _on_texts(change: Callable[[str], str | None]) -> Change:
    def apply(value: Any, _: Values) -> Any:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, list):
            return [
                changed for item in value if (changed := change(item) if isinstance(item, str) else item) is not None
            ]
        return value

    return apply


def _texts(value: Any) -> Iterator[str]:
    """Also those of an object with a text for each language."""
    items = value.values() if isinstance(value, dict) else _several(value)
    return (item for item in items if isinstance(item, str))


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else () if value in EMPTY else (value,)


VERBS: dict[str, Callable[[Any, Values], Rule]] = {
    "copy": _copy,
    "join": _join,
    "list": _list,
    "constant": lambda constant, _: lambda values: constant,
    "external_ids": _external_ids,
    "names": _shape({"value": ("value",), "language": ("language", "lang"), "types": ("types",)}),
    "relations": _shape({"type": ("type",), "id": ("id",), "name": ("name", "label")}),
}
CHANGES: dict[str, Callable[[Any, Values], Change]] = {
    "split": _split,
    "replace": _replace,
    "without": _without,
    "prefix": _prefix,
    "case": _case,
    "table": _table,
}
SETTINGS = {"with", "proper", "by"}
