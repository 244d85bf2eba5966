"""The same questions to both engines, in turns: the index in files, and in PostgreSQL.

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
from collections.abc import Callable, Iterator, Sequence
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


def measure(folder: Path) -> Iterator[Figure]:
    made = documents(SIZE)
    with (
        tempfile.TemporaryDirectory(dir=folder.parent) as temporary,
        postgres(shared_buffers="128MB") as server,
        server.database() as url,
    ):
        files, rows = WhooshBackend(Path(temporary), follow=False), PostgresBackend(url, follow=False)
        try:
            yield from compared(files, rows, made)
        finally:
            rows.server.engine.dispose()


def compared(files: Backend, rows: Backend, made: Sequence[SearchDocument]) -> Iterator[Figure]:
    engines = (files, rows)
    built = alternating([[partial(one.rebuild, made, 1)] for one in engines])
    asked = questions(made)
    for one in engines:
        one.search(parse("warm"), audiences={"public"})
        one.names_like("warm")
    works = [
        [partial(one.search, parse(text), audiences={"public"}, facets=FACETS, **more) for text, more in asked]
        for one in engines
    ]
    name = f"{len(made):,} documents in PostgreSQL, {len(asked)} questions with facets"
    yield from both(f"{name}, for the first time", alternating(works), 40, 150)
    yield from both("… once more", alternating(works), 40, 150)
    typed = [text[: 2 + at % 8] for at, (text, _) in enumerate(asked) if text]
    typing = [[partial(one.names_like, text) for text in typed] for one in engines]
    yield from both("… while typing", alternating(typing), None, 15)
    changes = [[partial(change, one, document) for document in made[:20]] for one in engines]
    yield from both("… one changed document and a question", alternating(changes), None, None)
    in_files, in_rows = (times.wall[0] / 1000 for times in built)
    yield Figure("… rebuild", in_rows, "s", None, None, in_files, AGAINST)


def change(index: Backend, document: SearchDocument) -> None:
    index.apply([document], [], 2)
    index.search(parse("water"), audiences={"public"}, facets=FACETS)


def alternating(works: Sequence[Sequence[Callable[[], object]]]) -> list[Times]:
    """Of both engines, asked in turns, so that what disturbs one disturbs the other."""
    times = [[timed([work]) for work in turn] for turn in zip(*works, strict=True)]
    return [
        Times(tuple(one.wall[0] for one in each), tuple(one.cpu[0] for one in each))
        for each in zip(*times, strict=True)
    ]


def both(work: str, times: Sequence[Times], half: float | None, most: float | None) -> Iterator[Figure]:
    """By the clock: the server's work is in it."""
    files, rows = times
    yield Figure(f"{work}: p50", rows.p50(), "ms", half, None, files.p50(), AGAINST)
    yield Figure("… p95", rows.p95(), "ms", most, None, files.p95(), AGAINST)
