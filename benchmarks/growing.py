"""Search as it grows: 10,000, 50,000 and 250,000 mixed entries behind a real server, four people asking at once, one writing.

    python -m benchmarks growing

Three parts of five are organisations (names and places of org_ror and org_us_irs, words of the latter's missions), one is wiki
pages (words of wiki_practical_plants), one topics with posts (forum_openenergymonitor), each of about a hundred words.
The server runs as `flask serve` starts it, with a web process for each of two cores beside the worker; four clients ask 400
questions made from the names, each a whole request, while a member edits an organisation every second. The bare limit is the
same server's answer to an address that it does not know. *exponent*: of the median between the sizes; 1 would be linear.
"""

from __future__ import annotations

import gzip
import http.client
import json
import math
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.figures import Figure, share
from benchmarks.saving import save
from benchmarks.searching import questions
from benchmarks.site import REGISTER, SHARED, child, opened
from commons.admin.commands import MEMORY, end
from commons.config import ROOT
from commons.db import db, table, transaction
from commons.entries.followers import all_followers, keep_position
from commons.entries.models import Change, Entry
from commons.focus.commands import plant_shipped
from commons.focus.models import FocusLink
from commons.forums.models import Forum, Post, Topic
from commons.members.actions import make_member
from commons.members.models import Member
from commons.search import follower
from directory.models import Organisation
from wiki.models import Page

SIZES = (10_000, 50_000, 250_000)
CLIENTS, ASKED, BLOCK, WORDS = 4, 400, 10_000, 100
MISSIONS = SHARED / "data" / "org_us_irs" / "org_us_irs.jsonl.gz"
PLANTS = SHARED / "data" / "wiki_practical_plants" / "pages.jsonl.gz"
TALK = SHARED / "data" / "forum_openenergymonitor" / "topics.jsonl.gz"
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
PATIENCE = 900.0
MODELS: dict[str, Any] = {
    "forum": Forum,
    "organisation": Organisation,
    "page": Page,
    "topic": Topic,
    "post": Post,
}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def passages(texts: Iterable[str]) -> Iterator[str]:
    """About WORDS words at a time, without end; each round begins elsewhere, so that no passage comes twice."""
    words = " ".join(texts).split()
    for start in cycle(range(0, WORDS, 7)):
        for at in range(start, len(words) - WORDS, WORDS):
            yield " ".join(words[at : at + WORDS])


# --- The site ---


def made(size: int) -> int:
    """Fills the site of this process; answers with the milliseconds that building the index took."""
    upgrade()
    plant_shipped()
    with transaction():
        make_member("bench", "bench@example.org", name="Bench", role="member", password=secrets.token_hex(12))
    areas = list(db.session.scalars(select(Entry.id).where(Entry.kind == "focus").order_by(Entry.id)))
    first = (db.session.scalar(select(func.max(Entry.id))) or 0) + 1
    seq = (db.session.scalar(select(func.max(Change.seq))) or 0) + 1
    pick = random.Random(20_262)
    everything = zip(range(first, first + size), mixed(pick), strict=False)
    while block := list(islice(everything, BLOCK)):
        with transaction():
            write(block, seq, pick, areas)
        seq += len(block)
    db.session.execute(text("analyze"))
    db.session.commit()
    began = time.perf_counter()
    reached = follower.rebuild(lambda _many: None)
    took = round((time.perf_counter() - began) * 1000)
    for one in all_followers():  # a site grows over years: nothing of this is news
        keep_position(one.name, reached)
    return took


def mixed(pick: random.Random) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(kind, title, text, more) without end."""
    names = cycle([*((row["name"], row) for row in rows(REGISTER)), *((row["name"], row) for row in rows(MISSIONS))])
    missions = passages(row["mission"].capitalize() for row in rows(MISSIONS) if row.get("mission"))
    plants = list(rows(PLANTS))
    pages, titles = (
        passages(str(row.get("text") or row.get("summary") or "") for row in plants),
        cycle(str(row["title"]) for row in plants),
    )
    topics = list(rows(TALK))
    said, about = passages(post.get("text") or "" for row in topics for post in row["posts"]), cycle(topics)
    yield "forum", "Energy", "", {}
    while True:
        kind = pick.choices(("organisation", "page", "topic", "post"), (60, 20, 3, 17))[0]
        if kind == "organisation":
            name, row = next(names)
            yield kind, name, next(missions), row
        elif kind == "page":
            yield kind, next(titles), next(pages), {}
        elif kind == "topic":
            yield kind, str(next(about)["title"]), "", {}
            yield "post", "", next(said), {}
        else:
            yield "post", "", next(said), {}


def write(block: list[tuple[int, Any]], seq: int, pick: random.Random, areas: list[int]) -> None:
    forum = db.session.scalar(select(Entry.id).where(Entry.kind == "forum")) or block[0][0]
    entries, links = [], []
    by_kind: dict[str, list[dict[str, Any]]] = {kind: [] for kind in MODELS}
    last = db.session.scalar(select(func.max(Entry.id)).where(Entry.kind == "topic")) or 0
    for id, (kind, title, words, more) in block:
        if kind == "post" and not last:
            kind, title = "page", words[:60]
        last = id if kind == "topic" else last
        within = {"topic": forum, "post": last}.get(kind)
        head = {"id": id, "kind": kind, "slug": f"{kind}-{id}", "title": title[:200], "within_id": within}
        entries.append(head | {"audience": "public", "created": BEGAN, "updated": BEGAN, "language": "en"})
        by_kind[kind].append(_row(kind, id, words, more, last))
        if kind != "post":
            links.append({"entry_id": id, "area_id": pick.choice(areas)})
    db.session.execute(table(Entry).insert(), entries)
    for kind, model in MODELS.items():
        if by_kind[kind]:
            db.session.execute(table(model).insert(), by_kind[kind])
    db.session.execute(table(FocusLink).insert(), links)
    line = {"at": BEGAN, "actor_id": None, "verb": "created", "revision": None, "note": "", "via": ""}
    lines = [line | {"seq": seq + at, "entry_id": id, "thread_id": id} for at, (id, _row) in enumerate(block)]
    db.session.execute(table(Change).insert(), lines)


def _row(kind: str, id: int, words: str, more: dict[str, Any], topic: int) -> dict[str, Any]:
    if kind == "organisation":
        place = {name: more.get(key) or "" for name, key in (("country", "country_code"), ("city", "city"))}
        return {"id": id, "description": words, **place, "lat": more.get("lat"), "lon": more.get("lon")}
    if kind == "post":
        return {"id": id, "topic_id": topic, "number": id, "text": words}
    return {"id": id} | ({"text": words} if kind == "page" else {})


# --- The measurement ---


def measure(folder: Path) -> Iterator[Figure]:
    medians = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            site = Path(temporary) / "growing"
            built = json.loads(child("benchmarks.growing", site, str(size)))
            found = served(site)
        reach = (40, 120, 500) if size == SIZES[-1] else (None, None, None)
        work = f"{size:,} entries: search, {CLIENTS} clients, one writer: p50"
        medians.append(share(found["ms"], 0.5))
        yield Figure(work, medians[-1], "ms", reach[0], found["cpu"], found["bare"], "an unknown address (CPU)")
        yield Figure("… p95", share(found["ms"], 0.95), "ms", reach[1])
        yield Figure("… slowest", max(found["ms"]), "ms", reach[2])
        yield Figure("… requests that failed", found["failed"], "", 0)
        yield Figure("… while typing: p95", share(found["typing"], 0.95), "ms", 15 if size == SIZES[-1] else None)
        yield Figure(
            "… memory of one web process, without the files of the index",
            found["memory"],
            "MB",
            400 if size == SIZES[-1] else None,
        )
        yield Figure("… an edit is found after, slowest", max(found["lag"]), "s", 2)
        yield Figure("… rebuild of the index, per 500 entries", built / size * 500 / 1000, "s", 1)
    for one, other, at in zip(SIZES, SIZES[1:], range(len(SIZES)), strict=False):
        grown = math.log(medians[at + 1] / medians[at]) / math.log(other / one)
        yield Figure(f"exponent from {one:,} to {other:,}", grown, "", None)


def served(site: Path) -> dict[str, Any]:
    """What a real server answers, in milliseconds, asked by threads of this process."""
    port = _free_port()
    environment = {**os.environ, "COMMONS_DATA": str(site), "SITE_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
    environment |= {"DEMO": "0", **MEMORY}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "benchmarks.growing:unlimited"]
    command += ["--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    follow = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    behind = subprocess.Popen(follow, cwd=ROOT, env=environment)
    try:
        _wait(port)
        with opened(site).app_context():
            titles = db.session.execute(
                select(Organisation.title, Organisation.country).order_by(Organisation.id).limit(20_000)
            )
            every = [one for one in questions([(title, country) for title, country in titles], 80) if one.match]
            who = db.session.scalars(select(Entry.id).where(Entry.kind == "organisation").limit(60)).all()
            save(who[-1], _writer(), "The first edit after a start is what the worker reads everything for.")
        _settled(psutil.Process(behind.pid))
        return _asked(port, server.pid, [one.address for one in every], site, list(who[:-1]))
    finally:
        end(server)
        behind.terminate()
        behind.wait(60)


def unlimited() -> Flask:
    """What the server runs: the whole site, but for the limits on how often one address may ask."""
    return opened(Path(os.environ["COMMONS_DATA"]))


def _asked(port: int, pid: int, addresses: list[str], site: Path, ids: list[int]) -> dict[str, Any]:
    typing = [one for one in addresses if "/complete" in one]
    whole = [one for one in addresses if "/complete" not in one][:ASKED]
    random.Random(5).shuffle(whole)
    web = psutil.Process(pid).children(recursive=True)
    for address in whole[:40]:
        _get(port, address)
    stop = threading.Event()
    lag: list[float] = []
    took: list[float] = []
    typed: list[float] = []
    failed: list[str] = []
    writer = threading.Thread(target=_writes, args=(site, port, ids, stop, lag))
    writer.start()
    spent = _processor(web)
    lists = [whole[at::CLIENTS] for at in range(CLIENTS)]
    clients = [threading.Thread(target=_client, args=(port, some, took, failed)) for some in lists]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    used = _processor(web)
    stop.set()
    writer.join()
    _client(port, typing, typed, failed)
    cpu = (used - spent) * 1000 / len(whole)
    began = _processor(web)
    _client(port, ["/no-such-page"] * 100, [], [])
    bare = (_processor(web) - began) * 10
    memory = max(_own_memory(one.pid) for one in web)
    return {"ms": took, "cpu": cpu, "bare": bare, "failed": len(failed), "typing": typed, "lag": lag, "memory": memory}


def _processor(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def _own_memory(pid: int) -> float:
    """In megabytes, without the pages of the index's files, which all processes share and the system may take back."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024 / 1e6


def _client(port: int, addresses: list[str], took: list[float], failed: list[str]) -> None:
    for address in addresses:
        began = time.perf_counter()
        if _get(port, address) != 200:
            failed.append(address)
        took.append((time.perf_counter() - began) * 1000)


def _get(port: int, address: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", address)
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


def _writes(site: Path, port: int, ids: list[int], stop: threading.Event, lag: list[float]) -> None:
    """An edit a second, each with a word that nobody used, and how long until a visitor finds it."""
    with opened(site).app_context():
        writer = _writer()
        for id in cycle(ids):
            word = "q" + secrets.token_hex(6)
            save(id, writer, f"Nobody wrote {word} before.")
            began = time.monotonic()
            while not _finds(port, word) and time.monotonic() - began < 30:
                time.sleep(0.25)
            lag.append(time.monotonic() - began)
            if stop.wait(1.0):
                return


def _writer() -> Member:
    return db.session.scalars(select(Member).where(Member.username == "bench")).one()


def _finds(port: int, word: str) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", f"/search?q={word}")
        return f"<mark>{word}</mark>" in line.getresponse().read().decode()
    finally:
        line.close()


def _wait(port: int) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        try:
            if _get(port, "/search?q=water") == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come")


def _settled(worker: psutil.Process) -> None:
    """Waits until the worker has made what it makes once for each site."""
    began, quiet = time.monotonic(), 0
    while quiet < 3 and time.monotonic() - began < PATIENCE:
        quiet = quiet + 1 if worker.cpu_percent(1.0) < 40 else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    os.environ["COMMONS_DATA"] = sys.argv[1]
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    with opened(Path(sys.argv[1])).app_context():
        print(json.dumps(made(int(sys.argv[2]))))
