"""A site with a past that is worth taking along, and what its export looks like."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from sqlalchemy import update

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.drafts import keep_draft
from commons.entries.hiding import hide_revision
from commons.entries.models import Entry
from commons.entries.within import Place
from commons.feed.actions import watch
from commons.focus.actions import edit_area
from commons.focus.models import Area
from commons.focus.queries import tree
from commons.members.actions import make_token
from commons.moderation.actions import hold, protect
from commons.people.actions import edit_profile
from directory.actions import add_organisation, edit_organisation
from tests.cast import Cast
from wiki.actions import add_page, edit_page

SECRETS = {  # no public export may hold any of these
    "e-mail of a record": "zqxsecretmail@example.net",
    "e-mail before that": "zqxformermail@example.net",
    "telephone of a record": "+49 30 5550199",
    "name of a record for members": "Zqxhidden Collective",
    "text of a record for members": "Zqxtext that only members read",
    "name of a removed record": "Zqxremoved Society",
    "word of a private profile": "Zqxprofile",
    "word of a public profile": "Zqxplace",
    "e-mail of the author": "ana@example.org",
    "e-mail of another member": "ben@example.org",
    "name of one who wrote nothing": '"una"',
    "name of a token": "Zqxtoken",
    "words that a moderator hid": "Zqxaddress of somebody",
    "note on hidden words": "Zqxnote",
    "edit that waits": "Zqxwaiting",
    "draft": "Zqxdraft",
    "page of a group": "Zqxstrike",
}


def grow(cast: Cast) -> dict[str, int]:
    """Two years of a site in a second; returns the ids of its organisations by what became of them."""
    ana, ben = cast.ana, cast.ben
    areas = sorted(tree().nodes)[:2]
    hidden = add_organisation(
        {"title": SECRETS["name of a record for members"], "description": SECRETS["text of a record for members"]},
        actor=ben,
    )
    shown = add_organisation(
        {
            "title": "Bread & Bees – Brot „und“ Bienen 🐝",
            "names": [{"value": "B&B", "language": "de", "types": ["acronym"]}],
            "description": 'Line one\n\nLine two with \u2028 and \\ and "quotes"',
            "email": SECRETS["e-mail before that"],
            "phone": SECRETS["telephone of a record"],
            "country": "DE",
            "city": "Berlin",
            "focus": areas,
            "sdgs": [2, 15],
            "external_ids": {"z": "1", "a": "2"},
            "relations": [["partner", hidden.id, hidden.title], ["related", None, "Known by name only"]],
        },
        actor=ana,
    )
    edit_organisation(shown, {"email": SECRETS["e-mail of a record"]}, version=1, actor=ben, note="New address")
    edit_organisation(shown, {"title": "Bread and Bees"}, version=2, actor=ana)
    closed = add_organisation({"title": "Closed Kitchen"}, actor=ana)
    edit_organisation(
        closed, {"status": "closed", "status_note": "Merged", "successor_id": hidden.id}, version=1, actor=ana
    )
    removed = add_organisation({"title": SECRETS["name of a removed record"]}, actor=ana)
    remove_entry(removed, actor=cast.mo, note="It asked us to")
    area = db.session.get(Area, areas[0])
    assert area is not None
    edit_area(area, {"label_fr": "Un nouveau nom"}, version=area.version, actor=ben)
    edit_profile({"about": SECRETS["word of a private profile"]}, {"about": "nobody"}, audience="members", actor=ana)
    edit_profile({"place": SECRETS["word of a public profile"]}, {"place": "public"}, audience="public", actor=cast.chi)
    make_token(ana, SECRETS["name of a token"], ["read"])
    narrow(hidden)
    _wiki(cast)
    db.session.remove()
    return {"shown": shown.id, "hidden": hidden.id, "closed": closed.id, "removed": removed.id}


def _wiki(cast: Cast) -> None:
    """Pages with links, a translation, words that were hidden, an edit that waits, a draft and a protection."""
    text = "".join(f"Line {number} on [[Soil]] and [[Composting]].\n\n" for number in range(40))
    page = add_page({"title": "Composting", "text": text, "language": "en"}, actor=cast.ana)
    bad = text + SECRETS["words that a moderator hid"]
    edit_page(page, {"text": bad}, version=1, actor=cast.chi, note=SECRETS["note on hidden words"])
    edit_page(page, {"text": text}, version=2, actor=cast.ben)
    hide_revision(page, 2, actor=cast.mo, note="Somebody's address")
    add_page({"title": "Compostage", "translation_of": page.id, "translated_version": 1}, actor=cast.ben)
    add_page({"title": SECRETS["page of a group"]}, actor=cast.ben, place=Place(None, "group:7"))
    hold(page, {"text": SECRETS["edit that waits"]}, version=3, actor=cast.chi)
    keep_draft("page-1-all", {"text": [SECRETS["draft"]]}, actor=cast.ana)
    protect(page, "trusted", "Many hands at once", None, actor=cast.mo)
    watch(page, actor=cast.ben)


def narrow(entry: Entry) -> None:
    """Behind the log's back, as only a test may."""
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == entry.id).values(audience="members"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that has to be equal, by name."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "made.txt")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    with gzip.open(folder / f"{table}.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found
