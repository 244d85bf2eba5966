"""What a visitor asks, read from the address of a list: words, filters, place and order. Nothing in it can fail.

`in:kenya area:water` in the words and `country=KE&focus=water` in the address are the same question; whatever was understood is shown
as a chip that can be taken away, and stays in the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from commons.focus.queries import area_from, tree
from commons.places.countries import country_code
from commons.places.gazetteer import Place, find_places
from commons.room import rooms
from commons.search.grammar import Query, parse
from commons.web import page_number

SORTS = ("relevance", "distance", "confirmed", "updated", "title")
FACETS = ("kind", "focus", "sdg", "country", "type", "language")


@dataclass
class Asked:
    query: Query
    chosen: dict[str, list[str]] = field(default_factory=dict)  # as in the address: slugs, codes
    areas: list[int] = field(default_factory=list)
    near: Place | None = None
    near_text: str = ""
    km: int = 50
    bounds: tuple[float, float, float, float] | None = None  # south, west, north, east
    sort: str = ""
    page: int = 1
    since: str = ""  # "12": confirmed in the last twelve months
    collection: str = ""  # the kind that the whole page is about
    within: int = 0  # the entry in which everything found has to stand, at any depth

    @property
    def is_empty(self) -> bool:
        return (
            self.query.empty
            and not any(self.chosen.values())
            and self.near is None
            and not self.bounds
            and not self.since
        )

    @property
    def order(self) -> str:
        if self.sort in SORTS and (self.sort != "distance" or self.near):
            return self.sort
        return "relevance" if not self.query.empty else "distance" if self.near else "updated"


def asked_from(args: MultiDict[str, str], kind: str = "", within: int = 0) -> Asked:
    asked = Asked(
        parse(args.get("q", "")), page=page_number(), sort=args.get("sort", ""), collection=kind, within=within
    )
    words = _understood(asked.query)
    for name in FACETS:
        given = [value for value in args.getlist(name) if value]
        asked.chosen[name] = _known(name, [*given, *(value for value in words.get(name, []) if value not in given)])
    if kind:
        asked.chosen["kind"] = [kind]
    asked.areas = [node.id for slug in asked.chosen["focus"] if (node := tree().by_slug.get(slug))]
    _place(asked, args, words)
    asked.since = "12" if args.get("confirmed") == "12" else ""
    return asked


def _known(name: str, values: list[str]) -> list[str]:
    """Values that mean something; each once, at most thirty."""
    checks: Mapping[str, Any] = {
        "focus": lambda value: value in tree().by_slug,
        "sdg": lambda value: value.isascii() and value.isdigit() and 1 <= int(value[:3]) <= 17,
        "country": lambda value: len(value) == 2 and value.isascii() and value.isupper(),
        "kind": lambda value: value in rooms().kinds,
        "type": lambda value: len(value) <= 40,
        "language": lambda value: len(value) <= 16,
    }
    return [value for value in dict.fromkeys(values) if checks[name](value)][:30]


def _understood(query: Query) -> dict[str, list[str]]:
    """The filters that stand in the words."""
    found: dict[str, list[str]] = {}
    for name, value in query.filters:
        if name == "in" and (code := country_code(value)):
            found.setdefault("country", []).append(code)
        elif name == "in":
            found.setdefault("near", []).append(value)
        elif name == "area" and (node := area_from(value)):
            found.setdefault("focus", []).append(node.slug)
        elif name == "kind":
            kind = next(
                (kind.name for kind in rooms().kinds.values() if value.lower() in (kind.name, kind.collection)), None
            )
            found.setdefault("kind", []).extend([kind] if kind else [])
        elif name in ("language", "sdg", "type"):
            found.setdefault(name, []).append(value.lower())
    return found


def _place(asked: Asked, args: MultiDict[str, str], words: dict[str, list[str]]) -> None:
    asked.near_text = (args.get("near") or "".join(words.get("near", [])[:1]))[:100]
    found = find_places(asked.near_text, 1) if asked.near_text else []
    if found and found[0].kind == "country" and found[0].country not in asked.chosen["country"]:
        asked.chosen["country"].append(found[0].country)
        asked.near_text = ""
    elif found and found[0].kind != "country":
        asked.near = found[0]
    km = args.get("km", "")
    asked.km = int(km) if km.isascii() and km.isdigit() and 1 <= int(km[:5]) <= 2000 else 50
    asked.bounds = _bounds(args.get("bbox", ""))


def _bounds(text: str) -> tuple[float, float, float, float] | None:
    try:
        south, west, north, east = (float(part) for part in text[:100].split(","))
    except ValueError:
        return None
    return (
        (south, west, north, east)
        if -90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180
        else None
    )
