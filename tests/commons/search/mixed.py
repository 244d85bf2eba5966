"""Entries of every kind, out of the files of the demo community, as their rooms hand them to the index: four thousand
organisations of a few lines, long pages, topics with their posts, and what stands on the board."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import commons.demo
import commons.focus
from commons.room import SearchDocument

DEMO = Path(commons.demo.__file__).parent
AREAS = Path(commons.focus.__file__).parent / "areas.jsonl"
FIRST_PAGE = 4  # posts that are part of their topic's document; the later ones stand for themselves
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.M)
STEP = re.compile(r"^%% .*\n", re.M)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return (json.loads(line) for line in text.splitlines() if line.strip())


@cache
def areas() -> dict[str, dict[str, Any]]:
    return {row["slug"]: row for row in rows(AREAS)}


def labels(slugs: list[str]) -> list[str]:
    """Names and other names of areas and of those above them, in every language."""
    found: dict[str, None] = {}
    waiting = list(slugs)
    while waiting:
        if (row := areas().get(slug := waiting.pop())) and slug not in found:
            found[slug] = None
            waiting += row["parents"]
    return [
        word
        for slug in found
        for word in (*areas()[slug]["labels"].values(), *sum(areas()[slug]["synonyms"].values(), []))
    ]


def organisations() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in ("organisations.jsonl.gz", "invented.jsonl"):
        for row in rows(DEMO / file):
            place = " ".join(row.get(part) or "" for part in ("city", "region"))
            given = {"title": row["name"], "names": row.get("aliases") or (), "text": row.get("description") or ""}
            yield "organisation", given | {"place": place, "language": row.get("language", ""), **about(row)}


def about(row: dict[str, Any]) -> dict[str, Any]:
    return {"labels": labels(row.get("focus") or [])}


def pages() -> Iterator[tuple[str, dict[str, Any]]]:
    last = {row["page"]: row for row in rows(DEMO / "pages.jsonl.gz") if row.get("text")}
    for name, row in last.items():
        title = next(iter(HEADING.findall(row["text"])), row.get("title") or name)
        yield "page", {"title": title, "text": row["text"], "language": row.get("language") or "en", **about(row)}
    for path in sorted((DEMO / "written").glob("*.md")):
        head, _, body = path.read_text(encoding="utf-8").partition("%% ")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        text = "\n".join((fields.get("summary", ""), STEP.sub("", "%% " + body)))
        focus = [slug.strip() for slug in fields.get("focus", "").split(",")]
        yield (
            "page",
            {"title": fields["title"], "text": text, "language": fields.get("language", "en"), "labels": labels(focus)},
        )


def topics() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((DEMO / "topics").glob("*.jsonl")):
        for row in rows(path):
            topic = row.get("topic", row)
            given = {"title": topic["title"], "language": topic.get("language", "en"), **about(row)}
            posts = [post["text"] for post in topic.get("posts", ())]
            if posts:
                yield "topic", given | {"text": "\n\n".join(posts[:FIRST_PAGE])}
            for text in posts[FIRST_PAGE:]:
                yield "post", given | {"text": text, "boost": 0.8}


def postings() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows(DEMO / "deals" / "postings.jsonl"):
        text = "\n\n".join(row.get(part, "") for part in ("text", "quantity", "in_return"))
        yield row["kind"], {"title": row["title"], "text": text, "language": row["language"], **about(row)}


def documents() -> list[SearchDocument]:
    made = [*organisations(), *pages(), *topics(), *postings()]
    return [
        SearchDocument(id=number, kind=kind, audience="public", **given) for number, (kind, given) in enumerate(made, 1)
    ]
