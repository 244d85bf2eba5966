"""The pages, the forms and the doors by which content leaves."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.hiding import hide_revision
from commons.entries.models import Entry
from commons.files.actions import replace_file
from commons.files.intake import store
from commons.files.models import File
from tests.cast import GROUP, Cast, sign_in
from tests.commons.files.conftest import SAID, Add
from tests.commons.files.samples import POLYGLOTS, REFUSED, odt, pdf, picture, striped

CLAIMS = ("image/png", "image/svg+xml", "text/html", "application/pdf", "application/octet-stream")
AT_ONCE = ("empty", "markup", "program", "old", "other picture", "sound", "unknown")  # without opening them
TRIED = [content for content, code in REFUSED.values() if code in AT_ONCE] + POLYGLOTS


def form(content: bytes, name: str = "tank.jpg", claim: str = "image/jpeg", **more: Any) -> dict[str, Any]:
    return {**SAID, "licence": "CC BY 4.0", "file": FileStorage(io.BytesIO(content), name, content_type=claim), **more}


def send(client: FlaskClient, content: bytes, name: str = "tank.jpg", claim: str = "image/jpeg", **more: Any) -> Any:
    boundary, body = encode_multipart(form(content, name, claim, **more))
    return client.post("/files/new", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def hide(file: File, audience: str) -> None:
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == file.id).values(audience=audience))


def addresses(file: File) -> list[str]:
    parts = ("", "/320", "/full", "/download", "/download?version=1")
    return [f"/files/{file.slug}{part}" for part in parts]


def test_a_picture_is_added_by_the_form_and_shown(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    answer = send(client, striped((1000, 500)), "Tank.png")
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    for words in ("A green tank on a roof", "Olga K.", "CC BY 4.0", "/files/a-rain-tank-in-zuyevka/800"):
        assert words in page
    assert "![A green tank on a roof](/files/a-rain-tank-in-zuyevka/800)" in page


def test_the_form_says_the_limits_and_warns_before_anything_is_chosen(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/files/new").status_code == 303
    page = sign_in(client, cast.ana).get("/files/new?title=Rain+tank").text
    assert "12 MB" in page and "20 MB" in page and "those who can be recognised agreed" in page
    assert 'accept="image/jpeg' in page and "capture" not in page and 'value="Rain tank"' in page


def test_after_a_fault_everything_typed_is_kept_and_the_file_is_asked_for_again(
    client: FlaskClient, cast: Cast
) -> None:
    sign_in(client, cast.ana)
    answer = send(client, picture(), licence="", description="Zqxkept words", alt="Zqxkept alt")
    assert answer.status_code == 422
    for words in ("Choose a licence", "Zqxkept words", "Zqxkept alt", "Choose the file again", "Olga K."):
        assert words in answer.text
    assert db.session.query(File).count() == 0


def test_without_a_file_or_with_an_empty_one_a_sentence_says_so(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    assert "Choose a file." in client.post("/files/new", data=SAID).text
    assert "This file is empty." in send(client, b"").text


def test_another_licence_is_said_in_words(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    assert send(client, picture(), licence="other", licence_words="").status_code == 422
    assert send(client, picture(), licence="other", licence_words="Free Art Licence").status_code == 303
    page = client.get("/files/a-rain-tank-in-zuyevka/edit").text
    assert 'value="Free Art Licence"' in page


def test_the_same_content_is_told_with_a_link_and_can_be_added_all_the_same(
    client: FlaskClient, cast: Cast, add: Add
) -> None:
    first = add()
    sign_in(client, cast.ben)
    answer = send(client, picture(), title="Mine")
    assert answer.status_code == 422
    assert "is here already" in answer.text and f'href="/files/{first.slug}"' in answer.text
    assert send(client, picture(), title="Mine", again="y").status_code == 303


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_claimed_type_makes_a_browser_run_what_was_sent(client: FlaskClient, cast: Cast, claim: str) -> None:
    sign_in(client, cast.ana)
    for content in TRIED:
        answer = send(client, content, f"x.{claim.rpartition('/')[2]}", claim)
        assert answer.status_code == 422, f"{content[:60]!r} as {claim}"
    assert db.session.query(File).count() == 0


def test_at_least_forty_polyglots_are_tried_as_five_types() -> None:
    assert len(TRIED) >= 40 and len(CLAIMS) == 5


def test_pictures_leave_as_pictures_and_nothing_else(client: FlaskClient, add: Add) -> None:
    made = add(striped((1000, 500)), "x.png")
    for part, media_type in (
        ("320", "image/webp"),
        ("800", "image/webp"),
        ("1600", "image/png"),
        ("full", "image/png"),
    ):
        answer = client.get(f"/files/{made.slug}/{part}", buffered=True)
        assert (answer.status_code, answer.content_type) == (200, media_type)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, max-age=3600, must-revalidate"
        again = client.get(
            f"/files/{made.slug}/{part}", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True
        )
        assert again.status_code == 304 and not again.data
    assert made.digest in client.get(f"/files/{made.slug}/full", buffered=True).headers["ETag"]


@pytest.mark.parametrize("width", ["0", "1", "321", "99999999999999999999", "-1", "800.webp", "..%2f..%2fsecret-key"])
def test_no_other_width_is_served(client: FlaskClient, add: Add, width: str) -> None:
    made = add(striped((1000, 500)), "x.png")
    assert client.get(f"/files/{made.slug}/{width}").status_code == 404


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsecret-key", "..%5c..%5csecret-key", "x%00", "0" * 64, "a/../../b"])
def test_nothing_of_a_request_becomes_a_path(client: FlaskClient, add: Add, name: str) -> None:
    add()
    for part in ("", "/320", "/full", "/download"):
        assert client.get(f"/files/{name}{part}").status_code in (301, 308, 400, 404)


def test_a_document_leaves_as_an_attachment_with_its_cleaned_name(client: FlaskClient, add: Add) -> None:
    made = add(pdf(before_end=b"%<html><script>alert(1)</script>\n"), '../Mein "Bericht".html')
    answer = client.get(f"/files/{made.slug}/download", buffered=True)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Mein Bericht.pdf"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(f"/files/{made.slug}/full", buffered=True).status_code == 404
    assert client.get(f"/files/{made.slug}/320", buffered=True).status_code == 404
    text = add(b"a,b\n1,2\n", "table.csv", title="Table")
    answer = client.get(f"/files/{text.slug}/download", buffered=True)
    assert answer.content_type == "application/octet-stream" and "table.csv" in answer.headers["Content-Disposition"]


def test_an_older_version_can_be_fetched_unless_it_was_hidden(client: FlaskClient, add: Add, cast: Cast) -> None:
    made = add(striped((50, 50)), "old.png")
    first = store.path_of(made.digest).read_bytes()
    replace_file(made, io.BytesIO(picture()), "new.jpg", version=1, actor=cast.ana)
    old = f"/files/{made.slug}/download?version=1"
    answer = client.get(old, buffered=True)
    assert answer.data == first and "old.png" in answer.headers["Content-Disposition"]
    assert old in client.get(f"/files/{made.slug}").text
    assert client.get(f"/files/{made.slug}/download?version=3", buffered=True).status_code == 404
    hide_revision(made, 1, actor=cast.mo, note="Shows a child")
    assert client.get(old, buffered=True).status_code == 404
    assert old not in client.get(f"/files/{made.slug}").text
    assert sign_in(client, cast.mo).get(old, buffered=True).data == first


def test_what_is_behind_a_door_is_404_for_everybody_else(app: Flask, client: FlaskClient, add: Add, cast: Cast) -> None:
    made = add(striped((500, 500)), "x.png", title="Zqxsecret plan")
    hide(made, GROUP)
    for address in addresses(made):
        assert client.get(address, buffered=True).status_code == 404
        assert sign_in(app.test_client(), cast.chi).get(address, buffered=True).status_code == 404
    assert "Zqxsecret" not in client.get("/files").text
    ben = sign_in(app.test_client(), cast.ben)
    for address in addresses(made):
        assert ben.get(address, buffered=True).status_code == 200
    assert ben.get(f"/files/{made.slug}/full", buffered=True).headers["Cache-Control"] == "private, no-cache"
    assert "Zqxsecret" in ben.get("/files").text


def test_what_was_removed_is_410_at_every_door(client: FlaskClient, add: Add, cast: Cast) -> None:
    made = add(striped((500, 500)), "x.png")
    remove_entry(made, actor=cast.mo, note="Not ours to show")
    for address in addresses(made):
        assert client.get(address, buffered=True).status_code == 410
    assert made.title not in client.get("/files").text


def test_an_old_address_leads_to_the_picture(client: FlaskClient, add: Add, cast: Cast) -> None:
    made, old = add(), ""
    old = made.slug
    sign_in(client, cast.ben)
    answer = client.post(f"/files/{old}/edit", data={**SAID, "title": "Another name", "version": "1"})
    assert answer.status_code == 303 and answer.location == "/files/another-name"
    moved = client.get(f"/files/{old}/320")
    assert (moved.status_code, moved.location) == (301, "/files/another-name/320")


def test_a_file_is_replaced_by_the_form(client: FlaskClient, add: Add, cast: Cast) -> None:
    made = add()
    sign_in(client, cast.ben)
    assert 'name="version" value="1"' in client.get(f"/files/{made.slug}/replace").text
    data = {"file": (io.BytesIO(picture(colour="red")), "n.jpg"), "version": "1", "note": "Sharper"}
    answer = client.post(f"/files/{made.slug}/replace", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    data = {"file": (io.BytesIO(picture(colour="blue")), "n.jpg"), "version": "1"}
    answer = client.post(f"/files/{made.slug}/replace", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and "somebody else replaced it" in answer.text
    answer = client.post(f"/files/{made.slug}/replace", data={"version": "2"}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "Choose a file." in answer.text


def test_the_list_is_narrowed_by_kind_licence_words_and_missing_alt(client: FlaskClient, add: Add, cast: Cast) -> None:
    add(title="Shown tank")
    add(title="Silent tank", alt="")
    add(odt("x"), "m.odt", title="Minutes", licence="CC0 1.0")

    def listed(query: str) -> list[str]:
        page = client.get(f"/files{query}")
        assert page.status_code == 200
        return re.findall(r"<h2><a [^>]*><bdi>([^<]+)</bdi>", page.text)

    assert listed("") == ["Minutes", "Silent tank", "Shown tank"]
    assert listed("?kind=document") == ["Minutes"] == listed("?licence=CC0+1.0")
    assert listed("?alt=missing") == ["Silent tank"] == listed("?q=silent")
    assert listed("?q=%25&kind=nothing&page=99") == []
    assert "Pictures without words" in client.get("/files").text
    assert "/files/silent-tank/edit#alt" in sign_in(client, cast.ben).get("/files").text


def test_members_send_long_bodies_where_files_are_asked_for_and_nowhere_else(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ana)
    assert send(client, b"words " * 1_000_000, "long.txt").status_code == 303
    assert client.post("/preview", data={"text": "x" * 5_000_000}).status_code == 413
    assert send(client, b"words " * 4_000_000, "longer.txt").status_code == 413


@pytest.mark.parametrize("app", [{"WTF_CSRF_ENABLED": True}], indirect=True)
def test_a_form_of_another_site_adds_nothing(client: FlaskClient, cast: Cast) -> None:
    assert send(client, b"words " * 1_000_000).status_code == 413, "of a visitor not even the token is looked for"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token
    client.post("/sign-in", data={"who": "ana", "password": "four words in a row", "csrf_token": token[1]})
    assert send(client, picture()).status_code == 400
    mine = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/files/new").text)
    assert mine
    assert send(client, picture(), csrf_token=mine[1]).status_code == 303


def test_history_shows_what_changed_of_a_file(client: FlaskClient, add: Add, cast: Cast) -> None:
    made = add()
    replace_file(made, io.BytesIO(picture("PNG", (9, 9))), "n.png", version=1, actor=cast.ben)
    assert client.get(f"/files/{made.slug}/history").status_code == 200
    page = client.get(f"/files/{made.slug}/diff/1/2").text
    assert "<ins>PNG</ins>" in page and "Width in pixels" in page


def test_no_word_of_a_file_is_taken_for_markup(client: FlaskClient, add: Add, cast: Cast) -> None:
    canary = "\"'><img src=x onerror=alert(1)>"
    made = add(name=canary, title=canary, alt=canary, credit=canary, licence=canary, description=canary)
    for address in (f"/files/{made.slug}", "/files", f"/files/{made.slug}/history"):
        assert "<img src=x" not in client.get(address, buffered=True).text
    sign_in(client, cast.ben)
    for part in ("edit", "replace"):
        assert "<img src=x" not in client.get(f"/files/{made.slug}/{part}", buffered=True).text


def test_programs_read_a_file_s_record(client: FlaskClient, add: Add) -> None:
    made = add(striped((1000, 500)), "x.png")
    found = client.get(f"/api/v1/files/{made.id}").json
    assert found is not None
    assert (found["alt"], found["licence"], found["credit"]) == (SAID["alt"], SAID["licence"], SAID["credit"])
    assert (found["media_type"], found["width"], found["sha256"]) == ("image/png", 1000, made.digest)
    assert client.get(found["download_url"], buffered=True).status_code == 200
    assert set(found["pictures"]) == {"320", "800"}
