"""The order of results beside that of other engines, on the same judged collection, in the same run.

    python -m benchmarks.engines DIR

DIR is a folder as `benchmarks.relevance` takes it. Each engine gets title and text, its own English stemming, the words
of the question joined by OR, and answers with its first thousand. The answer is one line of JSON: nDCG@10 and MAP of
each. What is not installed is left out, and said on the other stream.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

try:
    import tantivy
except ImportError:
    tantivy = None  # type: ignore[assignment]

from benchmarks import relevance
from commons.room import SearchDocument
from commons.search.analysis import words
from commons.search.answer import search
from commons.search.grammar import from_words
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from tests.services import postgres

Answering = Callable[[str], list[int]]  # the numbers of documents, best first
Engine = Callable[[list[SearchDocument]], Iterator[tuple[str, Answering]]]


def ours(documents: list[SearchDocument]) -> Iterator[tuple[str, Answering]]:
    with tempfile.TemporaryDirectory() as folder:
        store = IndexStore(Path(folder) / "search")
        store.rebuild(documents, 0)
        snapshot = SnapshotHolder(store).current()

        def answer(question: str) -> list[int]:
            found = search(snapshot, from_words(question), audiences={"public"}, match="any", limit=relevance.DEPTH)
            return list(found.ids)

        yield "commons", answer


def fts5(documents: list[SearchDocument]) -> Iterator[tuple[str, Answering]]:
    """SQLite's full text, with its Porter stemmer."""
    link = sqlite3.connect(":memory:")
    link.execute("create virtual table texts using fts5(title, text, tokenize='porter unicode61')")
    rows = [(document.id, document.title, document.text) for document in documents]
    link.executemany("insert into texts (rowid, title, text) values (?, ?, ?)", rows)
    for title_weight in (1.0, 2.0):
        order = f"bm25(texts, {title_weight}, 1.0)"

        def answer(question: str, order: str = order) -> list[int]:
            asked = " OR ".join(f'"{word}"' for word in words(question))
            sentence = f"select rowid from texts where texts match ? order by {order}, rowid limit {relevance.DEPTH}"
            return [row[0] for row in link.execute(sentence, (asked,))]

        yield f"sqlite fts5 porter, title {title_weight:g}", answer
    link.close()


def postgresql(documents: list[SearchDocument]) -> Iterator[tuple[str, Answering]]:
    """PostgreSQL's full text: `ts_rank` over a vector of title (A) and text (D), with its own weights and with equal ones."""
    with postgres() as server, server.database() as url:
        address = url.replace("postgresql+psycopg", "postgresql", 1)
        with psycopg.connect(address, autocommit=True) as link:
            link.execute("create table texts (id int primary key, vector tsvector)")
            vector = "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'D')"
            rows = [(document.id, document.title, document.text) for document in documents]
            link.cursor().executemany(f"insert into texts values (%s, {vector})", rows)
            for name, how in (("", "vector, asked"), (", equal weights", "'{1,1,1,1}', vector, asked, 1")):

                def answer(question: str, how: str = how) -> list[int]:
                    asked = " | ".join(dict.fromkeys(words(question)))
                    sentence = (
                        "select id from texts, to_tsquery('english', %s) asked where vector @@ asked "
                        f"order by ts_rank({how}) desc, id limit {relevance.DEPTH}"
                    )
                    return [row[0] for row in link.execute(sentence.encode(), (asked,))]

                yield f"postgresql ts_rank{name}", answer


def with_tantivy(documents: list[SearchDocument]) -> Iterator[tuple[str, Answering]]:
    """Tantivy with its English stemmer; a word of the question is looked for in both fields."""
    if tantivy is None:
        raise ImportError("tantivy is not installed")
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True)
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for document in documents:
        writer.add_document(tantivy.Document(id=document.id, title=document.title, text=document.text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def answer(question: str) -> list[int]:
        asked = index.parse_query(" ".join(words(question)), ["title", "text"])
        hits = searcher.search(asked, relevance.DEPTH).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    yield "tantivy en_stem", answer


ENGINES: tuple[Engine, ...] = (ours, fts5, postgresql, with_tantivy)


def compared(folder: Path) -> dict[str, dict[str, float]]:
    names: list[str] = []
    documents = list(relevance.documents(folder, names))
    queries, judged = relevance.table(folder / "queries.tsv"), relevance.judgements(folder)
    found: dict[str, dict[str, float]] = {}
    for engine in ENGINES:
        try:
            for name, answer in engine(documents):
                found[name] = figures(answer, names, queries, judged)
        except (ImportError, RuntimeError, psycopg.Error, sqlite3.Error) as fault:
            print(f"LOUD: {engine.__name__} is left out: {fault}", file=sys.stderr)
    return found


def figures(
    answer: Answering, names: list[str], queries: list[list[str]], judged: relevance.Judged
) -> dict[str, float]:
    gains, precisions = [], []
    for number, question in (row[:2] for row in queries):
        if grades := judged.get(number):
            ranked = [names[key - 1] for key in answer(question)]
            gains.append(relevance.ndcg(ranked, grades))
            precisions.append(relevance.average_precision(ranked, grades))
    return {"ndcg@10": round(statistics.fmean(gains), 4), "map": round(statistics.fmean(precisions), 4)}


def main() -> None:
    arguments = argparse.ArgumentParser(description="The order of results beside that of other engines.")
    arguments.add_argument("folder", type=Path, metavar="DIR")
    print(json.dumps(compared(arguments.parse_args().folder)))


if __name__ == "__main__":
    main()
