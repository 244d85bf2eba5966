"""The same questions to both engines, one after the other in one run: the index in files, and in PostgreSQL.

    python -m benchmarks two_engines

30,000 mixed documents as `growing` makes them, with areas and goals drawn; questions of one and several common and rare words, names,
phrases and filters, each with every facet, by a visitor, each asked twice: the first time the posting lists are read. The
server is PostgreSQL 18 with 128 MB of shared buffers on the same machine. What is measured is the engine, without the page;
the bare limit is the index in files.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Times, timed
from benchmarks.growing import mixed
from commons.room import SearchDocument
from commons.search.analysis import words
from commons.search.backend import Backend
from commons.search.engine import WhooshBackend
from commons.search.facets import FACETS, Filters
from commons.search.grammar import parse
from commons.search.postgres.backend import PostgresBackend
from tests.services import postgres

SIZE = 30_000
EACH = 30
SEED = 20_262
Asked = tuple[str, dict[str, Any]]
AGAINST = "the index in files"


def documents(size: int) -> list[SearchDocument]:
    pick = random.Random(SEED)
    return [
        SearchDocument(
            id=id,
            kind=kind,
            audience="members" if pick.random() < 0.05 else "public",
            language="en",
            title=(title or text[:40])[:200],
            text=text,
            place=row.get("city") or "",
            country=row.get("country_code") or pick.choice(("KE", "UG", "")),
            areas=[pick.randrange(1, 150)],
            sdgs=[pick.randrange(1, 18)],
            updated=id,
            confirmed=id % 7,
            lat=row.get("lat"),
            lon=row.get("lon"),
        )
        for id, (kind, title, text, row) in zip(range(1, size + 1), mixed(pick), strict=False)
    ]


def questions(made: Sequence[SearchDocument]) -> list[Asked]:
    often = Counter(word for one in made[:5000] for word in set(words(one.text)) if len(word) > 3)
    common = [word for word, _ in often.most_common(EACH)]
    rare = sorted(word for word, many in often.items() if many == 2)[:EACH]
    named = [one.title for one in made if one.kind == "organisation"][:: len(made) // EACH]
    texts = [words(one.text)[3:5] for one in made[:: len(made) // EACH]]
    where = {"filters": Filters(country=frozenset({"KE"}), kind=frozenset({"organisation"}))}
    return [
        *((word, {}) for word in (*common, *rare, *named)),
        *((f"{one} {other}", {}) for one, other in zip(common, common[7:], strict=False)),
        *(
            (f"{one} {two} {three} {four}", {})
            for one, two, three, four in zip(common, rare, common[5:], rare[9:], strict=False)
        ),
        *((f'"{" ".join(pair)}"', {}) for pair in texts if len(pair) == 2),
        *((word, where) for word in common),
        ("", {}),
    ]


class Measured:
    """One engine, filled and asked."""

    def __init__(self, index: Backend, made: Sequence[SearchDocument], asked: Sequence[Asked]) -> None:
        self.built = timed([partial(index.rebuild, made, 1)])
        index.search(parse("warm"), audiences={"public"})
        works = [
            partial(index.search, parse(text), audiences={"public"}, facets=FACETS, **more) for text, more in asked
        ]
        self.first, self.again = timed(works), timed(works)
        self.typing = timed(partial(index.names_like, text[: 2 + at % 8]) for at, (text, _) in enumerate(asked) if text)
        self.changes = timed(partial(self.change, index, one) for one in made[:20])

    @staticmethod
    def change(index: Backend, document: SearchDocument) -> None:
        index.apply([document], [], 2)
        index.search(parse("water"), audiences={"public"}, facets=FACETS)


def measure(folder: Path) -> Iterator[Figure]:
    made = documents(SIZE)
    asked = questions(made)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        files = Measured(WhooshBackend(Path(temporary), follow=False), made, asked)
    with postgres(shared_buffers="128MB") as server, server.database() as url:
        index = PostgresBackend(url, follow=False)
        rows = Measured(index, made, asked)
        index.server.engine.dispose()
    name = f"{SIZE:,} documents in PostgreSQL, {len(asked)} questions with facets"
    yield from both(f"{name}, for the first time", files.first, rows.first, 40, 150)
    yield from both("… once more", files.again, rows.again, 40, 150)
    yield from both("… while typing", files.typing, rows.typing, 15, None)
    yield from both("… one changed document and a question", files.changes, rows.changes, None, None)
    seconds = rows.built.wall[0] / 1000
    yield Figure("… rebuild", seconds, "s", None, None, files.built.wall[0] / 1000, AGAINST)


def both(work: str, files: Times, rows: Times, half: float | None, most: float | None) -> Iterator[Figure]:
    """By the clock: the server's work is in it."""
    yield Figure(f"{work}: p50", rows.p50(), "ms", half, None, files.p50(), AGAINST)
    yield Figure("… p95", rows.p95(), "ms", most, None, files.p95(), AGAINST)
