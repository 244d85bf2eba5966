"""A row of an import as an organisation: cleaned, bounded and typed.

Only a missing or unusable name refuses a row. Anything else that is wrong leaves its field empty and adds a `Warned`
with the field's name and a sentence; the row comes in without it. Nothing that a row may contain raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from directory.imports.cleaning import Doubtful, kind, line, paragraphs
from directory.imports.fields import CLEANERS, ExternalName, Relation, further_types
from directory.imports.kept import bounded_extra
from directory.imports.points import point

__all__ = ["ExternalName", "OrganisationRow", "Relation", "Warned", "to_row"]

NAME = 300
DESCRIPTION = 20_000


class Warned(NamedTuple):
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    name: str
    source_id: str = ""
    aliases: tuple[str, ...] = ()
    names: tuple[ExternalName, ...] = ()
    description: str = ""
    type: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    languages: tuple[str, ...] = ()
    founded: int | None = None
    focus: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    status: str = ""
    language: str = ""
    source: str = ""
    licence: str = ""
    source_date: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Warned, ...] = ()


def to_row(values: Mapping[str, Any], *, country_code: Callable[[str], str | None]) -> OrganisationRow | list[str]:
    """The row, or the reasons why there is none."""
    try:
        name = line(values.get("name", ""), NAME)
    except Doubtful as doubt:
        return [f"The name {doubt}."] if values.get("name") is not None else ["The name is missing."]
    if not any(map(str.isalnum, name)):
        return ["The name is missing." if not name else "The name has no letter or figure in it."]
    taken: dict[str, Any] = {"name": name}
    warnings: list[Warned] = []

    def warn(reason: str) -> None:
        warnings.append(Warned(key, reason))

    for key, value in values.items():
        if (clean := CLEANERS.get(key)) and value is not None and value != "":
            try:
                taken[key] = clean(value, warn)
            except Doubtful as doubt:
                warn(f"{doubt}; left out")
    _place(values, taken, warnings, country_code)
    _text_too_long(values, taken, warnings)
    extra = values.get("extra") or {}
    if more := further_types(values.get("type")):
        extra = {**extra, "types": more} if isinstance(extra, dict) else extra
    if extra:
        taken["extra"] = bounded_extra(extra, lambda reason: warnings.append(Warned("extra", reason)))
    return OrganisationRow(**taken, warnings=tuple(warnings))


def _place(
    values: Mapping[str, Any],
    taken: dict[str, Any],
    warnings: list[Warned],
    country_code: Callable[[str], str | None],
) -> None:
    given = values.get("country")
    if given is not None and given != "":
        try:
            if text := line(given, 100):
                taken["country"] = country_code(text) or ""
                if not taken["country"]:
                    warnings.append(Warned("country", f"“{text}” is not the name or code of a country; left out"))
        except Doubtful as doubt:
            warnings.append(Warned("country", f"{doubt}; left out"))
    lat, lon = values.get("lat"), values.get("lon")
    if lat in (None, "") and lon in (None, ""):
        return
    try:
        taken["lat"], taken["lon"] = point(lat, lon, taken.get("country", ""))
    except Doubtful as doubt:
        warnings.append(Warned("lat, lon", f"{doubt}; left out"))


def _text_too_long(values: Mapping[str, Any], taken: dict[str, Any], warnings: list[Warned]) -> None:
    """The one field of which a part is better than nothing."""
    text = values.get("description")
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        text = "\n\n".join(text)
    if text is None or text == "":
        return
    if not isinstance(text, str):
        warnings.append(Warned("description", f"is {kind(text)} and not a text; left out"))
        return
    try:
        taken["description"] = paragraphs(text, DESCRIPTION)
    except Doubtful:
        head = paragraphs(text[: DESCRIPTION * 2], DESCRIPTION * 2)[: DESCRIPTION - 1]
        taken["description"] = head.rsplit(maxsplit=1)[0] + "…" if " " in head[-200:] else head + "…"
        warnings.append(Warned("description", f"is longer than {DESCRIPTION:,} characters; cut there"))
