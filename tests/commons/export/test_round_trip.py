from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from commons.db import db
from commons.demo.actions import load
from commons.entries.followers import all_followers, position
from commons.entries.models import Entry
from commons.entries.queries import last_seq
from commons.export.reading import import_site
from commons.export.writing import export_site
from commons.members.models import Member, SignIn, Ticket
from commons.room import rooms
from commons.search.commands import differences
from commons.search.follower import rebuild
from directory.actions import add_organisation
from tests.cast import Cast, sign_in
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
        assert [fault for room in rooms().all for check in room.checks for fault in check.faults()] == []
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
    for table, column in (("profile", "id"), ("change", "entry_id"), ("revision", "entry_id"), ("entry", "id")):
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


def test_the_new_site_goes_on_as_a_site(
    app: Flask, grown: dict[str, int], new_site: NewSite, server: Postgres, tmp_path: Path
) -> None:
    export_site(tmp_path / "first")
    with server.database() as url, new_site("new", url) as new:
        import_site(tmp_path / "first")
        client = sign_in(new.test_client(), Cast().ben)
        answer = client.post(
            "/organisations/bread-and-bees/edit", data={"version": "3", "phone": "1", "section": "contact"}
        )
        assert answer.status_code in (200, 302, 303)
        assert db.session.scalar(select(Member.id).where(Member.username == "ben")) is not None
        add_organisation({"title": "After the move", "relations": [["partner", grown["shown"], "B"]]}, actor=Cast().ana)
        assert [
            fault for room in rooms().all for check in room.checks for fault in check.faults() if "index" not in fault
        ] == []


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
        assert [
            fault for room in rooms().all for check in room.checks for fault in check.faults() if "index" not in fault
        ] == []
    assert counts["organisation"] > 4000
    assert contents(tmp_path / "first") == contents(tmp_path / "second") == contents(tmp_path / "third")
