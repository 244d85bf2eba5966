"""The one table of what a field of an announcement may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.announcements.models import LONGEST_TEXT, LONGEST_TITLE, MOST_DAYS, Announcement
from commons.config import LANGUAGES
from commons.db import now
from commons.room import Field
from commons.text import clean_line, markdown, problems
from commons.web import Invalid

TITLES = {"en": _l("Title in English"), "fr": _l("Title in French"), "es": _l("Title in Spanish")}
TEXTS = {"en": _l("Text in English"), "fr": _l("Text in French"), "es": _l("Text in Spanish")}
WORDS = tuple(f"{name}_{code}" for code in LANGUAGES for name in ("title", "text"))
FIELDS = (
    Field("title", _l("Title")),
    *(Field(f"title_{code}", TITLES[code]) for code in LANGUAGES),
    *(Field(f"text_{code}", TEXTS[code]) for code in LANGUAGES),
    Field("begins", _l("First day")),
    Field("until", _l("Last day")),
    Field("asks", _l("Asks for a confirmation"), "choice"),
)
NAMES = frozenset(field.name for field in FIELDS)
INLINE = frozenset({"p", "a", "em", "strong", "code", "del", "br", "bdi", "span"})


def today() -> date:
    return now().date()


def checked(values: Mapping[str, Any], announcement: Announcement | None = None) -> dict[str, Any]:
    """Plain values, with what stays as it was, and the title that follows from them. Raises Invalid."""
    faults: dict[str, str] = {name: _("This field does not exist.") for name in values if name not in NAMES}
    faults |= {name: _("This has to be text.") for name in NAMES & values.keys() if not isinstance(values[name], str)}
    if faults:
        raise Invalid(faults)
    given = {name: clean_line(value) for name, value in values.items() if name != "title"}
    for name in WORDS:
        if sentence := _fault(name, values.get(name, "")):
            faults[name] = sentence
    whole = {name: announcement.value(name) if announcement else "" for name in NAMES} | given
    faults = _languages(whole) | _days(whole, announcement) | faults
    if whole["asks"] not in ("", "yes"):
        faults["asks"] = _("Choose one of the list.")
    if faults:
        raise Invalid(faults)
    return given | {"title": next(whole[f"title_{code}"] for code in LANGUAGES if whole[f"title_{code}"])}


def _fault(name: str, value: str) -> str | None:
    title = name.startswith("title")
    sentence = problems(value, lines=False, limit=LONGEST_TITLE if title else LONGEST_TEXT)
    if sentence is None and not title and set(re.findall(r"<(\w+)", markdown(clean_line(value)))) - INLINE:
        sentence = _("Write it as one paragraph, without headings, lists, pictures or tables.")
    return sentence


def _languages(whole: Mapping[str, str]) -> dict[str, str]:
    """At least one, and each with both its parts."""
    if not any(whole[name] for name in WORDS):
        return {"title_en": _("Write it in at least one language.")}
    halves = ((f"title_{code}", f"text_{code}") for code in LANGUAGES)
    missing = [name for pair in halves for name in pair if not whole[name] and any(whole[one] for one in pair)]
    return {name: _("The title and the text belong together: write both, or neither.") for name in missing}


def _days(whole: Mapping[str, str], announcement: Announcement | None) -> dict[str, str]:
    begins, until = _day(whole["begins"]), _day(whole["until"])
    if begins is None:
        return {"begins": _("Enter the first day.")}
    if until is None:
        return {"until": _("Enter the last day. An announcement ends by itself.")}
    if until < begins or (until < today() and (announcement is None or until != announcement.until)):
        return {"until": _("The last day has to come after the first, and not before today.")}
    if until - begins > timedelta(days=MOST_DAYS):
        return {"until": _("At most %(days)s days after the first day.", days=MOST_DAYS)}
    return {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
