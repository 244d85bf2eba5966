"""What a versioned field may hold: the checks that kinds build their tables from.

A check takes what a person or a program gave and returns plain data, or raises ValueError with the sentence for the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from commons.text import clean_line, clean_text, problems
from commons.web import Invalid

Check = Callable[[Any], Any]


def checked(checks: Mapping[str, Check], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned. Fields that are not named stay as they are; unknown names are refused."""
    done: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        check = checks.get(name)
        try:
            if check is None:
                raise ValueError(_("This field does not exist."))
            done[name] = check(value)
        except (ValueError, TypeError, KeyError) as fault:
            faults[name] = str(fault) if isinstance(fault, ValueError) else _("This does not have the right form.")
    if faults:
        raise Invalid(faults)
    return done


def string(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(_("This has to be text."))
    return value


def line(limit: int) -> Check:
    def check(value: Any) -> str:
        text = string(value)
        if sentence := problems(text, lines=False, limit=limit):
            raise ValueError(sentence)
        return clean_line(text)

    return check


def text(limit: int) -> Check:
    def check(value: Any) -> str:
        found = string(value)
        if sentence := problems(found, lines=True, limit=limit):
            raise ValueError(sentence)
        return clean_text(found)

    return check


def choice(*choices: str) -> Check:
    def check(value: Any) -> str:
        found = string(value)
        if found not in choices:
            raise ValueError(_("Choose one of the list."))
        return found

    return check


def number(low: float, high: float, whole: bool) -> Check:
    def check(value: Any) -> float | int | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 30):
            raise ValueError(_("Enter a number."))
        try:
            figure = float(value)
        except (ValueError, TypeError, OverflowError):
            raise ValueError(_("Enter a number.")) from None
        if not low <= figure <= high or (whole and figure != int(figure)):
            raise ValueError(_("Enter a number from %(low)s to %(high)s.", low=f"{low:g}", high=f"{high:g}"))
        return int(figure) if whole else round(figure, 6)

    return check


def several(item: Check, limit: int) -> Check:
    """A list without repetitions, in the order given."""

    def check(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise ValueError(_("This has to be a list."))
        if len(value) > limit:
            raise ValueError(_("At most %(limit)s.", limit=limit))
        found: list[Any] = []
        for one in map(item, value):
            if one not in found:
                found.append(one)
        return found

    return check


def number_of_entry(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError(_("This does not have the right form."))
    return value


def language(value: Any) -> str:
    code = string(value)
    if code and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", code):
        raise ValueError(_("Choose a language of the list."))
    return code


def day(value: Any) -> str:
    found = string(value)
    try:
        return date.fromisoformat(found).isoformat() if found else ""
    except ValueError:
        raise ValueError(_("Enter a date like 2026-03-12.")) from None


def areas(value: Any) -> list[int]:
    return sorted(several(number_of_entry, 40)(value))
