"""An import of topics is killed at random moments and started again until it ends: nothing in the forums tells it from one
undisturbed run."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.entries.models import Change, Entry, EntryLink, Revision
from commons.forums.models import Forum, Post, Topic
from tests.faults.running import Site

TOPICS, KILLS = 400, 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Topics of one to fourteen posts in seven forums, with names in them; a bad row and a bad post now and then."""
    pick, lines = random.Random(5), list[str]()
    for number in range(TOPICS):
        posts: list[Any] = [
            {"n": n, "id": f"p{n}", "author": f"Writer {pick.randrange(40)}", "created": f"2012-01-01T00:{n:02}:00Z"}
            | {"text": f"#tag{number % 9} [[Page {number % 50}]]\nLine {pick.randrange(10**6)}. " * 20}
            for n in range(1, pick.randrange(2, 16))
        ]
        posts += ["bad"] if number % 50 == 7 else []
        row = {"id": number, "title": f"Topic {number}", "forum": f"Forum {number % 7}", "posts": posts}
        lines.append(json.dumps(row | {"created": "2012-01-01T00:00:00Z"}))
        lines += ["{"] if number % 70 == 3 else []
    path = tmp_path / "topics.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def state(source: str) -> dict[str, Any]:
    """Everything of a source's forums but the numbers and times they happened to get."""
    db.session.rollback()
    db.session.expire_all()
    mine, of = Entry.source == source, Entry.source_id
    forums, queries = select(Forum.source_id, Forum.title).where(Forum.source == source), dict[str, Any]()
    queries["forums"] = forums.order_by(Forum.source_id)
    topic = (Topic.source_id, Topic.title, Topic.posts, Topic.last_number, Topic.last_at, Topic.created)
    queries["topics"] = select(*topic).where(Topic.source == source).order_by(Topic.source_id)
    post = (Post.source_id, Post.number, Post.text, Post.created, Post.audience)
    queries["posts"] = select(*post).where(Post.source == source).order_by(Post.source_id)
    history = select(of, Revision.number, Revision.digest).join(Entry, Entry.id == Revision.entry_id)
    queries["revisions"] = history.where(mine, Entry.kind != "forum").order_by(of, Revision.number)
    log = select(of, Change.verb, Change.revision).join(Entry, Entry.id == Change.entry_id)
    queries["log"] = log.where(mine).order_by(of, Change.verb)
    links = select(of, EntryLink.name).join(Entry, Entry.id == EntryLink.source_id)
    queries["links"] = links.where(mine).order_by(of, EntryLink.name)
    return {name: [tuple(row) for row in db.session.execute(query)] for name, query in queries.items()}


def topics_of(source: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Entry.source == source, Entry.kind == "topic")) or 0


def kill_until_it_ends(site: Site, command: tuple[str, ...], source: str) -> int:
    """Kills the command soon after it has committed something more; then lets it end."""
    pick, kills = random.Random(11), 0
    while kills < KILLS and topics_of(source) < TOPICS:
        before, process, end = topics_of(source), site.flask(*command), time.monotonic() + 60
        while process.child and process.child.poll() is None and topics_of(source) == before and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(pick.uniform(0, 0.2))
        if process.child and process.child.poll() is not None:
            break
        process.kill()
        kills += 1
    process = site.flask(*command)
    assert process.wait(120) == 0, process.log.read_text()[-2000:]
    return kills


@pytest.mark.timeout(400)
def test_an_import_of_topics_that_is_killed_ends_like_one_that_is_not(app: Flask, tmp_path: Path, file: Path) -> None:
    site, rejected = Site.of(app), {name: tmp_path / f"{name}.csv" for name in ("calm", "killed")}
    commands = {
        name: ("forums", "import", str(file), "--source", name, "--rejected", str(rejected[name])) for name in rejected
    }
    try:
        assert site.run(*commands["calm"], seconds=120)[0] == 0
        kills = kill_until_it_ends(site, commands["killed"], "killed")
    finally:
        site.end()
    calm, killed = state("calm"), state("killed")
    assert kills >= 1, "it has to be killed to show anything"
    assert len(calm["topics"]) == TOPICS and len(calm["forums"]) == 7
    for part in calm:
        assert killed[part] == calm[part], part
    assert rejected["killed"].read_text().count("\n") == rejected["calm"].read_text().count("\n") == 15
    second = site.run(*commands["killed"], seconds=120)[1]
    assert "topics 0 · posts 0" in second, second
    assert site.run("search", "update", seconds=120)[0] == 0
    code, said = site.run("site", "check", seconds=120)
    assert code == 0, said
