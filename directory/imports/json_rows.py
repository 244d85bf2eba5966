"""One JSON object per line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from commons.text.lines import Decoder
from directory.imports.raw import DEPTH, BadRow, RawRow, Unreadable, digest, refuse_odd_text, refuse_odd_values

_ODD_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_KINDS = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number", type(None): "null"}


def json_rows(lines: Iterator[bytes | None], decoder: Decoder, limit: int) -> Iterator[RawRow | BadRow]:
    number = 0
    for at, line in enumerate(lines, start=1):
        if line is None:
            number += 1
            yield BadRow(number, f"The line is longer than {limit:,} bytes.", at)
            continue
        content = line.strip()
        if not content:
            continue
        number += 1
        text = decoder.text(content, at)
        if number == 1 and text in ("[", "{"):
            yield BadRow(1, "This is one JSON value over many lines: write one object per line (JSON Lines).", at, text)
            return
        try:
            yield RawRow(number, json_object(text), digest(content), at)
        except Unreadable as refusal:
            yield BadRow(number, str(refusal), at, text[:200])


def json_object(text: str) -> dict[str, Any]:
    try:
        value = _decode(text)
    except RecursionError:
        raise Unreadable(f"It is nested deeper than {DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"It is not valid JSON: {error.msg} at character {error.pos + 1}.") from None
    except ValueError:
        raise Unreadable("It contains a number with too many digits.") from None
    if not isinstance(value, dict):
        raise Unreadable(f"It is {_KINDS[type(value)]} and not an object with fields.")
    refuse_odd_text(text)
    if text.count("{") + text.count("[") > DEPTH or _ODD_ESCAPE.search(text):
        refuse_odd_values(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(f"The field “{twice[:60]}” stands in it twice.")
    return values


def _no_number(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not a number that JSON knows.")


_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number).decode
