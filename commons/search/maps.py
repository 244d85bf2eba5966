"""Maps of what was found: circles drawn on the server, each a link that narrows the list. Whatever stands on a map is in the list too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import url_for
from flask_babel import get_locale, ngettext

from commons.audience import index_filter
from commons.members.models import Member
from commons.places import drawing
from commons.places.gazetteer import country_name
from commons.search.answer import search
from commons.search.facets import Filters, distances
from commons.search.grammar import parse
from commons.search.index import IndexBroken
from commons.search.queries import Answer, engine
from commons.search.snapshot import Ints, Snapshot
from commons.web import with_values

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
    where = place or (country_name(country, str(get_locale() or "en")) if country else "")
    many = ngettext("%(num)s organisation", "%(num)s organisations", count)
    return f"{where}: {many}" if where else many


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


def list_map(answer: Answer) -> Map | None:
    """The places of everything that was found, not only of this page."""
    if answer.found is None or not answer.found.total:
        return None
    points, _ids = _points(engine().snapshot(), answer.found.hits)
    if not len(points):
        return None
    drawn = drawing.dotted_map(points, width=360, height=340)
    return Map(drawn, _circles(drawn, with_values))


def world_map(viewer: Member | None) -> Map | None:
    """Every organisation that this viewer may see, for the home page."""
    try:
        snapshot = engine().snapshot()
        found = search(
            snapshot,
            parse(""),
            audiences=index_filter(viewer),
            filters=Filters(kind=frozenset({"organisation"})),
            limit=0,
        )
    except IndexBroken:
        return None
    points, _ids = _points(snapshot, found.hits)
    drawn = drawing.dotted_map(points, bounds=drawing.WORLD, width=560, height=330, spacing=7.4)
    return (
        Map(drawn, _circles(drawn, lambda **values: url_for("directory.organisations", bbox=values["bbox"])))
        if len(points)
        else None
    )


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
    return Map(drawn, _circles(drawn, lambda **values: url_for("directory.organisations", bbox=values["bbox"]))), near
