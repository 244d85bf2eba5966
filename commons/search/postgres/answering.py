"""One question, answered in a handful of statements.

Counts and facets are of everything that was found. Only the order is worked out on a part: where more than `CANDIDATES`
are found, on those that hold the rarest words, then those with the words in their names, then the shortest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from commons.search.facets import Filters, Near
from commons.search.feedback import COMPARED, Wanted, settled
from commons.search.leaning import LOOSELY, Leaning
from commons.search.order import EXACT, Sort
from commons.search.postgres import asking
from commons.search.postgres.asking import Where
from commons.search.postgres.ranking import Candidate, ranked
from commons.search.postgres.reader import Reader
from commons.search.postgres.rows import NAMED, lexeme
from commons.search.postgres.wanting import Words

CANDIDATES = 1000
COMMON = 10_000  # documents: a word that more of them hold does not choose candidates


@dataclass(frozen=True)
class Page:
    """How the results are to be put in order, and which of them are wanted."""

    sort: Sort
    near: Near | None
    offset: int
    limit: int
    leanings: Sequence[Leaning]


def counted(
    reader: Reader, where: Where, chosen: dict[str, Where], facets: Sequence[str]
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
    rows = reader.rows(statement + " UNION ALL ".join(parts), values)
    found: dict[str, dict[str | int, int]] = {facet: {} for facet in facets}
    for facet, value, many, _ in sorted(rows[1:], key=lambda row: (-row[2], row[1])):
        if value:
            found[facet][int(value) if facet in asking.NUMBERED else value] = many
    return rows[0][2], found, bool(rows[0][3])


def named(reader: Reader, asked: Words, where: Where) -> int:
    """How many of those found are named exactly as the question."""
    if not asked.exact:
        return 0
    statement = f"SELECT count(*) FROM entry WHERE words @@ %(exact)s::tsquery AND {where}"
    return int(reader.one(statement, where.values | {"exact": asked.exact}))


def distances(reader: Reader, ids: list[int], near: Near) -> tuple[float, ...]:
    values = {"ids": ids, "near_lat": near[0], "near_lon": near[1]}
    found = dict(reader.rows(f"SELECT id, {asking.DISTANCE} FROM entry WHERE id = ANY(%(ids)s)", values))
    return tuple(float(found[id]) for id in ids)


def ordered(
    reader: Reader, asked: Words, where: Where, page: Page, names: tuple[str, ...], total: int, level: bool
) -> list[tuple[int, float]]:
    """(id, score) of one page; where something else than relevance orders, nobody asks for scores."""
    if not page.limit or page.offset >= total:
        return []
    if page.sort != "relevance" or not asked.parts:
        order, values = plain_order(page, level)
        statement = f"SELECT id FROM entry WHERE {where} ORDER BY {order} LIMIT {page.limit} OFFSET {page.offset}"
        return [(id, 0.0) for (id,) in reader.rows(statement, where.values | values)]
    last = page.offset + page.limit
    found = candidates(reader, asked, where, page, total, max(CANDIDATES, last))
    weights = [one.weight * (1 if asked.matched == "all" else LOOSELY) for one in page.leanings]
    best = ranked(found[:CANDIDATES], asked, reader.scope, names, weights)
    lifted = {one.id for one in found if one.first}
    best[:COMPARED] = compared(reader, best[:COMPARED], lifted, asked.question(reader))
    return [*best, *((one.id, 0.0) for one in found[CANDIDATES:])][page.offset : last]


def compared(
    reader: Reader, best: list[tuple[int, float]], lifted: set[int], question: Sequence[Wanted]
) -> list[tuple[int, float]]:
    """The first results once more, after what they say of each other."""
    if not question or len(best) < 2:
        return best
    ids = [id for id, _ in best]
    streams = dict(reader.rows("SELECT id, stream FROM entry WHERE id = ANY(%(ids)s)", {"ids": ids}))
    before = np.array([score for _, score in best], np.float64)
    lift = EXACT * np.array([id in lifted for id in ids], bool)
    scores = lift + settled((before - lift).astype(np.float32), [streams.get(id, b"") for id in ids], question)
    return sorted(zip(ids, scores.tolist(), strict=True), key=lambda one: (-one[1], one[0]))


def candidates(reader: Reader, asked: Words, where: Where, page: Page, total: int, most: int) -> list[Candidate]:
    values = dict(where.values)
    fits = [leaning_condition(one, number, values) for number, one in enumerate(page.leanings)]
    follows = []
    for number, tsquery in enumerate(asked.sequences):
        values[f"sequence{number}"] = tsquery
        follows.append(f"words @@ %(sequence{number})s::tsquery")
    first = among(asked.first, "first", values) if asked.first else "false"
    order = "id" if total <= CANDIDATES else promising(reader, asked, first, fits, page.leanings, values)
    rows = reader.rows(
        f"SELECT id, boost, length, names, weighing, {first}, {flags(follows)}, {flags(fits)} FROM entry"
        f" WHERE {where} ORDER BY {order} LIMIT {most}",
        values,
    )
    return [Candidate(*row) for row in rows]


def promising(
    reader: Reader, asked: Words, first: str, fits: list[str], leanings: Sequence[Leaning], values: dict[str, Any]
) -> str:
    """Which of many are looked at: what decides a score most, worked out from the index alone."""
    telling = [f"{one.weight}::float8 * ({fit})::int" for fit, one in zip(fits, leanings, strict=True)]
    rare = []
    for number, (part, many) in enumerate(zip(asked.parts, asked.holders, strict=True)):
        if 0 < many <= COMMON and asked.matched != "all":
            rarity = math.log(1 + reader.scope.documents / many)
            rare.append(f"{rarity}::float8 * ({among(part.tsquery, f'part{number}', values)})::int")
    named = [word for part in asked.parts for word in part.words]
    whole = among(" & ".join(lexeme(NAMED + word) for word in named), "named", values) if named else ""
    nearby = "id = ANY(%(nearby)s)" if asked.near else ""
    keys = [first if asked.first else "", nearby, " + ".join(telling), " + ".join(rare), whole]
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
        asking.narrow(where, leaning.fits, None, 0)
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
