"""Where needs meet no offers, and offers no needs: counted by area of focus and country, never so small that it points at one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from flask import url_for

from commons.audience import doors
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import country_name
from commons.web import reader
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import open_postings

FEWEST = 3  # a cell with fewer is not shown
SHOWN = 40


class Gap(NamedTuple):
    area: str
    area_url: str
    country: str
    needs: int
    offers: int
    url: str


def gaps_page(viewer: Member | None) -> dict[str, Any]:
    """Two lists of cells (area at the top of the tree × country), the widest gap first."""
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for one in open_postings():
        if one.audience in doors(viewer):
            for cell in _cells(one):
                counts[cell][one.kind] += 1
    cells = [_gap(area, country, many) for (area, country), many in counts.items() if many.total() >= FEWEST]
    return {
        "needs": sorted((one for one in cells if not one.offers), key=lambda one: (-one.needs, one.area))[:SHOWN],
        "offers": sorted((one for one in cells if not one.needs), key=lambda one: (-one.offers, one.area))[:SHOWN],
        "fewest": FEWEST,
    }


def _cells(posting: Posting) -> set[tuple[int, str]]:
    """The headings above its areas, in its country; of what can be done from anywhere, in no country."""
    nodes = tree().nodes
    tops = {area for area in tree().with_parents(posting.focus) if area in nodes and not nodes[area].parents}
    return {(area, "" if posting.remote else posting.country) for area in tops}


def _gap(area: int, country: str, many: Counter[str]) -> Gap:
    node = tree().nodes[area]
    where = country_name(country, reader()) if country else ""
    address = "board.needs" if many["need"] else "board.offers"
    list_url = url_for(address, focus=node.slug, country=country or None)
    return Gap(node.label, url_for("focus.area", slug=node.slug), where, many["need"], many["offer"], list_url)
