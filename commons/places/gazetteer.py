"""The offline gazetteer: places by name, names by place, distances. Asks nobody else, at no time.

Towns above 5,000 inhabitants (those above 15,000 also by their names in other languages and scripts), the first level
of regions of every country, all countries. Loaded at the first question. `countries.py` answers for countries,
`phrases.py` finds places within a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from commons.places import tables
from commons.places.countries import countries, country_code, country_name, names_of_country, spoken_names
from commons.places.names import folded, without_umlaut_spelling
from commons.places.phrases import place_in
from commons.places.ranking import named, weight
from commons.places.tables import Place

__all__ = [
    "Place",
    "countries",
    "country_code",
    "country_name",
    "distance_km",
    "find_places",
    "locate",
    "names_of_country",
    "nearest",
    "place",
    "place_in",
]

EARTH_KM = 6371.0088
KM_A_DEGREE = EARTH_KM * math.pi / 180
_PARTS = re.compile(r"[,،，、;(]+")
_NOT_A_TOWN = re.compile(r"\b(?:[A-Z]{1,2})?\d[\w-]*|\bcedex\b|\bgreater\b|\bcity of\b|\bmunicipality\b", re.IGNORECASE)


def place(id: str) -> Place | None:
    """The place of an id: "191245" (GeoNames number of a town), "US.TX", "KE"."""
    if id in tables.countries() or id in tables.regions():
        return tables.place_of(id)
    if not id.isdecimal() or len(id) > 12:
        return None
    rows = np.flatnonzero(tables.towns().ids == int(id))
    return tables.town_place(int(rows[0])) if len(rows) else None


def find_places(text: str, limit: int = 10, country: str | None = None) -> list[Place]:
    """Places so named, the best known first; then those whose name begins so. Knows "Paris, TX" and "Paris Texas"."""
    parts = [part.strip(" )") for part in _PARTS.split(text) if part.strip(" )")]
    if not parts:
        return []
    words = parts[0].split()
    found = _within(named(parts[0]), parts[1:])
    for split in range(len(words) - 1, 0, -1):
        if found or len(parts) > 1:
            break
        found = _within(named(" ".join(words[:split])), [" ".join(words[split:])])
    if country:
        found = [one for one in found if one.country == country]
    if len(found) < limit and len(parts) == 1:
        found += [one for one in _beginning(folded(text), country, limit * 2) if one not in found]
    return found[:limit]


def _beginning(key: str, country: str | None, limit: int) -> list[Place]:
    if len(key.encode()) < 2:
        return []
    found = (tables.place_of(one) for one in _prefixed(key, country)[: limit * 4])
    return sorted(found, key=weight, reverse=True)[:limit]


def _prefixed(key: str, country: str | None) -> list[str]:
    """Countries only by their names in the larger languages: among two hundred, some name begins with anything."""
    towns = tables.towns()
    spoken = spoken_names()
    countries_found = sorted({code for name, code in spoken.items() if name.startswith(key)})
    others = [one for one in tables.places_beginning(key) if one not in tables.countries()]
    if country is None:
        return countries_found + others
    wanted = country.encode()
    return [
        one
        for one in countries_found + others
        if (towns.countries[int(one)] == wanted if one.isdecimal() else one.partition(".")[0] == country)
    ]


def _within(places: list[Place], qualifiers: Iterable[str]) -> list[Place]:
    for qualifier in qualifiers:
        places = [one for one in places if _lies_in(one, qualifier)]
    return places


def _lies_in(one: Place, qualifier: str) -> bool:
    if one.kind == "country":
        return False
    key = folded(qualifier)
    references = tables.places_named(key) or tables.places_named(without_umlaut_spelling(key))
    regions = [tables.regions()[reference] for reference in references if "." in reference]
    if any(region.name == one.region and region.code.startswith(one.country + ".") for region in regions):
        return True
    # "London, England": the region must fit, not only the country that England stands for.
    return country_code(qualifier) == one.country and not any(region.code.startswith("GB.") for region in regions)


def nearest(lat: float, lon: float, km: float) -> Place | None:
    """The closest town within so many kilometres."""
    tall = km / KM_A_DEGREE + 0.01
    wide = min(180.0, tall / max(math.cos(math.radians(min(abs(lat) + tall, 89.9))), 1e-6))
    rows = tables.towns_between(lat - tall, lat + tall, lon - wide, 2 * wide)
    if not len(rows):
        return None
    table = tables.towns()
    north, east = table.lat[rows] - lat, (table.lon[rows] - lon + 180) % 360 - 180
    shortened = east * np.cos(np.radians((table.lat[rows] + lat) / 2))
    found = tables.town_place(int(rows[np.argmin(north * north + shortened * shortened)]))
    return found if distance_km((lat, lon), (found.lat, found.lon)) <= km else None


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle between two points, each (latitude, longitude)."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b[1] - a[1]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


@lru_cache(maxsize=20_000)
def locate(city: str | None, country: str, region: str | None = None) -> Place | None:
    """Where an organisation is that names only its town: the town, else the region, never the middle of a country."""
    code = country_code(country)
    if code is None:
        return None
    inside = [one for one in _spellings(region or "") if one.kind == "region" and one.country == code]
    for one in _spellings(city or ""):
        if one.country == code and one.kind == "city" and (not inside or one.region == inside[0].region):
            return one
    if inside:
        return inside[0]
    # A register's region is often not one of the first level: then the largest town of that name has to do.
    return next((one for one in _spellings(city or "") if one.country == code and one.kind != "country"), None)


def _spellings(text: str) -> list[Place]:
    """What the town field of a register may mean: "1060 Wien", "Athens (Αθήνα)", "Bruxelles / Brussel"."""
    parts = re.split(r"[,/(;–]| - ", text)
    for part in (text, *parts):
        clean = " ".join(_NOT_A_TOWN.sub(" ", part).strip(" )").split())
        if found := named(part.strip(" )")) or named(clean):
            return found
    return []
