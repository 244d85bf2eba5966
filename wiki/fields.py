"""The versioned fields of a page, and what each may hold: one table for forms, API, import and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.values import Check, areas, choice, day, language, line, number, number_of_entry, text
from commons.entries.values import checked as values_checked
from commons.room import Field, rooms
from commons.text import PAGE
from wiki.outlines import OUTLINES

FIELDS = (
    Field("title", _l("Title")),
    Field("summary", _l("In one sentence")),
    Field("text", _l("Text"), "text"),
    Field("language", _l("Language"), "choice"),
    Field("focus", _l("Areas of focus"), "list"),
    Field("licence", _l("Licence"), "choice"),
    Field("outline", _l("Outline"), "choice"),
    Field("review_by", _l("To be looked at by")),
    Field("translation_of", _l("Translation of"), "choice"),
    Field("translated_version", _l("Version of the original that it says"), "number"),
)
LICENCES = ("CC BY-SA 4.0", "CC BY 4.0", "CC0 1.0")
UNFIT = "[]|#<>{}"  # would break the links to it


def checked(values: Mapping[str, Any], *, longest: int = PAGE) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid. `longest`: a page that is larger already may stay so."""
    return values_checked(CHECKS | {"text": text(max(PAGE, longest))}, values)


def _title(value: Any) -> str:
    title: str = line(200)(value)
    if not title:
        raise ValueError(_("A page needs a title."))
    if unfit := [sign for sign in UNFIT if sign in title]:
        raise ValueError(_("The title cannot hold the sign %(sign)s, or links to it would break.", sign=unfit[0]))
    kind, colon, _rest = title.partition(":")
    if colon and kind.strip().lower() in rooms().kinds:
        raise ValueError(
            _("“%(kind)s:” at the beginning means another kind of thing in links. Begin differently.", kind=kind)
        )
    return title


CHECKS: dict[str, Check] = {
    "title": _title,
    "summary": line(300),
    "language": language,
    "focus": areas,
    "licence": line(60),
    "outline": choice("", *OUTLINES),
    "review_by": day,
    "translation_of": lambda value: None if value in (None, "") else number_of_entry(value),
    "translated_version": lambda value: number(0, 10**6, True)(value) or 0,
}
