"""The whole road through the pages: first words, getting to know, terms, signatures, promises, outcome, register."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db, now
from commons.entries.models import Entry
from commons.entries.within import takes
from commons.members.models import Member
from directory.partnerships.dossiers.checks import checks
from directory.partnerships.dossiers.documents.states import STAGE_WORDS
from directory.partnerships.dossiers.models import Partnership, Proposal
from directory.partnerships.dossiers.transitions import STAGES
from tests.cast import PASSWORD, Cast, sign_in
from tests.directory.partnerships.dossiers.makers import WORDS, Two, steps
from tests.test_query_counts import statements


def browser(app: Flask, who: Member) -> FlaskClient:
    return sign_in(app.test_client(), who)


def only() -> Proposal:
    return db.session.scalars(select(Proposal)).one()


def faults() -> list[str]:
    return [fault for check in checks for fault in check.faults()]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


def send(client: FlaskClient, address: str, **fields: Any) -> Any:
    answer = client.post(address, data={key.replace("_", "-") if key.startswith("gives") else key: value for key, value in fields.items()})  # fmt: skip
    assert answer.status_code == 303, answer.text
    return answer


def test_from_first_words_to_an_outcome_in_the_register(app: Flask, two: Two) -> None:
    garden, soil = browser(app, two.garden_delegate), browser(app, two.soil_delegate)
    assert "Express interest" not in garden.get(f"/partnerships/proposals/new?about={two.soil.id}").text
    new = f"/partnerships/proposals/new?about={two.soil.id}"
    assert "What is known of Soil" in garden.get(new).text
    answer = garden.post(new, data={"text": "Too short."})
    assert answer.status_code == 422 and "Too short." in answer.text and "between 200 and 600" in answer.text
    here = send(garden, new, text=WORDS).headers["Location"]
    proposal = only()
    assert here == f"/partnerships/proposals/{proposal.id}" and proposal.stage == "interest"
    page = soil.get(here).text
    assert "It waits for your organisation." in page and "how to compost in winter" in page
    assert "waits for you" in soil.get("/partnerships/proposals").text
    send(soil, f"{here}/say", text="In which month?", how="ask", seen=hidden(page, "seen"))
    send(garden, f"{here}/say", text="In March.", how="answer")
    send(soil, f"{here}/talk", seen="4")
    assert "Somebody was faster" in soil.get(here).text and only().stage == "interest"
    send(soil, f"{here}/talk", seen="3")
    assert only().stage == "exploring" and "In March." in garden.get(here).text

    assert garden.get(f"{here}/terms").status_code == 200
    steward, other = browser(app, two.garden_steward), browser(app, two.soil_steward)
    terms = {"title": "Two composting days", "goal": "Twelve people keep a heap", "money": "none", "notice": "10"}
    gives = {f"gives-{two.garden.id}": "Beds", f"gives-{two.soil.id}": ""}
    answer = steward.post(f"{here}/terms", data={**terms, **gives})
    assert answer.status_code == 422 and "what it gives" in answer.text and "Twelve people" in answer.text
    send(steward, f"{here}/terms", **terms, **gives | {f"gives-{two.soil.id}": "Teaching"})
    assert only().stage == "proposed" and only().title == "Two composting days"
    changed = {f"gives-{two.garden.id}": "Beds and a kitchen", f"gives-{two.soil.id}": "Teaching"}
    send(other, f"{here}/terms", **terms, **changed, note="We need a kitchen")
    page = steward.get(f"{here}/terms/2").text
    assert "<ins>" in page and "kitchen" in page and "We need a kitchen" in page
    send(steward, f"{here}/accept", number="1")
    assert only().stage == "negotiating" and "newer version" in steward.get(here).text
    send(steward, f"{here}/accept", number="2")
    assert only().stage == "agreed"

    first, second = browser(app, two.garden_signatory), browser(app, two.soil_signatory)
    assert only().terms == 2 and "frozen" in first.get(f"{here}/sign").text
    signed = {"number": "2", "name": "Gerda Garden", "password": PASSWORD, "read": "y"}
    wrong = first.post(f"{here}/sign", data=signed | {"password": "not this one"})
    assert wrong.status_code == 422 and "not your password" in wrong.text and only().stage == "agreed"
    assert other.post(f"{here}/sign", data=signed).status_code == 403, "a steward does not sign"
    send(first, f"{here}/sign", **signed)
    assert only().stage == "agreed"
    send(second, f"{here}/sign", **signed | {"name": "Sol Soil"})
    assert only().stage == "active" and only().agreed == 2
    page = soil.get(here).text
    assert "Gerda Garden" in page and "Sol Soil" in page and "Green" in page

    due = (now() + timedelta(days=20)).date().isoformat()
    send(other, f"{here}/promises", by=str(two.soil.id), text="A written guide", measure="It is there", who="", due=due)
    assert "A written guide" in soil.get(here).text
    number = re.search(r"/promises/(\d+)/kept", soil.get(here).text)
    assert number is not None
    send(soil, f"{here}/promises/{number.group(1)}/kept", note="Printed")
    assert "Printed" in garden.get(here).text
    send(garden, f"{here}/report", text="We have begun.")

    visitor = app.test_client()
    send(steward, f"{here}/publish")
    assert db.session.scalar(select(Partnership)) is None and "Nothing stands here yet" in visitor.get("/partnerships/register").text  # fmt: skip
    send(other, f"{here}/publish")
    assert "Two composting days" in visitor.get("/partnerships/register").text
    send(steward, f"{here}/complete", text="The heap lives.", result="reached")
    row = db.session.scalars(select(Partnership)).one()
    db.session.refresh(row)
    assert row.standing == "completed" and row.outcome == ""
    account = re.search(r"/accounts/(\d+)", other.get(here).text)
    assert account is not None
    send(other, f"{here}/accounts/{account.group(1)}", how="confirmed", text="So it was.")
    page = visitor.get(f"/partnerships/register/{row.slug}").text
    assert "The heap lives." in page and "They reached what they wanted" in page
    assert "Two composting days" in visitor.get("/organisations/soil").text
    assert faults() == []
    assert steps(only())[:4] == ["send", "ask", "answer", "talk"] and steps(only())[-1] == "judge"
    log = garden.get(f"{here}/log").text
    assert "Gerda" not in log and "signed" in log and garden.get(f"{here}/copy.zip").data[:2] == b"PK"


def test_nobody_else_finds_a_dossier_and_a_moderator_is_nobody_special(app: Flask, two: Two, cast: Cast) -> None:
    proposal = two.at("active")
    pages = [
        "",
        "/terms",
        "/terms/1",
        "/terms/1.txt",
        "/sign",
        "/log",
        "/log.json",
        "/copy.zip",
        "/partners",
        "/people",
    ]
    pages += ["/promises", "/report", "/complete", "/meetings", "/end", "/decline", "/mediate"]
    for who in (cast.ana, cast.mo):
        client = browser(app, who)
        for page in pages:
            assert client.get(f"/partnerships/proposals/{proposal.id}{page}").status_code == 404, page
        assert proposal.title not in client.get("/partnerships/proposals").text
    mine = browser(app, two.soil_delegate)
    for page in pages[:-1]:
        assert mine.get(f"/partnerships/proposals/{proposal.id}{page}").status_code == 200, page
    visitor = app.test_client().get(f"/partnerships/proposals/{proposal.id}")
    assert visitor.status_code == 303 and "/sign-in" in visitor.headers["Location"]


def test_a_dossier_takes_pages_topics_and_files_of_its_parties_only(app: Flask, two: Two, cast: Cast) -> None:
    proposal = two.at("exploring")
    for kind in ("topic", "page", "file"):
        assert takes(proposal, kind, two.soil_delegate) == proposal.door
        assert takes(proposal, kind, cast.ana) is None and takes(proposal, kind, None) is None
    assert takes(proposal, "group", two.soil_delegate) is None
    here, mine = f"/partnerships/proposals/{proposal.id}", browser(app, two.soil_delegate)
    assert f"within={proposal.id}" in mine.get(f"{here}/things").text
    form = {"title": "Who sleeps where", "text": "Six beds.", "within": str(proposal.id)}
    assert mine.post("/wiki/new", data=form).status_code in (302, 303)
    other = browser(app, two.garden_steward)
    assert "Who sleeps where" in other.get(f"{here}/things").text
    page = db.session.scalars(select(Entry).where(Entry.kind == "page", Entry.title == "Who sleeps where")).one()
    assert page.audience == proposal.door and browser(app, cast.mo).get(f"/wiki/{page.slug}").status_code == 404


def test_every_stage_has_pages_with_few_statements(app: Flask, two: Two) -> None:
    clients = [browser(app, who) for who in (two.soil_signatory, two.garden_delegate)]
    for stage in STAGES:
        two.found()
        here = f"/partnerships/proposals/{two.at(stage).id}"
        for client in clients:
            assert client.get(here).status_code == 200
            with statements() as sent:
                assert str(STAGE_WORDS[stage]) in client.get(here).text
            assert len(sent) <= 15, f"{stage}: {len(sent)}\n" + "\n".join(sent)
            for page in ("people", "copy.zip", "log", "partners", "things"):
                assert client.get(f"{here}/{page}").status_code == 200, (stage, page)
