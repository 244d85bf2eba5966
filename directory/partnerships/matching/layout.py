"""One record of plain numbers for each organisation, and the two lists of varying length that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from directory.partnerships.matching.cards import Card
from directory.partnerships.matching.weights import UP

ANY_OTHER = 63  # the bit of every language beyond the first 63
RECORD = np.dtype(
    [
        ("id", "i8"),
        ("parent", "i8"),
        ("languages", "u8"),
        ("x", "f4"),  # on the unit sphere; all three are 0 where the place is unknown
        ("y", "f4"),
        ("z", "f4"),
        ("country", "u4"),
        ("type", "u4"),
        ("scope", "u4"),
        ("size", "i4"),
        ("confirmed", "i4"),
        ("load", "f4"),  # open proposals and interests
        ("impressions", "f4"),
        ("capacity", "f4"),
        ("answered", "f4"),
        ("unanswered", "f4"),
        ("translation", "?"),
        ("open", "?"),  # alive, accepts, and has capacity left
        ("offers", "?"),
        ("needs", "?"),
        ("offers_whole", "f4"),  # what a text that says just the same would score
        ("needs_whole", "f4"),
        ("usual", "f4"),  # mean and deviation of its fit to the background texts
        ("spread", "f4"),
        ("topics_whole", "f4"),  # rarity of all its topics
    ]
)
Records = NDArray[Any]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """For each slot some values with weights, the heaviest first."""

    starts: Ints
    sizes: NDArray[np.int32]
    values: NDArray[np.int64]
    weights: NDArray[np.float32]

    def of(
        self, slots: NDArray[np.integer[Any]], most: int | None = None
    ) -> tuple[Ints, NDArray[np.int64], NDArray[np.float32]]:
        """The (heaviest) values of several slots in one row, each beside the place of its slot among those asked for."""
        sizes = self.sizes[slots].astype(np.int64)
        if most is not None:
            sizes = np.minimum(sizes, most)
        owner = np.repeat(np.arange(len(slots)), sizes)
        shift = self.starts[slots] - (np.cumsum(sizes) - sizes)
        at = np.arange(len(owner)) + np.repeat(shift, sizes)
        return owner, self.values[at], self.weights[at]

    def changed(self, slots: Sequence[int], rows: Sequence[Sequence[tuple[int, float]]], many: int) -> Rows:
        """With other rows for some slots, and room for `many` slots in all."""
        starts, sizes = np.zeros(many, np.int64), np.zeros(many, np.int32)
        starts[: len(self.starts)], sizes[: len(self.sizes)] = self.starts, self.sizes
        new = rows_of(rows)
        starts[slots] = new.starts + len(self.values)
        sizes[slots] = new.sizes
        values, weights = np.concatenate((self.values, new.values)), np.concatenate((self.weights, new.weights))
        return Rows(starts, sizes, values, weights)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        return {"starts": self.starts, "sizes": self.sizes, "values": self.values, "weights": self.weights}


def rows_of(rows: Iterable[Sequence[tuple[int, float]]]) -> Rows:
    sizes: list[int] = []
    values: list[int] = []
    weights: list[float] = []
    for row in rows:
        sizes.append(len(row))
        for value, weight in sorted(row, key=lambda pair: (-pair[1], pair[0])):
            values.append(value)
            weights.append(weight)
    many = np.array(sizes, np.int32)
    starts = np.cumsum(many, dtype=np.int64) - many
    return Rows(starts, many, np.array(values, np.int64), np.array(weights, np.float32))


def code(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass")) if name else 0


def sphere(lat: float | None, lon: float | None) -> tuple[float, float, float]:
    """A point on the unit sphere; the middle of it for a place that is unknown or impossible."""
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return 0.0, 0.0, 0.0
    up, round = radians(lat), radians(lon)
    return cos(up) * cos(round), cos(up) * sin(round), sin(up)


def bits(languages: Iterable[str], known: dict[str, int]) -> int:
    """A set of languages as bits; `known` gets a bit for each that it has not seen."""
    found = 0
    for language in languages:
        found |= 1 << known.setdefault(language, min(len(known), ANY_OTHER))
    return found


def record(card: Card, tongues: dict[str, int]) -> tuple[Any, ...]:
    x, y, z = sphere(card.lat, card.lon)
    free = card.accepts and card.capacity > 0 and card.open_proposals < card.capacity
    return (
        card.id,
        card.parent,
        bits(card.languages, tongues),
        x,
        y,
        z,
        code(card.country),
        code(card.type),
        code(card.scope),
        card.size,
        card.confirmed,
        card.open_proposals + card.interests,
        card.impressions,
        max(card.capacity, 1),
        card.answered,
        card.unanswered,
        card.translation,
        free,
        bool(card.offers),
        bool(card.needs),
        *(0.0,) * 5,
    )


def records_of(cards: Sequence[Card]) -> Records:
    tongues: dict[str, int] = {}
    return np.array([record(card, tongues) for card in cards], RECORD)


def concepts(areas: Iterable[tuple[int, int]], goals: Iterable[int]) -> dict[int, float]:
    """Areas and goals as one set: a goal is its number below 0; an area counts half for each step up."""
    found: dict[int, float] = {-goal: 1.0 for goal in goals}
    for area, steps in areas:
        found[area] = max(found.get(area, 0.0), UP**steps)
    return found
