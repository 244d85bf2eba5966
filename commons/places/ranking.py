"""Which of the places of one name is meant first: a country, then by people; regions count for much less."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commons.places import tables
from commons.places.names import folded, without_umlaut_spelling
from commons.places.tables import Place

_SAINT = re.compile(r"\s*st(\.|\s)", re.IGNORECASE)
_REGION = 0.07  # New York and Porto are towns first, Ontario is the province


def biggest_first(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda one: (one.kind != "country", -weight(one)))


def weight(one: Place) -> float:
    return one.population * (_REGION if one.kind == "region" else 1.0)


def named(text: str) -> list[Place]:
    """Every place of exactly this name, in whatever spelling; codes of countries too."""
    key, letters = folded(text), text.strip().replace(".", "")
    references = tables.places_named(key) or tables.places_named(without_umlaut_spelling(key))
    if saint := _SAINT.match(text):
        rest = folded(text[saint.end() :])
        references = [*references, *tables.places_named("saint" + rest), *tables.places_named("sankt" + rest)]
    if letters.upper() in tables.countries() and (letters.isupper() or not references):
        references = [letters.upper(), *(one for one in references if one != letters.upper())]
    return biggest_first(map(tables.place_of, dict.fromkeys(references)))
