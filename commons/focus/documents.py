"""How areas leave: search documents and public records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from commons.db import db
from commons.focus.models import Area
from commons.focus.queries import Node, tree
from commons.room import SearchDocument
from commons.text import excerpt
from commons.web import reader


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for area in db.session.scalars(select(Area).where(Area.id.in_(ids), Area.state == "live")):
        yield search_document(area)


def search_document(area: Area) -> SearchDocument:
    node = tree().nodes.get(area.id)
    return SearchDocument(
        id=area.id,
        kind="focus",
        audience=area.audience,
        language="en",
        title=area.title,
        names=node.words if node else [area.title],
        labels=node.said_of_it if node else [],
        text=area.definition.get("en", ""),
        areas=tree().with_parents([area.id]),
        sdgs=area.sdgs,
        updated=int(area.updated.timestamp()),
        boost=1.2,
    )


def definition_line(area: Area) -> str:
    node = tree().nodes.get(area.id)
    return excerpt(node.definition_in(reader()), 160) if node else ""


def record(area: Area) -> dict[str, Any]:
    nodes = tree().nodes
    return {
        "labels": {"en": area.title, **{code: label for code, label in area.labels.items() if label}},
        "definition": area.definition,
        "synonyms": area.synonyms,
        "sdgs": area.sdgs,
        "targets": area.targets,
        "parents": [nodes[parent].slug for parent in area.parents if parent in nodes],
    }


def link(node: Node, counts: Mapping[int, int]) -> dict[str, Any]:
    return {"label": node.label, "url": url_for("focus.area", slug=node.slug), "count": counts.get(node.id, 0)}


def area_tree() -> list[dict[str, Any]]:
    """The tree as forms show it: headings, and everything below each, with the names of the areas between."""
    areas, language = tree(), reader()
    if language not in areas.drawn:
        areas.drawn[language] = [
            {"value": node.id, "label": node.label, "children": list(_below(node.id, ""))} for node in areas.headings
        ]
    return areas.drawn[language]


def _below(area: int, path: str) -> Iterator[dict[str, Any]]:
    for node in tree().children_of(area):
        label = f"{path}{node.label}"
        yield {"value": node.id, "label": label, "children": []}
        yield from _below(node.id, f"{label} / ")
