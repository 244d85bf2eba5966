"""Words that stand only in what somebody may not read, and every address asked by those who may not: none is ever told.

And asking changes nothing: no row of any table is another one after the whole crawl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from commons.db import Base, db
from commons.entries.models import Entry, EntryLink, Redirect
from commons.members.actions import make_token
from commons.members.models import Member
from commons.moderation.models import Held
from commons.room import rooms
from tests.cast import Cast, sign_in
from tests.planting import Planted, plant

PEOPLE = ("", "chi", "ben", "nia", "mo.derates", "ana")  # the last one reads what is hers, or the rest proves nothing
CONTROL = "qwkzjxvbqpfhgwyt"  # a word that stands nowhere
VERSIONS = ({"a": 1, "b": 2}, {"a": 2, "b": 3})
MORE = (
    *("/wiki/all?language=sv", "/wiki/all?letter=o", "/wiki/new?title=Wells", "/files?alt=1", "/files?q=plain"),
    *("/changes?unchecked=1", "/changes?kind=file", "/search?q=wells", "/search?kind=page&focus=water"),
    *("/search?kind=file", "/search?q=plain", "/search.atom?q=wells", "/search/complete?q=pla", "/organisations?focus=water"),
    *("/api/v1/search?kind=page", "/api/v1/changes?after=0&limit=500", "/api/v1/pages?per_page=100"),
    *("/forums.atom", "/groups?mine=1", "/members?skill=wells", "/topics/similar?title=wells", "/tags?letter=w", "/kept?q=a"),
    *("/api/v1/topics?per_page=100", "/api/v1/posts?per_page=100", "/api/v1/groups?per_page=100"),
    *("/api/v1/members?per_page=100", "/messages?q=a", "/feed?only=groups", "/messages/new?to=ana", "/search?kind=topic"),
    *("/api/v1/files?per_page=100", "/api/v1/organisations?per_page=100", "/moderation/members/nobody/undo"),
    *("/search?q=wells+in+kenya", "/search?q=who+knows+about+wells", "/search?q=welsl", "/moderation/searches/judge?q=wells"),
)  # fmt: skip


def rows() -> dict[str, list[Any]]:
    """Everything in the database."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in Base.metadata.tables.values()
        }


def addresses(app: Flask) -> list[str]:
    """Every address that can be asked for, with the slugs, ids and numbers that there are."""
    asked = [
        address
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("asset", "static")
        for address in filled(rule)
    ]
    pages = db.session.scalars(sa.select(Entry).where(Entry.kind.in_(("page", "file")))).all()
    for entry in pages:
        if entry.kind == "page":
            asked += [f"/wiki/{entry.slug}/edit?section=1&draft=1", f"/wiki/new?translation_of={entry.id}"]
        else:
            asked += [f"/files/{entry.slug}/download?version={number}" for number in (1, 2)]
    with app.test_request_context():
        asked += [rooms().kinds[entry.kind].page(entry) for entry in db.session.scalars(sa.select(Entry)).all()]
    return [*asked, *MORE]


def filled(rule: Rule) -> Iterator[str]:
    for values in all_values(rule):
        built = rule.build({**(rule.defaults or {}), **values})
        assert built is not None, (rule, values)
        yield built[1]


def all_values(rule: Rule) -> list[dict[str, Any]]:
    asked = rule.arguments - (rule.defaults or {}).keys()
    known = known_values(rule)
    known |= {name: sorted(one.items) for name, one in rule._converters.items() if isinstance(one, AnyConverter)}
    choices = {name: values for name, values in known.items() if name in asked}
    found = [dict(zip(choices, one, strict=True)) for one in product(*choices.values())]
    if "collection" in asked and "collection" not in choices:
        found = [{"collection": collection, "slug": slug} for collection, slug in slugs()]
    return [{**one, **two} for one in found for two in (VERSIONS if "a" in asked else ({},))]


def slugs() -> list[tuple[str, str]]:
    kinds = {kind.name: kind.collection for kind in rooms().kinds.values() if kind.collection}
    rows = [row for model in (Entry, Redirect) for row in db.session.execute(sa.select(model.kind, model.slug))]
    return [(kinds[kind], slug) for kind, slug in rows if kind in kinds and (kind != "focus" or slug == "water")]


def known_values(rule: Rule) -> dict[str, list[Any]]:
    folder = rule.rule.split("/")[1]
    kinds: dict[str, tuple[str, ...]] = {"topics": ("topic",), "posts": ("post",), "messages": ("topic",)}
    of = kinds.get(folder)
    if folder == "partnerships":
        of = ("proposal",) if "/proposals/" in rule.rule else ("need", "offer")
    ids = db.session.scalars(sa.select(Entry.id).where(Entry.kind.in_(of) if of else Entry.kind != "focus")).all()
    organisations = list(db.session.scalars(sa.select(Entry.id).where(Entry.kind == "organisation")))
    return {
        "slug": [slug for collection, slug in slugs() if collection == folder] or ["water"],
        "id": list(ids),
        "entry_id": list(ids),
        "held_id": list(db.session.scalars(sa.select(Held.id))),
        "username": list(db.session.scalars(sa.select(Member.username))),
        "number": organisations if "duplicates" in rule.rule else [6],
        "code": ["KE"],
        "width": [320, 800],
        "chunk": [0],
        "key": ["nothing"],
        "token": ["nothing"],
        "name": ["nothing"],
        "words": ["nothing"],
        "tag": sorted(set(db.session.scalars(sa.select(EntryLink.slug).where(EntryLink.kind == "tag")))),
    }


@pytest.fixture
def site(app: Flask) -> Planted:
    return plant()


class Reader:
    """One person, as a browser and, for the API, as a program with their token."""

    def __init__(self, app: Flask, name: str) -> None:
        self.name, self.client, self.headers = name, app.test_client(), {}
        if name:
            who = getattr(Cast(), "mo" if name == "mo.derates" else name)
            sign_in(self.client, who)
            self.headers = {"Authorization": f"Bearer {make_token(who, 'reads', ['read'])}"}

    def ask(self, address: str) -> str:
        answer = self.client.get(address, headers=self.headers if address.startswith("/api/") else {})
        told = f"{answer.headers}{answer.data.decode(errors='replace')}".lower()
        answer.close()
        assert answer.status_code < 500, (self.name, address)
        return told


@pytest.mark.timeout(1200)  # every address of the site
@pytest.mark.parametrize("name", PEOPLE)
def test_what_somebody_may_not_read_is_told_by_no_address_and_asking_changes_nothing(
    app: Flask, site: Planted, name: str
) -> None:
    reader, closed = Reader(app, name), site.closed_to(name)
    before, told = rows(), []
    seen: set[str] = set()
    every = re.compile("|".join(site.readers))
    for address in addresses(app):
        found = set(every.findall(reader.ask(address)))
        told += [(address, word) for word in found & closed if word not in address]
        seen |= found - closed
    assert told == []
    own = {word for word, who in site.readers.items() if name in who} - site.slugs
    assert len(own - seen) <= len(own) / 5  # the rest stands in what is opened by a button only
    assert [table for table, content in rows().items() if content != before[table]] == []


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", PEOPLE[:-1])
def test_search_does_not_know_the_words_whole_begun_or_misspelt(app: Flask, site: Planted, name: str) -> None:
    reader, told = Reader(app, name), []
    whole, usual = "/api/v1/search?q=", reader.ask(f"/api/v1/search?q={CONTROL}").count(CONTROL)
    before = rows()
    for word in sorted(site.closed_to(name) - site.slugs):
        told += [word] if reader.ask(whole + word).count(word) != usual else []
        misspelt = f"{word[:8]}{'z' if word[8] != 'z' else 'y'}{word[9:]}"
        for address in (f"/search?q={misspelt}", f"/search/complete?q={word[:7]}"):
            told += [address] if word in reader.ask(address) else []
    assert told == [], name
    assert rows() == before
