"""Reading without a key: lists, single entries, search."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import event, update

from commons.db import db, transaction
from commons.entries.actions import remove_entry
from commons.entries.models import Entry
from commons.people.actions import edit_profile
from tests import make
from tests.cast import GROUP, Cast, sign_in
from tests.commons.api.conftest import EVERY_ITEM, ROW, SECRET, Program


def imported(title: str, source: str, source_id: str) -> None:
    """Columns that only an import writes."""
    made = make.organisation(title)
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == made.id).values(source=source, source_id=source_id))
    db.session.expire_all()


def test_an_organisation_is_given_with_the_fields_of_every_item_and_of_rows(visitor: Program) -> None:
    made = make.organisation("Solar Aid", description="Lamps", focus=["renewable-energy"], email="x@example.org")
    found = visitor.get(f"/organisations/{made.id}").get_json()
    assert found.keys() >= EVERY_ITEM | ROW
    assert (found["id"], found["kind"], found["name"], found["title"]) == (
        made.id,
        "organisation",
        "Solar Aid",
        "Solar Aid",
    )
    assert visitor.client.get(found["url"]).status_code == 200
    assert "email" not in found and "x@example.org" not in str(found)


def test_an_area_of_focus_is_given_by_the_same_views(visitor: Program) -> None:
    listed = visitor.get("/focus?per_page=100").get_json()
    assert listed["total"] >= 12
    one = visitor.get(f"/focus/{listed['items'][0]['id']}").get_json()
    assert one == listed["items"][0]
    assert one["kind"] == "focus" and one["labels"]["en"] == one["title"]


def test_a_list_is_paged_in_the_order_of_ids(visitor: Program) -> None:
    made = [make.organisation().id for _number in range(5)]
    first = visitor.get("/organisations?per_page=2").get_json()
    third = visitor.get("/organisations?per_page=2&page=3").get_json()
    assert [item["id"] for item in first["items"]] == made[:2] and (
        first["total"],
        first["page"],
        first["per_page"],
    ) == (5, 1, 2)
    assert [item["id"] for item in third["items"]] == made[4:] and third["next"] is None


def test_following_next_finds_everything_even_where_entries_are_removed_on_the_way(
    visitor: Program, cast: Cast
) -> None:
    made = [make.organisation() for _number in range(7)]
    answer = visitor.get("/organisations?per_page=3")
    seen = [item["id"] for item in answer.get_json()["items"]]
    remove_entry(made[0], actor=cast.mo, note="gone while the program walks")
    while following := answer.get_json()["next"]:
        assert f'<{following}>; rel="next"' == answer.headers["Link"]
        answer = visitor.get(following.removeprefix("/api/v1"))
        seen += [item["id"] for item in answer.get_json()["items"]]
    assert seen == [one.id for one in made]


def test_a_list_can_be_narrowed_to_what_an_import_made(visitor: Program) -> None:
    for number in range(3):
        imported(f"Imported {number}", "a register", str(number))
    imported("Another", "elsewhere", "1")
    many = visitor.get("/organisations?source=a+register").get_json()
    one = visitor.get("/organisations?source=a+register&source_id=1").get_json()
    assert (many["total"], one["total"]) == (3, 1)
    assert one["items"][0]["title"] == "Imported 1" and one["items"][0]["source_id"] == "1"


def test_only_public_profiles_with_their_public_fields_are_in_the_api(visitor: Program, cast: Cast) -> None:
    for who, audience in ((cast.ana, "public"), (cast.ben, "members")):
        shown = {"about": "public", "skills": "members"}
        edit_profile({"about": "Digs wells", "skills": "welding"}, shown, audience=audience, actor=who)
    found = visitor.get("/members").get_json()
    assert [one["title"] for one in found["items"]] == ["Ana"]
    one = visitor.get(f"/members/{found['items'][0]['id']}").get_json()
    assert one["about"] == "Digs wells" and "welding" not in str(one)


def test_a_number_that_is_no_entry_is_missing_or_bad(visitor: Program) -> None:
    for number in ("0", "999999", "2147483648", "9999999999", "9" * 30, "9" * 3000, "-1", "1.5", "x", "%00", "１"):
        assert visitor.get(f"/organisations/{number}").status_code in (400, 404), number


def test_an_entry_of_another_kind_is_missing(visitor: Program) -> None:
    made = make.organisation()
    assert visitor.get(f"/focus/{made.id}").status_code == 404


def test_what_was_removed_is_gone_with_its_reason(visitor: Program, cast: Cast) -> None:
    made = make.organisation("Short-lived")
    remove_entry(made, actor=cast.mo, note="asked for by themselves")
    answer = visitor.get(f"/organisations/{made.id}")
    assert answer.status_code == 410 and answer.get_json() == {"error": "gone", "message": "asked for by themselves"}
    assert made.id not in [item["id"] for item in visitor.get("/organisations").get_json()["items"]]


def test_hidden_and_missing_are_the_same_answer(visitor: Program, program: Callable[..., Program], cast: Cast) -> None:
    hidden = make.organisation(f"The {SECRET} circle", audience="members")
    behind = make.organisation("Seat only", audience=GROUP)
    missing = visitor.get("/organisations/999999")
    for one in (hidden, behind):
        answer = visitor.get(f"/organisations/{one.id}")
        assert (answer.status_code, answer.data) == (missing.status_code, missing.data)
        assert {name for name, _value in answer.headers} == {name for name, _value in missing.headers}
    assert program(cast.ana).get(f"/organisations/{behind.id}").status_code == 200
    assert program(cast.chi).get(f"/organisations/{hidden.id}").status_code == 200
    assert program(cast.chi).get(f"/organisations/{behind.id}").status_code == 404
    assert program(cast.mo).get(f"/organisations/{behind.id}").status_code == 404, "a moderator has no further door"


def test_the_cookie_of_a_signed_in_browser_gives_no_rights(app: Flask, cast: Cast) -> None:
    hidden = make.organisation("For members", audience="members")
    browser = sign_in(app.test_client(), cast.chi)
    assert browser.get(f"/organisations/{hidden.slug}").status_code == 200
    assert browser.get(f"/api/v1/organisations/{hidden.id}").status_code == 404
    assert browser.post("/api/v1/organisations", json={"name": "By cookie"}).status_code == 401


def test_an_etag_saves_the_second_reading(visitor: Program, cast: Cast, program: Callable[..., Program]) -> None:
    made = make.organisation("Solar Aid")
    path = f"/organisations/{made.id}"
    tag = visitor.get(path).headers["ETag"]
    assert tag == f'W/"{made.id}-1"'
    again = visitor.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.data == b""
    program(cast.ana).patch(path, {"version": 1, "city": "Nairobi"})
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_list_that_did_not_change_is_not_sent_again(visitor: Program) -> None:
    make.organisation("Solar Aid")
    tag = visitor.get("/organisations").headers["ETag"]
    assert visitor.get("/organisations", headers={"If-None-Match": tag}).status_code == 304
    make.organisation("Another")
    assert visitor.get("/organisations", headers={"If-None-Match": tag}).status_code == 200


def test_other_origins_are_not_invited_and_tokens_are_kept_out_of_caches(
    visitor: Program, program: Callable[..., Program], cast: Cast
) -> None:
    answer = visitor.get("/organisations", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]
    assert "no-store" not in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    assert program(cast.ana).get("/organisations").headers["Cache-Control"] == "private, no-store"


def test_a_longer_page_needs_no_more_queries(visitor: Program) -> None:
    for number in range(12):
        make.organisation(f"One of many {number}", focus=["water"], relations=[["partner", None, "Somebody"]])

    def queries(path: str) -> int:
        db.session.remove()
        seen: list[str] = []
        listen = lambda _c, _cursor, statement, *_more: seen.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        visitor.get(path)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    queries("/organisations")
    assert queries("/organisations?per_page=12") == queries("/organisations?per_page=2")


def test_what_is_not_there_answers_in_json(visitor: Program) -> None:
    for path in ("", "/", "/nothing", "/organisations/1/nothing", "/organisations/"):
        assert visitor.get(path).get_json()["error"] == "not_found", path


def test_a_method_that_is_not_offered_says_so_in_json(visitor: Program) -> None:
    answer = visitor.call("PUT", "/organisations")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
