"""How good the order of search results is, on a judged collection.

    python -m benchmarks.relevance DIR

DIR holds docs.jsonl or docs.jsonl.gz (id, title, text), queries.tsv (id, text) and qrels.tsv (query, document,
grade). The documents go through the site's own analysis, index and ranking, as public entries in English; the answer
is one line of JSON. Gain is the grade, the discount log2(rank + 1); MAP and recall count every document with a grade
above 0. Queries without one are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from commons.room import SearchDocument
from commons.search.answer import search
from commons.search.grammar import from_words
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from commons.search.snapshot import Snapshot

DEPTH = 1000
Judged = dict[str, dict[str, float]]


def documents(folder: Path, names: list[str]) -> Iterator[SearchDocument]:
    """Every document once; `names` receives the collection's own ids, in order."""
    plain = folder / "docs.jsonl"
    with plain.open("rb") if plain.exists() else gzip.open(folder / "docs.jsonl.gz") as file:
        for line in file:
            row = json.loads(line)
            names.append(str(row["id"]))
            yield SearchDocument(
                id=len(names),
                kind="page",
                audience="public",
                language="en",
                title=row.get("title") or "",
                text=row.get("text") or "",
            )


def table(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def judgements(folder: Path) -> Judged:
    found: Judged = {}
    for query, document, grade in (row[:3] for row in table(folder / "qrels.tsv")):
        if float(grade) > 0:
            found.setdefault(query, {})[document] = float(grade)
    return found


def ndcg(ranked: list[str], grades: dict[str, float], depth: int = 10) -> float:
    gained = sum(grades.get(name, 0.0) / math.log2(rank + 2) for rank, name in enumerate(ranked[:depth]))
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:depth]))
    return gained / ideal


def average_precision(ranked: list[str], grades: dict[str, float]) -> float:
    hits, total = 0, 0.0
    for rank, name in enumerate(ranked, 1):
        if name in grades:
            hits += 1
            total += hits / rank
    return total / len(grades)


def measure(snapshot: Snapshot, names: list[str], queries: list[list[str]], judged: Judged) -> dict[str, float]:
    figures: dict[str, list[float]] = {"ndcg@10": [], "map": [], "recall@100": [], "success@10": []}
    took: list[float] = []
    for number, text in (row[:2] for row in queries):
        started = time.perf_counter()
        found = search(snapshot, from_words(text), audiences={"public"}, match="any", limit=DEPTH)
        took.append((time.perf_counter() - started) * 1000)
        if grades := judged.get(number):
            ranked = [names[key - 1] for key in found.ids]
            figures["ndcg@10"].append(ndcg(ranked, grades))
            figures["map"].append(average_precision(ranked, grades))
            figures["recall@100"].append(len(grades.keys() & set(ranked[:100])) / len(grades))
            figures["success@10"].append(float(any(name in grades for name in ranked[:10])))
    answer = {name: round(statistics.fmean(values), 4) for name, values in figures.items()}
    slices = statistics.quantiles(took, n=20) if len(took) > 1 else took * 19
    return answer | {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(slices[18], 2)}


def main() -> None:
    arguments = argparse.ArgumentParser(
        description="Judge the order of search results on a collection with judged queries."
    )
    arguments.add_argument("folder", type=Path, metavar="DIR")
    folder: Path = arguments.parse_args().folder
    names: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        store = IndexStore(Path(temporary) / "search")
        store.rebuild(documents(folder, names), 0)
        snapshot = SnapshotHolder(store).current()
        print(json.dumps(measure(snapshot, names, table(folder / "queries.tsv"), judgements(folder))))


if __name__ == "__main__":
    main()
