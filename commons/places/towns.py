"""Names of towns on a local map: the largest, placed so that none lies on another, on a circle or over the edge."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from commons.places import tables
from commons.places.canvas import Canvas
from commons.places.clusters import Cluster

_LETTER, _LINE = 5.7, 11.0  # a letter and a line at the size at which the names are set
_APART = 26.0  # pixels between two towns
_CANDIDATES = 60

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    x: float
    y: float
    dot: bool  # whether to draw a dot at x, y
    text_x: float
    text_y: float
    anchor: str  # start | middle | end, for text that runs from left to right


def towns_on(canvas: Canvas, here: tuple[float, float, float], circles: Sequence[Cluster], most: int) -> list[Town]:
    table = tables.towns()
    bounds = canvas.bounds
    rows = tables.towns_between(bounds.south, bounds.north, bounds.west, bounds.span)[:_CANDIDATES]
    places = zip(canvas.x(table.lon[rows]).tolist(), canvas.y(table.lat[rows]).tolist(), strict=True)
    marks = [here, *((circle.x, circle.y, circle.r) for circle in circles)]
    taken = [_square(*mark) for mark in marks]
    found: list[Town] = []
    for row, at in zip(rows.tolist(), places, strict=True):
        # A name stands beside the circle that lies on its town, and then needs no dot of its own.
        mark = next((one for one in marks if math.dist(at, one[:2]) < one[2] + 3), (*at, 0.0))
        if any(math.dist(mark[:2], (other.x, other.y)) < _APART for other in found):
            continue
        town = _placed(table.names[row].decode(), mark, taken, canvas)
        if town is not None:
            found.append(town)
        if len(found) == most:
            break
    return found


def _placed(name: str, mark: tuple[float, float, float], taken: list[Box], canvas: Canvas) -> Town | None:
    """Right, left, above or below: the first side that is free. What is placed is taken for the next."""
    wide = sum(_LETTER * (2 if unicodedata.east_asian_width(char) in "WF" else 1) for char in name)
    x, y, r = mark
    gap = r + 3 if r else 4.5
    sides = (
        ("start", x + gap, y + 3.6, x + gap),
        ("end", x - gap, y + 3.6, x - gap - wide),
        ("middle", x, y - gap, x - wide / 2),
        ("middle", x, y + gap + 7.5, x - wide / 2),
    )
    for anchor, text_x, text_y, left in sides:
        box = (left, text_y - _LINE + 2, left + wide, text_y + 2)
        inside = box[0] >= 2 and box[2] <= canvas.width - 2 and box[1] >= 2 and box[3] <= canvas.height - 2
        if inside and not any(_meet(box, other) for other in taken):
            taken += [box, _square(x, y, max(r, 3))]
            return Town(name, round(x, 1), round(y, 1), not r, round(text_x, 1), round(text_y, 1), anchor)
    return None


def _square(x: float, y: float, half: float) -> Box:
    return x - half, y - half, x + half, y + half


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
