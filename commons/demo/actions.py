"""The demo community: some thousands of real organisations from open directories, and a few invented ones marked as such; and
pages of a wiki (`commons.demo.pages`).

Nothing is invented about a real organisation. The invented members have addresses that cannot exist, and one password made on this
machine and kept in COMMONS_DATA, so that a demo that is reachable from outside has no known key.
"""

from __future__ import annotations

import gzip
import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from commons.db import db
from commons.demo.deals import load_deals
from commons.demo.pages import load_pages
from commons.demo.topics import load_topics
from commons.entries.models import Entry
from commons.focus.commands import plant_shipped
from commons.members.actions import make_member
from commons.members.models import Member
from commons.people.actions import edit_profile
from commons.search.follower import rebuild
from directory.actions import confirm_organisation, edit_organisation
from directory.importing import import_file
from directory.models import Organisation

HERE = Path(__file__).parent
INVENTED = "Invented for this demonstration"
SIGN_IN = "demo-sign-in.json"
Say = Callable[[str], object]


def load_if_empty(say: Say) -> bool:
    if db.session.scalar(select(Entry.id).limit(1)) is not None:
        return False
    load(say)
    return True


def load(say: Say) -> None:
    say(
        "Loading the demo community: real organisations from open directories (commons/demo/SOURCES.md) and a few invented ones."
    )
    with force_locale("en"):
        say(f"areas of focus {plant_shipped()}")
        for source, licence, rows in _sources():
            counts = _import(source, licence, rows)
            say(f"{source}: {counts['imported']:,} organisations")
        people = _people()
        _edits(people)
        load_pages(say)
        load_topics(say)
        load_deals(_invented(), _password(), say)
    rebuild()


def _sources() -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The shipped rows by source, so that each import says where it is from and under which licence."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    with gzip.open(HERE / "organisations.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault((row.pop("source"), row.pop("licence")), []).append(row)
    invented = [
        json.loads(line) for line in (HERE / "invented.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    return [(*key, rows) for key, rows in found.items()] + [(INVENTED, "CC0-1.0", invented)]


def _import(source: str, licence: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.jsonl"
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return import_file(file, source=source, licence=licence, mapping="plain").counts


def _invented() -> list[dict[str, Any]]:
    """The invented people."""
    rows: list[dict[str, Any]] = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
    return rows


def _password() -> str:
    kept = sign_in(Path(current_app.config["COMMONS_DATA"]))
    return kept[1] if kept else ""


def _people() -> list[Member]:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    rows = _invented()
    members = []
    for row in rows:
        member = make_member(
            row["username"],
            f"{row['username']}@demo.invalid",
            name=row["name"],
            role=row.get("role", "member"),
            password=password,
        )
        values = {name: row.get(name, "") for name in ("place", "help_with")} | {"about": row["bio"]}
        shown = {"place": "members", "about": "members", "help_with": "public"}
        edit_profile(values, shown, audience="public", actor=member, named_for=True)
        members.append(member)
    kept = Path(current_app.config["COMMONS_DATA"]) / SIGN_IN
    kept.touch(mode=0o600)
    kept.write_text(json.dumps([rows[0]["username"], password]), encoding="utf-8")
    return members


def _edits(people: list[Member]) -> None:
    """A little life in the histories of the invented organisations, and only of those."""
    rows = db.session.scalars(
        select(Organisation).where(Organisation.source == INVENTED).order_by(Organisation.id)
    ).all()
    for number, organisation in enumerate(rows):
        writer = people[number % len(people)]
        confirm_organisation(organisation, version=organisation.version, actor=writer)
        if number % 2 == 0 and organisation.city:
            scope = "regional" if organisation.scope != "regional" else "national"
            edit_organisation(
                organisation,
                {"scope": scope},
                version=organisation.version,
                actor=people[(number + 1) % len(people)],
                note="How far it works",
            )


def sign_in(data: Path) -> tuple[str, str] | None:
    """(user name, password) of the demo, where it was loaded."""
    kept = data / SIGN_IN
    if not kept.exists():
        return None
    username, password = json.loads(kept.read_text(encoding="utf-8"))
    return username, password
