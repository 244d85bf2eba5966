"""The versioned fields of an organisation, and what each may hold: one table for forms, API, import and history.

`checked` turns what a person or a program gave into plain data, or raises Invalid with a sentence per field. It knows nothing of
the web; the form shows the same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.values import (
    Check,
    areas,
    choice,
    day,
    language,
    line,
    number,
    number_of_entry,
    several,
    string,
    text,
)
from commons.entries.values import checked as values_checked
from commons.room import Field
from commons.text import clean_line, safe_url
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
    return values_checked(CHECKS, values)


def _title(value: Any) -> str:
    text: str = line(300)(value)
    if not text:
        raise ValueError(_("Enter the organisation's name."))
    return text


def _website(value: Any) -> str:
    text = clean_line(string(value)).replace(" ", "")
    if not text:
        return ""
    address = safe_url(text if "://" in text or ":" in text.split("/")[0] else f"https://{text}")
    if address is None or len(address) > 500 or "." not in address.split("/")[2]:
        raise ValueError(_("Enter a web address like https://example.org."))
    return address


def _email(value: Any) -> str:
    text = clean_line(string(value)).replace(" ", "")
    if text and (len(text) > 254 or not EMAIL.fullmatch(text)):
        raise ValueError(_("Enter an e-mail address like name@example.org."))
    return text


def _country(value: Any) -> str:
    code = string(value).upper()
    if code and code not in COUNTRIES:
        raise ValueError(_("Choose a country of the list."))
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


def _name(value: Any) -> dict[str, Any]:
    row = {"value": value} if isinstance(value, str) else dict(value)
    text = line(300)(row.get("value"))
    if not text:
        raise ValueError(_("A name is empty."))
    types = sorted({line(40)(one) for one in row.get("types") or ()})
    return {"value": text, "language": language(row.get("language")), "types": types}


def _relation(value: Any) -> list[Any]:
    type, other, name = value
    if type not in RELATIONS:
        raise ValueError(_("Choose one of the list."))
    if isinstance(other, str):
        return [type, line(300)(other), _title(name)]
    return [type, number_of_entry(other) if other is not None else None, _title(name)]


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > 60:
        raise ValueError(_("This does not have the right form."))
    return {line(40)(key): line(300)(str(one)) for key, one in value.items() if key and one not in ("", None)}


CHECKS: dict[str, Check] = {
    "title": _title,
    "names": several(_name, 200),
    "description": text(20_000),
    "website": _website,
    "email": _email,
    "country": _country,
    "lat": number(-90, 90, False),
    "lon": number(-180, 180, False),
    "scope": choice(*SCOPES),
    "language": language,
    "languages": several(language, 60),
    "founded": number(1000, 2100, True),
    "focus": areas,
    "sdgs": lambda value: sorted(several(_goal, 17)(value)),
    "external_ids": _table,
    "relations": lambda value: sorted(several(_relation, 200)(value), key=str),
    "status": choice(*STATUSES),
    "successor_id": lambda value: None if value in (None, "") else number_of_entry(value),
    "confirmed": day,
    "extra": dict,
    **{name: line(limit) for name, limit in LIMITS.items()},
}
