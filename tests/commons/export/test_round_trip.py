from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from commons.db import db
from commons.demo.actions import load
from commons.entries.followers import all_followers, position
from commons.entries.models import Entry
from commons.entries.queries import last_seq
from commons.export.reading import import_site
from commons.export.writing import export_site
from commons.members.actions import make_member, make_token
from commons.members.models import SignIn, Ticket
from commons.room import rooms
from commons.search.commands import differences
from commons.search.follower import rebuild
from directory.actions import add_organisation, edit_organisation
from directory.models import Organisation
from tests.cast import PASSWORD, Cast, sign_in
from tests.commons.export.conftest import NewSite
from tests.commons.export.past import contents
from tests.services import Postgres


def test_export_import_and_export_again_are_equal_byte_for_byte(
    app: Flask, grown: dict[str, int], new_site: NewSite, tmp_path: Path
) -> None:
    counts = export_site(tmp_path / "first")
    with new_site("new"):
        assert import_site(tmp_path / "first") == counts
        export_site(tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    assert counts["entry"] > 341 and counts["member"] == 5 and counts["redirect"] == 1 and counts["token"] == 1


def test_from_one_database_to_the_other_and_back_nothing_changes(
    app: Flask, grown: dict[str, int], new_site: NewSite, server: Postgres, tmp_path: Path
) -> None:
    export_site(tmp_path / "first")
    with server.database() as url, new_site("on postgresql", url):
        import_site(tmp_path / "first")
        export_site(tmp_path / "second")
    with new_site("on sqlite"):
        import_site(tmp_path / "second")
        export_site(tmp_path / "third")
    assert contents(tmp_path / "first") == contents(tmp_path / "second") == contents(tmp_path / "third")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_new_site_passes_every_check_and_its_search_equals_its_database(
    app: Flask, grown: dict[str, int], new_site: NewSite, server: Postgres, tmp_path: Path, database: str
) -> None:
    export_site(tmp_path / "first")
    with server.database() as url, new_site("new", url if database == "postgresql" else ""):
        import_site(tmp_path / "first")
        rebuild()
        assert _faults() == []
        assert differences() == []


def test_old_links_lead_where_they_led(app: Flask, grown: dict[str, int], new_site: NewSite, tmp_path: Path) -> None:
    addresses = [
        *(f"/e/{number}" for number in grown.values()),
        "/organisations/bread-and-bees",
        "/organisations/closed-kitchen",
        "/organisations/zqxremoved-society",
        "/organisations/zqxhidden-collective",
        "/organisations/bread-and-bees/history",
        f"/organisations/{_first_slug(grown['shown'])}",
    ]
    before = {address: _answer(app, address) for address in addresses}
    assert {200, 301, 302, 303, 308, 404, 410} >= {status for status, _to in before.values()} >= {200, 404, 410}
    export_site(tmp_path / "first")
    with new_site("new") as new:
        import_site(tmp_path / "first")
        rebuild()
        assert {address: _answer(new, address) for address in addresses} == before


def _first_slug(number: int) -> str:
    return str(db.session.scalar(text("select slug from redirect where entry_id = :number"), {"number": number}))


def _answer(app: Flask, address: str) -> tuple[int, str | None]:
    answer = app.test_client().get(address)
    return answer.status_code, answer.headers.get("Location")


def test_members_sign_in_with_their_old_passwords_and_nothing_signed_in_came_along(
    app: Flask, grown: dict[str, int], cast: Cast, new_site: NewSite, tmp_path: Path
) -> None:
    sign_in(app.test_client(), cast.ana)
    assert db.session.scalar(select(SignIn)) is not None
    export_site(tmp_path / "first")
    with new_site("new") as new:
        import_site(tmp_path / "first")
        assert db.session.scalar(select(SignIn)) is None and db.session.scalar(select(Ticket)) is None
        sign_in(new.test_client(), cast.ana)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_number_that_was_used_and_deleted_is_not_given_again(
    app: Flask, grown: dict[str, int], new_site: NewSite, server: Postgres, tmp_path: Path, database: str
) -> None:
    gone = db.session.scalar(select(Entry.id).order_by(Entry.id.desc()).limit(1)) or 0
    below = ("page", "id"), ("entry_link", "source_id"), ("change", "entry_id"), ("revision", "entry_id")
    for table, column in (*below, ("entry", "id")):
        db.session.execute(text(f"delete from {table} where {column} = :gone"), {"gone": gone})
    db.session.commit()
    export_site(tmp_path / "first")
    with server.database() as url, new_site("new", url if database == "postgresql" else ""):
        import_site(tmp_path / "first")
        export_site(tmp_path / "second")
        assert add_organisation({"title": "The next one"}, actor=Cast().ana).id > gone
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_no_follower_does_again_what_the_log_tells(
    app: Flask, grown: dict[str, int], new_site: NewSite, tmp_path: Path
) -> None:
    export_site(tmp_path / "first")
    with new_site("new"):
        import_site(tmp_path / "first")
        assert {position(follower.name) for follower in all_followers()} == {last_seq()} != {0}


def test_people_go_on_writing_where_they_stopped(
    app: Flask, grown: dict[str, int], new_site: NewSite, server: Postgres, tmp_path: Path
) -> None:
    """Every table that gives numbers gives the next one: no row collides with one that came in."""
    export_site(tmp_path / "first")
    with server.database() as url, new_site("new", url):
        import_site(tmp_path / "first")
        shown = db.session.get_one(Organisation, grown["shown"])
        edit_organisation(shown, {"title": "Bees and Bread", "email": "new@example.org"}, version=3, actor=Cast().ben)
        add_organisation({"title": "After the move", "relations": [["partner", shown.id, "B"]]}, actor=Cast().ana)
        make_token(Cast().ben, "a second one", ["read"])
        make_member("dora", "dora@example.org", password=PASSWORD)
        assert _faults(but="index") == []
        addresses = {
            name: _answer(current_app, f"/organisations/{name}") for name in ("bread-and-bees", "bees-and-bread")
        }
    assert addresses["bread-and-bees"] == (301, "/organisations/bees-and-bread")
    assert addresses["bees-and-bread"] == (200, None)


def _faults(but: str = "nothing is left out") -> list[str]:
    """What `flask site check` would say."""
    checks = (check for room in rooms().all for check in room.checks if but not in check.name)
    return [f"{check.name}: {fault}" for check in checks for fault in check.faults()]


@pytest.mark.timeout(600)
def test_the_demo_community_moves_to_postgresql_and_back(new_site: NewSite, server: Postgres, tmp_path: Path) -> None:
    with new_site("demo"):
        load(print)
        counts = export_site(tmp_path / "first")
    with server.database() as url, new_site("on postgresql", url):
        import_site(tmp_path / "first")
        export_site(tmp_path / "second")
    with new_site("on sqlite"):
        import_site(tmp_path / "second")
        export_site(tmp_path / "third")
        assert _faults(but="index") == []
    assert counts["organisation"] > 4000
    assert contents(tmp_path / "first") == contents(tmp_path / "second") == contents(tmp_path / "third")
