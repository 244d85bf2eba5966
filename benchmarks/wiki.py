"""The wiki: whole wikis with their histories on their way in, pages as visitors open them, very large ones, saving, and
many writers at once.

    python -m benchmarks wiki

Imports run in processes of their own, so that each peak of memory is its own. What came in is held against the file:
last texts byte for byte, wanted pages and back links counted straight from the lines. The bare limit of an import reads
the same rows into one table of a SQLite database; that of a view is a view that returns one word.
"""

from __future__ import annotations

import gzip
import json
import lzma
import os
import random
import re
import resource
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from benchmarks.figures import Figure, Times, share, timed
from benchmarks.importing import processor
from benchmarks.pages import requests
from benchmarks.site import SHARED, child, opened
from commons.db import db
from commons.entries import links
from commons.entries.followers import catch_up
from commons.focus.commands import plant_shipped
from commons.members.actions import make_member
from commons.members.models import Member
from commons.search.answer import search
from commons.search.engine import whoosh
from commons.search.grammar import parse
from commons.text import slug
from commons.web import Conflict
from wiki import queries
from wiki.actions import add_page, edit_page
from wiki.importing import import_file
from wiki.models import Page

DATA = SHARED / "data"
SMALL = {name: DATA / name / "revisions.jsonl.gz" for name in ("wiki_oem_learn", "wiki_enspiral_handbook")}
PLANTS = {"wiki_practical_plants": DATA / "wiki_practical_plants" / "pages.jsonl.gz"}
LARGE = {"wiki_ost_readme": DATA / "wiki_ost_readme" / "revisions.jsonl.xz"}
NAME = re.compile(r"\[\[([^\[\]\n|]{1,200})(?:\|[^\[\]\n]{1,200})?\]\]")
TIMES, PAIRS, WRITERS, EDITS = 60, 40, 8, 25


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        site = Path(temporary) / "wiki"
        yield from _imports(site)
        app = opened(site)
        yield from _views(app)
        yield from _large(app)
        with app.app_context():
            yield from _saves()
            yield from _writers(app)


# --- imports ---


def rows(file: Path) -> Iterator[dict[str, Any]]:
    unpack = lzma.open if file.suffix == ".xz" else gzip.open
    with unpack(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _imports(site: Path) -> Iterator[Figure]:
    small = json.loads(child("benchmarks.wiki", site, *SMALL))
    yield Figure(f"replay {small['rows']:,} revisions of two wikis", small["wall"], "s", 30, small["cpu"])
    yield Figure("… last texts that differ, byte for byte", _differing(site), "", 0)
    again = json.loads(child("benchmarks.wiki", site, *SMALL))
    yield Figure("… rows changed by the same files again", again["rows"] - again["unchanged"], "", 0)
    plants = json.loads(child("benchmarks.wiki", site, *PLANTS))
    yield Figure(f"import {plants['imported']:,} pages, searchable at the end", plants["wall"], "s", 180, plants["cpu"])
    yield Figure("… of it building the search index", plants["index_wall"], "s", None, plants["index_cpu"])
    yield Figure("… peak memory", plants["peak"], "MB", 600)
    wanted, inward = _wrong_links(site)
    yield Figure("… wanted pages that are not as counted in the file", wanted, "", 0)
    yield Figure("… pages whose back links are not", inward, "", 0)
    child("benchmarks.wiki", site, *LARGE)


def _differing(site: Path) -> int:
    last: dict[tuple[str, str], str | None] = {}
    for source, file in SMALL.items():
        for row in rows(file):
            last[source, row["page"]] = row.get("text")
    with opened(site).app_context():
        here = {
            (page.source, page.source_id): page.text if page.state == "live" else None
            for page in db.session.scalars(select(Page).where(Page.source.in_(SMALL)))
        }
    return sum(here.get(key) != text for key, text in last.items()) + len(here.keys() ^ last.keys())


def _wrong_links(site: Path) -> tuple[int, int]:
    """(wanted pages, pages by their back links) that are not as the file says."""
    source, file = next(iter(PLANTS.items()))
    asked: dict[str, set[str]] = {}
    titles = set()
    for row in rows(file):
        titles.add(slug(row["title"])[:80])
        for name in set(NAME.findall(row.get("text", ""))):
            if not name.lower().startswith("file:") and (target := slug(name.partition("#")[0], fallback="")[:80]):
                asked.setdefault(target, set()).add(row["title"])
    with opened(site).app_context():
        here = {row.slug: row.many for row in db.session.execute(queries.wanted(None)) if row.slug in asked}
        wrong = sum(here.get(name, 0) != len(by) for name, by in asked.items() if name not in titles)
        some = db.session.scalars(select(Page).where(Page.source == source).order_by(Page.id)).all()[::60]
        inward = 0
        for page in some:
            found = [one for one in db.session.scalars(links.pointing_to(page, None)) if one.source == source]
            inward += len(found) != len(asked.get(page.slug, set()) - {page.source_id})
        return wrong, inward


def run(site: Path, sources: Iterable[str]) -> dict[str, Any]:
    files = SMALL | PLANTS | LARGE
    with opened(site).app_context():
        upgrade()
        plant_shipped()
        counts: dict[str, int] = {}
        clock, spent = time.perf_counter(), processor()
        for source in sources:
            for name, many in import_file(files[source], source=source, licence="CC BY-SA 4.0").counts.items():
                counts[name] = counts.get(name, 0) + many
        middle, used = time.perf_counter(), processor()
        catch_up()
        end, all_used = time.perf_counter(), processor()
        whoosh().holder.refresh()
        assert search(whoosh().snapshot(), parse("energy"), audiences={"public"}).total, "nothing is found"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"wall": end - clock, "cpu": all_used - spent, "index_wall": end - middle, "index_cpu": all_used - used}
    return {**times, **counts, "rows": sum(counts.values()), "peak": peak}


# --- pages ---


def _views(app: Flask) -> Iterator[Figure]:
    app.add_url_rule("/-/bare", "bare", lambda: "ok")
    with app.app_context():
        by_size = select(Page.slug, func.length(Page.text)).where(Page.source.in_(PLANTS), Page.state == "live")
        pages = db.session.execute(by_size.order_by(func.length(Page.text), Page.id)).all()
    at = int(0.95 * len(pages))
    addresses = [f"/wiki/{page.slug}" for page in pages[at - TIMES // 2 : at + TIMES // 2]]
    bare, _sent = requests(app, ["/-/bare"] * TIMES)
    client = app.test_client()
    first = timed(partial(client.get, address) for address in addresses)
    again, sent = requests(app, addresses)
    against = "an empty view"
    kilobytes = pages[at][1] / 1000
    yield Figure(f"page of {kilobytes:.0f} kB, kept: p50", again.p50(), "ms", 8, again.cpu50(), bare.cpu50(), against)
    yield Figure("… p95", again.p95(), "ms", None, again.cpu95(), bare.cpu95(), against)
    yield Figure("… most statements", sent, "", 8)
    yield Figure("… its very first view: p50", first.p50(), "ms", None, first.cpu50(), bare.cpu50(), against)


def _large(app: Flask) -> Iterator[Figure]:
    with app.app_context():
        page = db.session.scalars(select(Page).where(Page.source.in_(LARGE))).one()
        address, versions, size = f"/wiki/{page.slug}", page.version, len(page.text)
    client = app.test_client()

    def opening(path: str, times: int) -> Times:
        return timed([partial(client.get, address + path)] * times)

    first = opening("", 1)
    yield Figure(f"page of {size / 1000:.0f} kB, very first view", first.p50(), "ms", None, first.cpu50())
    kept = opening("", 11)
    yield Figure("… kept: p50", kept.p50(), "ms", 300, kept.cpu50())
    history = opening("/history", 11)
    yield Figure(f"… history of {versions} versions: p50", history.p50(), "ms", 100, history.cpu50())
    pick = random.Random(7)
    pairs = [sorted(pick.sample(range(1, versions + 1), 2)) for _pair in range(PAIRS)]
    diffs = timed(partial(client.get, f"{address}/diff/{a}/{b}") for a, b in pairs)
    yield Figure(f"… difference of {PAIRS} random pairs: p50", diffs.p50(), "ms", 800, diffs.cpu50())
    yield Figure("… slowest", max(diffs.wall), "ms", 2000, max(diffs.cpu))


# --- writing ---


def _writer(name: str) -> Member:
    return make_member(name, f"{name}@example.org", name=name, role="member", password=secrets.token_hex(12))


def _paragraphs(many: int, words: int) -> list[str]:
    pick = random.Random(3)
    return [" ".join(pick.choice(("seed", "water", "roof", "tank", "well")) for _ in range(words)) for _ in range(many)]


def _saves() -> Iterator[Figure]:
    writer = _writer("saver")
    texts = _paragraphs(40, 50)
    page = add_page({"title": "Saved again and again", "text": "\n\n".join(texts)}, actor=writer)

    def save(number: int) -> None:
        texts[number % 40] += f" [[Page {number}]] edit {number}"
        edit_page(page, {"text": "\n\n".join(texts)}, version=page.version, actor=writer)

    save(0)
    times = timed(partial(save, number) for number in range(1, TIMES + 1))
    size = len(page.text) / 1000
    yield Figure(f"save of a page of {size:.0f} kB, durable: p50", times.p50(), "ms", 40, times.cpu50())
    yield Figure("… p95", share(times.wall, 0.95), "ms", None, times.cpu95())


def _writers(app: Flask) -> Iterator[Figure]:
    """Everybody reads, writes a word into some paragraph, and saves what they began from; nobody waits for another."""
    people = [_writer(f"writer-{number}").id for number in range(WRITERS)]
    page = add_page({"title": "Written by many", "text": "\n\n".join(_paragraphs(60, 30))}, actor=_writer("first")).id
    collided: list[str] = []
    faults: list[BaseException] = []

    def write(number: int) -> None:
        pick = random.Random(number)
        with app.app_context():
            for edit in range(EDITS):
                mine, word = db.session.get_one(Page, page, populate_existing=True), f"w{number}e{edit}."
                texts = mine.text.split("\n\n")
                texts[pick.randrange(len(texts))] += f" {word}"
                version, text = mine.version, "\n\n".join(texts)
                time.sleep(pick.uniform(0, 0.02))
                try:
                    actor = db.session.get_one(Member, people[number])
                    edit_page(mine, {"text": text}, version=version, actor=actor)
                except Conflict:
                    collided.append(word)
                except BaseException as fault:
                    faults.append(fault)

    clock = time.perf_counter()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    db.session.expire_all()
    words = set(re.findall(r"w\d+e\d+\.", db.session.get_one(Page, page).text))
    every = {f"w{number}e{edit}." for number in range(WRITERS) for edit in range(EDITS)}
    yield Figure(f"{WRITERS} writers on one page, {len(every)} edits", time.perf_counter() - clock, "s")
    yield Figure("… shown as a conflict", len(collided), "")
    yield Figure("… refused for another reason", len(faults), "", 0)
    yield Figure("… lost", len(every - words - set(collided)), "", 0)


if __name__ == "__main__":
    os.environ.setdefault("COMMONS_DATA", sys.argv[1])
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2:])))
