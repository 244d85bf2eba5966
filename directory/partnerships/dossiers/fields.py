"""What the parties write: the first words, the terms, commitments, accounts, times to meet. One table each for forms and actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons.db import now
from commons.entries.values import Check, choice, day, language, line, number, number_of_entry, several, text
from commons.entries.values import checked as values_checked
from commons.focus.queries import tree
from commons.room import Field
from commons.web import Invalid
from directory.partnerships.dossiers.models import RESULTS

FIELDS = (Field("title", _l("Title")), Field("text", _l("First words"), "text"))
REGISTER_FIELDS = (
    Field("title", _l("Title")),
    Field("text", _l("Goal"), "text"),
    Field("standing", _l("Standing"), "choice"),
    Field("begun", _l("Since"), "choice"),
    Field("over", _l("Until"), "choice"),
    Field("result", _l("Result"), "choice"),
    Field("outcome", _l("Outcome"), "text"),
    Field("focus", _l("Areas of focus"), "list"),
    Field("sdgs", _l("Goals"), "list"),
    Field("country", _l("Country"), "choice"),
    Field("organisations", _l("Organisations"), "list"),
)
SHORTEST, LONGEST = 200, 600  # characters of the first words
MONEY = ("none", "flows")
REASONS = {
    "not now": _l("Not now, perhaps later"),
    "dates": _l("The dates do not work"),
    "other partner": _l("We found another partner"),
    "does not fit": _l("It does not fit what we do"),
    "too much": _l("It is more than we can do"),
    "other": _l("Another reason"),
}
SLOTS = 3
UNIVERSAL = "UTC"
FARTHEST = 366  # days to a meeting


def checked(checks: Mapping[str, Check], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `values`, cleaned; raises Invalid."""
    return values_checked(checks, values)


def _needed(check: Check, sentence: Any) -> Check:
    def needed(value: Any) -> Any:
        found = check(value)
        if not (found.strip() if isinstance(found, str) else found):
            raise ValueError(str(sentence))
        return found

    return needed


def _first_words(value: Any) -> str:
    found: str = text(LONGEST * 2)(value).strip()
    if not SHORTEST <= len(found) <= LONGEST:
        raise ValueError(
            _(
                "Write between %(low)s and %(high)s characters: who you are and what you bring. These are %(many)s.",
                low=SHORTEST,
                high=LONGEST,
                many=len(found),
            )
        )
    return found


def _areas(value: Any) -> list[int]:
    found: list[int] = sorted(several(number_of_entry, 40)(value))
    if unknown := [area for area in found if area not in tree().nodes]:
        raise ValueError(_("There is no area of focus with the number %(number)s.", number=unknown[0]))
    return found


def _gives(value: Any) -> dict[str, str]:
    """{organisation id as text: what it gives}"""
    if not isinstance(value, Mapping):
        raise ValueError(_("This does not have the right form."))
    found = {str(id): text(2000)(words).strip() for id, words in value.items()}
    if not all(found.values()):
        raise ValueError(_("Say for each organisation what it gives."))
    return found


def _from_today(value: Any) -> str:
    found: str = day(value)
    if not found:
        raise ValueError(_("Enter a date like 2026-03-12."))
    if found < now().date().isoformat():
        raise ValueError(_("This day is over. Choose one that comes."))
    return found


def zone_named(name: str) -> ZoneInfo | None:
    """None for what is no time zone here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(value: Any) -> str:
    found: str = line(64)(value)
    if zone_named(found or UNIVERSAL) is None:
        raise ValueError(_("Choose one of the list."))
    return found or UNIVERSAL


def in_zone(slots: Iterable[Any], zone: str) -> list[Any]:
    """What was typed without a zone, as a moment with this one. Raises Invalid for an hour that the clocks of that day leave out;
    of one that they show twice it is the first."""
    found: list[Any] = []
    for slot in slots:
        try:
            at = datetime.fromisoformat(str(slot).strip())
            local = at.replace(tzinfo=zone_named(zone)) if at.tzinfo is None else at
            shown = local.astimezone(UTC).astimezone(local.tzinfo)
        except (ValueError, OverflowError):  # also the first and the last day that there are
            found.append(slot)
            continue
        if shown.replace(tzinfo=None) != local.replace(tzinfo=None):
            raise Invalid({"slots": _("The clocks go forward then, so this hour is not there. Choose another one.")})
        found.append(local.isoformat())
    return found


def _moment(value: Any) -> str:
    try:
        at = datetime.fromisoformat(str(value).strip())
        found = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("Enter a day and a time like 2026-03-12 14:30.")) from None
    if not 0 < (found - now()).days + 1 <= FARTHEST:
        raise ValueError(_("Choose times within the next twelve months."))
    return found.isoformat(timespec="minutes")


INTEREST: dict[str, Check] = {"text": _first_words, "language": language}
TERMS: dict[str, Check] = {
    "title": _needed(line(150), _l("Give it a title: what would you do together?")),
    "goal": _needed(text(4000), _l("Say what will be different when it has worked.")),
    "gives": _gives,
    "starts": day,
    "ends": day,
    "money": choice(*MONEY),
    "money_words": text(1000),
    "risks": text(2000),
    "notice": number(0, 365, whole=True),
    "focus": _areas,
    "sdgs": several(number(1, 17, whole=True), 17),
    "language": language,
}
COMMITMENT: dict[str, Check] = {
    "text": _needed(line(300), _l("Say what is promised.")),
    "measure": line(300),
    "who": line(100),
    "due": _from_today,
}
REPORT: dict[str, Check] = {"text": _needed(text(5000), _l("Write a few words first."))}
OUTCOME: dict[str, Check] = {**REPORT, "result": choice(*RESULTS)}
MEETING: dict[str, Check] = {
    "title": _needed(line(200), _l("Say what the meeting is about.")),
    "place": line(300),
    "minutes": number(5, 600, whole=True),
    "zone": _zone,
    "slots": several(_moment, SLOTS),
    "guest": line(254),
}


def checked_terms(values: Mapping[str, Any], parties: list[int]) -> dict[str, Any]:
    """Whole terms between these organisations; raises Invalid."""
    blank = {"starts": "", "ends": "", "money": MONEY[0], "money_words": "", "risks": "", "notice": None}
    given = checked(
        TERMS, {"title": "", "goal": "", "gives": {}, **blank, "focus": [], "sdgs": [], "language": "", **values}
    )
    faults: dict[str, str] = {}
    if sorted(given["gives"]) != sorted(str(id) for id in parties):
        faults["gives"] = _("Say for each organisation what it gives.")
    if given["starts"] and given["ends"] and given["ends"] < given["starts"]:
        faults["ends"] = _("The end comes before the beginning.")
    if given["money"] == "flows" and not given["money_words"].strip():
        faults["money_words"] = _("Say how much money flows, from whom to whom, and when.")
    if faults:
        raise Invalid(faults)
    return given | {"sdgs": sorted(given["sdgs"]), "parties": sorted(parties)}
