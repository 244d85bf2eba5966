"""Are names found in spite of slips, without their accents, in another script, by an acronym, across languages?

    python -m benchmarks.names FOLDER [--questions 1500] [--part "known item"] [--misses]

FOLDER holds the data sets by name: `org_keep_partners` and `org_ror` (`<name>/<name>.jsonl.gz`, a row has `name` and may have
`names` with `value` and `types`) and `tax_sdg/sdg.jsonl`. A set that is not there is left out, and said loudly. Every question
goes through the search of the site. The answer is one JSON object; the draw is the same each time.

A name counts as found when the first ten results hold a record of that name: records that share a name cannot be told
apart by it. Questions of the first part are up to three different words of a name, drawn from those of at least three letters, with
none, one or two slips (a letter put in, left out, swapped with the next, or replaced). A target of the global goals,
asked for by its title, counts as found when the first of the areas of focus is one that serves it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import string
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.figures import share
from commons.db import db
from commons.focus.commands import plant_shipped
from commons.focus.documents import search_document
from commons.focus.models import Area
from commons.room import SearchDocument
from commons.search.answer import search
from commons.search.backend import Backend
from commons.search.engine import WhooshBackend
from commons.search.grammar import parse
from commons.search.holder import SnapshotHolder
from commons.search.index import IndexStore
from commons.search.layout import folded_names, name_key
from commons.search.nearly import grams
from commons.search.postgres.backend import PostgresBackend
from commons.search.suggest import did_you_mean, names_like, warm
from tests.services import postgres
from wsgi import create_app

Row = dict[str, Any]
EVERYONE = frozenset({"public"})
SEED = 20
WORD = re.compile(r"[^\W\d_]{3,}")
LANGUAGES = ("fr", "es", "ar", "ru", "zh-Hans")
ENTRIES = 250_000
STRINGS = 10_000
BLOCKS = 0x1100  # of 256 characters
OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u1e00-\u1eff]")


def rows(folder: Path, name: str) -> list[Row]:
    path = folder / name / f"{name}.jsonl.gz"
    if not path.exists():
        print(f"LOUD: {path} is not there: not measured", file=sys.stderr)
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def documents(found: Iterable[Row]) -> list[SearchDocument]:
    return [
        SearchDocument(
            id=number,
            kind="organisation",
            audience="public",
            language=row.get("lang") or "",
            title=row["name"],
            names=[other["value"] for other in row.get("names", ())],
            place=" ".join(filter(None, (row.get("town") or row.get("city"), row.get("country")))),
        )
        for number, row in enumerate(found, 1)
    ]


class Names:
    """An index of documents, and who of them bears a name."""

    def __init__(self, index: Backend, made: list[SearchDocument]) -> None:
        index.rebuild(made, 0)
        self.index = index
        self.bearers: dict[str, set[int]] = {}
        for document in made:
            for name in folded_names(document):
                self.bearers.setdefault(name, set()).add(document.id)

    def success(self, asked: Iterable[tuple[str, str]], misses: bool = False) -> dict[str, float]:
        """(what is typed, the name that is meant): which part is among the first ten, and the first."""
        ranks, took = [], []
        for typed, name in asked:
            began = time.process_time()
            ids = self.index.search(parse(typed), audiences=EVERYONE, limit=10).ids
            took.append((time.process_time() - began) * 1000)
            wanted = self.bearers[name_key(name)]
            ranks.append(next((rank for rank, id in enumerate(ids) if id in wanted), 10))
            if misses and ranks[-1] == 10:
                print(f"not found: {typed} | {name}", file=sys.stderr)
        return {
            "questions": len(ranks),
            "success@10": round(sum(rank < 10 for rank in ranks) / len(ranks), 4),
            "success@1": round(ranks.count(0) / len(ranks), 4),
            "cpu_p50_ms": round(share(took, 0.5), 2),
            "cpu_p95_ms": round(share(took, 0.95), 2),
        }


def slip(word: str, pick: random.Random) -> str:
    at, letter = pick.randrange(len(word)), pick.choice(string.ascii_lowercase)
    kind = pick.randrange(4)
    if kind == 0:
        return word[:at] + letter + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + letter + word[at + 1 :]


def question(name: str, slips: int, pick: random.Random) -> str:
    every = list({word.casefold(): word for word in WORD.findall(name)}.values())
    words = [every[at] for at in sorted(pick.sample(range(len(every)), min(3, len(every))))]
    for _ in range(slips):
        at = pick.choice([at for at, word in enumerate(words) if len(word) >= 3] or [0])
        words[at] = slip(words[at], pick)
    return " ".join(words)


def known_items(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    return known(folder, WhooshBackend(temporary / "keep", follow=False), many, misses)


def known_items_in_postgresql(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    """The same questions, with the index in a server of its own."""
    with postgres() as server, server.database() as url:
        index = PostgresBackend(url, follow=False)
        try:
            return known(folder, index, many, misses)
        finally:
            index.server.engine.dispose()


def known(folder: Path, empty: Backend, many: int, misses: bool) -> dict[str, Any]:
    found = rows(folder, "org_keep_partners")
    if not found:
        return {}
    index = Names(empty, documents(found))
    named = sorted({row["name"] for row in found if WORD.search(row["name"])})
    figures = {}
    for slips in (0, 1, 2):
        pick = random.Random(SEED + slips)
        drawn = pick.sample(named, many)
        figures[f"{slips} slips"] = index.success(((question(name, slips, pick), name) for name in drawn), misses)
    return figures


def bare(text: str) -> str:
    """Without its accents, as somebody types who has none on the keyboard."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def variants(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    found = rows(folder, "org_ror")
    if not found:
        return {}
    index = Names(WhooshBackend(temporary / "ror", follow=False), documents(found))
    others = [(other, set(other["types"])) for row in found for other in row.get("names", ())]
    every = [row["name"] for row in found] + [other["value"] for other, _ in others]
    latin = sorted({name for name in every if bare(name) != name and not OTHER_SCRIPT.search(name)})
    foreign = sorted({other["value"] for other, _ in others if OTHER_SCRIPT.search(other["value"])})
    acronyms = sorted({other["value"] for other, types in others if "acronym" in types and name_key(other["value"])})
    figures = {}
    for kind, names in (("accents dropped", latin), ("other script", foreign), ("acronym", acronyms)):
        drawn = random.Random(SEED).sample(names, min(many, len(names)))
        figures[kind] = index.success(((bare(name) if names is latin else name, name) for name in drawn), misses)
    return figures


def across_languages(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    """The areas that ship with the site, among the organisations of the first part."""
    path = folder / "tax_sdg" / "sdg.jsonl"
    if not path.exists():
        print(f"LOUD: {path} is not there: not measured", file=sys.stderr)
        return {}
    with path.open(encoding="utf-8") as lines:
        targets = [row for row in map(json.loads, lines) if row["kind"] == "target"]
    others = documents(rows(folder, "org_keep_partners"))
    with site(temporary / "site").app_context():
        areas = {area.id + len(others): area for area in db.session.scalars(select(Area))}
        made = [replace(search_document(area), id=id) for id, area in areas.items()]
        serving = {id: area.targets for id, area in areas.items()}
    store = IndexStore(temporary / "areas")
    store.rebuild([*others, *made], 0)
    snapshot = SnapshotHolder(store).current()
    figures = {}
    for code in LANGUAGES:
        right = 0
        for row in targets:
            ids = search(snapshot, parse(row["title"][code]), audiences=EVERYONE, limit=1).ids
            found = bool(ids) and row["code"] in serving.get(ids[0], ())
            right += found
            if misses and not found:
                print(f"not found: {row['code']} {code} {row['title'][code]}", file=sys.stderr)
        figures[code] = {"questions": len(targets), "success@1": round(right / len(targets), 4)}
    return figures


def site(folder: Path) -> Flask:
    """An empty site with its areas of focus."""
    folder.mkdir()
    app = create_app({"COMMONS_DATA": folder, "TESTING": True, "SECRET_KEY": "only for this measurement"})
    with app.app_context():
        db.create_all()
        plant_shipped()
    return app


def typing(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    """The list that opens while one types, among made names of the words of real ones."""
    found = rows(folder, "org_keep_partners")
    if not found:
        return {}
    pick = random.Random(SEED)
    real = sorted({row["name"] for row in found if WORD.search(row["name"])})
    words = [word for name in real for word in name.split()]
    more = (" ".join(pick.choices(words, k=pick.randint(2, 7))) for _ in range(ENTRIES - len(real)))
    store = IndexStore(temporary / "typing")
    store.rebuild(documents({"name": name} for name in (*real, *more)), 0)
    snapshot = SnapshotHolder(store).current()
    began = time.process_time()
    warm(snapshot)
    figures: dict[str, Any] = {"entries": ENTRIES, "made_ready_cpu_s": round(time.process_time() - began, 2)}
    figures["trigrams_mb"] = round(sum(one.bytes for view in snapshot.views for one in grams(view).values()) / 1e6, 1)
    for slips in (0, 1):
        took = []
        for name in pick.sample(real, many):
            begun = name[: pick.randint(2 + 4 * slips, 25)]
            text = slip(begun, pick) if slips else begun
            began = time.process_time()
            names_like(snapshot, text)
            took.append((time.process_time() - began) * 1000)
        figures[f"{slips} slips"] = {
            "cpu_p50_ms": round(share(took, 0.5), 2),
            "cpu_p95_ms": round(share(took, 0.95), 2),
        }
    return figures


def any_string(folder: Path, temporary: Path, many: int, misses: bool) -> dict[str, Any]:
    """Random strings of every block of Unicode, half characters and very long ones included: the slowest answer."""
    found = rows(folder, "org_keep_partners")
    if not found:
        return {}
    store = IndexStore(temporary / "any")
    store.rebuild(documents(found), 0)
    snapshot = SnapshotHolder(store).current()
    warm(snapshot)
    pick, took = random.Random(SEED), []
    for _ in range(STRINGS):
        block = pick.randrange(BLOCKS) * 0x100
        letters = [chr(block + pick.randrange(0x100)) for _ in range(pick.choice((1, 2, 5, 12, 40, 250)))]
        text = "".join(letters) * pick.choice((1, 1, 1, 1, 100))
        began = time.process_time()
        search(snapshot, parse(text), audiences=EVERYONE, limit=10)
        names_like(snapshot, text)
        did_you_mean(snapshot, parse(text))
        took.append(time.process_time() - began)
    return {
        "strings": len(took),
        "cpu_p95_ms": round(share(took, 0.95) * 1000, 2),
        "slowest_cpu_s": round(max(took), 3),
    }


PARTS = {
    "any string": any_string,
    "known item": known_items,
    "known item, PostgreSQL": known_items_in_postgresql,
    "variants": variants,
    "across languages": across_languages,
    "typing": typing,
}


def main() -> None:
    arguments = argparse.ArgumentParser(
        description="Are names found in spite of slips, accents, scripts and languages?"
    )
    arguments.add_argument("folder", type=Path, metavar="FOLDER")
    arguments.add_argument("--questions", type=int, default=1500)
    arguments.add_argument("--misses", action="store_true", help="say what was not found")
    arguments.add_argument("--part", choices=PARTS, action="append")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        figures = {
            name: measure(given.folder, Path(temporary), given.questions, given.misses)
            for name, measure in PARTS.items()
            if not given.part or name in given.part
        }
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
