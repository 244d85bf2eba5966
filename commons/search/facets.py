"""Filters, and the numbers beside their choices.

Within a facet any chosen value will do, between facets all must hold. The number beside a value is how many results
there are when this value alone is chosen in its facet and everything else stays: a facet's own choice never changes
its own numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from commons.search.snapshot import Bools, Ints, Snapshot

EARTH = 6371.0088  # kilometres, mean radius
Near = tuple[float, float, float]  # latitude, longitude, kilometres
Box = tuple[float, float, float, float]  # south, west, north, east; west > east where it crosses the date line


@dataclass(frozen=True, slots=True)
class Filters:
    """Chosen values per facet; an empty facet lets everything pass."""

    kind: frozenset[str] = frozenset()
    area: frozenset[int] = frozenset()
    sdg: frozenset[int] = frozenset()
    country: frozenset[str] = frozenset()
    type: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()

    def chosen(self) -> dict[str, frozenset[str]]:
        """Facets with a choice, values as the index writes them."""
        found = {each.name: frozenset(map(str, getattr(self, each.name))) for each in fields(self)}
        if found["country"]:
            found["country"] = frozenset(code.upper() for code in found["country"])
        return {facet: values for facet, values in found.items() if values}


FACETS = tuple(each.name for each in fields(Filters))
NUMBERED = frozenset({"area", "sdg"})


def passes(snapshot: Snapshot, facet: str, values: frozenset[str]) -> Bools:
    """Which documents have any of the values."""
    codes = [code for code in (snapshot.codes.code(facet, value) for value in values) if code > 0]
    if facet in snapshot.single:
        return np.isin(snapshot.single[facet], codes)
    owners, found = snapshot.several[facet]
    mask: Bools = np.zeros(snapshot.size, bool)
    mask[owners[np.isin(found, codes)]] = True
    return mask


def counted(snapshot: Snapshot, facet: str, ids: Ints) -> dict[str | int, int]:
    """How often each value occurs among the documents, most frequent first."""
    if facet in snapshot.single:
        numbers = np.bincount(snapshot.single[facet][ids])
    else:
        numbers = np.bincount(values_of(snapshot, facet, ids))
    names = snapshot.codes.values[facet]
    present = [code for code in np.flatnonzero(numbers).tolist() if code]
    found = sorted(((int(numbers[code]), names[code]) for code in present), key=lambda pair: (-pair[0], pair[1]))
    return {int(name) if facet in NUMBERED else name: number for number, name in found}


def values_of(snapshot: Snapshot, facet: str, ids: Ints) -> Ints:
    """All values of these documents in a facet with several values each."""
    owners, values = snapshot.several[facet]
    if len(ids) * 4 > snapshot.size:
        among = np.zeros(snapshot.size, bool)
        among[ids] = True
        return values[among[owners]]
    first = snapshot.starts[facet][ids]
    many = snapshot.starts[facet][ids + 1] - first
    before = np.cumsum(many) - many
    return values[np.repeat(first - before, many) + np.arange(int(many.sum()))]


def narrowed(
    snapshot: Snapshot, ids: Ints, filters: Filters, wanted: Sequence[str]
) -> tuple[Ints, dict[str, dict[str | int, int]]]:
    """The documents that pass every filter, and the numbers of the wanted facets."""
    passing = {
        facet: snapshot.mask((facet, values), partial(passes, snapshot, facet, values))[ids]
        for facet, values in filters.chosen().items()
    }
    hits = ids[every(passing, len(ids))]
    numbers = {}
    for facet in wanted:
        others = {name: mask for name, mask in passing.items() if name != facet}
        numbers[facet] = counted(snapshot, facet, ids[every(others, len(ids))] if facet in passing else hits)
    return hits, numbers


def every(masks: Mapping[str, Bools], size: int) -> Bools:
    found: Bools = np.ones(size, bool)
    for mask in masks.values():
        found &= mask
    return found


def distances(
    snapshot: Snapshot, ids: Ints, latitude: float, longitude: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Kilometres along the great circle; not a number for documents without a place."""
    lat, lon = np.radians(snapshot.lat[ids].astype(np.float64)), np.radians(snapshot.lon[ids].astype(np.float64))
    here, along = np.radians(latitude), np.radians(longitude)
    half = np.sin((lat - here) / 2) ** 2 + np.cos(lat) * np.cos(here) * np.sin((lon - along) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def within(snapshot: Snapshot, ids: Ints, box: Box) -> Bools:
    """Which documents stand in a part of the map; those without a place stand nowhere."""
    south, west, north, east = box
    lat, lon = snapshot.lat[ids], snapshot.lon[ids]
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    inside: Bools = (lat >= south) & (lat <= north) & across
    return inside
