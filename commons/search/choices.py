"""The choices beside a list: facets, and numbers that are those of what their links show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from commons.focus.goals import goal
from commons.focus.queries import Node, tree
from commons.places.gazetteer import country_name
from commons.room import rooms
from commons.search.asking import Asked
from commons.search.queries import Answer
from commons.web import language_name, reader, with_values

MANY = 8  # choices of a facet that are shown at first


def value_label(facet: str, value: str) -> str:
    if facet == "focus":
        node = tree().by_slug.get(value)
        return node.label if node else value
    if facet == "country":
        return country_name(value, reader())
    if facet == "sdg" and (one := goal(int(value))):
        return f"{value}. {one.short_in(reader())}"
    if facet == "language":
        return language_name(value)
    if facet == "kind":
        return str(rooms().kinds[value].plural)
    return _type_label(value)


def _type_label(value: str) -> str:
    name_of = current_app.extensions.get("names of fields", {}).get("type")
    return str(name_of(value)) if name_of else value.capitalize()


def facets(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    if answer.found is None:
        return []
    made = []
    for name, numbers in answer.found.facets.items():
        facet = "focus" if name == "area" else name
        choices = area_choices(asked, numbers) if facet == "focus" else flat_choices(asked, facet, numbers)
        if choices:
            made.append(
                {
                    "name": facet,
                    "label": facet_label(facet),
                    "open": facet in ("focus", "country") or any(asked.chosen.get(facet, ())),
                    "choices": choices,
                    "all_url": url_for("focus.focus_index") if facet == "focus" else None,
                }
            )
    return made


def facet_label(facet: str) -> str:
    return {
        "focus": _("Area of focus"),
        "country": _("Place"),
        "sdg": _("Goal (SDG)"),
        "type": _("Type"),
        "language": _("Working language"),
        "kind": _("Kind"),
    }[facet]


def flat_choices(asked: Asked, facet: str, numbers: dict[Any, int]) -> list[dict[str, Any]]:
    chosen = asked.chosen.get(facet, [])
    shown = [str(value) for value in list(numbers)[: MANY if facet != "sdg" else 17] if value != ""]
    values = sorted(shown, key=int) if facet == "sdg" else shown
    values = [*(value for value in chosen if value not in values), *values]
    return [
        choice(facet, value, numbers.get(int(value) if facet == "sdg" else value, 0), value in chosen)
        for value in values
    ]


def choice(
    facet: str, value: str, count: int, chosen: bool, children: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    return {
        "value": value,
        "label": value_label(facet, value),
        "count": count,
        "chosen": chosen,
        "url": with_values(**{facet: value, "page": ""}),
        "children": children or [],
    }


def area_choices(asked: Asked, numbers: dict[Any, int]) -> list[dict[str, Any]]:
    """The headings; below a chosen one, and below what stands above a chosen area, the next level."""
    opened = set(tree().with_parents(asked.areas)) if asked.areas else set()

    def of(nodes: Sequence[Node], many: int) -> list[dict[str, Any]]:
        some = sorted(nodes, key=lambda node: (node.id not in opened, -numbers.get(node.id, 0)))[:many]
        return [
            choice(
                "focus",
                node.slug,
                numbers.get(node.id, 0),
                node.id in asked.areas,
                of(tree().children_of(node.id), MANY) if node.id in opened else [],
            )
            for node in some
            if numbers.get(node.id, 0) or node.id in opened
        ]

    return of(tree().headings, 12)
