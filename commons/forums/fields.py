"""What may be said: the checks of forums, topics and posts, one table each for forms, API and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from commons.entries.values import Check, areas, choice, language, line, number_of_entry, several
from commons.entries.values import checked as values_checked
from commons.entries.values import text as text_of
from commons.focus.queries import tree
from commons.forums.models import SORTS
from commons.text import POST, excerpt
from commons.web import Invalid

TITLE = 200  # characters
CHOICES = 10  # of a poll
BEGINNING = 80  # characters of a share that are its title


def _named(limit: int) -> Check:
    def check(value: Any) -> str:
        title: str = line(limit)(value)
        if not title:
            raise ValueError(_("A title is needed: what is it about?"))
        return title

    return check


def said(value: Any) -> str:
    found: str = text_of(POST)(value)
    if not found.strip():
        raise ValueError(_("Write a few words first."))
    return found


def _known_areas(value: Any) -> list[int]:
    found: list[int] = areas(value)
    if unknown := [area for area in found if area not in tree().nodes]:
        raise ValueError(_("There is no area of focus with the number %(number)s.", number=unknown[0]))
    return found


TOPIC: dict[str, Check] = {
    "title": _named(TITLE),
    "sort": choice(*SORTS),
    "language": language,
    "focus": _known_areas,
    "choices": several(line(120), CHOICES),
    "answer_id": lambda value: None if value in (None, "") else number_of_entry(value),
}
POST_FIELDS: dict[str, Check] = {"text": said}
FORUM: dict[str, Check] = {"title": _named(100), "text": text_of(20_000), "focus": _known_areas}


def checked(checks: Mapping[str, Check], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid."""
    return values_checked(checks, values)


def checked_new(values: Mapping[str, Any], sort: str) -> tuple[dict[str, Any], str]:
    """The fields of a new topic and the words of its first post; a share needs no title: it is called as it begins."""
    given = {"sort": sort, "language": "", "focus": [], **values}
    words = given.pop("text", "")
    if sort == "share" and not str(given.get("title") or "").strip():
        given["title"] = excerpt(str(words), BEGINNING)
    faults: dict[str, str] = {}
    done: dict[str, Any] = {}
    for checks, some in ((TOPIC, {"title": "", **given}), (POST_FIELDS, {"text": words})):
        try:
            done |= checked(checks, some)
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(faults)
    text = done.pop("text")
    return done, text
