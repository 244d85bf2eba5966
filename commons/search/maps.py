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


def _circles(drawn: drawing.DrawnMap, address: Any) -> tuple[Circle, ...]:
    found = []
    for cluster in drawn.clusters:
        box = cluster.bounds
        url = address(bbox=f"{box.south:g},{box.west:g},{box.north:g},{box.east:g}", page="")
        found.append(
            Circle(
                cluster.x,
                cluster.y,
                cluster.r,
                cluster.count,
                url,
                _label(cluster.place, cluster.country, cluster.count),
            )
        )
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
    drawn = engine().remember(snapshot, question, lambda: _drawn(snapshot, hits, width=360, height=340))
    return Map(drawn, _circles(drawn, with_values)) if drawn else None


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

    drawn = engine().remember(snapshot, ("world", doors), make)
    return Map(drawn, _circles(drawn, _list_of_organisations)) if drawn else None


def _list_of_organisations(**values: Any) -> str:
    return url_for("directory.organisations", bbox=values["bbox"])


def local_map(entry: Any, viewer: Member | None) -> tuple[Map | None, int]:
    """The surroundings of one entry, and how many others stand within fifty kilometres."""
    if entry.lat is None or entry.lon is None:
        return None, 0
    points, near = np.empty((0, 2)), 0
    try:
        snapshot = engine().snapshot()
        mask = snapshot.scope(index_filter(viewer)).mask
        with np.errstate(invalid="ignore"):
            close = (
                (abs(snapshot.lat - entry.lat) < 2.5)
                & (abs(snapshot.lon - entry.lon) < 4)
                & mask
                & (snapshot.key != entry.id)
            )
        hits = np.flatnonzero(close).astype(np.int32)
        points, _ids = _points(snapshot, hits)
        near = int((distances(snapshot, hits, entry.lat, entry.lon) <= NEARBY).sum())
    except IndexBroken:
        pass
    drawn = drawing.local_map(entry.lat, entry.lon, points=points)
    return Map(drawn, _circles(drawn, _list_of_organisations)), near
