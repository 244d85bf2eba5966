"""Names while typing, "did you mean" and what is alike: from what everyone may read, or from the reader's scope.

Slips are found by trigrams where the database has `pg_trgm`; without it there are no spellings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from commons.search import layout
from commons.search.analysis import WORD, words
from commons.search.folding import fold
from commons.search.grammar import Query
from commons.search.nearly import CLOSE as CLOSE_ENOUGH
from commons.search.nearly import LOOKED_AT as ALIKE
from commons.search.nearly import MOST_WORDS, STOP, WHOLE, Spellings, alike
from commons.search.neighbours import CLOSE, CLOSENESS
from commons.search.postgres.asking import DISTANCE
from commons.search.postgres.reader import Reader
from commons.search.postgres.rows import NAMED, lexeme
from commons.search.spelling import TWO_SLIPS, slips_between
from commons.search.stopwords import stopwords
from commons.search.suggest import COMMON, SHORTEST, SHORTEST_WORD, USED, Correction, Name, holds

LOOKED_AT = 60  # names or words among which the best are chosen
BEGINNING = """
SELECT id, names FROM entry WHERE words @@ %(wanted)s::tsquery AND audience = 'public'
ORDER BY boost DESC, char_length(title), title, id LIMIT %(most)s
"""


def names_like(connection: Connection, typed: str, limit: int) -> list[Name]:
    key = " ".join(words(typed[:100]))
    if not key or (len(key) < SHORTEST and key.isascii()):
        return []
    found: dict[int, str] = {}
    asked = key.split()
    held = [lexeme(NAMED + word) for word in asked[:-1]] + [lexeme(NAMED + asked[-1]) + ":*"]
    for wanted in (lexeme(layout.NAME + key) + ":*", " & ".join(held)):
        if len(found) < limit:
            rows = connection.exec_driver_sql(BEGINNING, {"wanted": wanted, "most": LOOKED_AT})
            for id, names in rows:
                fitting = (name for name in names if name.startswith(key) or holds(name.split(), asked))
                if name := next(fitting, ""):
                    found.setdefault(id, name)
    return [Name(id, name) for id, name in list(found.items())[:limit]]


def did_you_mean(connection: Connection, query: Query, languages: tuple[str, ...]) -> Correction | None:
    if not has_trigrams(connection):
        return None
    stops = stopwords(languages or ("en",))
    replaced: dict[str, str] = {}
    for word in dict.fromkeys(word for term in query.terms for word in words(term)):
        if len(word) >= SHORTEST_WORD and word not in stops and (better := likelier(connection, word)):
            replaced[word] = better
    if not replaced:
        return None
    return Correction(WORD.sub(lambda match: replaced.get(fold(match.group()), match.group()), query.text), replaced)


def likelier(connection: Connection, word: str) -> str | None:
    statement = (
        "SELECT term, documents FROM frequency WHERE audience = 'public' AND strpos(term, '!') = 0 AND documents > 0"
        " AND (term %% %(word)s OR term = %(word)s) AND abs(char_length(term) - char_length(%(word)s)) <= 2"
        " ORDER BY similarity(term, %(word)s) DESC, term LIMIT %(most)s"
    )
    rows = connection.exec_driver_sql(statement, {"word": word, "most": LOOKED_AT}).all()
    held: dict[str, int] = {str(term): int(many) for term, many in rows}
    known = held.pop(word, 0)
    if known >= USED:
        return None
    most = 2 if len(word) >= TWO_SLIPS else 1
    slips = {other: slips_between(word, other, most) for other in held}
    for other in sorted(held, key=lambda other: (slips[other], other[0] != word[0], -held[other], other)):
        if slips[other] <= most and held[other] > known * COMMON and (not known or slips[other] == 1):
            return other
    return None


def close(reader: Reader, query: Query) -> dict[int, float]:
    """Documents of the scope whose names come close to the words though there is a slip in them, and how close."""
    asked = words(" ".join(query.terms))
    if not 0 < len(asked) <= MOST_WORDS or query.phrases or query.any_of or query.prefixes:
        return {}
    if not has_trigrams(reader.connection):
        return {}
    statement = (
        f"SELECT id, names FROM entry WHERE called %%> %(asked)s AND {reader.doors}"
        f" ORDER BY word_similarity(%(asked)s, called) DESC, char_length(called), id LIMIT {ALIKE}"
    )
    rows = reader.rows(statement, reader.doors.values | {"asked": " ".join(asked)})
    used = "SELECT term FROM frequency WHERE term = ANY(%(asked)s)"
    used = f"{used} AND {reader.doors} GROUP BY term HAVING sum(documents) >= {USED}"
    known = reader.rows(used, reader.doors.values | {"asked": asked})
    least = WHOLE if len(known) == len(set(asked)) else CLOSE_ENOUGH
    stops = stopwords(reader.scope.languages or ("en",))
    weights = [(STOP if word in stops else 1.0) * len(word) for word in asked]
    spellings = [Spellings(word) for word in asked]
    found = {id: max(alike(spellings, weights, name.split()) for name in names) for id, names in rows}
    return {id: likeness for id, likeness in found.items() if likeness >= least}


def has_trigrams(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("SELECT to_regproc('similarity') IS NOT NULL").scalar())


def related(
    connection: Connection,
    entry: int,
    kind: str,
    areas: Sequence[int],
    place: tuple[float, float] | None,
    audiences: Collection[str],
    limit: int,
    count: int,
) -> list[int]:
    """`count`: how many documents the scope has."""
    values: dict[str, Any] = {"areas": list(areas), "doors": sorted(audiences), "kind": kind, "entry": entry}
    statement = (
        "WITH held AS (SELECT area, ln(1 + %(count)s / (1.0 + count(*))) AS rarity FROM entry, unnest(areas) area"
        " WHERE areas && %(areas)s::bigint[] AND area = ANY(%(areas)s) AND audience = ANY(%(doors)s) GROUP BY area)"
        " SELECT id FROM entry WHERE areas && %(areas)s::bigint[] AND audience = ANY(%(doors)s) AND kind = %(kind)s"
        " AND id <> %(entry)s ORDER BY (SELECT sum(rarity) FROM held WHERE area = ANY(areas))"
    )
    if place is not None:
        statement += f" + CASE WHEN {DISTANCE} <= {CLOSE} THEN {CLOSENESS} ELSE 0 END"
        values |= {"near_lat": place[0], "near_lon": place[1]}
    rows = connection.exec_driver_sql(f"{statement} DESC, id LIMIT {limit}", values | {"count": count})
    return [id for (id,) in rows]
