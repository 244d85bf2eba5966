from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import update

from commons.db import db, transaction
from commons.entries.models import Entry
from commons.export.public import ENTRY, Public
from commons.export.tables import exported, in_order
from commons.export.writing import export_site
from commons.room import Table as Handed
from tests.commons.export.past import SECRETS, contents, manifest, rows
from tests.commons.export.schema_check import faults


@pytest.fixture
def public(app: Flask, grown: dict[str, int], tmp_path: Path) -> Path:
    export_site(tmp_path / "public", public=True)
    return tmp_path / "public"


@pytest.fixture
def full(app: Flask, grown: dict[str, int], tmp_path: Path) -> Path:
    export_site(tmp_path / "full")
    return tmp_path / "full"


def everything(folder: Path) -> str:
    """All files as text, packed ones unpacked."""
    tables = "\n".join(json.dumps(rows(folder, name), ensure_ascii=False) for name in manifest(folder)["tables"])
    return tables + "\n".join(raw.decode() for name, raw in contents(folder).items() if not name.endswith(".gz"))


def test_the_public_export_holds_nothing_private(public: Path, full: Path) -> None:
    text, whole = everything(public), everything(full)
    assert [what for what, secret in SECRETS.items() if secret in text] == []
    assert [what for what, secret in SECRETS.items() if secret not in whole] == []  # or the line above proves nothing
    assert "argon2" not in text and "argon2" in whole


def test_what_goes_out_is_written_down_here_so_that_a_new_table_is_thought_about(public: Path) -> None:
    entries = {"area", "area_parent", "change", "entry", "entry_focus", "redirect", "revision"}
    more = {"blob", "file", "member", "import_run", "organisation", "relation"}
    more |= {"entry_link", "page", "page_author", "page_import", "protection"}
    more |= {"forum", "forum_author", "member_group", "moved_post", "post", "tag_area", "topic"}
    more |= {"announcement", "confirmation", "contest", "openness", "partner", "partnership", "posting", "statement"}
    assert set(manifest(public)["tables"]) == entries | more
    assert set(rows(public, "member")[0]) == {"id", "username", "name"}


def test_only_members_who_wrote_something_public_are_named(public: Path) -> None:
    assert [row["username"] for row in rows(public, "member")] == ["ana", "ben", "mo.derates"]


def test_hidden_removed_and_personal_entries_are_left_out_with_all_that_hangs_on_them(
    public: Path, grown: dict[str, int]
) -> None:
    numbers = {row["id"] for row in rows(public, "entry")}
    assert {grown["shown"], grown["closed"]} <= numbers
    assert not {grown["hidden"], grown["removed"]} & numbers
    assert {row["kind"] for row in rows(public, "entry")} == {"focus", "organisation", "page"}
    for table in ("revision", "change", "redirect", "entry_focus", "protection"):
        assert {row["entry_id"] for row in rows(public, table)} <= numbers, table
    assert {row["id"] for row in rows(public, "organisation")} <= numbers


def test_a_tie_to_a_hidden_record_is_left_out_and_one_to_a_mere_name_stays(public: Path) -> None:
    assert [(row["type"], row["name"]) for row in rows(public, "relation")] == [("related", "Known by name only")]


def test_a_public_record_stays_when_its_successor_is_hidden_and_loses_only_the_pointer(
    public: Path, full: Path, grown: dict[str, int]
) -> None:
    def successor(folder: Path) -> list[int | None]:
        return [row["successor_id"] for row in rows(folder, "organisation") if row["id"] == grown["closed"]]

    assert (successor(full), successor(public)) == ([grown["hidden"]], [None])


def test_histories_keep_what_changed_but_not_the_values_of_private_fields(public: Path, grown: dict[str, int]) -> None:
    first, second, third = (row for row in rows(public, "revision") if row["entry_id"] == grown["shown"])
    assert first["changes"]["email"] is None and first["changes"]["phone"] is None
    assert first["changes"]["country"] == [None, "DE"] or first["changes"]["country"] == ["", "DE"]
    assert second["changes"] == {"email": None} and second["note"] == "New address"
    assert third["changes"]["title"][1] == "Bread and Bees"
    assert first["changes"]["relations"][1] == [["related", None, "Known by name only"]]


def test_no_digest_goes_out_from_which_a_telephone_number_could_be_guessed(public: Path) -> None:
    assert "digest" not in rows(public, "revision")[0]
    assert "row_digest" not in rows(public, "organisation")[0]


def test_an_entry_in_any_state_but_live_stays_here(app: Flask, grown: dict[str, int], tmp_path: Path) -> None:
    for state in ("draft", "pending", "suppressed"):
        with transaction():
            db.session.execute(update(Entry).where(Entry.id == grown["closed"]).values(state=state))
        export_site(tmp_path / state, public=True)
        assert grown["closed"] not in {row["id"] for row in rows(tmp_path / state, "entry")}


@pytest.mark.parametrize("which", ["public", "full"])
def test_every_row_fits_the_json_schema_beside_it(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    tables = manifest(folder)["tables"]
    for name in tables:
        schema = json.loads((folder / "schema" / f"{name}.json").read_text("utf-8"))
        assert [fault for row in rows(folder, name) for fault in faults(schema, row)] == [], name
    assert sum(table["rows"] for table in tables.values()) > 1000


def test_the_schema_check_of_these_tests_finds_faults(full: Path) -> None:
    schema = json.loads((full / "schema" / "entry.json").read_text("utf-8"))
    good = rows(full, "entry")[0]
    assert faults(schema, good) == []
    for bad in (
        {**good, "id": "1"},
        {**good, "title": None},
        {**good, "more": 1},
        {**good, "kind": "k" * 21},
        {**good, "created": "2026-01-01"},
        {},
    ):
        assert faults(schema, bad), bad


def test_every_row_has_its_licence_and_source_and_the_manifest_sums_them_up(public: Path) -> None:
    found = rows(public, "entry")
    assert all(row["licence"] for row in found) and all("source" in row for row in found)
    said = manifest(public)
    assert sum(said["licences"].values()) == len(found)
    assert sum(source["entries"] for source in said["sources"]) == sum(bool(row["source"]) for row in found) > 0


def test_the_tables_of_the_public_export_are_a_part_of_all(app: Flask) -> None:
    assert {one.name for one in exported() if not one.public} >= {"seat", "token", "profile"}


def test_an_entry_that_cannot_be_without_a_hidden_one_stays_here_too(app: Flask) -> None:
    """As posts in a topic that was removed; tables of the kind that forums bring, made for this test."""
    metadata, entry = sa.MetaData(), ENTRY
    topic = sa.Table("try_topic", metadata, sa.Column("id", sa.ForeignKey(entry.c.id), primary_key=True))
    post = sa.Table(
        "try_post",
        metadata,
        sa.Column("id", sa.ForeignKey(entry.c.id), primary_key=True),
        sa.Column("topic_id", sa.ForeignKey(topic.c.id), nullable=False),
        sa.Column("answers", sa.ForeignKey("try_post.id")),
    )
    handed = {one.table: Handed(object, public=one.public) for one in exported()}
    share = Public(in_order(handed | {topic: Handed(object), post: Handed(object)}))
    share.kinds |= {topic: "try_topic", post: "try_post"}
    posts = [(903, 901, None), (904, 902, None), (905, 901, 904), (906, 901, 905)]
    kinds = {901: "try_topic", 902: "try_topic"} | {number: "try_post" for number, _topic, _answers in posts}
    with db.engine.connect() as connection, connection.begin() as undone:
        metadata.create_all(connection)
        some = [
            {"id": i, "kind": kind, "title": "T", "slug": str(i), "state": "deleted" if i == 902 else "live"}
            for i, kind in kinds.items()
        ]
        connection.execute(entry.insert(), some)
        connection.execute(topic.insert(), [{"id": 901}, {"id": 902}])
        connection.execute(post.insert(), [dict(zip(("id", "topic_id", "answers"), row, strict=True)) for row in posts])
        out = {one.table: connection.execute(share.rows(one)).all() for one in share.tables.values()}
        undone.rollback()
    assert {row.id for row in out[entry] if row.id > 900} == {901, 903, 905, 906}
    assert [tuple(row) for row in out[topic]] == [(901,)]
    assert [tuple(row) for row in out[post]] == [(903, 901, None), (905, 901, None), (906, 901, 905)]
