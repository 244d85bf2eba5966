"""Pages through the API: read by everybody, written with a token, held to the same rules as the site's own forms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from commons.db import db, transaction
from commons.moderation.models import Held
from tests import make
from tests.cast import Cast
from tests.commons.api.conftest import Ask, Program
from wiki.actions import edit_page
from wiki.models import Page

TEXT = "Before.\n\n## Heat\n\nIt gets warm.\n\n## Air\n\nIt needs air.\n"
NEW: dict[str, Any] = {
    "title": "Composting",
    "text": TEXT,
    "summary": "How waste becomes soil",
    "language": "en",
    "focus": ["water"],
    "licence": "CC BY 4.0",
    "outline": "how-to",
    "review_by": "2031-05-01",
}


def test_a_program_writes_a_page_as_it_is_to_be_kept(visitor: Program, program: Ask, cast: Cast) -> None:
    answer = program(cast.ana).post("/pages", NEW | {"note": "Begun"})
    made = answer.get_json()
    assert answer.status_code == 201 and answer.headers["Location"] == f"/api/v1/pages/{made['id']}"
    assert {name: made[name] for name in NEW} == NEW
    assert (made["kind"], made["url"], made["version"], made["sources_needed"]) == ("page", "/wiki/composting", 1, 0)
    assert visitor.get(f"/pages/{made['id']}").get_json() == made
    assert [one["id"] for one in visitor.get("/pages").get_json()["items"]] == [made["id"]]


def test_a_change_is_merged_and_a_collision_shows_both(program: Ask, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    edit_page(page, {"text": TEXT.replace("warm", "hot")}, version=1, actor=cast.ana)
    writer = program(cast.ben)
    merged = writer.patch(f"/pages/{page.id}", {"version": 1, "text": TEXT.replace("needs air", "breathes")})
    assert merged.status_code == 200 and "hot" in merged.get_json()["text"] and "breathes" in merged.get_json()["text"]
    clash = writer.patch(f"/pages/{page.id}", {"version": 1, "text": TEXT.replace("warm", "cosy")})
    sides = clash.get_json()["fields"]["text"]
    assert clash.status_code == 409 and "cosy" in sides["mine"] and "hot" in sides["theirs"] and "warm" in sides["base"]


def test_what_does_not_fit_is_named(program: Ask, cast: Cast) -> None:
    for body, field in (
        ({"title": ""}, "title"),
        ({"title": "A", "focus": ["nowhere"]}, "focus"),
        ({"title": "A", "text": 3}, "text"),
        ({"title": "A", "translation_of": 99_999}, "translation_of"),
        ({"title": "A", "translation_of": "1"}, "translation_of"),
        ({"title": "A", "state": "live"}, "state"),
        ({"title": "A", "text": "x" * 200_001}, "text"),
    ):
        answer = program(cast.ana).post("/pages", body)
        assert answer.status_code == 422 and field in answer.get_json()["fields"], body


def test_what_a_newcomer_sends_waits(visitor: Program, program: Ask, cast: Cast) -> None:
    page = make.page("Composting", TEXT)
    with transaction():
        cast.chi.trusted = None
    newcomer = program(cast.chi)
    answer = newcomer.patch(f"/pages/{page.id}", {"version": 1, "text": "BUY NOW"})
    assert answer.status_code == 202 and answer.get_json()["id"] == page.id
    assert visitor.get(f"/pages/{page.id}").get_json()["text"] == TEXT
    made = newcomer.post("/pages", {"title": "Heat"}).get_json()
    assert visitor.get(f"/pages/{made['id']}").status_code == 404
    assert len(db.session.scalars(select(Held)).all()) == 2
    assert db.session.get_one(Page, made["id"]).state == "pending"


def test_hidden_pages_do_not_exist_for_others(visitor: Program, program: Ask, cast: Cast) -> None:
    page = make.page("Strike plan", "Hush", audience="group:7", actor=cast.ben)
    for reader in (visitor, program(cast.chi)):
        assert reader.get(f"/pages/{page.id}").status_code == 404
        assert reader.get("/pages").get_json()["total"] == 0
    assert program(cast.chi).patch(f"/pages/{page.id}", {"version": 1, "text": "x"}).status_code == 404
    assert program(cast.ana).get(f"/pages/{page.id}").get_json()["text"] == "Hush"
