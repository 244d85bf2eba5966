"""The words of documents are read after the upload, found by the search, and a failure is said and not tried for ever."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.db import db
from commons.entries.followers import catch_up
from commons.entries.models import Change
from commons.entries.queries import changes, last_seq
from commons.files.actions import replace_file
from commons.files.documents import search_document
from commons.files.intake import store
from commons.files.intake.bounds import DOCUMENT, WORDS
from commons.files.models import Blob, File
from commons.files.reading import follow
from tests.cast import Cast
from tests.commons.files.conftest import Add
from tests.commons.files.samples import docx, odt, pdf, picture, pptx, xlsx

DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "pdf": (pdf("Zqxrain falls", pages=2), "Zqxrain falls 1\nZqxrain falls 2"),
    "odt": (odt("Zqxrain", "falls &amp; stays"), "Zqxrain\nfalls & stays"),
    "ods": (odt("Zqxcell", kind="spreadsheet"), "Zqxcell"),
    "docx": (docx("Zqxrain", "falls"), "Zqxrain\nfalls"),
    "xlsx": (xlsx("Zqxcell", "Total"), "Zqxcell\nTotal\ninline"),
    "pptx": (pptx("Zqxfirst", *["x"] * 8, "Zqxtenth"), "Zqxfirst\n" + "x\n" * 8 + "Zqxtenth"),
    "txt": ("Zwölf Zqxbäume".encode("cp1252"), "Zwölf Zqxbäume"),
    "csv": ("a;Zqxü\n".encode("utf-16"), "a;Zqxü\n"),
    "md": (b"\xef\xbb\xbf# Zqxhead", "# Zqxhead"),
}


def read_all() -> None:
    at = 0
    while at < last_seq():
        at = follow(at)


def words(file: File) -> tuple[str, str]:
    found = db.session.get(Blob, file.digest)
    assert found is not None
    db.session.refresh(found)
    return found.state, found.words


@pytest.mark.parametrize("ending", DOCUMENTS)
def test_the_words_of_a_document_are_read(add: Add, ending: str) -> None:
    content, expected = DOCUMENTS[ending]
    made = add(content, f"x.{ending}")
    assert words(made) == ("waiting", "")
    read_all()
    assert words(made) == ("read", expected)


def test_a_picture_has_no_words_to_read(add: Add) -> None:
    made = add(picture())
    read_all()
    assert words(made) == ("none", "")
    assert [line.verb for line in db.session.query(Change).filter_by(entry_id=made.id)] == ["created"]


def test_one_document_is_read_at_each_turn_and_each_once(add: Add) -> None:
    for number in range(3):
        add(odt(f"Number {number}"), "x.odt", title=f"Number {number}")
    turns = [follow(0)]
    while turns[-1] < last_seq():
        turns.append(follow(turns[-1]))
    assert db.session.query(Change).filter_by(verb="read").count() == 3
    assert turns == sorted(set(turns))
    assert follow(0) == last_seq()


def test_the_search_finds_the_words_and_recent_changes_stay_quiet(app: Flask, add: Add, client: FlaskClient) -> None:
    made = add(odt("Zqxfountain of the village"), "x.odt", title="Minutes of May")
    catch_up()
    catch_up()
    assert "Minutes of May" in client.get("/search?q=Zqxfountain").text
    lines = db.session.scalars(changes(None, ("file",))).unique().all()
    assert [line.verb for line in lines] == ["created"]
    assert made.title in search_document(made).title


def test_what_cannot_be_read_is_said_and_not_tried_for_ever(add: Add, client: FlaskClient) -> None:
    made = add(odt("x"), "x.odt")
    store.path_of(made.digest).write_bytes(b"PK\x03\x04 no more")
    read_all()
    assert words(made) == ("unreadable", "")
    assert "could not be read" in client.get(f"/files/{made.slug}").text
    before = last_seq()
    assert follow(0) == before == last_seq()


def test_a_document_that_is_replaced_is_read_again(add: Add, cast: Cast) -> None:
    from_first = add(odt("First words"), "x.odt")
    read_all()
    replaced(from_first, odt("Second words"), cast)
    read_all()
    assert words(from_first) == ("read", "Second words")


def replaced(file: File, content: bytes, cast: Cast) -> None:
    replace_file(file, io.BytesIO(content), "x.odt", version=file.version, actor=cast.ana)


def test_a_million_characters_are_kept_of_a_longer_text(add: Add) -> None:
    made = add(b"words and more \n" * 100_000, "x.txt")
    read_all()
    state, kept = words(made)
    assert state == "read" and len(kept) == WORDS


def test_a_document_of_endless_pages_is_read_within_its_time_and_memory(add: Add) -> None:
    page = "Rain " * 400
    made = add(pdf(page, pages=1500), "x.pdf")
    before, begun = psutil.Process().memory_info().rss, time.monotonic()
    read_all()
    assert words(made)[0] == "read" and words(made)[1].count("Rain") > 1000
    assert psutil.Process().memory_info().rss - before < 100 * 2**20
    assert time.monotonic() - begun < DOCUMENT.clock + 5


def test_entities_in_a_document_are_never_resolved(add: Add, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Zqxsecret of the machine")
    made = add(odt("x"), "x.odt")
    inside: dict[str, Any] = {"before": f"<!DOCTYPE r [<!ENTITY x SYSTEM 'file://{secret}'>]>"}
    store.path_of(made.digest).write_bytes(odt("&x;", **inside))
    read_all()
    assert words(made) == ("unreadable", "")
