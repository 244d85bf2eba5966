"""What a page of results shows: rows with snippets and true reasons, facets, chips, orders and pages. Every link
keeps the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from commons.db import now
from commons.focus.goals import goal
from commons.focus.queries import Node, tree
from commons.members.door import viewer
from commons.places.gazetteer import country_name
from commons.room import SearchDocument, rooms
from commons.search.analysis import terms
from commons.search.asking import Asked, asked_from
from commons.search.maps import list_map
from commons.search.queries import Answer, ask, engine
from commons.search.snippet import snippet
from commons.web import language_name, pager, reader, with_values, without_value

MANY = 8  # choices of a facet that are shown at first


def result_page(asked: Asked, answer: Answer, per_page: int, endpoint: str) -> dict[str, Any]:
    applied = chips(asked)
    sorts = ["relevance", "distance", "confirmed", "updated", "title"]
    return {
        "found": SimpleNamespace(total=answer.total, items=rows(asked, answer)),
        "facets": facets(asked, answer),
        "applied": applied,
        "query": {
            name: request.args.getlist(name) if len(request.args.getlist(name)) > 1 else value
            for name, value in request.args.items()
        },
        "sorts": [
            {"label": sort_label(name), "url": with_values(sort=name, page=""), "current": asked.order == name}
            for name in sorts
            if (name != "relevance" or not asked.query.empty) and (name != "distance" or asked.near)
        ],
        "pager": pager(answer.total, per_page, asked.page),
        "map": list_map(asked, answer, viewer()) if endpoint == "directory.organisations" else None,
        "matched_any": answer.matched_any,
        "suggestion": (answer.suggestion, with_values(q=answer.suggestion, page="")) if answer.suggestion else None,
        "wider": wider(asked, applied, answer),
        "search_notice": answer.notice,
        "filters_url": url_for("directory.filters")
        + ("?" + request.query_string.decode(errors="replace") if request.query_string else ""),
        "asked": asked,
    }


def sort_label(name: str) -> str:
    return {
        "relevance": _("relevance"),
        "distance": _("distance"),
        "confirmed": _("recently confirmed"),
        "updated": _("recently changed"),
        "title": _("A–Z"),
    }[name]


def rows(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    documents = {} if asked.query.empty else documents_for(answer.entries)
    return [row(asked, entry, documents.get(entry.id), answer) for entry in answer.entries]


def documents_for(entries: Sequence[Any]) -> dict[int, SearchDocument]:
    """The search documents of these entries, to cut snippets from what the index was made of."""
    found: dict[int, SearchDocument] = {}
    for name in {entry.kind for entry in entries}:
        kind, some = rooms().kinds[name], [entry for entry in entries if entry.kind == name]
        if kind.document:
            found |= {entry.id: kind.document(entry) for entry in some}
        elif kind.documents:
            found |= {document.id: document for document in kind.documents([entry.id for entry in some])}
    return found


def row(asked: Asked, entry: Any, document: SearchDocument | None, answer: Answer) -> dict[str, Any]:
    kind = rooms().kinds[entry.kind]
    areas = tree().sorted(getattr(entry, "focus", []))
    distance = answer.distances.get(entry.id)
    area = tree().nodes.get(entry.id) if entry.kind == "focus" else None
    text = area.definition_in(reader()) if area else document.text if document else ""
    return {
        "entry": entry,
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": area.label if area else entry.title,
        "language": reader() if area else entry.language,
        "url": kind.page(entry),
        "snippet": snippet(text, asked.query, entry.language) if text and not asked.query.empty else None,
        "reasons": reasons(asked, entry, document, areas, distance),
        "place": ", ".join(filter(None, (getattr(entry, "city", ""), _country(entry)))),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in areas],
        "distance_km": distance if distance is not None and distance == distance else None,
    }


def _country(entry: Any) -> str:
    code = getattr(entry, "country", "")
    return country_name(code, reader()) if code else ""


def reasons(
    asked: Asked, entry: Any, document: SearchDocument | None, areas: Iterable[Node], distance: float | None
) -> list[str]:
    """At most three, each a fact that a reader can check on the record."""
    found: list[str] = []
    words = set(terms(" ".join((*asked.query.terms, *asked.query.phrases))))
    if words and document:
        if words <= set(terms(entry.title)):
            found.append(_("its name"))
        elif name := next((name for name in document.names if words <= set(terms(name))), None):
            found.append(_("also called “%(name)s”", name=name))
        for node in areas:
            if label := next((label for label in node.words if words & set(terms(label))), None):
                found.append(
                    _(
                        "works on %(area)s",
                        area=node.label if label in node.labels.values() else f"{node.label} ({label})",
                    )
                )
                break
        if words & set(terms(document.place)):
            found.append(
                _("is in %(place)s", place=", ".join(filter(None, (getattr(entry, "city", ""), _country(entry)))))
            )
    if distance is not None and distance == distance and asked.near:
        found.append(_("%(km)s km from %(place)s", km=round(distance), place=asked.near.name))
    confirmed = getattr(entry, "confirmed_on", None)
    if confirmed and (now().date() - confirmed).days <= 31:
        found.append(_("confirmed in the last month"))
    return found[:3]


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


def chips(asked: Asked) -> list[dict[str, str]]:
    found = []
    for facet, values in asked.chosen.items():
        if facet == "kind" and asked.collection:
            continue
        found += [{"label": value_label(facet, value), "remove_url": without_value(facet, value)} for value in values]
    if asked.near:
        label = _("within %(km)s km of %(place)s", km=asked.km, place=asked.near.name)
        found.append({"label": label, "remove_url": with_values(near="", km="", page="")})
    if asked.bounds:
        found.append({"label": _("part of the map"), "remove_url": with_values(bbox="", page="")})
    if asked.since:
        found.append({"label": _("confirmed in the last 12 months"), "remove_url": with_values(confirmed="", page="")})
    return found


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


def wider(asked: Asked, applied: list[dict[str, str]], answer: Answer) -> list[tuple[str, str, int]]:
    """Where nothing fits: the same question without one of its filters, with how many it would find."""
    if answer.total or answer.found is None:
        return []
    found = []
    for chip in applied[:6]:
        args = MultiDict(parse_qsl(chip["remove_url"].partition("?")[2]))
        other = asked_from(args, asked.collection, asked.within)
        many = ask(other, viewer(), engine().snapshot(), limit=0).total
        if many:
            found.append((_("without “%(filter)s”", filter=chip["label"]), chip["remove_url"], many))
    return found


def tabs(answer: Answer) -> list[dict[str, object]]:
    numbers = answer.found.facets.get("kind", {}) if answer.found else {}
    chosen = request.args.get("kind", "")
    rows = [
        {
            "label": _("Everything"),
            "url": with_values(kind="", page=""),
            "count": sum(numbers.values()),
            "current": not chosen,
        }
    ]
    for kind, count in numbers.items():
        if kind in rooms().kinds:
            rows.append(
                {
                    "label": value_label("kind", str(kind)),
                    "url": with_values(kind=kind, page=""),
                    "count": count,
                    "current": chosen == kind,
                }
            )
    return rows


def feed_row(entry: Any) -> dict[str, Any]:
    address = url_for("entries.permanent", entry_id=entry.id, _external=True)
    row = {"title": entry.title, "id": address, "link": address, "updated": entry.updated.isoformat()}
    return {**row, "actor_name": rooms().kinds[entry.kind].label, "verb_label": "", "note": ""}
