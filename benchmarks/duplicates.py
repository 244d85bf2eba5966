"""How well does the directory notice that an organisation is there already?

    python -m benchmarks.duplicates FILE        er_*.jsonl[.gz]; prints one JSON object as its last line
    python -m benchmarks.duplicates --bulk N    N records of org_ror, some 2,000 of them compared with all others

The form of the rows says what is asked. `records` by year: the directory holds each row's earliest record, every later
one is asked. `a` and `b`: it holds all `a`, every `b` is asked. `name` and `aliases`: it holds the names, every other
alias is asked. `text` and `ror`: it holds org_ror from the folder of data sets, every text is asked, and one without an
answer should bring none. Register numbers are never shown to it, for they are how the pairs were made.

Precision counts every suggestion at the site's own threshold, recall every question that has an answer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from directory.duplicates import Card, DuplicateIndex

Row = dict[str, Any]
ASKED = -1
SHARED = Path(os.environ.get("COMMONS_SHARED") or Path(__file__).resolve().parents[2] / "shared")
REGISTER = SHARED / "data" / "org_ror" / "org_ror.jsonl.gz"


@dataclass(frozen=True)
class Question:
    card: Card
    answers: frozenset[int]


def read_rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def card(row: Row, id: int) -> Card:
    """As a person would enter it: no register number, no street."""
    name = row.get("name") or row.get("trading") or ""
    return Card(
        id=id,
        name=name,
        aliases=tuple(alias for alias in (row.get("trading"),) if alias and alias != name),
        website=row.get("website") or "",
        country=row.get("country_code") or row.get("country") or "",
        city=row.get("city") or row.get("town") or "",
        postcode=row.get("postcode") or "",
        lat=row.get("lat"),
        lon=row.get("lon"),
        text=row.get("text") or row.get("description") or "",
    )


def register_card(row: Row, id: int) -> Card:
    names = tuple(other["value"] for other in row.get("names", ()))
    ids = tuple(f"{scheme}:{value}" for scheme, value in (row.get("external_ids") or {}).items())
    return replace(card(row, id), aliases=names, external_ids=ids)


def from_affiliations(rows: list[Row]) -> tuple[Iterator[Card], Iterator[Question]]:
    register = list(read_rows(REGISTER))
    places = {row["id"]: number for number, row in enumerate(register)}
    cards = (register_card(row, number) for number, row in enumerate(register))
    known = ((row["text"], frozenset(places[id] for id in row["ror"] if id in places), row["ror"]) for row in rows)
    # A text whose organisation is not in the register's cut says nothing about us.
    return cards, (Question(Card(ASKED, text), answers) for text, answers, ids in known if answers or not ids)


def from_years(rows: list[Row]) -> tuple[Iterator[Card], Iterator[Question]]:
    years = [[row["records"][year] for year in sorted(row["records"])] for row in rows]
    cards = (card(records[0], number) for number, records in enumerate(years))
    questions = (
        Question(card(record, ASKED), frozenset([number]))
        for number, records in enumerate(years)
        for record in records[1:]
    )
    return cards, questions


def from_pairs(rows: list[Row]) -> tuple[Iterator[Card], Iterator[Question]]:
    cards = (card(row["a"], number) for number, row in enumerate(rows))
    return cards, (Question(card(row["b"], ASKED), frozenset([number])) for number, row in enumerate(rows))


def from_aliases(rows: list[Row]) -> tuple[Iterator[Card], Iterator[Question]]:
    cards = (Card(number, row["name"]) for number, row in enumerate(rows))
    questions = (
        Question(Card(ASKED, alias), frozenset([number]))
        for number, row in enumerate(rows)
        for alias in row.get("aliases", ())
        if alias != row["name"]
    )
    return cards, questions


def directory_and_questions(rows: list[Row]) -> tuple[Iterator[Card], Iterator[Question]]:
    if "records" in rows[0]:
        return from_years(rows)
    if "a" in rows[0] and "b" in rows[0]:
        return from_pairs(rows)
    return from_affiliations(rows) if "ror" in rows[0] else from_aliases(rows)


def measure(cards: Iterator[Card], questions: Iterator[Question]) -> dict[str, float]:
    index = DuplicateIndex(cards)
    answerable = found = shown = right = 0
    times: list[float] = []
    for question in questions:
        began = perf_counter()
        suspects = index.suspects(question.card)
        times.append((perf_counter() - began) * 1000)
        hits = sum(suspect.id in question.answers for suspect in suspects)
        answerable += bool(question.answers)
        found += bool(hits)
        right += hits
        shown += len(suspects)
    precision, recall = right / shown if shown else 0.0, found / answerable if answerable else 0.0
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "directory": len(index),
        "questions": len(times),
        "p50_ms": round(median(times), 2) if times else 0.0,
    }


def bulk(many: int) -> dict[str, float]:
    """What filling the queue costs: seconds of processor time, and the megabytes that the index takes."""
    before, began = _megabytes(), process_time()
    index = DuplicateIndex(register_card(row, number) for number, row in enumerate(islice(read_rows(REGISTER), many)))
    built, peak = process_time() - began, _megabytes()
    asked = [register_card(row, number) for number, row in enumerate(islice(read_rows(REGISTER), many))][
        :: max(1, many // 2000)
    ]
    began = process_time()
    pairs = {frozenset((one.id, suspect.id)) for one in asked for suspect in index.suspects(one)}
    each = (process_time() - began) / max(1, len(asked))
    return {
        "directory": len(index),
        "build_s": round(built, 1),
        "index_mb": round(peak - before),
        "each_ms": round(each * 1000, 2),
        "all_min": round(each * len(index) / 60, 1),
        "pairs": len(pairs),
        "asked": len(asked),
    }


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.duplicates", description="Precision and recall of duplicates."
    )
    parser.add_argument("file", type=Path, nargs="?", help="er_*.jsonl or .jsonl.gz")
    parser.add_argument("--bulk", type=int, default=0, metavar="N", help="fill an index with N records instead")
    given = parser.parse_args()
    if given.bulk:
        print(json.dumps(bulk(given.bulk)))
        return
    if given.file is None:
        parser.error("name a file, or --bulk N")
    rows = list(read_rows(given.file))
    print(json.dumps(measure(*directory_and_questions(rows)) if rows else {"precision": 0.0, "recall": 0.0, "f1": 0.0}))


if __name__ == "__main__":
    main()
