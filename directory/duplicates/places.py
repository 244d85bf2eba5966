"""Do two cards stand in the same place, as far as they say?"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final, Literal

from directory.duplicates.prints import Print

Place = Literal["postcode", "town", "unknown", "nearby", "far", "abroad"]

_TOWN_KM: Final = 25.0
_NEARBY_KM: Final = 100.0


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    south, west, north, east = map(radians, (lat, lon, other_lat, other_lon))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 12_742 * asin(sqrt(min(1.0, half)))


def places(one: Print, other: Print) -> Place:
    if one.country and other.country and one.country != other.country:
        return "abroad"
    if one.postcode and one.postcode == other.postcode:
        return "postcode"
    if one.city and one.city == other.city:
        return "town"
    if one.lat is not None and one.lon is not None and other.lat is not None and other.lon is not None:
        apart = kilometres(one.lat, one.lon, other.lat, other.lon)
        return "town" if apart < _TOWN_KM else "nearby" if apart < _NEARBY_KM else "far"
    if one.postcode and other.postcode and min(len(one.postcode), len(other.postcode)) >= 4:
        if one.postcode[:-3] == other.postcode[:-3]:
            return "town"
        if one.postcode[:2] == other.postcode[:2]:
            return "nearby"
    both = (one.city and other.city) or (one.postcode and other.postcode)
    return "far" if both else "unknown"
