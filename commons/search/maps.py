"""Maps of what was found: circles drawn on the server, each a link that narrows the list. Whatever stands on a map
is in the list too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.audience import index_filter
from commons.members.models import Member
from commons.places import drawing
from commons.places.gazetteer import country_name
from commons.search.answer import search
from commons.search.asking import Asked
from commons.search.facets import Filters, distances
from commons.search.grammar import parse
from commons.search.index import IndexBroken
from commons.search.queries import Answer, engine
from commons.search.snapshot import Ints, Snapshot
from commons.web import reader, with_values

NEARBY = 50.0  # kilometres


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    r: float
    count: int
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Map:
    """What the partial writes down as SVG."""

    drawn: drawing.DrawnMap
    clusters: tuple[Circle, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.drawn, name)


def _label(place: str, country: str, count: int) -> str:
    where = place or (country_name(country, reader()) if country else "")
    many = ngettext("%(num)s organisation", "%(num)s organisations", count)
    return _("%(place)s: %(many)s", place=where, many=many) if where else many


def _circles(drawn: drawing.DrawnMap, address: str) -> tuple[Circle, ...]:
    """`address`: of a list, to which the part of the map is added."""
    found = []
    start = address + ("&" if "?" in address else "?")
    for one in drawn.clusters:
        box = one.bounds
        url = f"{start}bbox={box.south:g}%2C{box.west:g}%2C{box.north:g}%2C{box.east:g}"
        found.append(Circle(one.x, one.y, one.r, one.count, url, _label(one.place, one.country, one.count)))
    return tuple(found)


def _points(snapshot: Snapshot, hits: Ints) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rows = np.column_stack((snapshot.lat[hits], snapshot.lon[hits]))
    known = ~np.isnan(rows).any(axis=1)
    return rows[known], hits[known]


def list_map(asked: Asked, answer: Answer, viewer: Member | None) -> Map | None:
    """The places of everything that was found, not only of this page; the same on each of its pages."""
    if answer.found is None or not answer.found.total:
        return None
    snapshot, hits = engine().snapshot(), answer.found.hits
    filters = tuple((name, tuple(values)) for name, values in asked.chosen.items())
    question = ("map", asked.query, filters, asked.near, asked.km, asked.bounds, asked.since, index_filter(viewer))
    drawn = engine().maps.made(snapshot, question, lambda: _drawn(snapshot, hits, width=360, height=340))
    return Map(drawn, _circles(drawn, with_values(bbox="", page=""))) if drawn else None


def _drawn(snapshot: Snapshot, hits: Ints, **size: Any) -> drawing.DrawnMap | None:
    points, _ids = _points(snapshot, hits)
    return drawing.dotted_map(points, **size) if len(points) else None


def world_map(viewer: Member | None) -> Map | None:
    """Every organisation that this viewer may see, for the home page."""
    try:
        snapshot = engine().snapshot()
    except IndexBroken:
        return None
    doors, only = index_filter(viewer), Filters(kind=frozenset({"organisation"}))

    def make() -> drawing.DrawnMap | None:
        found = search(snapshot, parse(""), audiences=doors, filters=only, limit=0)
        return _drawn(snapshot, found.hits, bounds=drawing.WORLD, width=560, height=330, spacing=7.4)

    drawn = engine().maps.made(snapshot, ("world", doors), make)
    return Map(drawn, _circles(drawn, url_for("directory.organisations"))) if drawn else None


def local_map(entry: Any, viewer: Member | None) -> tuple[Map | None, int]:
    """The surroundings of one entry, and how many others stand within fifty kilometres."""
    if entry.lat is None or entry.lon is None:
        return None, 0
    try:
        snapshot = engine().snapshot()
    except IndexBroken:
        drawn, near = drawing.local_map(entry.lat, entry.lon), 0
    else:
        # Known by its place alone: the many of one town have one map, on which one of them is not counted.
        question = ("local", entry.lat, entry.lon, index_filter(viewer))
        drawn, near = engine().maps.made(
            snapshot, question, lambda: _surroundings(snapshot, entry, index_filter(viewer))
        )
    return Map(drawn, _circles(drawn, url_for("directory.organisations"))), near


def _surroundings(snapshot: Snapshot, entry: Any, doors: frozenset[str]) -> tuple[drawing.DrawnMap, int]:
    band = np.flatnonzero(abs(snapshot.lat - entry.lat) < 2.5).astype(np.int32)
    close = (abs(snapshot.lon[band] - entry.lon) < 4) & snapshot.scope(doors).mask[band]
    hits = band[close & (snapshot.key[band] != entry.id)]
    points, _ids = _points(snapshot, hits)
    near = int((distances(snapshot, hits, entry.lat, entry.lon) <= NEARBY).sum())
    return drawing.local_map(entry.lat, entry.lon, points=points), near
