"""The versioned fields of an organisation, and what each may hold: one table for forms, API, import and history.

`checked` turns what a person or a program gave into plain data, or raises Invalid with a sentence per field. It knows nothing of
the web; the form shows the same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.room import Field
from commons.text import clean_line, clean_text, problems, safe_url
from commons.web import Invalid
from directory.models import RELATIONS, SCOPES, STATUSES

FIELDS = (
    Field("title", _l("Name")),
    Field("names", _l("Other names"), "list"),
    Field("description", _l("What it does"), "text"),
    Field("type", _l("Type"), "choice"),
    Field("website", _l("Website")),
    Field("email", _l("E-mail"), private=True),
    Field("phone", _l("Phone"), private=True),
    Field("country", _l("Country"), "choice"),
    Field("region", _l("Region")),
    Field("city", _l("Town")),
    Field("postcode", _l("Postcode")),
    Field("lat", _l("Latitude"), "number"),
    Field("lon", _l("Longitude"), "number"),
    Field("scope", _l("Works on which scale"), "choice"),
    Field("language", _l("Language of this text"), "choice"),
    Field("languages", _l("Working languages"), "list"),
    Field("founded", _l("Founded"), "number"),
    Field("focus", _l("Areas of focus"), "list"),
    Field("sdgs", _l("Sustainable Development Goals"), "list"),
    Field("external_ids", _l("Register numbers"), "table"),
    Field("relations", _l("Relations"), "list"),
    Field("status", _l("Status"), "choice"),
    Field("status_note", _l("Why this status")),
    Field("successor_id", _l("Successor"), "choice"),
    Field("confirmed", _l("Confirmed on")),
    Field("licence", _l("Licence"), "choice"),
    Field("extra", _l("Further fields of the source"), "table"),
)
PRIVATE = frozenset(field.name for field in FIELDS if field.private)
LIMITS = {
    "title": 300,
    "region": 120,
    "city": 120,
    "postcode": 20,
    "phone": 60,
    "type": 40,
    "licence": 60,
    "status_note": 500,
}
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "QO", "ZZ", "XA", "XB")
)


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned. Fields that are not named stay as they are; unknown names are refused."""
    done: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        check = CHECKS.get(name)
        try:
            if check is None:
                raise ValueError(_("This field does not exist."))
            done[name] = check(name, value)
        except (ValueError, TypeError, KeyError) as fault:
            faults[name] = str(fault) if isinstance(fault, ValueError) else _("This does not have the right form.")
    if faults:
        raise Invalid(faults)
    return done


def _line(name: str, value: Any) -> str:
    text = _string(value)
    if sentence := problems(text, lines=False, limit=LIMITS.get(name, 300)):
        raise ValueError(sentence)
    return clean_line(text)


def _title(name: str, value: Any) -> str:
    text = _line(name, value)
    if not text:
        raise ValueError(_("Enter the organisation's name."))
    return text


def _text(name: str, value: Any) -> str:
    text = _string(value)
    if sentence := problems(text, lines=True, limit=20_000):
        raise ValueError(sentence)
    return clean_text(text)


def _string(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(_("This has to be text."))
    return value


def _website(name: str, value: Any) -> str:
    text = clean_line(_string(value)).replace(" ", "")
    if not text:
        return ""
    address = safe_url(text if "://" in text or ":" in text.split("/")[0] else f"https://{text}")
    if address is None or len(address) > 500 or "." not in address.split("/")[2]:
        raise ValueError(_("Enter a web address like https://example.org."))
    return address


def _email(name: str, value: Any) -> str:
    text = clean_line(_string(value)).replace(" ", "")
    if text and (len(text) > 254 or not EMAIL.fullmatch(text)):
        raise ValueError(_("Enter an e-mail address like name@example.org."))
    return text


def _choice(*choices: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        text = _string(value)
        if text not in choices:
            raise ValueError(_("Choose one of the list."))
        return text

    return check


def _country(name: str, value: Any) -> str:
    code = _string(value).upper()
    if code and code not in COUNTRIES:
        raise ValueError(_("Choose a country of the list."))
    return code


def _number(low: float, high: float, whole: bool) -> Callable[[str, Any], float | int | None]:
    def check(name: str, value: Any) -> float | int | None:
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


def _several(item: Callable[[Any], Any], limit: int) -> Callable[[str, Any], list[Any]]:
    def check(name: str, value: Any) -> list[Any]:
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


def _language(value: Any) -> str:
    code = _string(value)
    if code and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", code):
        raise ValueError(_("Choose a language of the list."))
    return code


def _goal(value: Any) -> int:
    if (
        isinstance(value, bool)
        or not str(value).isascii()
        or not str(value).isdigit()
        or not 1 <= int(str(value)[:3]) <= 17
    ):
        raise ValueError(_("Choose goals from 1 to 17."))
    return int(value)


def _id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise ValueError(_("This does not have the right form."))
    return value


def _name(value: Any) -> dict[str, Any]:
    row = {"value": value} if isinstance(value, str) else dict(value)
    text = _line("title", row.get("value"))
    if not text:
        raise ValueError(_("A name is empty."))
    types = sorted({_line("type", one) for one in row.get("types") or ()})
    return {"value": text, "language": _language(row.get("language")), "types": types}


def _relation(value: Any) -> list[Any]:
    type, other, name = value
    if type not in RELATIONS:
        raise ValueError(_("Choose one of the list."))
    if isinstance(other, str):
        return [type, _line("id at the source", other), _title("title", name)]
    return [type, _id(other) if other is not None else None, _title("title", name)]


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > 60:
        raise ValueError(_("This does not have the right form."))
    return {_line("type", key): _line(name, str(one)) for key, one in value.items() if key and one not in ("", None)}


def _day(name: str, value: Any) -> str:
    text = _string(value)
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ValueError(_("Enter a date like 2026-03-12.")) from None


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "title": _title,
    "names": _several(_name, 200),
    "description": _text,
    "website": _website,
    "email": _email,
    "country": _country,
    "lat": _number(-90, 90, False),
    "lon": _number(-180, 180, False),
    "scope": _choice(*SCOPES),
    "language": lambda _name, value: _language(value),
    "languages": _several(_language, 60),
    "founded": _number(1000, 2100, True),
    "focus": lambda name, value: sorted(_several(_id, 40)(name, value)),
    "sdgs": lambda name, value: sorted(_several(_goal, 17)(name, value)),
    "external_ids": _table,
    "relations": lambda name, value: sorted(_several(_relation, 200)(name, value), key=str),
    "status": _choice(*STATUSES),
    "successor_id": lambda _name, value: None if value in (None, "") else _id(value),
    "confirmed": _day,
    "extra": lambda name, value: dict(value),
    **dict.fromkeys(("type", "phone", "region", "city", "postcode", "status_note", "licence"), _line),
}
