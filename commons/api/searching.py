"""Search for programs: the question of the search page, read strictly, and its answer as plain data.

The page leaves out what it does not understand and shows what it did; a program does not look, so here a filter that
means nothing is a fault with its name. Texts are plain: no mark-up, nothing to follow.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from commons.api.records import exposed
from commons.focus.queries import area_from, tree
from commons.members.models import Member
from commons.places.countries import country_code
from commons.search import pages
from commons.search.asking import FACETS, SORTS, Asked, asked_from
from commons.search.queries import Answer, find
from commons.web import Invalid

ASKING = ("q", "focus", "sdg", "country", "type", "language", "near", "bbox", "confirmed", "partnership", "sort")
SHOWN_FACETS = ("kind", "focus", "country", "sdg", "type", "language")


def question(args: MultiDict[str, str], kind: str = "") -> Asked:
    """What is asked; raises Invalid where a filter means nothing."""
    tidy = MultiDict((name, _tidy(name, value)) for name, value in args.items(multi=True))
    asked = asked_from(tidy, kind)
    faults: dict[str, str] = {}
    for name in FACETS:
        known = list(exposed_kinds()) if name == "kind" else asked.chosen[name]
        if unknown := [
            value for value in tidy.getlist(name) if value and value not in known and not (name == "kind" and kind)
        ]:
            faults[name] = _("There is nothing called “%(value)s” here.", value=unknown[0][:100])
    if tidy.get("near") and asked.near is None and asked.near_text:
        faults["near"] = _("There is no place called “%(value)s” here.", value=asked.near_text)
    if tidy.get("km") and str(asked.km) != tidy["km"].lstrip("0"):
        faults["km"] = _("Enter a number from %(low)s to %(high)s.", low=1, high=2000)
    if tidy.get("bbox") and asked.bounds is None:
        faults["bbox"] = _("Write four numbers: south, west, north, east.")
    if tidy.get("sort") and asked.sort not in SORTS:
        faults["sort"] = _("Choose one of: %(choices)s.", choices=", ".join(SORTS))
    if faults:
        raise Invalid(faults)
    return asked


def _tidy(name: str, value: str) -> str:
    if name == "country":
        return country_code(value) or value.lower()  # small letters are no code, so it will be refused
    if name == "focus":
        node = area_from(value)
        return node.slug if node else value
    return value.strip()


def exposed_kinds() -> list[str]:
    return [kind.name for kind in exposed().values()]


def search(args: MultiDict[str, str], viewer: Member | None, page: int, per_page: int) -> dict[str, Any]:
    asked = question(args)
    if asked.is_empty:
        answer = Answer(0, [])
    else:
        asked.chosen["kind"] = [kind for kind in asked.chosen["kind"] if kind in exposed_kinds()] or exposed_kinds()
        answer = find(asked, viewer, per_page, facets=SHOWN_FACETS)
    return {
        "total": answer.total,
        "page": page,
        "per_page": per_page,
        "items": items(asked, answer),
        "facets": facets(answer),
        "interpreted": interpreted(asked, answer),
        "suggestion": answer.suggestion or None,
    }


def items(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    found = answer.found
    scores = dict(zip(found.ids, found.scores, strict=False)) if found else {}
    return [
        {
            "id": row["entry"].id,
            "kind": row["kind"],
            "url": row["url"],
            "title": row["title"],
            "snippet": Markup(row["snippet"]).striptags() if row["snippet"] else "",
            "language": row["language"],
            "score": round(float(scores[row["entry"].id]), 4) if row["entry"].id in scores else None,
            "reasons": [str(reason) for reason in row["reasons"]],
        }
        for row in pages.rows(asked, answer)
    ]


def facets(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """name: [{value, label, count}], the values as the address takes them."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for name, numbers in (answer.found.facets if answer.found else {}).items():
        facet = "focus" if name == "area" else name
        rows = [(_value(facet, value), int(count)) for value, count in numbers.items() if count]
        shown[facet] = [
            {"value": value, "label": pages.value_label(facet, value), "count": count} for value, count in rows if value
        ]
    return shown


def _value(facet: str, value: str | int) -> str:
    if facet == "focus":
        node = tree().nodes.get(int(value))
        return node.slug if node else ""
    return str(value) if facet != "kind" or value in exposed_kinds() else ""


def interpreted(asked: Asked, answer: Answer) -> dict[str, Any]:
    """What was understood, from the words and from the filters alike."""
    query, near = asked.query, asked.near
    place = (
        {"name": near.name, "country": near.country, "lat": near.lat, "lon": near.lon, "km": asked.km} if near else None
    )
    chosen = {
        name: values
        for name, values in asked.chosen.items()
        if values and (name != "kind" or values != exposed_kinds())
    }
    return {
        "words": list(query.terms),
        "phrases": list(query.phrases),
        "any_of": [list(group) for group in query.any_of],
        "beginnings": list(query.prefixes),
        "without": list(query.excluded),
        "filters": chosen,
        "understood": [
            {"kind": one.sort, "value": one.value, "words": one.words, "narrows": one.narrows}
            for one in asked.understood
        ],
        "near": place,
        "sort": asked.order,
        "matched": answer.found.matched if answer.found else "all",
        "shortened": query.shortened,
        "notice": answer.notice or None,
    }
