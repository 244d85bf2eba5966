"""What is missing where: needs that meet no offers, and offers no needs, by area of focus and country; areas on which organisations
work and no page says anything; what was looked for in vain. Never so small that it points at one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import select

from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import country_name
from commons.room import rooms
from commons.search.index import IndexBroken
from commons.search.ruling import wanted_titles
from commons.subjects.queries import numbers
from commons.text import slug
from commons.web import reader
from directory.partnerships.board.models import SORTS
from directory.partnerships.board.queries import open_places

FEWEST = 3  # a cell with fewer is not shown
SHOWN = 40
AT_A_GLANCE = ("organisation", "page", "topic", "need", "offer")
UNWRITTEN = 15  # areas


class Gap(NamedTuple):
    area: str
    area_url: str
    country: str
    needs: int
    offers: int
    url: str


class Unwritten(NamedTuple):
    """An area on which organisations work and no page says anything."""

    area: str
    area_url: str
    organisations: int
    url: str
    write_url: str


def gaps_page(viewer: Member | None) -> dict[str, Any]:
    """Lists of cells (area at the top of the tree × country) and of what nobody wrote, the widest gap first."""
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    tops = {area: _tops(area) for area in tree().nodes}
    for one in open_places(viewer):
        for top in set().union(*(tops.get(area, ()) for area in one.areas)):
            counts[top, one.country][one.kind] += 1
    cells = [_gap(area, country, many) for (area, country), many in counts.items() if many.total() >= FEWEST]
    return {
        "needs": sorted((one for one in cells if not one.offers), key=lambda one: (-one.needs, one.area))[:SHOWN],
        "offers": sorted((one for one in cells if not one.needs), key=lambda one: (-one.offers, one.area))[:SHOWN],
        "kinds": [rooms().kinds[kind].plural for kind in AT_A_GLANCE],
        "glance": _glance(viewer),
        "unwritten": _unwritten(viewer),
        "sought": _sought(viewer),
        "fewest": FEWEST,
    }


def _glance(viewer: Member | None) -> list[tuple[str, str, list[tuple[int, str]]]]:
    """(area, its page, of each kind how many and the list of them) for the areas at the top of the tree; of needs and offers
    those that are open. None while the search is away."""
    asked: dict[str, dict[str, Any]] = {
        kind: {"kind": [kind], **({"type": list(SORTS)} if kind in ("need", "offer") else {})} for kind in AT_A_GLANCE
    }
    try:
        many = {kind: numbers(asked[kind], "area", viewer) for kind in AT_A_GLANCE}
    except IndexBroken:
        return []
    return [
        (
            node.label,
            url_for("focus.area", slug=node.slug),
            [
                (many[kind].get(node.id, 0), url_for("search.search", focus=node.slug, **asked[kind]))
                for kind in AT_A_GLANCE
            ],
        )
        for node in tree().headings
    ]


def _unwritten(viewer: Member | None) -> list[Unwritten]:
    """Of areas that stand above each other the highest, most organisations first; none while the search is away."""
    try:
        many = numbers({"kind": ["organisation"]}, "area", viewer)
        written = numbers({"kind": ["page"]}, "area", viewer)
    except IndexBroken:
        return []
    nodes = tree().nodes
    bare = {area for area in nodes if many.get(area, 0) >= FEWEST and not written.get(area)}
    tops = [nodes[area] for area in bare if not bare & set(nodes[area].parents)]
    rows = [
        Unwritten(
            node.label,
            url_for("focus.area", slug=node.slug),
            many[node.id],
            url_for("directory.organisations", focus=node.slug),
            url_for("wiki.new", focus=node.slug),
        )
        for node in tops
    ]
    return sorted(rows, key=lambda row: (-row.organisations, row.area))[:UNWRITTEN]


def _sought(viewer: Member | None) -> list[tuple[str, str]]:
    """(title, where it is begun) of pages that moderators want because many looked for them, and that are not there."""
    titles = [title for title, _language in wanted_titles()][:SHOWN]
    named = select(Entry.slug).where(Entry.kind == "page", visible(viewer), Entry.slug.in_(map(slug, titles)))
    there = set(db.session.scalars(named)) if titles else set()
    begin = rooms().kinds["page"].new
    return [(title, begin(title)) for title in titles if begin and slug(title) not in there]


def _tops(area: int) -> set[int]:
    """The headings above an area."""
    nodes = tree().nodes
    return {one for one in tree().with_parents([area]) if one in nodes and not nodes[one].parents}


def _gap(area: int, country: str, many: Counter[str]) -> Gap:
    node = tree().nodes[area]
    where = country_name(country, reader()) if country else ""
    address = "board.needs" if many["need"] else "board.offers"
    list_url = url_for(address, focus=node.slug, country=country or None)
    return Gap(node.label, url_for("focus.area", slug=node.slug), where, many["need"], many["offer"], list_url)
