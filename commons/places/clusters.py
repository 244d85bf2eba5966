"""Many points, few circles: a grid over the picture, a circle amid the points of each cell, overlapping ones joined.

Only NumPy touches single points, so that 100,000 of them take a few milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.places import tables
from commons.places.canvas import Bounds, Canvas, Numbers, wrapped
from commons.places.gazetteer import nearest
from commons.places.tables import Place

Ids = NDArray[Any] | None

ALONE = 4.6  # radius of a single point
Growth = tuple[float, float, float]  # radius of few, how it grows with the logarithm of their number, and up to where
WIDE: Growth = (7.0, 1.9, 21.0)
CLOSE: Growth = (6.0, 1.5, 14.0)


def radius(count: int, growth: Growth) -> float:
    return ALONE if count == 1 else min(growth[0] + growth[1] * math.log(count), growth[2])


_AIR = 0.1  # degrees around its points in which a circle looks for a town
_NAMED_IDS = 12  # up to so many, a circle knows whom it stands for


@dataclass(frozen=True, slots=True)
class Cluster:
    x: float
    y: float
    r: float
    count: int
    bounds: Bounds  # of its points, rounded outwards
    place: str  # the largest town amid its points; "" where there is none
    country: str
    ids: tuple[int, ...]  # empty for large circles


@dataclass(frozen=True, slots=True)
class _Cell:
    """A circle while it may still grow. Longitudes are pixels here."""

    count: int
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float
    ids: tuple[int, ...]

    def joined(self, other: _Cell) -> _Cell:
        count = self.count + other.count
        return _Cell(
            count,
            (self.x * self.count + other.x * other.count) / count,
            (self.y * self.count + other.y * other.count) / count,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
            self.ids + other.ids if count <= _NAMED_IDS else (),
        )


def clusters_of(
    canvas: Canvas, lat: Numbers, lon: Numbers, ids: Ids, cell: float, growth: Growth
) -> tuple[list[Cluster], int]:
    """The circles, smallest last so that none hides another, and how many points they hold."""
    x, y = canvas.x(lon), canvas.y(lat)
    shown = (x >= canvas.first) & (x <= canvas.last) & (y >= 0) & (y <= canvas.height)
    if not shown.all():
        x, y, ids = x[shown], y[shown], None if ids is None else ids[shown]
    if not len(x):
        return [], 0
    cells = _without_overlap(_cells(canvas, x, y, ids, cell), growth)
    return [_finished(canvas, one, growth) for one in sorted(cells, key=lambda one: -one.count)], len(x)


def _cells(canvas: Canvas, x: Numbers, y: Numbers, ids: Ids, cell: float) -> list[_Cell]:
    across = int(canvas.width / cell) + 1
    key = ((y / cell).astype(np.int32) * across + (x / cell).astype(np.int32)).astype(np.uint16)
    order = np.argsort(key, kind="stable")
    x, y, key = x[order], y[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    counts = np.diff(np.r_[starts, len(key)])
    figures = (
        np.add.reduceat(x, starts) / counts,
        np.add.reduceat(y, starts) / counts,
        np.minimum.reduceat(x, starts),
        np.minimum.reduceat(y, starts),
        np.maximum.reduceat(x, starts),
        np.maximum.reduceat(y, starts),
    )
    rows = zip(starts.tolist(), counts.tolist(), *(figure.tolist() for figure in figures), strict=True)
    found = []
    for start, count, *sides in rows:
        few = ids is not None and count <= _NAMED_IDS
        members = tuple(ids[order[start : start + count]].tolist()) if ids is not None and few else ()
        x_mean, y_mean, left, top, right, bottom = sides
        found.append(_Cell(count, x_mean, y_mean, left, top, right, bottom, members))
    return found


def _without_overlap(cells: list[_Cell], growth: Growth) -> list[_Cell]:
    settled: list[tuple[_Cell, float]] = []
    waiting = sorted(cells, key=lambda one: one.count)
    while waiting:
        one = waiting.pop()
        r = radius(one.count, growth)
        near = next((other for other in settled if _overlap(one, r, *other)), None)
        if near is None:
            settled.append((one, r))
        else:
            settled.remove(near)
            waiting.append(near[0].joined(one))
    return [one for one, _ in settled]


def _overlap(one: _Cell, r: float, other: _Cell, other_r: float) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < (r + other_r) * 0.8


def _finished(canvas: Canvas, one: _Cell, growth: Growth) -> Cluster:
    r = radius(one.count, growth)
    x, y = min(max(one.x, r), canvas.width - r), min(max(one.y, r), canvas.height - r)
    sides = np.array([one.left, one.right]), np.array([one.bottom, one.top])
    (west, east), (south, north) = canvas.lon(sides[0]).tolist(), canvas.lat(sides[1]).tolist()
    bounds = Bounds(_down(wrapped(west)), _down(south), _up(wrapped(east)), _up(north))
    town = _largest_town(bounds) or nearest((south + north) / 2, (west + east) / 2, 100)
    place, country = (town.name, town.country) if town else ("", "")
    return Cluster(round(x, 1), round(y, 1), round(r, 1), one.count, bounds, place, country, one.ids)


def _largest_town(bounds: Bounds) -> Place | None:
    south, north, west = bounds.south - _AIR, bounds.north + _AIR, bounds.west - _AIR
    row = tables.largest_town(south, north, west, bounds.span + 2 * _AIR)
    return None if row is None else tables.town_place(row)


def _down(degrees: float) -> float:
    return math.floor(degrees * 1000 - 1e-6) / 1000


def _up(degrees: float) -> float:
    return math.ceil(degrees * 1000 + 1e-6) / 1000
