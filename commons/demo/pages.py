"""Pages of the demo community: real ones with their whole histories, and some that its invented members write.

A file of `written/` has a head (`name: value`), then steps. A step begins with `%% who | note` and brings what follows it
behind what is there; `%% who | note | old => new` changes words instead. So every page has a history that is true to life.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from commons.db import db
from commons.demo.files import load_files
from commons.focus.queries import area_from
from commons.members.models import Member
from wiki.actions import add_page, edit_page
from wiki.importing import import_file
from wiki.models import Page

HERE = Path(__file__).parent
PLAIN = ("title", "summary", "language", "outline", "review_by")
STEP = re.compile(r"^%% (?P<who>\w+) \| (?P<note>[^|\n]+?)(?: \| (?P<old>[^%]+?) => (?P<new>[^%]+?))?\n", re.M)


class Step(NamedTuple):
    who: str
    note: str
    text: str  # of the whole page after it


def load_pages(say: Callable[[str], object]) -> None:
    """Called when the invented members are there."""
    for source, licence, url, lines in _shipped():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pages.jsonl"
            file.write_text("".join(lines), encoding="utf-8")
            counts = import_file(file, source=source, licence=licence, url=url).counts
        say(f"{source}: {counts['imported']:,} versions of pages")
    people = {member.username: member for member in db.session.scalars(select(Member).where(Member.email.is_not(None)))}
    say(f"{load_files(people)} files and {len(_write(people))} pages by the invented members")


def _shipped() -> Iterator[tuple[str, str, str, list[str]]]:
    """Lines by source; the first line of a source says its licence and where it can be seen."""
    found: dict[str, list[str]] = {}
    heads: dict[str, dict[str, Any]] = {}
    with gzip.open(HERE / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            heads.setdefault(row["source"], row)
            found.setdefault(row["source"], []).append(line)
    for source, head in heads.items():
        yield source, head["licence"], head["url"], found[source]


def _write(people: Mapping[str, Member]) -> dict[str, Page]:
    """The originals first, so that a translation can name the one it was made from."""
    files = {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted((HERE / "written").glob("*.md"))}
    written: dict[str, Page] = {}
    for name, (head, steps) in sorted(files.items(), key=lambda file: "translation_of" in file[1][0]):
        values: dict[str, Any] = {key: head[key] for key in PLAIN if key in head}
        values["focus"] = sorted(area.id for slug in head["focus"].split() if (area := area_from(slug)))
        if original := head.get("translation_of"):
            values |= {"translation_of": written[original].id, "translated_version": int(head["translated_at"])}
        first, *later = steps
        page = add_page(values | {"text": first.text}, actor=people[first.who], note=first.note)
        for step in later:
            edit_page(page, {"text": step.text}, version=page.version, actor=people[step.who], note=step.note)
        written[name] = page
    return written


def read(file: str) -> tuple[dict[str, str], list[Step]]:
    begins = list(STEP.finditer(file))
    head = dict(line.split(": ", 1) for line in file[: begins[0].start()].splitlines() if line)
    ends = [begin.start() for begin in begins[1:]] + [len(file)]
    text, steps = "", list[Step]()
    for begin, end in zip(begins, ends, strict=True):
        if begin["old"]:
            assert begin["old"] in text, begin["old"]
            text = text.replace(begin["old"], begin["new"])
        else:
            text = f"{text}\n{file[begin.end() : end].strip()}\n".lstrip("\n")
        steps.append(Step(begin["who"], begin["note"], text))
    return head, steps
