"""An import of pages is killed at random moments and started again until it ends: nothing in the wiki tells it from one
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
from commons.entries.models import Change, Entry, EntryLink, Redirect, Revision
from tests.faults.running import Site
from wiki.models import Page

PAGES, VERSIONS, KILLS = 120, 12, 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Pages that change, link to each other, go and come back; redirects; a bad row now and then."""
    pick = random.Random(5)
    rows: list[Any] = []
    for version in range(VERSIONS):
        for page in range(PAGES):
            name, other = f"part-{page % 7}/page-{page}", pick.randrange(PAGES)
            time_of = {"user": f"Writer {pick.randrange(9)}", "time": f"20{10 + version}-01-01T00:00:{page % 60:02}Z"}
            lines = "".join(f"Line {pick.randrange(10**6)}.\n\n" for _line in range(40))
            text = f"# Page {page}\n\n{lines}[next](../part-{other % 7}/page-{other}.md) [[Page {other}]] [[Wanted {page % 5}]]\n"
            gone = version == 6 and page % 10 == 3
            rows.append(
                {
                    "page": name,
                    "title": f"Page {page}",
                    "summary": f"v{version}",
                    **time_of,
                    **({"deleted": True} if gone else {"text": text}),
                }
            )
        rows.append({"page": "bad", "text": 7})
    rows += [{"title": f"Once {page}", "redirect": f"part-{page % 7}/page-{page}"} for page in range(20)]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def state(source: str) -> dict[str, Any]:
    """Everything of a source's pages but the numbers and times they happened to get."""
    db.session.rollback()
    db.session.expire_all()
    mine = Entry.source == source
    pages = [Page.source_id, Page.title, Page.text, Page.version, Page.text_version, Page.state, Page.rows, Page.head]
    of_page: dict[str, Any] = {
        "pages": select(*pages, Page.sources, Page.created, Page.updated).where(mine).order_by(Page.source_id),
        "revisions": select(Entry.source_id, Revision.number, Revision.at, Revision.note, Revision.digest)
        .join(Entry, Entry.id == Revision.entry_id)
        .where(mine)
        .order_by(Entry.source_id, Revision.number),
        "log": select(Entry.source_id, Change.verb, Change.revision, Change.note)
        .join(Entry, Entry.id == Change.entry_id)
        .where(mine)
        .order_by(Entry.source_id, Change.seq),
        "links": select(Entry.source_id, EntryLink.name)
        .join(Entry, Entry.id == EntryLink.source_id)
        .where(mine)
        .order_by(Entry.source_id, EntryLink.name),
    }
    return {name: [tuple(row) for row in db.session.execute(query)] for name, query in of_page.items()}


def versions_of(source: str) -> int:
    db.session.rollback()
    mine = select(Entry.id).where(Entry.source == source)
    return db.session.scalar(select(func.count()).where(Revision.entry_id.in_(mine))) or 0


def kill_until_it_ends(site: Site, command: tuple[str, ...], source: str, all_versions: int) -> int:
    """Kills the command soon after it has committed something more, at last while it writes links; then lets it end."""
    pick, kills = random.Random(11), 0
    while kills < KILLS and versions_of(source) < all_versions:
        before, process, end = versions_of(source), site.flask(*command), time.monotonic() + 60
        while (
            process.child and process.child.poll() is None and versions_of(source) == before and time.monotonic() < end
        ):
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
def test_an_import_of_pages_that_is_killed_ends_like_one_that_is_not(app: Flask, tmp_path: Path, file: Path) -> None:
    site, rejected = Site.of(app), {name: tmp_path / f"{name}.csv" for name in ("calm", "killed")}
    commands = {
        name: ("wiki", "import", str(file), "--source", name, "--rejected", str(rejected[name])) for name in rejected
    }
    try:
        assert site.run(*commands["calm"], seconds=120)[0] == 0
        kills = kill_until_it_ends(site, commands["killed"], "killed", versions_of("calm"))
    finally:
        site.end()
    calm, killed = state("calm"), state("killed")
    assert kills >= 1, "it has to be killed to show anything"
    assert len(calm["pages"]) == PAGES
    for part in calm:
        assert killed[part] == calm[part], part
    assert (
        rejected["killed"].read_text().count("not a text")
        == rejected["calm"].read_text().count("not a text")
        == VERSIONS
    )
    assert db.session.scalar(select(func.count()).select_from(Redirect)) == 20
    second = site.run(*commands["killed"], seconds=120)[1]
    assert "imported 0 · updated 0 · removed 0" in second, second
    assert site.run("search", "update", seconds=120)[0] == 0
    code, said = site.run("site", "check", seconds=120)
    assert code == 0, said
