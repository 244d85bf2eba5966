"""From degrees to pixels and back: an equirectangular map, its longitudes shortened as at its middle latitude.

Longitudes are counted eastward from the western edge, so a map over the date line is like any other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
KM_A_DEGREE = 6371.0088 * math.pi / 180


@dataclass(frozen=True, slots=True)
class Bounds:
    """Degrees; west > east where the box crosses the date line."""

    west: float
    south: float
    east: float
    north: float

    @property
    def span(self) -> float:
        return (self.east - self.west) % 360 or (360.0 if self.east != self.west else 0.0)

    @property
    def query(self) -> str:
        """As the `bbox` of an address wants it: west,south,east,north."""
        return ",".join(f"{side:g}" for side in (self.west, self.south, self.east, self.north))


WORLD = Bounds(-170, -55, 190, 76)
CONTINENTS = {
    "Africa": Bounds(-19, -36, 52, 38),
    "Asia": Bounds(26, -11, 150, 56),
    "Europe": Bounds(-11, 35, 41, 66),
    "North America": Bounds(-128, 7, -58, 60),
    "South America": Bounds(-83, -56, -34, 13),
    "Oceania": Bounds(110, -48, -170, 4),
}


@dataclass(frozen=True, slots=True)
class Canvas:
    width: int
    height: int
    west: float  # of the left edge
    north: float  # of the upper edge
    pixels_a_degree: float  # of latitude
    shortening: float  # of a degree of longitude
    first: float  # pixels between which the earth lies; the rest would show it twice
    last: float

    @property
    def bounds(self) -> Bounds:
        south = self.north - self.height / self.pixels_a_degree
        span = min(360.0, self.width / self.pixels_a_degree / self.shortening)
        west = self.west + self.first / self.pixels_a_degree / self.shortening
        sides = (-180.0, 180.0) if span >= 360 else (wrapped(west), wrapped(west + span))
        west, east = (round(side, 3) for side in sides)
        return Bounds(west, round(max(south, -90.0), 3), east, round(min(self.north, 90.0), 3))

    def x(self, lon: Numbers) -> Numbers:
        left = self.west + self.first / (self.pixels_a_degree * self.shortening)
        return self.first + ((lon - left) % 360) * (self.pixels_a_degree * self.shortening)

    def y(self, lat: Numbers) -> Numbers:
        return (self.north - lat) * self.pixels_a_degree

    def lon(self, x: Numbers) -> Numbers:
        return self.west + x / (self.pixels_a_degree * self.shortening)

    def lat(self, y: Numbers) -> Numbers:
        return self.north - y / self.pixels_a_degree


def wrapped(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def canvas_for(bounds: Bounds, width: int, height: int) -> Canvas:
    """Shows the whole box, and as much around it as the picture has room for."""
    tall = max(bounds.north - bounds.south, 0.01)
    middle = (bounds.north + bounds.south) / 2
    shortening = max(0.1, math.cos(math.radians(35 if bounds.span > 180 else middle)))
    scale = min(width / (max(bounds.span, 0.01) * shortening), height / tall)
    shown, high = width / (scale * shortening), height / scale
    west = bounds.west + bounds.span / 2 - shown / 2
    north = min(middle + high / 2, 90.0) if high < 180 else middle + high / 2
    first = max(0.0, (shown - 360) / 2 * scale * shortening)
    return Canvas(width, height, west, north, scale, shortening, first, width - first)


def height_for(bounds: Bounds, width: int) -> int:
    """Of a picture that shows nothing but the box."""
    shortening = math.cos(math.radians(35 if bounds.span > 180 else (bounds.north + bounds.south) / 2))
    return math.ceil(width * (bounds.north - bounds.south) / (bounds.span * shortening))


def around(lat: float, lon: float, km: float, width: int, height: int) -> Canvas:
    """So many kilometres from edge to edge, the point in the middle."""
    lat = min(max(lat, -85.0), 85.0)
    half = km / KM_A_DEGREE / 2
    wide, tall = half / math.cos(math.radians(lat)), half * height / width
    return canvas_for(Bounds(lon - wide, lat - tall, lon + wide, lat + tall), width, height)


def box_around(lat: Numbers, lon: Numbers, smallest: float = 2.0) -> Bounds:
    """The narrowest box over all points, over the date line if that is narrower, with some air."""
    order = np.sort(lon % 360)
    gaps = np.diff(np.r_[order, order[0] + 360])
    widest = int(np.argmax(gaps))
    west, span = float(order[(widest + 1) % len(order)]), float(360 - gaps[widest])
    air, above = (
        max(smallest - span, span * 0.16) / 2,
        max(smallest - float(np.ptp(lat)), float(np.ptp(lat)) * 0.16) / 2,
    )
    if span + 2 * air > 180:
        return WORLD
    south, north = float(lat.min()) - above, float(lat.max()) + above
    return Bounds(wrapped(west - air), max(south, -85.0), wrapped(west + span + air), min(north, 85.0))
