"""Many at once: no edit is lost, nobody is turned away, and who follows the log misses nothing."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.entries.checks import chains, heads, logged, rows_equal_histories
from commons.entries.models import Change, Revision
from commons.entries.queries import log_after
from commons.web import Conflict
from directory.actions import add_organisation, edit_organisation
from directory.importing import import_file
from directory.models import Organisation
from tests import make
from tests.cast import Cast
from wiki.actions import edit_page
from wiki.models import Page

AtOnce = Callable[..., list[BaseException]]
THREADS, EDITS = 8, 25
FIELDS = ("description", "city", "phone", "region", "postcode", "description", "description", "city")  # some share one


def whole() -> list[str]:
    return [fault for check in (chains, heads, rows_equal_histories, logged) for fault in check()]


@pytest.mark.timeout(240)
def test_eight_who_edit_one_organisation_lose_nothing(either: Flask, at_once: AtOnce) -> None:
    id = make.organisation("Much wanted").id
    db.session.remove()
    done: list[str] = []
    conflicts: list[int] = []

    def edit(number: int) -> None:
        pick = random.Random(number)
        for turn in range(EDITS):
            mark = f"{number}-{turn}"
            while True:
                found = db.session.get_one(Organisation, id)
                version = found.version
                db.session.rollback()  # a form lies open for a while
                time.sleep(pick.uniform(0, 0.02))
                try:
                    edit_organisation(found, {FIELDS[number]: mark}, version=version, actor=Cast().ana, note=mark)
                except Conflict:
                    conflicts.append(number)
                    db.session.remove()
                    continue
                done.append(mark)
                db.session.remove()
                break

    assert at_once(either, edit, THREADS) == []
    rows = db.session.execute(
        select(Revision.number, Revision.note).where(Revision.entry_id == id).order_by(Revision.number)
    ).all()
    assert [row.number for row in rows] == list(range(1, THREADS * EDITS + 2))
    assert sorted(row.note for row in rows[1:]) == sorted(done) and len(set(done)) == THREADS * EDITS
    assert conflicts, "those who shared a field met"
    assert whole() == []


@pytest.mark.timeout(240)
def test_eight_who_write_on_one_page_lose_nothing(either: Flask, at_once: AtOnce) -> None:
    """Each adds 25 lines to the page; some write in the same place. What was acknowledged is in the text, once."""
    places = [f"## Place {number}\n\nWords.\n" for number in range(6)]
    id = make.page("Much wanted", "\n".join(places)).id
    db.session.remove()
    done: list[str] = []
    conflicts: list[str] = []

    def write(number: int) -> None:
        pick = random.Random(number)
        for turn in range(EDITS):
            mark = f"mark {number}-{turn}."
            while True:
                found = db.session.get_one(Page, id)
                version, text = found.version, found.text
                db.session.rollback()  # a form lies open for a while
                time.sleep(pick.uniform(0, 0.02))
                heading = f"## Place {number % 6}\n\n"
                mine = text.replace(heading, f"{heading}{mark}\n\n")
                try:
                    edit_page(found, {"text": mine}, version=version, actor=Cast().ana, note=mark)
                except Conflict as fault:
                    assert mark in fault.collisions[0].mine, "what was written is in the writer's hands"
                    conflicts.append(mark)
                    db.session.remove()
                    continue
                done.append(mark)
                db.session.remove()
                break

    assert at_once(either, write, THREADS) == []
    text = db.session.get_one(Page, id).text
    assert len(done) == THREADS * EDITS and all(text.count(mark) == 1 for mark in done)
    assert conflicts, "those who wrote in the same place met"
    assert whole() == []


def test_twenty_who_save_different_organisations_are_all_served(either: Flask, at_once: AtOnce) -> None:
    ids = [make.organisation(f"Own field {number}").id for number in range(20)]
    db.session.remove()

    def save(number: int) -> None:
        found = db.session.get_one(Organisation, ids[number])
        edit_organisation(found, {"description": f"Saved by {number}"}, version=found.version, actor=Cast().ana)

    assert at_once(either, save, 20) == []
    assert all(db.session.get_one(Organisation, id).version == 2 for id in ids)
    assert whole() == []


def test_twenty_who_add_the_same_name_get_twenty_addresses(either: Flask, at_once: AtOnce) -> None:
    def add(number: int) -> None:
        add_organisation({"title": "Same Name"}, actor=Cast().ana)

    assert at_once(either, add, 20) == []
    slugs = db.session.scalars(select(Organisation.slug).where(Organisation.title == "Same Name")).all()
    assert len(slugs) == len(set(slugs)) == 20
    assert whole() == []


def test_who_follows_the_log_sees_every_line_in_order(either: Flask, at_once: AtOnce) -> None:
    ids = [make.organisation(f"Logged {number}").id for number in range(4)]
    begin = db.session.scalar(select(func.max(Change.seq))) or 0
    seen: list[int] = []
    written = threading.Event()

    def follow() -> None:
        position = begin
        while True:
            last_look = written.is_set()
            while lines := log_after(position, 3):
                seen.extend(seq for seq, _id, _thread in lines)
                position = lines[-1][0]
                db.session.rollback()
            db.session.rollback()
            if last_look:
                return

    def act(number: int) -> None:
        if number == 4:
            return follow()
        for turn in range(25):
            found = db.session.get_one(Organisation, ids[number], populate_existing=True)
            edit_organisation(found, {"description": f"turn {turn}"}, version=found.version, actor=Cast().ana)
            left.pop()
            if not left:
                written.set()

    left = list(range(100))
    db.session.remove()
    assert at_once(either, act, 5) == []
    assert seen == db.session.scalars(select(Change.seq).where(Change.seq > begin).order_by(Change.seq)).all()
    assert len(seen) == 100


def test_an_import_and_edits_of_the_same_records_do_not_stand_in_each_others_way(
    either: Flask, at_once: AtOnce, tmp_path: Path
) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("first", "second")]
    for file in files:
        rows = (f"r{number},Shared {number},{file.stem} {number},+254 {number}" for number in range(400))
        file.write_text("\n".join(("id,name,description,phone", *rows)))
    import_file(files[0], source="both")
    ids = list(
        db.session.scalars(select(Organisation.id).where(Organisation.source == "both").order_by(Organisation.id))
    )
    db.session.remove()

    def act(number: int) -> None:
        if number == 0:
            import_file(files[1], source="both")
            return
        for id in reversed(ids[number::20]):
            found = db.session.get_one(Organisation, id)
            edit_organisation(found, {"city": f"town {number}"}, version=found.version, actor=Cast().ana)

    assert at_once(either, act, 4) == []
    for number in (1, 2, 3):
        for id in ids[number::20]:
            found = db.session.get_one(Organisation, id, populate_existing=True)
            assert (found.city, found.description[:6], found.version) == (f"town {number}", "second", 3)
    assert whole() == []
