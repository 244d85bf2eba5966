"""What a visitor asks, read from the address of a list: words, filters, place and order. Nothing in it can fail.

`in:kenya area:water` in the words and `country=KE&focus=water` in the address are the same question. The search of the whole
site also understands plain words (`understanding`): whatever was understood is shown as a chip that can be taken away, and
`plain=kenya` in the address says that a word is only a word. A name stays a name: where a public record bears just these
words, nothing else is read into them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from flask import current_app
from werkzeug.datastructures import MultiDict

from commons.focus.queries import area_from, tree
from commons.places.countries import country_code
from commons.places.gazetteer import Place, find_places
from commons.room import Narrowing, rooms
from commons.search.analysis import words as folded_words
from commons.search.backend import Backend
from commons.search.facets import Filters
from commons.search.grammar import Query, parse
from commons.search.index import IndexBroken
from commons.search.leaning import Leaning
from commons.search.stopwords import stopwords
from commons.search.understanding import SPOKEN, Understood, folded_phrase, understood
from commons.web import page_number, whole_number

SORTS = ("relevance", "distance", "confirmed", "updated", "title")
FACETS = ("kind", "focus", "sdg", "country", "type", "language")
AROUND = {"city": 30.0, "region": 150.0}  # kilometres that count as "in" a place
WEIGHTS = {"country": 1.0, "place": 1.0, "kind": 0.5, "focus": 0.25}  # of what the words lean to
LONG_NAME = 3  # from so many words on, a name with one word more is meant as well
MOST_PLAIN = 10


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
    narrowed: list[Narrowing] = field(default_factory=list)  # further filters of this kind that were chosen
    within: int = 0  # the entry in which everything found has to stand, at any depth
    understood: list[Understood] = field(default_factory=list)  # read from the words, in their order
    plain: list[str] = field(default_factory=list)  # folded words that the reader said are only words
    nearby: bool = False  # "near me" was typed

    @property
    def is_empty(self) -> bool:
        return (
            self.query.empty
            and not any(self.chosen.values())
            and self.near is None
            and not self.bounds
            and not self.since
            and not self.narrowed
            and not self.within
        )

    @property
    def order(self) -> str:
        if self.sort in SORTS and (self.sort != "distance" or self.near):
            return self.sort
        return "relevance" if not self.query.empty else "distance" if self.near else "updated"

    @property
    def leanings(self) -> tuple[Leaning, ...]:
        """What comes first among the results, without leaving anything out."""
        found = (_leaning(one) for one in self.understood if not one.narrows)
        return tuple(one for one in found if one is not None)


def _leaning(one: Understood) -> Leaning | None:
    weight = WEIGHTS[one.sort]
    if one.sort == "focus":
        node = tree().by_slug.get(one.value)
        return Leaning(Filters(area=frozenset({node.id})), weight) if node else None
    if one.sort == "place" and one.place:
        return Leaning((one.place.lat, one.place.lon, AROUND[one.place.kind]), weight)
    value = frozenset({one.value})
    return Leaning(Filters(country=value) if one.sort == "country" else Filters(kind=value), weight)


def asked_from(args: MultiDict[str, str], kind: str = "", within: int = 0) -> Asked:
    """`kind`: the list is of this kind alone, and plain words in it are only words."""
    asked = Asked(parse(args.get("q", "")), page=page_number(), sort=args.get("sort", ""), collection=kind)
    asked.within = within or whole_number(args.get("within"))
    words = _outright(asked)
    if not kind:
        _plain_words(asked, args, words)
    for name in FACETS:
        given = [value for value in args.getlist(name) if value]
        asked.chosen[name] = _known(name, [*given, *(value for value in words.get(name, []) if value not in given)])
    if kind:
        asked.chosen["kind"] = [kind]
    asked.areas = [node.id for slug in asked.chosen["focus"] if (node := tree().by_slug.get(slug))]
    _place(asked, args, words)
    asked.since = "12" if args.get("confirmed") == "12" else ""
    asked.narrowed = [one for one in rooms().narrowings(kind) if args.get(one.name) == one.value]
    asked.understood = [one for one in asked.understood if _holds(asked, one)]
    return asked


def _holds(asked: Asked, one: Understood) -> bool:
    """Whether what was understood means anything here."""
    if one.sort == "near":
        return asked.near is not None
    return not one.narrows or one.value in asked.chosen[one.sort]


def _plain_words(asked: Asked, args: MultiDict[str, str], words: dict[str, list[str]]) -> None:
    """What the words say besides themselves. A choice in the address is stronger than what they say of the same."""
    query = asked.query
    asked.plain = _plain(args)
    quoted = {folded_phrase(word) for word in query.quoted}
    beside = bool(query.phrases or query.any_of or query.prefixes)
    read = understood(query.typed, {*asked.plain, *quoted}, beside)
    if not (read.found or read.left_out) or _is_name(query, read.found):
        return
    asked.nearby = bool(read.left_out)
    gone: set[int] = set()
    for start, stop, one in read.found:
        if one.narrows:
            gone.update(range(start, stop))
        if any(args.getlist(one.sort)) or one.narrows and words.get(one.sort):
            continue
        asked.understood.append(one)
        if one.narrows:
            words.setdefault(one.sort, []).append(one.value)
    kept = [word for at, word in enumerate(query.typed) if at not in gone | read.left_out]
    if not _content(kept):
        kept = []
    asked.query = replace(query, terms=tuple(dict.fromkeys(kept)), typed=tuple(kept))


def _plain(args: MultiDict[str, str]) -> list[str]:
    given = [part for value in args.getlist("plain")[:MOST_PLAIN] for part in value[:400].split(",")]
    return list(dict.fromkeys(filter(None, map(folded_phrase, given))))[:MOST_PLAIN]


def _content(words: Collection[str]) -> list[str]:
    """Folded, without the words that only join others."""
    stops = stopwords(SPOKEN)
    return [word for each in words for word in folded_words(each) if word not in stops]


def _is_name(query: Query, found: Collection[tuple[int, int, Understood]]) -> bool:
    """Whether a public record bears just these words as its name, or, of a longer question, one word more."""
    wanted, areas = set(_content(query.typed)), {word for _, _, one in found for word in _content([one.words])}
    if query.phrases or query.any_of or query.prefixes or not wanted:
        return False
    if wanted <= areas and all(one.sort == "focus" for _, _, one in found):
        return False  # the name of an area is what it means
    spare = 1 if len(wanted) >= LONG_NAME else 0
    try:
        names = cast(Backend, current_app.extensions["search"]).names_like(" ".join(_content(query.typed)), 8)
    except IndexBroken:
        return False
    parts = (set(_content([one.name])) for one in names)
    return any(wanted <= part and len(part) <= len(wanted) + spare for part in parts)


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


def _outright(asked: Asked) -> dict[str, list[str]]:
    """The filters that stand in the words."""
    found: dict[str, list[str]] = {}
    for name, value in asked.query.filters:
        facet, meant = _meant(name, value)
        if meant:
            found.setdefault(facet, []).append(meant)
            asked.understood.append(Understood(facet, meant, value, True, filter=name))
    return found


def _meant(name: str, value: str) -> tuple[str, str]:
    """The facet and its value; an empty value where it means nothing."""
    if name == "in":
        code = country_code(value)
        return ("country", code) if code else ("near", value)
    if name == "area":
        node = area_from(value)
        return "focus", node.slug if node else ""
    if name == "kind":
        every = rooms().kinds.values()
        return "kind", next((kind.name for kind in every if value.lower() in (kind.name, kind.collection)), "")
    return name, value.lower()


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
