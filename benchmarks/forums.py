"""Forums: a whole one on its way in, pages as visitors and members open them, an answer from the button until it is found,
and what is like a title that is typed.

    python -m benchmarks forums

The import runs in a process of its own, so that its peak of memory is its own. The bare limit of a page is a view that
returns one word.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from benchmarks.figures import Figure, timed
from benchmarks.importing import processor
from benchmarks.pages import requests
from benchmarks.site import SHARED, child, opened
from commons.db import db, now, transaction
from commons.entries.followers import catch_up
from commons.feed.actions import watch
from commons.focus.commands import plant_shipped
from commons.forums.actions import add_post
from commons.forums.importing import import_file
from commons.forums.models import Forum, Topic
from commons.forums.queries.similar import similar
from commons.members.actions import make_member
from commons.members.models import Member
from commons.search.answer import search
from commons.search.engine import whoosh
from commons.search.grammar import parse
from tests.cast import PASSWORD, sign_in

FILE = SHARED / "data" / "forum_openenergymonitor" / "topics.jsonl.gz"
TIMES, WATCHED, LONG = 60, 200, 570


def measure(folder: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        site = Path(temporary) / "forums"
        yield from _imports(site)
        app = opened(site, WTF_CSRF_ENABLED=False, SECRET_KEY="only measured")
        with app.app_context():
            long, forum = _prepared()
            titles = db.session.scalars(select(Topic.title).order_by(Topic.id).limit(TIMES * 20)).all()[::20]
        yield from _views(app, long, forum)
        with app.app_context():
            yield from _typing(list(titles))
            yield from _answers(long)


def _imports(site: Path) -> Iterator[Figure]:
    first = json.loads(child("benchmarks.forums", site))
    work = f"import {first['topics']:,} topics with {first['posts']:,} posts, searchable at the end"
    yield Figure(work, first["wall"], "s", 120, first["cpu"])
    yield Figure("… of it building the search index", first["index_wall"], "s", None, first["index_cpu"])
    yield Figure("… peak memory", first["peak"], "MB", 600)
    yield Figure("… posts that did not come in", _posts_in_file() - first["posts"], "", 0)
    again = json.loads(child("benchmarks.forums", site))
    yield Figure("the same file again", again["wall"] - again["index_wall"], "s", 10, again["cpu"] - again["index_cpu"])
    yield Figure("… topics and posts changed by it", again["topics"] + again["posts"], "", 0)


def _posts_in_file() -> int:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return sum(len(json.loads(line)["posts"]) for line in lines)


def run(site: Path) -> dict[str, Any]:
    with opened(site).app_context():
        upgrade()
        plant_shipped()
        clock, spent = time.perf_counter(), processor()
        counts = import_file(FILE, source="openenergymonitor", licence="not stated").counts
        middle, used = time.perf_counter(), processor()
        catch_up()
        end, all_used = time.perf_counter(), processor()
        whoosh().holder.refresh()
        assert search(whoosh().snapshot(), parse("energy"), audiences={"public"}).total, "nothing is found"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"wall": end - clock, "cpu": all_used - spent, "index_wall": end - middle, "index_cpu": all_used - used}
    return {**times, **counts, "peak": peak}


def _prepared() -> tuple[int, int]:
    """A topic of LONG posts, the largest forum, and a member who follows many topics."""
    who = make_member("reader", "reader@example.org", name="Reader", role="member", password=PASSWORD)
    with transaction():
        who.trusted = now()
    topic = db.session.scalars(select(Topic).order_by(Topic.posts.desc()).limit(1)).one()
    for number in range(topic.posts, LONG):
        add_post(topic, f"Measured again, no. {number}: 3.{number} volts.", actor=who)
    for one in db.session.scalars(select(Topic).order_by(Topic.last_at.desc()).limit(WATCHED)):
        watch(one, actor=who)
    many = select(Topic.within_id).group_by(Topic.within_id).order_by(func.count().desc()).limit(1)
    catch_up()
    return topic.id, db.session.scalars(select(Forum.id).where(Forum.id.in_(many))).one()


def _views(app: Flask, long: int, forum: int) -> Iterator[Figure]:
    app.add_url_rule("/-/bare", "bare", lambda: "ok")
    with app.app_context():
        slug = db.session.get_one(Forum, forum).slug
    bare, _sent = requests(app, ["/-/bare"] * TIMES)
    address = app.test_client().get(f"/topics/{long}").headers["Location"]
    topics = [f"{address}?page={page % 28 + 1}" for page in range(TIMES)]
    lists = [f"/forums/{slug}?page={page % 20 + 1}" for page in range(TIMES)]
    for name, addresses in ((f"topic page, 20 of {LONG} posts", topics), ("forum page, 30 topics", lists)):
        requests(app, addresses)
        for who, reach in (("visitor", 12), (f"member who follows {WATCHED} topics", 30)):
            client = app.test_client()
            if who != "visitor":
                with app.app_context():
                    sign_in(client, db.session.scalars(select(Member).where(Member.username == "reader")).one())
            times = timed(partial(client.get, one) for one in addresses)
            yield Figure(f"{name}, {who}: p50", times.p50(), "ms", reach, times.cpu50(), bare.cpu50(), "an empty view")
        _times, sent = requests(app, addresses[:5])
        yield Figure("… most statements, visitor", sent, "", 12)


def _typing(titles: list[str]) -> Iterator[Figure]:
    times = timed(partial(similar, title, None) for title in titles)
    yield Figure("topics like a title: p50", times.p50(), "ms", 50, times.cpu50())
    yield Figure("… p95", times.p95(), "ms", None, times.cpu95())


def _answers(long: int) -> Iterator[Figure]:
    who = db.session.scalars(select(Member).where(Member.username == "reader")).one()
    topic = db.session.get_one(Topic, long)
    times = timed(partial(add_post, topic, f"Answer {secrets.token_hex(4)}", actor=who) for _ in range(TIMES))
    yield Figure("answer in a long topic, durable: p50", times.p50(), "ms", 40, times.cpu50())
    word = f"w{secrets.token_hex(6)}"
    clock = time.perf_counter()
    add_post(topic, word, actor=who)
    catch_up()
    whoosh().holder.refresh()
    found = search(whoosh().snapshot(), parse(word), audiences={"public"}).total
    yield Figure("… found by search after one round of the worker", time.perf_counter() - clock, "s", 2)
    yield Figure("… not found", 1 - min(found, 1), "", 0)


if __name__ == "__main__":
    os.environ.setdefault("COMMONS_DATA", sys.argv[1])
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    print(json.dumps(run(Path(sys.argv[1]))))
