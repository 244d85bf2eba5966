"""What a page of results shows: rows with snippets and true reasons, facets, chips, orders and pages. Every link
keeps the rest."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from commons.entries.documents import panels
from commons.entries.queries import heads_by_id
from commons.focus.queries import tree
from commons.members.door import viewer
from commons.room import SearchDocument, rooms
from commons.search.asking import Asked, asked_from
from commons.search.choices import facets, value_label
from commons.search.grammar import without_filter
from commons.search.labels import nearest_area
from commons.search.maps import list_map
from commons.search.queries import Answer, ask
from commons.search.reasons import Question, place_of, reasons, sentence
from commons.search.snippet import snippet
from commons.search.understanding import Understood, folded_phrase
from commons.web import pager, reader, whole_number, with_values, without_value

__all__ = [
    "chips",
    "facets",
    "feed_row",
    "narrowing_facets",
    "result_page",
    "row",
    "rows",
    "sort_label",
    "tabs",
    "value_label",
    "wider",
]

FARTHER = (100, 250)  # kilometres, where nothing is near


def result_page(asked: Asked, answer: Answer, per_page: int, endpoint: str) -> dict[str, Any]:
    applied, read = chips(asked), interpreted(asked)
    if asked.collection:  # the lists of one kind show all that narrows them in one row
        applied, read = [*applied, *read], []
    sorts = ["relevance", "distance", "confirmed", "updated", "title"]
    return {
        "found": SimpleNamespace(total=answer.total, items=rows(asked, answer)),
        "facets": facets(asked, answer),
        "applied": applied,
        "interpreted": read,
        "exact_url": exact_url(asked),
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
        "matched_nearly": answer.found is not None and answer.found.matched == "nearly",
        "wider": wider(asked, [*applied, *read], answer),
        "search_notice": answer.notice,
        "filters_url": url_for("directory.filters")
        + ("?" + request.query_string.decode(errors="replace") if request.query_string else ""),
        "asked": asked,
    }


def search_page(asked: Asked, answer: Answer, per_page: int) -> dict[str, Any]:
    """The page of the search of everything, and what helps where it found nothing."""
    shown, who, words = result_page(asked, answer, per_page, "search.search"), viewer(), not asked.query.empty
    empty, whole = words and not answer.total, whole_of(asked)
    area = nearest_area(asked) if empty else None
    return shown | {
        "facets": [facet for facet in shown["facets"] if facet["name"] != "kind"],
        "kinds": tabs(answer, asked),
        "people": panels("search people", asked, who) if words and (empty or "profile" in asked.chosen["kind"]) else [],
        "helps": panels("search nothing", asked, who) if empty else [],
        "area": (area.label, url_for("focus.area", slug=area.slug)) if area else None,
        "whole": whole,
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
    outer = {entry.within_id for entry in answer.entries if entry.kind == "post" and viewer()}
    wholes = {whole.id: whole for whole in heads_by_id(sorted(filter(None, outer)), viewer())}
    question = Question(asked, wholes, documents=documents)
    return [row(question, entry, documents.get(entry.id), answer) for entry in answer.entries]


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


def row(question: Question, entry: Any, document: SearchDocument | None, answer: Answer) -> dict[str, Any]:
    kind, asked = rooms().kinds[entry.kind], question.asked
    own: list[int] = list(getattr(entry, "focus", ()))
    distance = answer.distances.get(entry.id)
    area = tree().nodes.get(entry.id) if entry.kind == "focus" else None
    text = area.definition_in(reader()) if area else document.text if document else ""
    why = reasons(question, entry, document, distance)
    return {
        "entry": entry,
        "kind": entry.kind,
        "kind_label": kind.label,
        "title": area.label if area else entry.title,
        "language": reader() if area else entry.language,
        "url": kind.page(entry),
        "snippet": snippet(text, asked.query, entry.language) if text and not asked.query.empty else None,
        "reasons": [sentence(reason, entry, own) for reason in why],
        "why": why,
        "place": place_of(entry),
        "areas": [(node.label, url_for("focus.area", slug=node.slug)) for node in tree().sorted(own)],
        "distance_km": distance if distance is not None and distance == distance else None,
    }


def chips(asked: Asked) -> list[dict[str, str]]:
    """The filters of the address, each with the address without it."""
    said = {(one.sort, one.value) for one in asked.understood if one.narrows}
    found = []
    for facet, values in asked.chosen.items():
        if facet == "kind" and asked.collection:
            continue
        for value in values:
            if (facet, value) not in said or value in request.args.getlist(facet):
                found.append({"label": value_label(facet, value), "remove_url": without_value(facet, value)})
    if asked.near and not any(one.sort == "near" for one in asked.understood):
        label = _("within %(km)s km of %(place)s", km=asked.km, place=asked.near.name)
        found.append({"label": label, "remove_url": with_values(near="", km="", page="")})
    if asked.bounds:
        found.append({"label": _("part of the map"), "remove_url": with_values(bbox="", page="")})
    if asked.since:
        found.append({"label": _("confirmed in the last 12 months"), "remove_url": with_values(confirmed="", page="")})
    for one in asked.narrowed:
        found.append({"label": str(one.label), "remove_url": with_values(**{one.name: "", "page": ""})})
    if asked.within and (whole := whole_of(asked)):
        found.insert(0, {"label": _("in %(name)s", name=whole.title), "remove_url": with_values(within="", page="")})
    return found


def narrowing_facets(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """The further filters of a kind, each with how many of what was found pass it."""
    found = answer.found.hits.ids() if answer.found is not None else np.empty(0, np.int64)
    made = []
    for one in rooms().narrowings(asked.collection):
        many = int(np.isin(found, np.array(one.ids(), dtype=np.int64)).sum())
        row = {"value": one.value, "label": str(one.label), "count": many, "chosen": one in asked.narrowed}
        choices = [row | {"url": "", "children": []}]
        made.append({"name": one.name, "label": str(one.title), "open": True, "choices": choices, "all_url": None})
    return made


def whole_of(asked: Asked) -> Any:
    """The entry that the address narrows the search to, if the viewer may see it."""
    number = whole_number(request.args.get("within"))
    return next(iter(heads_by_id([number], viewer())), None) if number and number == asked.within else None


def interpreted(asked: Asked) -> list[dict[str, str]]:
    """What was understood from the words, each with the address in which it is not."""
    return [{"label": meaning(asked, one), "remove_url": without(asked, one)} for one in asked.understood]


def meaning(asked: Asked, one: Understood) -> str:
    if one.sort == "near" and asked.near:
        return _("within %(km)s km of %(place)s", km=asked.km, place=asked.near.name)
    if one.sort == "place" and one.place:
        return _("in %(name)s", name=one.place.name)
    if one.sort == "country":
        return _("in %(name)s", name=value_label("country", one.value))
    return value_label(one.sort, one.value)


def without(asked: Asked, one: Understood) -> str:
    if one.filter:
        return with_values(q=without_filter(asked.query.text, one.filter, one.words), page="")
    return with_values(plain=",".join(dict.fromkeys((*asked.plain, folded_phrase(one.words)))), page="")


def without_kind(asked: Asked, said: Understood) -> str:
    """The same question in which the kind is not said: its words stood at the beginning."""
    words, many = asked.query.text.split(), len(said.words.split())
    if said.filter or words[:many] != said.words.split():
        return without(asked, said)
    return with_values(q=" ".join(words[many:]), page="")


def exact_url(asked: Asked) -> str:
    """The same question in which words are only words; empty where nothing was read into them."""
    phrases = [folded_phrase(one.words) for one in asked.understood if not one.filter]
    return with_values(plain=",".join(dict.fromkeys((*asked.plain, *phrases))), page="") if phrases else ""


def wider(asked: Asked, applied: list[dict[str, str]], answer: Answer) -> list[tuple[str, str, int]]:
    """Where nothing fits: the same question without one of its filters or farther around, with how many it would find."""
    if answer.total or answer.found is None:
        return []
    found, fixed = [], 0 if whole_of(asked) else asked.within
    places = [chip["remove_url"] for chip in applied[:6]]
    labels = [_("without “%(filter)s”", filter=chip["label"]) for chip in applied[:6]]
    for km in FARTHER if asked.near else ():
        if km > asked.km:
            places.append(with_values(km=km, page=""))
            labels.append(_("within %(km)s km of %(place)s", km=km, place=asked.near.name if asked.near else ""))
    for label, address in zip(labels, places, strict=True):
        other = asked_from(MultiDict(parse_qsl(address.partition("?")[2])), asked.collection, fixed)
        if many := ask(other, viewer(), limit=0).total:
            found.append((label, address, many))
    return found


def tabs(answer: Answer, asked: Asked | None = None) -> list[dict[str, object]]:
    """The kinds of what was found, with as many as each tab shows."""
    numbers = answer.found.facets.get("kind", {}) if answer.found else {}
    said = next((one for one in asked.understood if one.sort == "kind" and one.narrows), None) if asked else None
    chosen = said.value if said else request.args.get("kind", "")
    every = without_kind(asked, said) if asked and said else with_values(kind="", page="")
    rows: list[dict[str, object]] = [
        {"label": _("Everything"), "url": every, "count": sum(numbers.values()), "current": not chosen}
    ]
    for kind, count in numbers.items():
        if kind in rooms().kinds:
            url = with_values(kind=kind, page="")
            rows.append(
                {"label": value_label("kind", str(kind)), "url": url, "count": count, "current": chosen == kind}
            )
    return rows


def feed_row(entry: Any) -> dict[str, Any]:
    address = url_for("entries.permanent", entry_id=entry.id, _external=True)
    row = {"title": entry.title, "id": address, "link": address, "updated": entry.updated.isoformat()}
    return {**row, "actor_name": rooms().kinds[entry.kind].label, "verb_label": "", "note": ""}
