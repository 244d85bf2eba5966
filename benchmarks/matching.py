"""Does the match index find those who really became partners?

    python -m benchmarks.matching --history DIR --test DIR
    python -m benchmarks.matching --split DIR --cut 2017-01-01 OUT      makes OUT/history and OUT/test of a set

DIR holds projects.jsonl.gz and organisations.jsonl.gz, or for the split activities.jsonl.gz. The directory is the
history's organisations, each described by the projects that it took part in; a query is a test project with a text
and, if known, its lead; the truth is its other partners that are in the directory. Every candidate is ranked, nothing
is sampled, and all of it goes through the index, the score and the weights of the site. One JSON object is the last
line.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import compress, permutations
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import share
from commons.places.countries import country_code
from directory.partnerships.matching import Asked, Card, Index, build, matches, ranking
from directory.partnerships.matching.candidates import greatest, kilometres, web
from directory.partnerships.matching.index import GIVES
from directory.partnerships.matching.sought import sought
from directory.partnerships.matching.weights import ANYWHERE, REACH

Row = dict[str, Any]
Ranked = list[int]
METHODS = ("popularity", "text", "text_place", "graph", "fused", "fused_load")
TEN = 10


@dataclass(frozen=True)
class Query:
    asked: Asked
    truth: frozenset[int]
    before: frozenset[int]  # who was the lead's partner already
    known: bool


def lines(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def lost(number: str) -> bool:
    """Whether the source lost the number: under `K-nan` stand hundreds of different organisations."""
    return number.endswith("-nan")


def partners(project: Row) -> list[Row]:
    return [one for one in project["partners"] if not lost(one["org"])]


def words(project: Row) -> str:
    said = [project.get(name) or "" for name in ("name", "objective", "description")]
    return "\n".join([*said, ", ".join(project.get("themes") or ())])


def directory(history: Path) -> tuple[list[Card], dict[str, int], Counter[int]]:
    """Cards, the number of each organisation, and in how many projects it was."""
    organisations = [row for row in lines(history / "organisations.jsonl.gz") if not lost(row["id"])]
    numbers = {row["id"]: number for number, row in enumerate(organisations, 1)}
    texts: dict[int, list[str]] = defaultdict(list)
    ties: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    projects: Counter[int] = Counter()
    for project in lines(history / "projects.jsonl.gz"):
        members = sorted({numbers[one["org"]] for one in partners(project) if one["org"] in numbers})
        parties = len(project["partners"])
        said = f"{project.get('acronym') or ''}\n{words(project)}"
        for one in members:
            texts[one].append(said)
            projects[one] += 1
        for one, other in permutations(members, 2):
            ties[one][other] += 1 / (parties - 1)
    cards = [card(row, numbers[row["id"]], texts[numbers[row["id"]]]) for row in organisations]
    return [replace(one, partners=tuple(sorted(ties[one.id].items()))) for one in cards], numbers, projects


def card(row: Row, number: int, texts: list[str]) -> Card:
    names = [row.get("name") or "", *(row.get("other_names") or ()), row.get("town") or ""]
    return Card(
        id=number,
        text="\n".join((*names, *texts)),
        country=country_code(row.get("country") or row.get("country_code") or "") or "",
        lat=row.get("lat"),
        lon=row.get("lon"),
        language="en",
        accepts=True,
    )


def queries(test: Path, cards: list[Card], numbers: dict[str, int]) -> Iterator[Query]:
    file = test / "organisations.jsonl.gz"
    newcomers = {row["id"]: row for row in lines(file)} if file.exists() else {}
    for project in lines(test / "projects.jsonl.gz"):
        if not project.get("description"):
            continue
        lead = next((one["org"] for one in partners(project) if one.get("lead")), None)
        truth = {numbers[one["org"]] for one in partners(project) if one["org"] in numbers and one["org"] != lead}
        if truth:
            known = lead in numbers
            own = (
                cards[numbers[lead] - 1]
                if known and lead
                else Card(0, language="en", **place(newcomers.get(lead or "")))
            )
            before = {id for id, _ in own.partners}
            asked = Asked(own, "need", text=words(project))
            yield Query(asked, frozenset(truth), frozenset(before), known)


def place(row: Row | None) -> dict[str, Any]:
    """Where a lead is that the directory does not know; it would say so when it asks."""
    if not row:
        return {}
    return {"country": country_code(row.get("country") or "") or "", "lat": row.get("lat"), "lon": row.get("lon")}


def baselines(index: Index, query: Query, popular: np.ndarray[Any, Any]) -> dict[str, Ranked]:
    asked = query.asked
    wanted = sought(index, asked)
    raw = index.scores(wanted.wanted, GIVES)
    near = np.ones(index.size, np.float32)
    if wanted.point is not None:
        near = np.exp(-kilometres(index.points, wanted.point) / REACH) + np.float32(ANYWHERE)
    ways = {"popularity": popular, "text": raw, "text_place": raw * near, "graph": web(index, wanted)}
    ids = index.records["id"]
    best = {name: greatest(values, depth(query) + 1) for name, values in ways.items()}
    found = {name: ids[some[np.argsort(-ways[name][some], kind="stable")]].tolist() for name, some in best.items()}
    return {name: [id for id in order if id != asked.card.id] for name, order in found.items()}


def depth(query: Query) -> int:
    """Enough for ten when former partners are left out."""
    return TEN + len(query.before)


def ndcg(order: Ranked, truth: frozenset[int]) -> float:
    gained = sum(1 / math.log2(rank + 2) for rank, id in enumerate(order[:TEN]) if id in truth)
    return gained / sum(1 / math.log2(rank + 2) for rank in range(min(TEN, len(truth))))


def evaluate(index: Index, asked: list[Query], projects: Counter[int]) -> dict[str, Any]:
    popular = np.array([projects[id] for id in index.records["id"].tolist()], np.float32)
    orders: dict[str, list[Ranked]] = {name: [] for name in METHODS}
    shown: Counter[int] = Counter()
    took: list[float] = []
    for query in asked:
        for name, order in baselines(index, query, popular).items():
            orders[name].append(order)
        orders["fused"].append([id for id, _ in ranking(index, query.asked, 0)[: depth(query)]])
        burdened = index.shown(shown)
        orders["fused_load"].append([id for id, _ in ranking(burdened, query.asked, 1)[: depth(query)]])
        shown.update(orders["fused_load"][-1][:TEN])
        began = time.process_time()
        matches(index, query.asked)
        took.append((time.process_time() - began) * 1000)
    return {
        "queries": len(asked),
        "ndcg@10": {name: mean(orders[name], asked) for name in METHODS},
        "by": by_lead(orders, asked),
        "exposure": {name: exposure(orders[name]) for name in ("popularity", "text", "fused", "fused_load")},
        "p50_ms": round(statistics.median(took), 2) if took else 0.0,
        "p95_ms": round(share(took, 0.95), 2) if took else 0.0,
    }


def mean(orders: list[Ranked], asked: list[Query]) -> float:
    values = [ndcg(order, query.truth) for order, query in zip(orders, asked, strict=True) if query.truth]
    return round(statistics.fmean(values), 4) if values else 0.0


def by_lead(orders: dict[str, list[Ranked]], asked: list[Query]) -> dict[str, Any]:
    """Known leads, unknown ones, and known ones who ask for new partners only: their former ones are not ranked."""
    groups = {"known": [query.known for query in asked], "unknown": [not query.known for query in asked]}
    found = {name: group(orders, asked, some) for name, some in groups.items()}
    new = [replace(query, truth=query.truth - query.before) for query in asked]
    others = {
        name: [[id for id in order if id not in query.before] for order, query in zip(some, asked, strict=True)]
        for name, some in orders.items()
    }
    return found | {"new_pairs": group(others, new, [query.known and bool(query.truth) for query in new])}


def group(orders: dict[str, list[Ranked]], asked: list[Query], chosen: list[bool]) -> dict[str, Any]:
    some = list(compress(asked, chosen))
    return {"queries": len(some), **{name: mean(list(compress(each, chosen)), some) for name, each in orders.items()}}


def exposure(orders: list[Ranked]) -> dict[str, Any]:
    times = Counter(id for order in orders for id in order[:TEN])
    places = sum(times.values())
    first = max(1, len(times) // 100)
    return {
        "places": places,
        "most_shown": max(times.values(), default=0),
        "distinct": len(times),
        "top_1_percent": round(sum(count for _, count in times.most_common(first)) / places, 4) if places else 0.0,
    }


def split(source: Path, cut: str, target: Path) -> None:
    """Projects that begin before the cut are history, as are those without a date; later ones with a text are the test."""
    projects = list(lines(source / "projects.jsonl.gz")) if (source / "projects.jsonl.gz").exists() else None
    if projects is None:
        projects = [project_of(row) for row in lines(source / "activities.jsonl.gz") if row.get("partners")]
        organisations = {
            one["org"]: {"id": one["org"], "name": one["name"]} for row in projects for one in row["partners"]
        }
    else:
        organisations = {row["id"]: row for row in lines(source / "organisations.jsonl.gz")}
    for name, part in (
        ("history", [row for row in projects if (row.get("start") or "") < cut]),
        ("test", [row for row in projects if (row.get("start") or "") >= cut and row.get("description")]),
    ):
        there = dict.fromkeys(one["org"] for row in part for one in row["partners"])
        write(target / name / "projects.jsonl.gz", part)
        write(target / name / "organisations.jsonl.gz", [organisations[id] for id in there if id in organisations])


def project_of(activity: Row) -> Row:
    """An aid activity in the form of a project; who programmes it leads it."""
    partners: dict[str, Row] = {}
    for one in activity["partners"]:
        name = one.get("canonical") or one["name"]
        partners.setdefault(name, {"org": name, "name": name, "roles": []})["roles"] += one.get("roles") or ()
    lead = next((one for one in partners.values() if "programming" in one["roles"]), None)
    if lead:
        lead["lead"] = True
    return {
        "id": activity["id"],
        "name": activity.get("title") or "",
        "themes": [*(activity.get("sectors") or ()), *(activity.get("clusters") or ())],
        "description": activity.get("description") or "",
        "start": activity.get("start") or "",
        "partners": list(partners.values()),
    }


def write(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def measured(history: Path, test: Path) -> dict[str, Any]:
    cards, numbers, projects = directory(history)
    with tempfile.TemporaryDirectory(prefix="matches-") as folder:
        return evaluate(build(cards, Path(folder)), list(queries(test, cards, numbers)), projects)


def table(found: dict[str, Any]) -> str:
    groups = {"all": {"queries": found["queries"], **found["ndcg@10"]}, **found["by"]}
    rows = [("nDCG@10", "queries", *METHODS), *((name, *map(str, group.values())) for name, group in groups.items())]
    return "\n".join("  ".join(cell.ljust(11) for cell in row) for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description="Real partners, found or not.")
    parser.add_argument("--history", type=Path, metavar="DIR")
    parser.add_argument("--test", type=Path, metavar="DIR")
    parser.add_argument("--split", type=Path, metavar="DIR")
    parser.add_argument("--cut", default="2017-01-01", metavar="DAY")
    parser.add_argument("target", type=Path, nargs="?", metavar="OUT")
    said = parser.parse_args()
    if said.split and said.target:
        split(said.split, said.cut, said.target)
    elif said.history and said.test:
        found = measured(said.history, said.test)
        print(table(found), file=sys.stderr)
        print(json.dumps(found))
    else:
        parser.error("give --history and --test, or --split and OUT")


if __name__ == "__main__":
    main()
