"""Outlines for `make_places.py`: from polygons of two file formats to boxes and to cells of a grid."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELLS_A_DEGREE = 20
COLUMNS, ROWS = 360 * CELLS_A_DEGREE, 180 * CELLS_A_DEGREE
Ring = NDArray[np.float64]


def around(longitude: float) -> float:
    """Between -180 and 180, for people."""
    return round((float(longitude) + 180) % 360 - 180, 2)


def rings_of(atlas: Any, geometry: Any) -> list[list[Ring]]:
    """The polygons of one country, each a list of rings in degrees."""
    scale, shift = np.array(atlas["transform"]["scale"]), np.array(atlas["transform"]["translate"])

    def arc(number: int) -> Ring:
        points: Ring = np.cumsum(np.array(atlas["arcs"][number if number >= 0 else ~number]), axis=0) * scale + shift
        return points if number >= 0 else points[::-1]

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [[unbroken(np.concatenate([arc(n) for n in ring])) for ring in polygon] for polygon in polygons]


def unbroken(ring: Ring) -> Ring:
    """Without leaps at the date line (longitudes may leave -180 to 180), closed over the pole if it goes round it."""
    longitudes = np.unwrap(ring[:, 0], period=360)
    ring = np.stack([longitudes, ring[:, 1]], axis=1)
    if abs(longitudes[-1] - longitudes[0]) < 1:
        return ring
    pole = float(np.copysign(90, ring[:, 1].mean()))
    return np.concatenate([ring, [[longitudes[-1], pole], [longitudes[0], pole], ring[0]]])


def shapes_in(shapefile: bytes) -> Iterator[list[Ring]]:
    """The polygons of an ESRI shapefile."""
    at = 100
    while at < len(shapefile):
        (words,) = struct.unpack(">i", shapefile[at + 4 : at + 8])
        kind, parts, points = struct.unpack("<i32xii", shapefile[at + 8 : at + 52])
        if kind == 5:
            starts = [*struct.unpack(f"<{parts}i", shapefile[at + 52 : at + 52 + 4 * parts]), points]
            xy = np.frombuffer(shapefile, "<f8", 2 * points, at + 52 + 4 * parts).reshape(-1, 2)
            yield [xy[a:b] for a, b in zip(starts, starts[1:], strict=False)]
        at += 8 + 2 * words


def paint(grid: NDArray[np.uint8], rings: Iterable[Ring], value: int) -> None:
    """Fills every cell whose centre lies inside, by the even-odd rule."""
    crossings: list[NDArray[np.float64]] = []
    for ring in rings:
        x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        top = np.ceil((90 - np.maximum(y0, y1)) * CELLS_A_DEGREE - 0.5).astype(int)
        bottom = np.ceil((90 - np.minimum(y0, y1)) * CELLS_A_DEGREE - 0.5).astype(int)
        times = np.maximum(bottom - top, 0)
        edge = np.repeat(np.arange(len(times)), times)
        row = top[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(times) - times, times)
        y = 90 - (row + 0.5) / CELLS_A_DEGREE
        x = x0[edge] + (y - y0[edge]) * (x1[edge] - x0[edge]) / (y1[edge] - y0[edge])
        crossings.append(np.stack([row, (x + 180) * CELLS_A_DEGREE - 0.5], axis=1))
    found = np.concatenate(crossings)
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    for (row, start), (_, stop) in zip(found[::2], found[1::2], strict=True):
        first, last = int(np.ceil(start)), int(np.ceil(stop))
        grid[int(row), np.arange(first, last) % COLUMNS] = value


def area(ring: Ring) -> float:
    x, y = ring[:, 0] * np.cos(np.radians(ring[:, 1])), ring[:, 1]
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)


def box_of(pieces: list[tuple[float, Ring]]) -> tuple[list[float], float, float]:
    """West, south, east, north of the mainland and what lies near it, and its middle; west > east at the date line."""
    biggest = max(weight for weight, _ in pieces)
    home = next(ring for weight, ring in pieces if weight == biggest)
    turn = home[:, 0].mean()  # everything is measured from here, so that the date line does not cut
    centred, near = home - [turn, 0], []
    for weight, ring in pieces:
        moved = np.stack([(ring[:, 0] - turn + 180) % 360 - 180, ring[:, 1]], axis=1)
        gap = float(np.max([moved.min(axis=0) - centred.max(axis=0), centred.min(axis=0) - moved.max(axis=0)]))
        if gap < 5 or (gap < 20 and weight > biggest / 6):
            near.append(moved)
    everything = np.concatenate(near)
    (west, south), (east, north) = everything.min(axis=0), everything.max(axis=0)
    x, y = (centred.min(axis=0) + centred.max(axis=0)) / 2
    sides = (-180.0, 180.0) if east - west > 355 else (around(west + turn), around(east + turn))
    box = [sides[0], round(float(south), 2), sides[1], round(float(north), 2)]
    return box, round(float(y), 2), around(float(x + turn))
