"""The versioned fields of a need or an offer, and what each may hold: one table for forms, API and history.

Whether it is open, and who sees it, are no versioned fields: an older version that is restored must not open what was closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.entries.values import Check, areas, choice, day, language, line, number, string, text
from commons.entries.values import checked as values_checked
from commons.focus.queries import tree
from commons.room import Field
from directory.fields import CHECKS as PLACES
from directory.partnerships.board.models import LONGEST, SORTS, today

FIELDS = (
    Field("title", _l("Title")),
    Field("sort", _l("What kind of thing"), "choice"),
    Field("text", _l("What success looks like"), "text"),
    Field("in_return", _l("In return")),
    Field("quantity", _l("How much")),
    Field("focus", _l("Areas of focus"), "list"),
    Field("sdgs", _l("Sustainable Development Goals"), "list"),
    Field("remote", _l("From anywhere"), "choice"),
    Field("country", _l("Country"), "choice"),
    Field("region", _l("Region")),
    Field("city", _l("Town")),
    Field("lat", _l("Latitude"), "number"),
    Field("lon", _l("Longitude"), "number"),
    Field("radius", _l("Kilometres around it"), "number"),
    Field("languages", _l("Languages to work in"), "list"),
    Field("language", _l("Language of this text"), "choice"),
    Field("starts", _l("From")),
    Field("ends", _l("To")),
    Field("until", _l("Answers until")),
)
LONGEST_TITLE = 120
LONGEST_TEXT = 20_000
FARTHEST = 2000  # km


def checked(values: Mapping[str, Any], *, permanent: bool = True, was: str | None = None) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid. `permanent`: may it stay without a last day? `was`: the last day that
    it has, which may stand although it is past."""
    return values_checked({**CHECKS, "until": _until(permanent, was)}, values)


def _until(permanent: bool, was: str | None) -> Check:
    def check(value: Any) -> str:
        found: str = day(value)
        if found == was:
            return found
        if not found and not permanent:
            raise ValueError(_("A need has a last day for answers, at most twelve months from now."))
        if found and found < today().isoformat():
            raise ValueError(_("Choose a day from today on."))
        if found and found > (today() + LONGEST).isoformat():
            raise ValueError(_("Choose a day within the next twelve months. You can renew it then."))
        return found

    return check


def _title(value: Any) -> str:
    title: str = line(LONGEST_TITLE)(value)
    if not title:
        raise ValueError(_("Say in a few words what it is about, beginning with a verb."))
    return title


def _sort(value: Any) -> str:
    found = string(value)
    if found not in SORTS:
        raise ValueError(_("Choose what kind of thing it is."))
    return found


def _remote(value: Any) -> str:
    """A versioned value is `yes` or nothing, so that its history reads well."""
    return "yes" if value is True else str(choice("", "yes")("" if value is False else value))


def _areas(value: Any) -> list[int]:
    found: list[int] = areas(value)
    if unknown := [area for area in found if area not in tree().nodes]:
        raise ValueError(_("There is no area of focus with the number %(number)s.", number=unknown[0]))
    return found


CHECKS: dict[str, Check] = {
    "title": _title,
    "sort": _sort,
    "text": text(LONGEST_TEXT),
    "in_return": line(1000),
    "quantity": line(120),
    "focus": _areas,
    "remote": _remote,
    **{name: PLACES[name] for name in ("country", "region", "city", "lat", "lon", "languages", "sdgs")},
    "radius": number(1, FARTHEST, True),
    "language": language,
    "starts": day,
    "ends": day,
}
