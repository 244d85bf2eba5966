"""How fast matches are found among 100,000 organisations with text, made up from a seed.

Each has about 120 words of a vocabulary of 60,000 (a third of them from its own area of focus), a place, languages,
about eight partners; three in ten have an offer and a need. The bare limit is the same text arrays gone through once
with nothing but NumPy.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, timed
from benchmarks.matching import measured, split
from benchmarks.site import SHARED, child, missing
from directory.partnerships.matching import Asked, Card, Index, build, matches, opened

MANY, WORDS, LENGTH, NEED = 100_000, 60_000, 120, 15
AREAS, COUNTRIES, TODAY = 330, 120, 20_000
TONGUES = ("en", "fr", "es", "sw", "ar", "pt")
QUESTIONS, PATCHES = 200, 15
SEED = 20_261


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        alone, before, began = made_alone(), peak(), time.process_time()
        build(cards(MANY), Path(temporary))
        yield Figure("match index of 100,000 organisations: build, CPU", time.process_time() - began - alone, "s", 60)
        yield Figure("… most memory while building", peak(), "MB", None, bare=before, against="before it")
        # A process of its own, as the web has them: the one that built it still holds what building took.
        yield from (Figure(**row) for row in json.loads(child("benchmarks.matching_speed", temporary)))
    if not missing():
        yield from quality(SHARED / "data" / "collab_keep_interreg")


def quality(source: Path) -> Iterator[Figure]:
    """Real partners of later projects, found by what was known before 2017."""
    with tempfile.TemporaryDirectory(prefix="matches-") as temporary:
        split(source, "2017-01-01", Path(temporary))
        found = measured(Path(temporary) / "history", Path(temporary) / "test")
    gain, shown = found["ndcg@10"], found["exposure"]
    yield Figure("nDCG@10 of text alone against all parts", 100 * gain["text"] / gain["fused"], "%", 100 / 1.8)
    yield Figure(
        "… of all parts against those with the load", 100 * gain["fused"] / gain["fused_load"], "%", 100 / 0.97
    )
    share = 100 * shown["fused_load"]["most_shown"] / shown["fused"]["most_shown"]
    yield Figure("… most shown, with the load against without", share, "%", 50)


def speeds(index: Index) -> Iterator[Figure]:
    *others, questions = [list(asked(index, QUESTIONS, seed)) for seed in range(3)]
    before = resident()
    for question in (each for some in others for each in some):
        matches(index, question)  # a process that has answered before knows most words
    times = timed([partial(matches, index, question) for question in questions])
    bare = timed([partial(sweep, index)] * 20).cpu50()
    yield Figure(
        "matches for a need, candidates to reasons: p50", times.p50(), "ms", 8, times.cpu50(), bare, "one sweep"
    )
    yield Figure("… p95", times.p95(), "ms", 25, times.cpu95(), bare, "one sweep")
    yield Figure("… memory of a process that answers", resident(), "MB", 300, bare=before, against="before it")
    changed = [index.card(1 + number * 7) for number in range(PATCHES)]
    patches = timed([partial(index.patched, [card]) for card in changed if card])
    yield Figure("… patch after one edit: p50", patches.p50(), "ms", 50, patches.cpu50())


def made_alone() -> float:
    """Seconds that making the cards took, which is no part of building."""
    began = time.process_time()
    deque(cards(MANY // 10), maxlen=0)
    return (time.process_time() - began) * 10


def sweep(index: Index) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    found = np.zeros(index.size, np.float32)
    some = index.base["profile"]
    found[some.slots[: index.size]] += some.strengths[: index.size]
    return found


def cards(many: int) -> Iterator[Card]:
    pick, numbers = random.Random(SEED), np.random.default_rng(SEED)
    vocabulary = words(pick)
    for id in range(1, many + 1):
        area = pick.randrange(AREAS)
        lat, lon, country = place(pick)
        asks = pick.random() < 0.3
        yield Card(
            id=id,
            text=text(numbers, vocabulary, area, max(10, int(numbers.normal(LENGTH, 40)))),
            offers=((1_000_000 + id, text(numbers, vocabulary, area, NEED)),) if asks else (),
            needs=((2_000_000 + id, text(numbers, vocabulary, (area + 7) % AREAS, NEED)),) if asks else (),
            areas=((area + 50, 0), (area % 50 + 1, 1)),
            goals=(1 + area % 17,),
            country=country,
            lat=lat,
            lon=lon,
            language="en",
            languages=tuple(sorted({"en" if pick.random() < 0.7 else "fr", pick.choice(TONGUES)})),
            size=pick.choice((0, 5, 20, 200)),
            confirmed=pick.choice((0, TODAY - pick.randrange(900))),
            accepts=pick.random() < 0.9,
            impressions=pick.randrange(20),
            answered=pick.randrange(4),
            unanswered=pick.randrange(3),
            answer_days=pick.choice((None, 3, 9)),
            parent=pick.choice((0, 0, 0, 1 + pick.randrange(many))),
            partners=tuple(
                {1 + pick.randrange(many): 1 / pick.randint(1, 9) for _ in range(pick.randrange(17))}.items()
            ),
        )


def asked(index: Index, many: int, seed: int) -> Iterator[Asked]:
    pick, numbers = random.Random(SEED + 1 + seed), np.random.default_rng(SEED + 1 + seed)
    vocabulary = words(random.Random(SEED))
    while many:
        card = index.card(pick.randint(1, MANY))
        if card:
            many -= 1
            area = card.areas[0][0] - 50
            yield Asked(card, "need", text=text(numbers, vocabulary, area, NEED), areas=card.areas, today=TODAY)


def words(pick: random.Random) -> list[str]:
    return ["".join(pick.choices("abcdefghiklmnoprstuvz", k=pick.randint(4, 11))) for _ in range(WORDS)]


def text(numbers: np.random.Generator, vocabulary: list[str], area: int, length: int) -> str:
    """Ranks as Zipf has them, without the fifty most common, which stop words are; a third from the area's own 400."""
    ranks = (50 * (WORDS / 50) ** numbers.random(length)).astype(int) - 1
    own = numbers.random(length) < 1 / 3
    ranks[own] = 2000 + area * 170 + (400 ** numbers.random(int(own.sum()))).astype(int)
    return " ".join([vocabulary[rank % WORDS] for rank in ranks.tolist()])


def place(pick: random.Random) -> tuple[float, float, str]:
    country = pick.randrange(COUNTRIES)
    centre = random.Random(country)
    lat, lon = centre.uniform(-45, 60), centre.uniform(-170, 170)
    return lat + pick.gauss(0, 3), lon + pick.gauss(0, 3), chr(65 + country // 26) + chr(65 + country % 26)


def peak() -> float:
    """MB that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """MB that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    print(json.dumps([asdict(figure) for figure in speeds(opened(Path(sys.argv[1])))]))
