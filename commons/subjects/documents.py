"""The boxes of a subject's page, and what is missing there."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from commons.focus.queries import Node, tree
from commons.focus.subjects import Box, Subject
from commons.members.models import Member
from commons.places.countries import country_name
from commons.places.names import sorting_in
from commons.room import rooms
from commons.search.index import IndexBroken
from commons.search.maps import small_map
from commons.subjects import queries
from commons.web import reader

MISSING = 5  # areas named among what is missing


def boxes_panel(subject: Subject, viewer: Member | None) -> dict[str, Any] | None:
    """All boxes of all rooms. While the search is away they hold what the database knows, and a sentence says so."""
    panels, boxes = rooms().panels("subject box"), _boxes(subject, viewer)
    try:
        found, whole = queries.filled(boxes, viewer), True
    except IndexBroken:
        found, whole = queries.standing(boxes, subject, viewer), False
    shown = [_box(str(panel.title), box, some) for panel, box, some in zip(panels, boxes, found, strict=True)]
    return {"boxes": shown, "whole": whole}


def _box(title: str, box: Box, found: queries.Filled) -> dict[str, Any]:
    return {
        "title": title,
        "name": box.kinds[0],
        "total": found.total,
        "rows": [_row(entry, box) for entry in found.entries],
        "all_url": _all_url(box),
        "empty": box.empty,
        "begin": box.begin,
    }


def _all_url(box: Box) -> str:
    """A room's own list is about one kind, and knows which types it shows."""
    asked = queries.address_of(box) if box.endpoint == "search.search" else box.asked
    return url_for(box.endpoint, **asked)


def _row(entry: Any, box: Box) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    line = box.line or kind.about
    return {
        "title": entry.title,
        "language": entry.language,
        "url": kind.page(entry),
        "kind": entry.kind,
        "kind_label": kind.label if entry.kind != box.kinds[0] else "",
        "line": line(entry) if line else "",
        "mark": box.mark(entry) if box.mark else "",
    }


def map_panel(subject: Subject, viewer: Member | None) -> dict[str, Any] | None:
    """Where its organisations are; the list says the same in words."""
    asked: dict[str, Any] = {**subject.address}
    address = url_for("directory.organisations", **asked)
    try:
        drawn = small_map(queries.question(asked), address, viewer)
    except IndexBroken:
        return None
    return {"map": drawn, "list_url": address} if drawn else None


def missing_panel(subject: Subject, viewer: Member | None) -> dict[str, Any] | None:
    """Facts that call for somebody: areas on which organisations work and nobody writes; needs and no offer, offers and no need."""
    boxes = _boxes(subject, viewer)
    try:
        areas = queries.without_page(subject, viewer)
        many = {box.kinds[0]: look.total for box, look in zip(boxes, queries.looks(boxes, viewer), strict=True)}
    except IndexBroken:
        return None
    rows = [_unwritten(tree().nodes[area], many) for area, many in areas[:MISSING] if area in tree().nodes]
    needs, offers = many.get("need", 0), many.get("offer", 0)
    gap = "offer" if needs and not offers else "need" if offers and not needs else ""
    return {"areas": rows, "gap": gap} if rows or gap else None


def _boxes(subject: Subject, viewer: Member | None) -> list[Box]:
    """Asked for once a request, for all panels of a page."""
    kept: dict[Subject, list[Box]] = g.setdefault("boxes of subjects", {})
    if subject not in kept:
        kept[subject] = [panel.items(subject, viewer) for panel in rooms().panels("subject box")]
    return kept[subject]


def _unwritten(node: Node, many: int) -> dict[str, str]:
    words = ngettext("%(n)s organisation works on it", "%(n)s organisations work on it", many, n=many)
    return {"label": node.label, "url": url_for("focus.area", slug=node.slug), "words": words}


def country_rows(viewer: Member | None) -> list[dict[str, Any]]:
    """Every country that an entry names, in the alphabetical order of the reader's language."""
    order = sorting_in(reader())
    found = [(country_name(code, reader()), code, many) for code, many in queries.countries(viewer).items()]
    return [
        {"label": label, "url": url_for("subjects.country", code=code), "count": many}
        for label, code, many in sorted(found, key=lambda row: order(row[0]))
    ]


def alike_panel(entry: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Others of any kind that are about the same, each with what both have in common; beside a private talk nothing."""
    if entry.audience.startswith("talk:"):
        return None
    try:
        found = queries.alike(entry, viewer)
    except IndexBroken:
        return None
    return {"alike": [_alike(one) for one in found]} if found else None


def _alike(one: queries.Alike) -> dict[str, Any]:
    kind = rooms().kinds[one.entry.kind]
    areas = tree().sorted(one.areas)
    reasons = [_("both about %(areas)s", areas=", ".join(node.label for node in areas[:2]))] if areas else []
    if one.words:
        reasons.append(_("both say “%(words)s”", words=", ".join(one.words[:3])))
    return {
        "title": one.entry.title,
        "language": one.entry.language,
        "url": kind.page(one.entry),
        "kind": one.entry.kind,
        "kind_label": kind.label,
        "reasons": reasons,
    }
