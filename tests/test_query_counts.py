"""How many statements a page may send to the database, counted with enough rows that one too many a row would show.

The first request of a process also reads the tree of areas and the masthead's numbers; those are kept, so each page
is asked twice and the second time counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from commons.db import db
from commons.entries.followers import catch_up
from commons.feed.actions import watch
from commons.focus import queries as focus
from commons.forums.actions import add_post
from commons.forums.actions.opening import forum_of
from commons.people.actions import own_profile
from directory.actions import confirm_organisation, edit_organisation
from directory.importing import import_file
from directory.models import Organisation
from tests import make
from tests.cast import Cast, sign_in
from tests.commons.forums import makers as said
from tests.commons.groups import makers as groups
from wiki.actions import edit_page

MANY = 80
CEILINGS = {
    "/": 12,
    "/organisations": 12,
    "/organisations?q=water&country=KE&focus=water": 12,
    "/organisations?near=Nairobi&km=100": 12,
    "/organisations/filters?country=KE": 12,
    "/organisations/water-works-7": 15,  # of these nine for the panels of as many rooms
    "/organisations/water-works-7/history": 6,
    "/focus": 4,
    "/focus/water": 13,  # of these its groups two, its tags one
    "/search?q=water": 12,
    "/search/complete?q=wa": 4,
    "/wiki": 14,
    "/wiki/all": 6,
    "/wiki/wanted": 6,
    "/wiki/heaps-7": 10,  # of these the talk about it one, what is alike two
    "/wiki/heaps-7/history": 6,
    "/wiki/heaps-7/links": 6,
    "/wiki/heaps-7/paragraphs": 8,
    "/changes": 6,
    "/changes.atom": 4,
}
SAID = {  # signed out and as a member; 0: for members only. A member costs two for who it is, and the bell
    "/forums": (5, 10),
    "/forums/wells-and-pumps": (5, 11),
    "/topics/{topic}": (6, 12),  # of these the reactions one, how far it was read one, keep one, watch one
    "/groups": (6, 10),
    "/groups/well-diggers": (10, 15),  # the wall three, whom one blocked one, keep one, watch one
    "/members/ana": (0, 12),
    "/members/ben": (0, 14),  # the wall two, what each knows of the other two
    "/tags/solar": (6, 9),
    "/feed": (0, 17),  # the first steps of a newcomer four
    "/notices": (0, 11),
    "/messages": (0, 11),
    "/members": (4, 11),
}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent meanwhile, beginnings and ends of transactions left out."""
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def row(number: int) -> dict[str, Any]:
    """An organisation with everything that a page shows: names, areas, a place and ties to others."""
    return {
        "id": f"w-{number}",
        "name": f"Water works {number}",
        "aliases": [f"Ujenzi wa maji {number}", f"WW{number}"],
        "description": f"Clean water and wells for {number} villages.\n\nRun by the people who drink it.",
        "country": ("KE", "TZ", "DE")[number % 3],
        "city": ("Nairobi", "Arusha", "Bonn")[number % 3],
        "website": f"https://water-{number}.example.org",
        "focus": ["water", "energy"] if number % 2 else ["water"],
        "sdgs": [6, 7],
        "languages": ["sw", "en"],
        "relations": [{"type": "part of", "id": f"w-{number + 1}", "name": "the next"}],
    }


@pytest.fixture
def full(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site with 80 organisations, each edited by a member."""
    monkeypatch.setattr(
        focus, "LOOK_EVERY", 3600.0
    )  # on a slow machine the look at the tree fell into the second request
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row(number)) + "\n" for number in range(1, MANY + 1)), encoding="utf-8")
    assert import_file(file, source="A register", licence="CC0-1.0", mapping="plain").counts["imported"] == MANY
    for number, organisation in enumerate(db.session.scalars(select(Organisation)).all()):
        writer = (cast.ana, cast.ben, cast.chi)[number % 3]
        edit_organisation(organisation, {"founded": 1950 + number}, version=1, actor=writer)
        if number % 2:
            confirm_organisation(organisation, version=2, actor=writer)
    for number in range(1, MANY + 1):
        text = f"## Heat\n\n[[Heaps {number + 1}]] [[organisation:Water works {number}]] [[Missing {number}]]\n"
        page = make.page(f"Heaps {number}", text, focus=["water"], actor=cast.ana)
        edit_page(page, {"text": f"{text}\n[source needed]\n"}, version=1, actor=(cast.ben, cast.chi)[number % 2])
    catch_up()
    db.session.remove()
    return app


def asked(client: FlaskClient, address: str) -> list[str]:
    """The statements of the second request for a page that has something to show."""
    assert client.get(address).status_code == 200
    db.session.remove()
    with statements() as sent:
        assert client.get(address).status_code == 200
    return sent


def test_a_page_asks_the_database_only_so_often(full: Flask, cast: Cast) -> None:
    """A member costs ten more: who it is two, records like it, bell, claims, affiliation, watched, kept, reactions, blocks."""
    visitor, member = full.test_client(), sign_in(full.test_client(), cast.ana)
    over = {}
    for address, most in CEILINGS.items():
        for client, ceiling in ((visitor, most), (member, most + 10)):
            sent = asked(client, address)
            if len(sent) > ceiling:
                over[address, ceiling] = "\n\n".join(sent)
    assert not over, over
    one, many = "/organisations?q=%22water+works+7%22", "/organisations?q=water"
    assert "Water works 7<" in visitor.get(one).text
    assert len(asked(visitor, one)) >= len(asked(visitor, many)), "more rows cost more statements"


@pytest.fixture
def talkative(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A forum and the forum of a group with a page of topics each, a long topic, talks, and profiles of three people."""
    monkeypatch.setattr(focus, "LOOK_EVERY", 3600.0)
    said.old_hands()
    people = (cast.ana, cast.ben, cast.chi)
    wells = said.forum("Wells and pumps")
    group = groups.group("Well diggers", founder=cast.ben, members=(cast.ana, cast.chi))
    inner = forum_of(group, cast.ben)
    long = said.topic("Long", "How? #solar", actor=cast.ben, within=wells)
    for number in range(21):
        who = people[number % 3]
        add_post(long, f"No. {number}, [[Heaps {number}]] for @ana #solar", actor=who)
        said.topic(f"Topic {number}", f"@ana #solar {number}", actor=who, within=wells)
        said.topic(f"Inner {number}", "#solar", actor=who, within=inner)
    for number in range(8):
        groups.group(f"Others {number}", founder=people[number % 3])
        said.talk(cast.ana, actor=cast.ben, text=f"Between us, {number}")
    for who in people:
        own_profile(who)
    for thing in (wells, group, long):
        watch(thing, actor=cast.ana)
    catch_up()
    numbers = {"topic": long.id}
    db.session.remove()
    return numbers


def test_what_is_said_asks_the_database_only_so_often(app: Flask, cast: Cast, talkative: dict[str, int]) -> None:
    topic = app.test_client().get(f"/topics/{talkative['topic']}").headers["Location"]
    visitor, member = app.test_client(), sign_in(app.test_client(), cast.ana)
    for address, ceilings in SAID.items():
        where = topic if address.startswith("/topics") else address
        for client, most in zip((visitor, member), ceilings, strict=True):
            sent = asked(client, where) if most else []
            assert len(sent) <= most, f"{address}: {len(sent)}\n\n" + "\n\n".join(sent)
