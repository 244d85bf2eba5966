"""The order of results on judged collections, through the same code as the benchmark."""

from __future__ import annotations

import json
import os
import statistics
from pathlib import Path

import pytest

from benchmarks import relevance
from commons.search.answer import search
from commons.search.grammar import parse
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from tests.commons.search import mixed

JUDGED = Path(__file__).parent / "judged.json"
SHARED = Path(os.environ.get("COMMONS_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"


def figures(folder: Path, index: Path) -> dict[str, float]:
    names: list[str] = []
    store = IndexStore(index)
    store.rebuild(relevance.documents(folder, names), 0)
    queries = relevance.table(folder / "queries.tsv")
    return relevance.measure(SnapshotHolder(store).current(), names, queries, relevance.judgements(folder))


def test_the_figures_are_computed_as_they_are_defined() -> None:
    assert relevance.ndcg(["a", "b"], {"a": 3.0, "b": 1.0}) == 1.0
    assert relevance.ndcg(["x", "a"], {"a": 2.0}) == pytest.approx(0.6309, abs=1e-4)
    assert relevance.average_precision(["a", "x", "b"], {"a": 1.0, "b": 1.0}) == pytest.approx((1 + 2 / 3) / 2)


def test_a_small_collection_is_measured(tmp_path: Path) -> None:
    rows = [("d1", "Solar pumps"), ("d2", "Wind mills"), ("d3", "Solar lamps")]
    (tmp_path / "docs.jsonl").write_text(
        "\n".join(json.dumps({"id": id, "title": title, "text": ""}) for id, title in rows)
    )
    (tmp_path / "queries.tsv").write_text("1\tsolar pumps\n2\twind\n3\tnobody judged this\n")
    (tmp_path / "qrels.tsv").write_text("1\td1\t2\n1\td3\t1\n2\td2\t1\n2\td1\t0\n")
    found = figures(tmp_path, tmp_path / "index")
    assert {name: found[name] for name in ("ndcg@10", "map", "recall@100", "success@10")} == {
        "ndcg@10": 1.0,
        "map": 1.0,
        "recall@100": 1.0,
        "success@10": 1.0,
    }


def test_entries_of_all_kinds_stand_in_one_order_that_people_would_choose(tmp_path: Path) -> None:
    """Forty questions to the demo community, each with what answers it (2) and what helps (1)."""
    judged: dict[str, dict[str, float]] = json.loads(JUDGED.read_text(encoding="utf-8"))
    entries = mixed.documents()
    store = IndexStore(tmp_path / "index")
    store.rebuild(entries, 0)
    snapshot = SnapshotHolder(store).current()
    gains = []
    for question, grades in judged.items():
        found = search(snapshot, parse(question), audiences={"public"}, limit=30)
        named = (f"{entries[key - 1].kind} {entries[key - 1].title}" for key in found.ids)
        gains.append(relevance.ndcg(list(dict.fromkeys(named)), grades))
    assert len(judged) == 40
    assert statistics.fmean(gains) >= 0.81


@pytest.mark.parametrize(("collection", "least"), [("ir_cranfield", 0.56), ("ir_cacm", 0.538)])
def test_judged_collections_are_ranked_no_worse_than_before(tmp_path: Path, collection: str, least: float) -> None:
    if not (SHARED / collection).is_dir():
        pytest.skip(f"{collection} is not here: set COMMONS_SHARED to the folder that holds data/{collection}")
    assert figures(SHARED / collection, tmp_path / "index")["ndcg@10"] >= least
