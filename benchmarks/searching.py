"""Two hundred varied questions, made from the real names, each asked once through the whole site.

    python -m benchmarks searching

A question is a whole request by a visitor: words understood, index asked, rows read again, facets, map and snippets
made, page drawn. The bare limit is SQLite's FTS5 over the same names and texts, asked for the same words: twenty
ids by rank and the number of all, no page.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.figures import Figure, Times, share, timed
from benchmarks.site import made, opened
from commons.db import db
from commons.search.analysis import words
from directory.models import Organisation

EACH = 34  # questions of each sort; 200 in all with the type-ahead's thirty


@dataclass(frozen=True, slots=True)
class Question:
    sort: str
    address: str
    match: str  # for FTS5


def questions(titles: list[tuple[str, str]], each: int = EACH) -> list[Question]:
    """From (title, country), always the same ones: `each` of every sort."""
    every = [
        (title, [word for word in words(title) if word.isalpha() and len(word) > 2], country)
        for title, country in titles
    ]
    known = [one for one in every if len(one[1]) >= 3]
    step = max(1, len(known) // each)
    some = known[::step][:each]
    often = Counter(word for _title, parts, _country in known for word in set(parts))
    common = [word for word, _many in often.most_common(each)]
    rare = sorted(word for word, many in often.items() if 2 <= many <= 5)
    rare = rare[:: max(1, len(rare) // each)][:each]
    typed = [title[: 2 + number % 6] for number, (title, _parts, _country) in enumerate(known[step // 2 :: step][:30])]
    return [
        *(_asked("one rare word", word) for word in rare),
        *(_asked("one common word", word) for word in common),
        *(_asked("two words", f"{parts[0]} {parts[-1]}") for _title, parts, _country in some),
        *(_asked("a phrase", f'"{parts[0]} {parts[1]}"') for _title, parts, _country in some),
        *(
            _asked("word, country and area", word, country=country, focus="water" if number % 2 else "")
            for number, (word, (_title, _parts, country)) in enumerate(zip(common, some, strict=False))
        ),
        *(
            Question("while typing", "/search/complete?" + urlencode({"q": text}), _quoted(text) + "*")
            for text in typed
        ),
    ]


def _asked(sort: str, text: str, **filters: str) -> Question:
    given = urlencode({"q": text, **{name: value for name, value in filters.items() if value}})
    page = "/search" if not filters else "/organisations"
    return Question(sort, f"{page}?{given}", _quoted(text) if '"' in text else " ".join(map(_quoted, text.split())))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"'


def measure(folder: Path) -> Iterator[Figure]:
    app = opened(made(folder))
    with app.app_context():
        rows = db.session.execute(select(Organisation.title, Organisation.country).order_by(Organisation.id))
        asked = questions([(title, country) for title, country in rows])
    client = app.test_client()
    for warm in ("/search?q=zanzibar", "/organisations?country=TZ", "/search/complete?q=zan"):
        assert client.get(warm).status_code == 200
    times = timed(partial(_get, client, one.address) for one in asked)
    bare = timed(_fts(folder, asked))
    against = "FTS5: ids and number only"
    yield Figure(
        f"search, {len(asked)} questions, whole request: p50",
        times.p50(),
        "ms",
        25,
        times.cpu50(),
        bare.cpu50(),
        against,
    )
    yield Figure("… p95", times.p95(), "ms", 60, times.cpu95(), bare.cpu95(), against)
    yield Figure("… slowest", max(times.wall), "ms", 300, max(times.cpu), max(bare.cpu), against)
    for sort in dict.fromkeys(one.sort for one in asked):
        yield _part(sort, asked, times, bare)


def _part(sort: str, asked: list[Question], times: Times, bare: Times) -> Figure:
    some = [number for number, one in enumerate(asked) if one.sort == sort]
    wall, cpu, limit = ([values[number] for number in some] for values in (times.wall, times.cpu, bare.cpu))
    return Figure(f"… {sort}: p50", share(wall, 0.5), "ms", None, share(cpu, 0.5), share(limit, 0.5), "FTS5")


def _get(client: object, address: str) -> None:
    answer = client.get(address)  # type: ignore[attr-defined]
    assert answer.status_code == 200, address


def _fts(folder: Path, asked: list[Question]) -> Iterator[partial[object]]:
    site = sqlite3.connect(f"file:{folder / 'commons.sqlite'}?mode=ro", uri=True)
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table text using fts5(title, names, description, tokenize='unicode61')")
    query = "select entry.id, title, names, description from entry join organisation using (id)"
    base.executemany("insert into text (rowid, title, names, description) values (?, ?, ?, ?)", site.execute(query))
    for one in asked:
        yield partial(_match, base, one.match)


def _match(base: sqlite3.Connection, match: str) -> object:
    base.execute("select count(*) from text where text match ?", (match,)).fetchone()
    return base.execute("select rowid from text where text match ? order by rank limit 20", (match,)).fetchall()
