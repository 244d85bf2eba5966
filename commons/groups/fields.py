"""The versioned fields of a group, and what each may hold: one table for forms, API and history.

Who sees the group is no versioned field: an older version that is restored must not open a door.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.values import Check, areas, choice, language, line, several, text
from commons.entries.values import checked as values_checked
from commons.groups.models import JOININGS, MODULES
from commons.room import Field

FIELDS = (
    Field("title", _l("Name")),
    Field("summary", _l("In one sentence")),
    Field("text", _l("Purpose and house rules"), "text"),
    Field("focus", _l("Areas of focus"), "list"),
    Field("language", _l("Language"), "choice"),
    Field("joining", _l("How to join"), "choice"),
    Field("questions", _l("Questions to who applies"), "list"),
    Field("modules", _l("What the group uses"), "list"),
)
LONGEST = 40_000  # characters of the purpose
MOST_QUESTIONS = 5
UNFIT = "[]|#<>{}"  # would break the links to it


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid."""
    return values_checked(CHECKS, values)


def _title(value: Any) -> str:
    title: str = line(120)(value)
    if not title:
        raise ValueError(_("A group needs a name."))
    if unfit := [sign for sign in UNFIT if sign in title]:
        raise ValueError(_("The name cannot hold the sign %(sign)s, or links to it would break.", sign=unfit[0]))
    return title


def _modules(value: Any) -> list[str]:
    chosen = several(choice(*MODULES), len(MODULES))(value)
    return [name for name in MODULES if name in chosen]


def _questions(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)) and len(value) > MOST_QUESTIONS:
        raise ValueError(_("Ask at most %(limit)s questions.", limit=MOST_QUESTIONS))
    return [question for question in several(line(300), MOST_QUESTIONS)(value) if question]


CHECKS: dict[str, Check] = {
    "title": _title,
    "summary": line(300),
    "text": text(LONGEST),
    "focus": areas,
    "language": language,
    "joining": choice(*JOININGS),
    "questions": _questions,
    "modules": _modules,
}
