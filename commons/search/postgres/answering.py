"""One question, answered in a handful of statements.

As everywhere, all words are wanted first and any of them where that finds too little, decided before filters; counts
and facets are of everything that was found. Only the order is worked out on a part: where more than `CANDIDATES`
are found, on those that hold the rarest words, then those with the words in their names, then the shortest.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection

from commons.search import layout
from commons.search.analysis import Reading
from commons.search.answer import ENOUGH, LONG_QUESTION, Match
from commons.search.facets import Filters, Near
from commons.search.grammar import Query
from commons.search.index import IndexBroken
from commons.search.leaning import LOOSELY, Leaning
from commons.search.order import Sort
from commons.search.postgres import asking
from commons.search.postgres.asking import Part, Where
from commons.search.postgres.ranking import Candidate, Scope, ranked
from commons.search.postgres.rows import NAMED, lexeme
from commons.search.ranking import MOST_EXPANSIONS, clauses

CANDIDATES = 1000
LONGEST = 2.0  # seconds after which no further statement is begun
COMMON = 20_000  # documents: a word that more of them hold does not choose candidates
Matched = Literal["all", "any"]


@dataclass
class Words:
    """What the words of a question ask for, in one scope."""

    parts: list[Part] = field(default_factory=list)
    holders: list[int] = field(default_factory=list)
    where: Where = field(default_factory=Where)
    matched: Matched = "all"
    exact: str = ""  # tsquery of the question as a name

    @property
    def sequences(self) -> list[str]:
        return [tsquery for part in self.parts for tsquery, _ in part.sequences]


@dataclass(frozen=True)
class Page:
    """How the results are to be put in order, and which of them are wanted."""

    sort: Sort
    near: Near | None
    offset: int
    limit: int
    leanings: Sequence[Leaning]


class Reader:
    """Reads for one question, over one connection."""

    def __init__(self, connection: Connection, scope: Scope, doors: Where) -> None:
        self.connection, self.scope, self.doors = connection, scope, doors
        self.ends = time.monotonic() + LONGEST

    def rows(self, statement: str, values: dict[str, Any]) -> Sequence[Any]:
        if time.monotonic() > self.ends:
            raise IndexBroken("the question takes too long")
        return self.connection.exec_driver_sql(statement, values).all()

    def one(self, statement: str, values: dict[str, Any]) -> Any:
        return self.rows(statement, values)[0][0]

    # The words

    def asked(self, query: Query, match: Match) -> Words:
        asked = Words(where=self.doors.copy())
        for number, each in enumerate(asking.excluded(query)):
            without = asking.every([one for one in self.parts(each) if one.required])
            asked.where.add(f"NOT words @@ %(without{number})s::tsquery", **{f"without{number}": without})
        if query.empty:
            return asked
        asked.parts = self.parts(query)
        required = [one for one in asked.parts if one.required]
        if query.terms and not query.any_of and not query.prefixes:
            asked.exact = lexeme(layout.NAME + layout.name_key(" ".join(query.terms)))
        everything = asking.every(required)
        if match == "any" or (match == "auto" and self.too_little(asked, everything, len(required))):
            asked.matched = "any"
            self.loosen(asked, required)
        else:
            asked.where.add("words @@ %(words)s::tsquery", words=everything)
        asked.holders = [self.holders(one) for one in asked.parts]
        return asked

    def parts(self, query: Query) -> list[Part]:
        speaking: Any = self.scope  # of a scope only its languages are asked
        return [
            self.part(one.readings, required=one.required, phrase=one.phrase, times=one.times)
            for one in clauses(query, speaking)
        ]

    def part(self, readings: Sequence[Reading], **more: Any) -> Part:
        expanded = {one.prefix: self.expansions(one.prefix) for one in readings if one.prefix}
        return asking.part(readings, self.scope.languages, expanded, **more)

    def expansions(self, prefix: str) -> tuple[str, ...]:
        """The words that begin so and stand in most documents that the reader may see."""
        found = self.rows(
            "SELECT term FROM frequency WHERE term >= %(prefix)s AND term < %(end)s AND strpos(term, '!') = 0"
            f" AND documents > 0 AND {self.doors} GROUP BY term ORDER BY sum(documents) DESC, term LIMIT {MOST_EXPANSIONS}",
            {"prefix": prefix, "end": prefix + "\U0010ffff"} | self.doors.values,
        )
        return tuple(term for (term,) in found)

    def too_little(self, asked: Words, everything: str, required: int) -> bool:
        values = asked.where.values | {"words": everything, "exact": asked.exact}
        statement = f"SELECT id FROM entry WHERE words @@ %(words)s::tsquery AND {asked.where} LIMIT {ENOUGH}"
        found = len(self.rows(statement, values))
        if found == 0 or required < LONG_QUESTION or found >= ENOUGH:
            return found == 0
        named = f"SELECT 1 FROM entry WHERE words @@ %(exact)s::tsquery AND {asked.where} LIMIT 1"
        return not (asked.exact and self.rows(named, values))

    def loosen(self, asked: Words, required: list[Part]) -> None:
        """Any of the words; of several phrases as many as one document holds."""
        asked.where.add("words @@ %(words)s::tsquery", words=asking.some(required))
        if phrases := [one.tsquery for one in required if one.phrase]:
            values = {f"phrase{number}": phrase for number, phrase in enumerate(phrases)}
            held = " + ".join(f"(words @@ %({name})s::tsquery)::int" for name in values)
            statement = f"SELECT max({held}) FROM entry WHERE words @@ %(some)s::tsquery AND {self.doors}"
            most = self.one(
                statement, {**values, **self.doors.values, "some": " | ".join(f"({one})" for one in phrases)}
            )
            asked.where.add(f"{held} >= %(most_phrases)s", most_phrases=most or 0, **values)

    def holders(self, part: Part) -> int:
        """How many documents of the scope a part finds. Of one language is each document, and under one stem in it each word:
        the numbers of the forms of one word add up."""
        if part.simple:
            statement = (
                f"SELECT coalesce(sum(documents), 0) FROM frequency WHERE term = ANY(%(terms)s) AND {self.doors}"
            )
            return int(self.one(statement, {"terms": list(part.lexemes)} | self.doors.values))
        statement = f"SELECT count(*) FROM entry WHERE words @@ %(part)s::tsquery AND {self.doors}"
        return int(self.one(statement, {"part": part.tsquery} | self.doors.values))

    # The numbers

    def counted(
        self, where: Where, chosen: dict[str, Where], facets: Sequence[str]
    ) -> tuple[int, dict[str, dict[str | int, int]], bool]:
        """How many were found, the numbers of the facets, and whether all have the same boost."""
        passing = {facet: f"pass_{facet}" for facet in chosen}
        columns = [f"({condition}) AS pass_{facet}" for facet, condition in chosen.items()]
        columns += ["boost", *dict.fromkeys(asking.COLUMN.get(facet, facet) for facet in facets)]
        parts = [f"SELECT '', '', count(*), min(boost) = max(boost) FROM base WHERE {all_of(passing.values())}"]
        for facet in facets:
            others = all_of([one for name, one in passing.items() if name != facet])
            value = f"unnest({asking.COLUMN[facet]})" if facet in asking.COLUMN else facet
            parts.append(
                f"SELECT '{facet}', {value}::text AS value, count(*), NULL FROM base WHERE {others} GROUP BY value"
            )
        values = where.values | {name: value for one in chosen.values() for name, value in one.values.items()}
        statement = f"WITH base AS MATERIALIZED (SELECT {', '.join(columns)} FROM entry WHERE {where}) "
        rows = self.rows(statement + " UNION ALL ".join(parts), values)
        found: dict[str, dict[str | int, int]] = {facet: {} for facet in facets}
        for facet, value, many, _ in sorted(rows[1:], key=lambda row: (-row[2], row[1])):
            if value:
                found[facet][int(value) if facet in asking.NUMBERED else value] = many
        return rows[0][2], found, bool(rows[0][3])

    def named(self, asked: Words, where: Where) -> int:
        """How many of those found are named exactly as the question."""
        if not asked.exact:
            return 0
        statement = f"SELECT count(*) FROM entry WHERE words @@ %(exact)s::tsquery AND {where}"
        return int(self.one(statement, where.values | {"exact": asked.exact}))

    def distances(self, ids: list[int], near: Near) -> tuple[float, ...]:
        values = {"ids": ids, "near_lat": near[0], "near_lon": near[1]}
        found = dict(self.rows(f"SELECT id, {asking.DISTANCE} FROM entry WHERE id = ANY(%(ids)s)", values))
        return tuple(float(found[id]) for id in ids)

    # The order

    def ordered(
        self, asked: Words, where: Where, page: Page, names: tuple[str, ...], total: int, level: bool
    ) -> list[tuple[int, float]]:
        """(id, score) of one page; where something else than relevance orders, nobody asks for scores."""
        if not page.limit or page.offset >= total:
            return []
        if page.sort != "relevance" or not asked.parts:
            order, values = plain_order(page, level)
            statement = f"SELECT id FROM entry WHERE {where} ORDER BY {order} LIMIT {page.limit} OFFSET {page.offset}"
            return [(id, 0.0) for (id,) in self.rows(statement, where.values | values)]
        last = page.offset + page.limit
        found = self.candidates(asked, where, page, total, max(CANDIDATES, last))
        weights = [one.weight * (1 if asked.matched == "all" else LOOSELY) for one in page.leanings]
        best = ranked(found[:CANDIDATES], asked.parts, asked.holders, self.scope, names, weights)
        return [*best, *((one.id, 0.0) for one in found[CANDIDATES:])][page.offset : last]

    def candidates(self, asked: Words, where: Where, page: Page, total: int, most: int) -> list[Candidate]:
        values = dict(where.values)
        fits = [leaning_condition(one, number, values) for number, one in enumerate(page.leanings)]
        follows = []
        for number, tsquery in enumerate(asked.sequences):
            values[f"sequence{number}"] = tsquery
            follows.append(f"words @@ %(sequence{number})s::tsquery")
        exact = among(asked.exact, "exact", values) if asked.exact else "false"
        order = "id" if total <= CANDIDATES else self.promising(asked, exact, fits, page.leanings, values)
        rows = self.rows(
            f"SELECT id, boost, length, names, weighing, {exact}, {flags(follows)}, {flags(fits)} FROM entry"
            f" WHERE {where} ORDER BY {order} LIMIT {most}",
            values,
        )
        return [Candidate(*row) for row in rows]

    def promising(
        self, asked: Words, exact: str, fits: list[str], leanings: Sequence[Leaning], values: dict[str, Any]
    ) -> str:
        """Which of many are looked at: what decides a score most, worked out from the index alone."""
        telling = [f"{one.weight} * ({fit})::int" for fit, one in zip(fits, leanings, strict=True)]
        rare = []
        for number, (part, many) in enumerate(zip(asked.parts, asked.holders, strict=True)):
            if 0 < many <= COMMON:
                rarity = math.log(1 + self.scope.documents / many)
                rare.append(f"{rarity} * ({among(part.tsquery, f'part{number}', values)})::int")
        named = [word for part in asked.parts for word in part.words]
        whole = among(" & ".join(lexeme(NAMED + word) for word in named), "named", values) if named else ""
        keys = [exact, " + ".join(telling), " + ".join(rare), whole]
        return ", ".join([*(f"({key}) DESC" for key in keys if key), "length, id"])


def among(tsquery: str, name: str, values: dict[str, Any]) -> str:
    values[name] = tsquery
    return f"(id IN (SELECT id FROM entry WHERE words @@ %({name})s::tsquery))"


def flags(conditions: Sequence[str]) -> str:
    return f"ARRAY[{', '.join(f'coalesce({one}, false)' for one in conditions)}]::boolean[]"


def leaning_condition(leaning: Leaning, number: int, values: dict[str, Any]) -> str:
    """Like a filter, with names of its own for the values."""
    where = Where()
    if isinstance(leaning.fits, Filters):
        for one in asking.filtered(leaning.fits).values():
            where.add(str(one), **one.values)
    else:
        asking.narrow(where, leaning.fits, None, 0, None)
    condition = str(where)
    for name, value in where.values.items():
        values[f"leaning{number}_{name}"] = value
        condition = condition.replace(f"%({name})s", f"%(leaning{number}_{name})s")
    return f"({condition})"


def plain_order(page: Page, level: bool) -> tuple[str, dict[str, Any]]:
    if page.sort == "title":
        return "title, id", {}
    if page.sort == "distance" and page.near is not None:
        return f"{asking.DISTANCE}, id", {"near_lat": page.near[0], "near_lon": page.near[1]}
    if page.sort == "relevance" and not level:
        return "boost DESC, id", {}
    return ("confirmed DESC, id" if page.sort == "confirmed" else "updated DESC, id"), {}


def all_of(conditions: Iterable[str]) -> str:
    return " AND ".join(conditions) or "true"
