"""Maps of what was found: circles drawn on the server, each a link that narrows the list. Whatever stands on a map
is in the list too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.audience import index_filter
from commons.members.models import Member
from commons.places import drawing
from commons.places.gazetteer import country_name
from commons.search.asking import Asked
from commons.search.facets import Filters
from commons.search.grammar import parse
from commons.search.hits import Hits
from commons.search.index import IndexBroken
from commons.search.queries import Answer, engine, filters_of
from commons.web import reader, with_values

NEARBY = 50.0  # kilometres
SPARSE = 64.0  # width of the squares of a small map, of which each has one circle at most
AROUND = (2.5, 4.0)  # degrees of latitude and longitude to each side on a local map


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


def list_map(asked: Asked, answer: Answer, viewer: Member | None) -> Map | None:
    """The places of everything that was found, not only of this page; the same on each of its pages."""
    if answer.found is None or not answer.found.total:
        return None
    hits = answer.found.hits
    filters = tuple((name, tuple(values)) for name, values in asked.chosen.items())
    question = ("map", asked.query, filters, asked.near, asked.km, asked.bounds, asked.since, index_filter(viewer))
    drawn = engine().remembered(question, lambda: _drawn(hits, width=360, height=340))
    return Map(drawn, _circles(drawn, with_values(bbox="", page=""))) if drawn else None


def _drawn(hits: Hits, **size: Any) -> drawing.DrawnMap | None:
    points = hits.points()
    return drawing.dotted_map(points, **size) if len(points) else None


def world_map(viewer: Member | None) -> Map | None:
    """Every organisation that this viewer may see, for the home page."""
    doors, only = index_filter(viewer), Filters(kind=frozenset({"organisation"}))

    def make() -> drawing.DrawnMap | None:
        found = engine().search(parse(""), audiences=doors, filters=only, limit=0)
        return _drawn(found.hits, bounds=drawing.WORLD, width=560, height=330, spacing=7.4)

    try:
        drawn = engine().remembered(("world", doors), make)
    except IndexBroken:
        return None
    return Map(drawn, _circles(drawn, url_for("directory.organisations"))) if drawn else None


def small_map(asked: Asked, address: str, viewer: Member | None) -> Map | None:
    """The organisations of a question, for the page of its subject; `address`: of the list of them. None: no place of one is
    known. Raises IndexBroken."""
    doors, only = index_filter(viewer), replace(filters_of(asked), kind=frozenset({"organisation"}))

    def make() -> drawing.DrawnMap | None:
        found = engine().search(asked.query, audiences=doors, filters=only, limit=0)
        return _drawn(found.hits, width=560, height=300, cell=SPARSE)

    def labelled() -> Map | None:
        drawn = engine().remembered(("small map", asked.query, only, doors), make)
        return Map(drawn, _circles(drawn, address)) if drawn else None

    return engine().remembered(("small map", asked.query, only, doors, address, reader()), labelled)


def local_map(entry: Any, viewer: Member | None) -> tuple[Map | None, int]:
    """The surroundings of one entry, and how many others stand within fifty kilometres."""
    if entry.lat is None or entry.lon is None:
        return None, 0
    # Known by its place alone: the many of one town have one map, on which one of them is not counted.
    question = ("local", entry.lat, entry.lon, index_filter(viewer))
    try:
        drawn, near = engine().remembered(question, lambda: _surroundings(entry, index_filter(viewer)))
    except IndexBroken:
        drawn, near = drawing.local_map(entry.lat, entry.lon), 0
    return Map(drawn, _circles(drawn, url_for("directory.organisations"))), near


def _surroundings(entry: Any, doors: frozenset[str]) -> tuple[drawing.DrawnMap, int]:
    high, wide = AROUND
    box = (entry.lat - high, max(-180.0, entry.lon - wide), entry.lat + high, min(180.0, entry.lon + wide))
    hits = engine().search(parse(""), audiences=doors, bounds=box, limit=0).hits
    near = engine().search(parse(""), audiences=doors, near=(entry.lat, entry.lon, NEARBY), limit=0).hits
    others = hits.points()[hits.ids() != entry.id]  # all of them have a place
    return drawing.local_map(entry.lat, entry.lon, points=others), int((near.ids() != entry.id).sum())
