"""What was typed and not sent: kept for its writer and nobody else."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons.db import db
from commons.entries.drafts import kept_draft
from commons.entries.models import Draft
from tests import make
from tests.cast import Cast, sign_in


def test_a_draft_is_kept_listed_and_thrown_away(app: Flask, client: FlaskClient, cast: Cast) -> None:
    page = make.page("Wells", "One.")
    key = f"page-{page.id}-2"
    sign_in(client, cast.ben)
    data = {"key": key, "text": "Half a thought", "focus": ["3", "4"], "csrf_token": "x"}
    assert client.post("/drafts", data=data).status_code == 204
    assert client.post("/drafts", data=data | {"text": "Half a thought more"}).status_code == 204
    kept = kept_draft(key, cast.ben)
    assert kept is not None and kept.fields == {"text": ["Half a thought more"], "focus": ["3", "4"]}
    shown = client.get("/drafts").text
    assert "Half a thought more" in shown and "/wiki/wells/edit?section=2&amp;draft=1" in shown
    assert "Half a thought" not in sign_in(app.test_client(), cast.chi).get("/drafts").text
    assert sign_in(app.test_client(), cast.chi).post("/drafts/drop", data={"key": key}).status_code == 204
    assert kept_draft(key, cast.ben) is not None
    answer = client.post("/drafts/drop", data={"key": key}, headers={"Accept": "text/html"})
    assert answer.status_code == 303 and kept_draft(key, cast.ben) is None


def test_a_draft_of_a_new_page_leads_back_to_its_form(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    client.post("/drafts", data={"key": "page-new--Dry toilets", "title": "Dry toilets", "text": "Sand."})
    shown = client.get("/drafts").text
    assert "/wiki/new?title=Dry+toilets&amp;draft=1" in shown
    client.post("/drafts", data={"key": "something-else", "text": "<b>odd</b>"})
    assert "&lt;b&gt;odd" in client.get("/drafts").text


def test_a_visitor_is_told_so_that_the_script_can_say_it(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/drafts", data={"key": "page-1-0", "text": "lost?"})
    assert answer.status_code == 401 and answer.json is not None and answer.json["error"] == "unauthorized"
    assert client.get("/drafts").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_what_is_too_large_or_has_no_name_is_refused(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.ben)
    assert client.post("/drafts", data={"text": "x"}).status_code == 422
    assert client.post("/drafts", data={"key": "page-1-0", "text": "x" * 1_300_000}).status_code == 422
    assert client.post("/drafts", data={"key": "page-1-0", "text": "x" * 5_000_000}).status_code == 413
