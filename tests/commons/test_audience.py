"""The one rule in its three dialects: Python, SQL and the index give the same answer for everybody."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from commons.audience import doors, index_filter, may_see, visible_to
from commons.db import db
from commons.entries.followers import catch_up
from commons.entries.models import Entry
from commons.members.models import Member
from commons.search.answer import search
from commons.search.engine import whoosh
from commons.search.grammar import parse
from tests import make
from tests.cast import GROUP, Cast

AUDIENCES = ("public", "members", GROUP, "group:8", "member:2")


@pytest.fixture
def entries(app: Flask) -> list[Entry]:
    made: list[Entry] = [make.organisation(f"Zanzibarium {audience}", audience=audience) for audience in AUDIENCES]
    catch_up()
    return made


def viewers(cast: Cast) -> dict[str, Member | None]:
    suspended = Member(id=99, username="sus", state="suspended", seats=[])
    return {"visitor": None, "ana": cast.ana, "ben": cast.ben, "chi": cast.chi, "mo": cast.mo, "suspended": suspended}


def test_there_are_outsiders_for_these_tests_to_mean_anything(entries: list[Entry], cast: Cast) -> None:
    assert may_see(cast.ana, entries[2]) and not may_see(cast.chi, entries[2]) and not may_see(None, entries[1])
    assert not may_see(cast.mo, entries[2]), "a moderator has no door of their own"


def test_python_sql_and_index_agree(app: Flask, entries: list[Entry], cast: Cast) -> None:
    ids = {entry.id for entry in entries}
    for name, viewer in viewers(cast).items():
        by_python = {entry.id for entry in entries if may_see(viewer, entry)}
        by_sql = set(db.session.scalars(select(Entry.id).where(visible_to(viewer, Entry.audience)))) & ids
        found = search(whoosh().snapshot(), parse("zanzibarium"), audiences=index_filter(viewer), limit=50)
        assert by_python == by_sql == set(found.ids) & ids, name
        assert found.total == len(by_python), name


def test_a_suspended_member_sees_what_a_visitor_sees(cast: Cast, app: Flask) -> None:
    assert doors(viewers(cast)["suspended"]) == doors(None)


@pytest.mark.parametrize("address", ["/organisations?q=zanzibarium", "/search?q=zanzibarium", "/search?q=zanzib*", "/search/complete?q=zanzi", "/search.atom?q=zanzibarium", "/changes", "/changes.atom", "/", "/sitemap-0.xml", "/search?q=zanzibarum"])  # fmt: skip
def test_a_hidden_name_is_on_no_page_of_a_visitor(app: Flask, entries: list[Entry], address: str) -> None:
    secret = make.organisation("Xylophonia Secreta", audience=GROUP)
    catch_up()
    page = app.test_client().get(
        address.replace("zanzibar", "xylophon").replace("zanzib", "xyloph").replace("zanzi", "xylop")
    )
    assert page.status_code == 200
    assert secret.title not in page.text and "xylophonia secreta" not in page.text.lower()


def test_hidden_and_missing_answer_alike(app: Flask, entries: list[Entry]) -> None:
    hidden, missing = (
        app.test_client().get(f"/organisations/{entries[2].slug}"),
        app.test_client().get("/organisations/never-was-here"),
    )
    assert hidden.status_code == missing.status_code == 404
    by_id = app.test_client().get(f"/e/{entries[2].id}")
    assert by_id.status_code == 404
