"""What the words of a question ask for: all of them first, any of them where that finds too little, and names that come
close where nothing holds them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from commons.search import layout
from commons.search.analysis import Reading
from commons.search.answer import ENOUGH, Match, Matched, too_little
from commons.search.feedback import LEAST_WORDS, Wanted, marks, rarity
from commons.search.grammar import Query
from commons.search.postgres import asking
from commons.search.postgres.asking import Part, Where
from commons.search.postgres.naming import close
from commons.search.postgres.reader import Reader
from commons.search.postgres.rows import lexeme
from commons.search.ranking import MOST_EXPANSIONS, Clause, clauses


@dataclass
class Words:
    """The words of a question in one scope."""

    where: Where
    clauses: list[Clause] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)  # one for each clause
    holders: list[int] = field(default_factory=list)  # how many documents of the scope each finds
    matched: Matched = "all"
    exact: str = ""  # tsquery of the question as a name
    first: str = ""  # tsquery of what comes before all others
    near: dict[int, float] = field(default_factory=dict)  # documents whose names come close, and how close

    @property
    def sequences(self) -> list[str]:
        return [tsquery for part in self.parts for tsquery, _ in part.sequences]

    def question(self, reader: Reader) -> tuple[Wanted, ...]:
        """The words by which the first results are compared; none where there are too few of them."""
        asked = [pair for pair in zip(self.clauses, self.holders, strict=True) if not pair[0].phrase]
        if self.matched != "any" or len(asked) < LEAST_WORDS:
            return ()
        languages, documents = reader.scope.languages, reader.scope.documents
        return tuple(Wanted(marks(clause, languages), rarity(many, documents)) for clause, many in asked)


def wanted(reader: Reader, query: Query, match: Match) -> Words:
    asked = Words(reader.doors.copy())
    for number, each in enumerate(asking.excluded(query)):
        without = asking.every([one for one in parts(reader, clauses_of(reader, each)) if one.required])
        asked.where.add(f"NOT words @@ %(without{number})s::tsquery", **{f"without{number}": without})
    if query.empty:
        return asked
    asked.clauses = clauses_of(reader, query)
    asked.parts = parts(reader, asked.clauses)
    asked.holders = holders(reader, asked.parts)
    if query.terms and not query.any_of and not query.prefixes:
        asked.exact = lexeme(layout.NAME + layout.name_key(" ".join(query.terms)))
    required = [one for one in asked.parts if one.required]
    everything = asking.every(required)
    many, named = held(reader, asked.where, everything), held(reader, asked.where, asked.exact)
    asked.exact = asked.first = asked.exact if named else ""
    if match == "all" or (match == "auto" and not too_little(many, len(required), named)):
        asked.where.add("words @@ %(words)s::tsquery", words=everything)
        return asked
    loose = loosened(reader, required)
    asked.matched = "any"
    if match != "any" and not many and (near := close(reader, query)):
        asked.matched, asked.near = "nearly", near
        loose = Where([f"(({loose}) OR id = ANY(%(nearby)s))"], loose.values | {"nearby": sorted(near)})
    elif not named and many < ENOUGH:
        asked.first = everything
    asked.where.add(str(loose), **loose.values)
    return asked


def clauses_of(reader: Reader, query: Query) -> list[Clause]:
    scope: Any = reader.scope  # only its languages are asked
    return clauses(query, scope)


def parts(reader: Reader, wanted: Sequence[Clause]) -> list[Part]:
    return [part(reader, one.readings, required=one.required, phrase=one.phrase, times=one.times) for one in wanted]


def part(reader: Reader, readings: Sequence[Reading], **more: Any) -> Part:
    expanded = {one.prefix: expansions(reader, one.prefix) for one in readings if one.prefix}
    return asking.part(readings, reader.scope.languages, expanded, **more)


def expansions(reader: Reader, prefix: str) -> tuple[str, ...]:
    """The words that begin so and stand in most documents that the reader may see."""
    found = reader.rows(
        "SELECT term FROM frequency WHERE term >= %(prefix)s AND term < %(end)s AND strpos(term, '!') = 0"
        f" AND documents > 0 AND {reader.doors} GROUP BY term ORDER BY sum(documents) DESC, term LIMIT {MOST_EXPANSIONS}",
        {"prefix": prefix, "end": prefix + "\U0010ffff"} | reader.doors.values,
    )
    return tuple(term for (term,) in found)


def held(reader: Reader, where: Where, tsquery: str) -> int:
    """How many hold it, as far as that makes a difference."""
    if not tsquery:
        return 0
    statement = f"SELECT id FROM entry WHERE words @@ %(held)s::tsquery AND {where} LIMIT {ENOUGH}"
    return len(reader.rows(statement, where.values | {"held": tsquery}))


def loosened(reader: Reader, required: Sequence[Part]) -> Where:
    """Any of the words; of several phrases as many as one document holds."""
    loose = Where(["words @@ %(words)s::tsquery"], {"words": asking.some(required)})
    phrases = [one for one in required if one.phrase]
    if phrases:
        values = {f"phrase{number}": one.tsquery for number, one in enumerate(phrases)}
        count = " + ".join(f"(words @@ %({name})s::tsquery)::int" for name in values)
        statement = f"SELECT max({count}) FROM entry WHERE words @@ %(some)s::tsquery AND {reader.doors}"
        most = reader.one(statement, {**values, **reader.doors.values, "some": asking.some(phrases)})
        loose.add(f"{count} >= %(most_phrases)s", most_phrases=most or 0, **values)
    return loose


def holders(reader: Reader, parts: Sequence[Part]) -> list[int]:
    """How many documents of the scope each part finds. Of one language is each document, and under one stem in it each word:
    the numbers of the forms of one word add up."""
    terms = [term for one in parts if one.simple for term in one.lexemes]
    statement = (
        f"SELECT term, sum(documents) FROM frequency WHERE term = ANY(%(terms)s) AND {reader.doors} GROUP BY term"
    )
    known = dict(reader.rows(statement, {"terms": terms} | reader.doors.values)) if terms else {}
    counted = f"SELECT count(*) FROM entry WHERE words @@ %(part)s::tsquery AND {reader.doors}"
    return [
        int(
            sum(known.get(term, 0) for term in one.lexemes)
            if one.simple
            else reader.one(counted, {"part": one.tsquery} | reader.doors.values)
        )
        for one in parts
    ]
