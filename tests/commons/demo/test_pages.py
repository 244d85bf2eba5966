"""The pages of the demo: real ones with their sources, and written ones that show what a wiki can do."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.demo import pages as demo
from commons.demo.actions import _people
from commons.demo.pages import load_pages, read
from commons.entries.models import Change, Revision
from wiki import queries
from wiki.models import Page, PageImport

FOLDER = Path(demo.__file__).parent
WRITTEN = sorted((FOLDER / "written").glob("*.md"))


@pytest.fixture(scope="module")
def shipped() -> list[dict[str, Any]]:
    with gzip.open(FOLDER / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_real_pages_say_where_they_come_from_and_reach_nobody(shipped: list[dict[str, Any]]) -> None:
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    by_page: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in shipped:
        by_page.setdefault((row["source"], row["page"]), []).append(row)
    assert len(by_page) == 40
    for (source, _page), rows in by_page.items():
        first = next(row for row in rows if "text" in row)
        assert f"## {source}\n" in sources and first["licence"] == "CC BY-SA 4.0" and first["url"] in sources
        assert first["focus"] and first["language"] == "en" and first["title"]
        assert all(row["user"] in sources for row in rows), "the licence asks that authors are named"
    assert not [
        row["page"] for row in shipped if re.search(r"[\w.]+@[\w-]+\.[a-z]{2,}", row.get("text", "") + row["summary"])
    ]


@pytest.mark.parametrize("file", WRITTEN, ids=lambda path: path.stem)
def test_a_written_page_has_a_head_and_a_history(file: Path) -> None:
    head, steps = read(file.read_text(encoding="utf-8"))
    assert {"title", "summary", "language", "focus"} <= head.keys() and len(head["summary"]) <= 300
    assert steps and all(step.note and step.text.strip() for step in steps)
    assert "%%" not in steps[-1].text and len({step.text for step in steps}) == len(steps)
    if original := head.get("translation_of"):
        _head, of_original = read((FOLDER / "written" / f"{original}.md").read_text(encoding="utf-8"))
        assert 1 <= int(head["translated_at"]) <= len(of_original)


def test_the_demo_wiki_shows_what_a_wiki_can_do(app: Flask) -> None:
    _people()
    load_pages(lambda _words: None)
    languages = db.session.execute(select(Page.language, func.count()).group_by(Page.language)).all()
    assert dict(languages) == {"en": 52, "fr": 5, "es": 2}, "40 real pages and 19 written ones"
    assert {row.licence for row in db.session.scalars(select(PageImport))} == {"CC BY-SA 4.0"}
    assert (db.session.scalar(select(func.count()).select_from(Revision)) or 0) > 280
    for query in (
        queries.behind(None),
        queries.due_for_review(None),
        queries.needing_sources(None),
        queries.wanted(None),
    ):
        assert db.session.execute(query).first() is not None
    assert db.session.scalar(queries.pages(None).where(~Page.focus_links.any())) is None, "all stand under an area"
    people = select(func.count()).select_from(Change).where(Change.actor_id.is_not(None))
    assert (db.session.scalar(people) or 0) > 50, "recent changes live"
