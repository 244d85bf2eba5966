"""The topics of the demo community are whole: everybody who speaks lives there, every number means a post."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import commons.demo.topics as demo
from commons.feed.models import REACTIONS
from commons.text import POST

FOLDER = demo.HERE
FILES = sorted(path.stem for path in FOLDER.glob("*.jsonl") if path.stem not in ("forums", "groups"))


def rows(name: str) -> list[dict[str, Any]]:
    return list(demo._rows(name))


@pytest.fixture
def people() -> set[str]:
    given = json.loads((FOLDER.parent / "people.json").read_text(encoding="utf-8"))
    return {person["username"] for person in given}


def test_every_forum_has_topics_and_every_file_a_forum() -> None:
    assert sorted(row["key"] for row in rows("forums")) == FILES
    assert sum(len(rows(name)) for name in FILES) >= 36


@pytest.mark.parametrize("name", [*FILES, "groups"])
def test_topics_are_whole(name: str, people: set[str]) -> None:
    for row in rows(name):
        topic = row["topic"] if name == "groups" else row
        posts = topic["posts"]
        assert 2 <= len(posts) <= 8, topic["title"]
        assert {post["by"] for post in posts} <= people
        assert all(0 < len(post["text"]) < POST for post in posts)
        assert all(1 <= post["to"] <= number for number, post in enumerate(posts) if "to" in post), topic["title"]
        assert 2 <= topic.get("answer", 2) <= len(posts)
        assert all(choice < len(topic["choices"]) for choice in topic.get("votes", {}).values())
        thoughts = {who for post in posts for what in REACTIONS for who in post.get(what, ())}
        assert thoughts <= people and not any(post["by"] in post.get("like", ()) for post in posts)


def test_areas_and_pages_that_are_named_exist() -> None:
    lines = (FOLDER.parents[1] / "focus" / "areas.jsonl").read_text(encoding="utf-8").splitlines()
    areas = {json.loads(line)["slug"] for line in lines}
    written = {path.read_text(encoding="utf-8").partition("title: ")[2].partition("\n")[0] for path in _written()}
    for name in FILES:
        for row in rows(name):
            assert set(row.get("focus", ())) <= areas and row.get("about", min(written)) in written, row["title"]


def _written() -> list[Path]:
    return sorted((FOLDER.parent / "written").glob("*.md"))
