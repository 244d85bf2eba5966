"""The drawn map: land as dots, organisations as circles that are links, a few towns to know where one is.

Everything is worked out here, for one partial that only writes it down as SVG: no tiles, no script, no other server.
`dotted_map` shows the world, a continent or whatever its points need; `local_map` the surroundings of one place, where
the land abroad is drawn paler (`abroad`), lakes and coasts show at 6 km, and the largest towns carry their names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commons.places.canvas import CONTINENTS, WORLD, Bounds, Canvas, Numbers, around, box_around, canvas_for, height_for
from commons.places.clusters import CLOSE, WIDE, Cluster, clusters_of
from commons.places.land import WATER, land
from commons.places.towns import Town, towns_on

__all__ = [
    "CONTINENTS",
    "WORLD",
    "Bounds",
    "Cluster",
    "DrawnMap",
    "Here",
    "Town",
    "dotted_map",
    "local_bounds",
    "local_map",
]

_SAMPLES = np.array([(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]) / 3


@dataclass(frozen=True, slots=True)
class Here:
    """The place that a local map is about: a dot, or a ring round the circle of its neighbours."""

    x: float
    y: float
    r: float
    ring: bool


@dataclass(frozen=True, slots=True)
class DrawnMap:
    width: int
    height: int
    land: str  # the `d` of a path to be stroked with round caps
    abroad: str  # the same for land outside the country that a local map is about
    stroke: float
    clusters: tuple[Cluster, ...]
    towns: tuple[Town, ...]
    here: Here | None
    bounds: Bounds
    count: int  # points on the map
    outside: int  # points that lie beyond its edges


def dotted_map(
    points: ArrayLike,
    *,
    ids: ArrayLike | None = None,
    bounds: Bounds | None = None,
    width: int = 460,
    height: int = 433,
    spacing: float = 8.2,
    cell: float = 44,
) -> DrawnMap:
    """A map of rows of (latitude, longitude): of the given part of the earth, or of as much as the points need."""
    lat, lon, names = _columns(points, ids)
    if bounds is None:
        bounds = box_around(lat, lon) if len(lat) else WORLD
    if bounds.span > 180:
        height = min(height, height_for(bounds, width))
    canvas = canvas_for(bounds, width, height)
    circles, count = clusters_of(canvas, lat, lon, names, cell, WIDE)
    return DrawnMap(
        width=width,
        height=height,
        land=_land_paths(canvas, spacing, None)[0],
        abroad="",
        stroke=round(spacing * 0.56, 2),
        clusters=tuple(circles),
        towns=(),
        here=None,
        bounds=canvas.bounds,
        count=count,
        outside=len(lat) - count,
    )


def local_map(
    lat: float,
    lon: float,
    *,
    points: ArrayLike = (),
    ids: ArrayLike | None = None,
    km: float = 300,
    width: int = 280,
    height: int = 235,
    spacing: float = 7.5,
    cell: float = 18,
    most_towns: int = 5,
) -> DrawnMap:
    """The surroundings of one place: itself in the middle, neighbours as dots, towns by name."""
    lats, lons, names = _columns(points, ids)
    canvas = around(lat, lon, km, width, height)
    home = int(land().owner_at(np.array([lat]), np.array([lon]))[0])
    circles, count = clusters_of(canvas, lats, lons, names, cell, CLOSE)
    own, abroad = _land_paths(canvas, spacing, home or None)
    here = _here(canvas.width / 2, float(canvas.y(np.array([lat]))[0]), circles)
    circles = [circle for circle in circles if circle.count > 1 or _apart(circle, here) > here.r]
    return DrawnMap(
        width=width,
        height=height,
        land=own,
        abroad=abroad,
        stroke=round(spacing * 0.56, 2),
        clusters=tuple(circles),
        towns=tuple(towns_on(canvas, (here.x, here.y, here.r), circles, most_towns)),
        here=here,
        bounds=canvas.bounds,
        count=count,
        outside=len(lats) - count,
    )


def local_bounds(lat: float, lon: float, *, km: float = 300, width: int = 280, height: int = 235) -> Bounds:
    """What a local map will show, to fetch only the neighbours that it needs."""
    return around(lat, lon, km, width, height).bounds


def _columns(points: ArrayLike, ids: ArrayLike | None) -> tuple[Numbers, Numbers, NDArray[Any] | None]:
    table = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    names = None if ids is None else np.asarray(ids)
    if names is not None and len(names) != len(table):
        raise ValueError("every point needs its id")
    usable = np.isfinite(table).all(axis=1) & (np.abs(table[:, 0]) <= 90)
    if not usable.all():
        table, names = table[usable], None if names is None else names[usable]
    return table[:, 0], table[:, 1], names


def _here(x: float, y: float, circles: list[Cluster]) -> Here:
    for circle in circles:
        if circle.count > 1 and math.dist((x, y), (circle.x, circle.y)) < circle.r:
            return Here(circle.x, circle.y, circle.r + 3, ring=True)
    return Here(round(x, 1), round(y, 1), 5, ring=False)


def _apart(circle: Cluster, here: Here) -> float:
    return math.dist((circle.x, circle.y), (here.x, here.y))


@lru_cache(maxsize=256)
def _land_paths(canvas: Canvas, spacing: float, home: int | None) -> tuple[str, str]:
    """The dots of one country and those of all others; without a country all are of the first kind."""
    rows = np.arange(spacing / 2, canvas.height, spacing * 0.866)
    columns = np.arange(spacing / 2, canvas.width, spacing)
    y = np.repeat(rows[:, None], len(columns), axis=1)
    x = columns[None, :] + np.where(np.arange(len(rows)) % 2, spacing / 2, 0.0)[:, None]
    across, down = _SAMPLES[:, 1] * spacing, _SAMPLES[:, 0] * spacing
    lat, lon = canvas.lat(y[..., None] + down), canvas.lon(x[..., None] + across)
    owners = land().owner_at(lat, lon)
    owners[np.abs(lat) > 90] = WATER
    dry = owners != WATER
    enough = 4 if dry.mean() > 0.02 else 1  # among the waters of the Pacific the smallest island is worth its dot
    dots = (dry.sum(axis=2) >= enough) & (x > canvas.first) & (x < min(canvas.last, canvas.width - 1))
    if home is None:
        return _path(x, y, dots, spacing), ""
    ours = (owners == home).sum(axis=2) * 2 >= dry.sum(axis=2)
    return _path(x, y, dots & ours, spacing), _path(x, y, dots & ~ours, spacing)


def _path(x: Numbers, y: Numbers, dots: NDArray[np.bool_], spacing: float) -> str:
    """One zero-long line per dot: round caps make it a dot, and repeated steps pack to almost nothing."""
    parts = []
    steps = [f"m{many * spacing:.4g} 0h0" for many in range(x.shape[1])]
    for row, height, chosen in zip(x, y[:, 0].tolist(), dots, strict=True):
        places = np.flatnonzero(chosen)
        if len(places):
            line = "".join([steps[many] for many in np.diff(places).tolist()])
            parts.append(f"M{row[places[0]]:.4g} {height:.4g}h0{line}")
    return "".join(parts)
