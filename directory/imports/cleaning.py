"""Cleaning of single values. Each function gives the cleaned value or raises `Doubtful` with a sentence."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
NOT_TEXT = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
NOTHING = {"n/a", "na", "none", "null", "nil", "-", "--", ".", "?", "unknown", "undefined", "tbc", "tbd", "#n/a", "nan"}

_DROPPED = re.compile(f"[{BIDI}{INVISIBLE}{NOT_TEXT}]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_MARK = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACKED = re.compile(f"([{_MARK}]{{4}})[{_MARK}]+")
_MARKS = re.compile(r"\s*[;|\n]\s*")


class Doubtful(Exception):
    """A value that is left out; the message is a sentence."""


def cleaned(text: str) -> str:
    """Composed, without control, invisible and direction characters. Joiners stay: Persian and emoji need them."""
    if not text.isascii():
        text = _composed(text)
    if text.isprintable():
        return text
    for end in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return _DROPPED.sub("", text)


def _composed(text: str) -> str:
    """Marks piled on one letter are cut after the fourth."""
    return _STACKED.sub(r"\1", unicodedata.normalize("NFC", text))


def line(value: Any, longest: int) -> str:
    """One line of text."""
    text = value if type(value) is str else _text(value)
    if not (text.isascii() and text.isprintable()):
        text = cleaned(text)
    if "  " in text or text[:1].isspace() or text[-1:].isspace() or not text.isprintable():
        text = " ".join(text.split())
    if len(text) > longest:
        raise Doubtful(f"is longer than {longest:,} characters")
    return text


def optional_line(value: Any, longest: int) -> str:
    text = line(value, longest)
    return "" if text.lower() in NOTHING else text


def paragraphs(value: Any, longest: int) -> str:
    text = _SPACES.sub(" ", cleaned(_text(value)))
    text = _BLANK_LINES.sub("\n\n", "\n".join(map(str.strip, text.split("\n")))).strip()
    if len(text) > longest:
        raise Doubtful(f"is longer than {longest:,} characters")
    return "" if text.lower() in NOTHING else text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value).removesuffix(".0")
    raise Doubtful(f"is {kind(value)} and not a text")


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number out of range"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else "nothing"


def several(value: Any, more_marks: str = "") -> list[Any]:
    """A list, the JSON text of a list or object (as in CSV), or a text with `;` or `|` between its parts."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        return [value]
    if value.lstrip()[:1] in ("[", "{") and len(value) < 100_000:
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, (list, dict)):
            return found if isinstance(found, list) else [found]
    parts = re.split(f"[;|\n{more_marks}]", value) if more_marks else _MARKS.split(value)
    return [part for part in map(str.strip, parts) if part]


def unique(items: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))[:most]


def number(value: Any) -> float:
    if isinstance(value, str):
        value = value.strip().replace(",", ".", 1)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Doubtful(f"is {kind(value)} and not a number")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise Doubtful("is not a number") from None
    if not math.isfinite(found):
        raise Doubtful("is not a number")
    return found


def whole(value: Any) -> int:
    found = number(value)
    if found != int(found) or abs(found) > 1 << 53:
        raise Doubtful("is not a whole number")
    return int(found)
