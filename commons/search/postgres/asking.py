"""A question as conditions: which documents, in tsqueries made of the site's own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from commons.search.analysis import Reading
from commons.search.facets import EARTH, Box, Filters, Near
from commons.search.grammar import Query
from commons.search.postgres.rows import lexeme, rooted

NOWHERE = lexeme("!")  # stands in no document
COLUMN = {"area": "areas", "sdg": "sdgs", "language": "languages"}
NUMBERED = frozenset({"area", "sdg"})
DISTANCE = (
    f"2 * {EARTH} * asin(sqrt(least(1, sin(radians(lat::float8 - %(near_lat)s) / 2) ^ 2 + cos(radians(lat::float8))"
    " * cos(radians(%(near_lat)s)) * sin(radians(lon::float8 - %(near_lon)s) / 2) ^ 2)))"
)
DEGREE = 110.0  # kilometres: a little less than one of latitude has


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a question: a tsquery, and what its documents are weighed by."""

    tsquery: str
    lexemes: tuple[str, ...]  # the heaviest counts
    words: tuple[str, ...]  # as typed, folded
    sequences: tuple[tuple[str, tuple[str, ...]], ...] = ()  # tsquery and words: where they follow, the lightest counts
    required: bool = True
    phrase: bool = False
    times: int = 1
    simple: bool = False  # one word: its frequency is known without looking


@dataclass(slots=True)
class Where:
    """Conditions that all hold, with their values."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **values: Any) -> None:
        self.conditions.append(condition)
        self.values |= values

    def copy(self) -> Where:
        return Where(list(self.conditions), dict(self.values))

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "true"


def part(
    readings: Sequence[Reading], languages: Sequence[str], expanded: dict[str, tuple[str, ...]], **more: Any
) -> Part:
    """`expanded`: the words that stand for each prefix."""
    lexemes: list[str] = []
    sequences: list[tuple[str, tuple[str, ...]]] = []
    for reading in readings:
        for word in reading.forms:
            lexemes += [rooted(word, language) for language in languages] + [rooted(word, "")]
        if reading.sequence:
            sequences.append((" <-> ".join(map(lexeme, reading.sequence)), reading.sequence))
        if reading.prefix:
            lexemes += expanded.get(reading.prefix, ())
    lexemes = list(dict.fromkeys(lexemes))
    every = [*map(lexeme, lexemes), *(f"({words})" for words, _ in sequences)]
    simple = len(readings) == 1 and not sequences and not readings[0].prefix and len(readings[0].forms) == 1
    words = tuple(word for reading in readings for word in reading.forms)
    return Part(" | ".join(every) or NOWHERE, tuple(lexemes), words, tuple(sequences), simple=simple, **more)


def every(parts: Sequence[Part]) -> str:
    return " & ".join(f"({one.tsquery})" for one in parts) or NOWHERE


def some(parts: Sequence[Part]) -> str:
    return " | ".join(f"({one.tsquery})" for one in parts) or NOWHERE


def readable(audiences: Collection[str] | None) -> Where:
    where = Where()
    if audiences is not None:
        where.add("audience = ANY(%(doors)s)", doors=sorted(audiences))
    return where


def only(where: Where, among: Sequence[int] | None, besides: Sequence[int]) -> Where:
    if among is not None:
        where.add("id = ANY(%(among)s)", among=[int(id) for id in among])
    if besides:
        where.add("id <> ALL(%(besides)s)", besides=[int(id) for id in besides])
    return where


def narrow(where: Where, near: Near | None, bounds: Box | None, confirmed_after: int) -> None:
    """What holds for every number on the page, facets included."""
    if near is not None:
        latitude, longitude, kilometres = near
        reach = kilometres / DEGREE
        where.add(
            "lat BETWEEN %(near_south)s AND %(near_north)s", near_south=latitude - reach, near_north=latitude + reach
        )
        where.add(f"{DISTANCE} <= %(km)s", near_lat=latitude, near_lon=longitude, km=kilometres)
    if bounds is not None:
        south, west, north, east = bounds
        both = "lon >= %(west)s::real AND lon <= %(east)s::real"
        across = both if west <= east else both.replace(" AND ", " OR ")
        where.add(
            f"lat >= %(south)s::real AND lat <= %(north)s::real AND ({across})",
            south=south,
            west=west,
            north=north,
            east=east,
        )
    if confirmed_after:
        where.add("confirmed >= %(confirmed_after)s", confirmed_after=confirmed_after)


def filtered(filters: Filters | None) -> dict[str, Where]:
    """One condition for each facet with a choice."""
    found = {}
    for facet, chosen in (filters or Filters()).chosen().items():
        where, name = Where(), f"chosen_{facet}"
        values: list[Any] = sorted(chosen)
        if facet in NUMBERED:
            values = [int(value) for value in values]
        kind = "bigint[]" if facet in NUMBERED else "text[]"
        condition = f"{COLUMN[facet]} && %({name})s::{kind}" if facet in COLUMN else f"{facet} = ANY(%({name})s)"
        where.add(condition, **{name: values})
        found[facet] = where
    return found


def excluded(query: Query) -> list[Query]:
    """Each word or phrase that the question excludes, as a question of its own."""
    return [Query(phrases=(word,)) if " " in word else Query(terms=(word,)) for word in query.excluded]
