"""The public log: complete and in order, and enough to keep a copy equal."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from commons.db import db, lock, transaction
from commons.entries.actions import bring_back, record, remove_entry
from commons.entries.models import Change
from commons.entries.queries import last_seq
from directory.models import Organisation
from tests import make
from tests.cast import Cast
from tests.commons.api.conftest import Program


def show_to(organisation: Organisation, audience: str) -> None:
    """Moves an entry behind a door or out of it, as an action does: the audience is part of the revision."""
    with transaction():
        lock(organisation)
        before, organisation.audience = organisation.audience, audience
        organisation.version += 1
        record(organisation, "moved", {"audience": [before, audience]}, actor=make.someone())


def lines(visitor: Program, after: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visitor.get(f"/changes?after={after}").get_json()["items"]
    return found


def test_every_change_has_its_line_in_order(visitor: Program, program: Callable[..., Program], cast: Cast) -> None:
    start = last_seq()
    made = make.organisation("Solar Aid")
    program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "city": "Nairobi"})
    remove_entry(made, actor=cast.mo, note="asked for")
    bring_back(made, actor=cast.mo, note="a mistake")
    found = lines(visitor, start)
    assert [line["verb"] for line in found] == ["created", "edited", "removed", "brought back"]
    assert [line["seq"] for line in found] == list(range(start + 1, start + 5))
    assert [line["version"] for line in found] == [1, 2, 2, 2]
    assert set(found[0]) == {"seq", "at", "verb", "id", "kind", "state", "version", "url"}
    assert {(line["id"], line["kind"], line["state"]) for line in found} == {(made.id, "organisation", "live")}


def test_the_log_is_read_in_pages(visitor: Program) -> None:
    make.organisation()
    everything, after, more = lines(visitor), 0, True
    seen: list[dict[str, Any]] = []
    while more:
        answer = visitor.get(f"/changes?after={after}&limit=7").get_json()
        assert len(answer["items"]) <= 7 and answer["after"] == after
        seen, after, more = seen + answer["items"], answer["next"], answer["more"]
    assert after == last_seq() and len(visitor.get("/changes").get_json()["items"]) <= 500
    assert seen[: len(everything)] == everything
    assert visitor.get(f"/changes?after={after}").get_json() == {
        "items": [],
        "after": after,
        "next": after,
        "more": False,
    }


def test_who_is_ahead_of_the_log_is_told_to_begin_again(visitor: Program) -> None:
    assert visitor.get(f"/changes?after={last_seq() + 1}").status_code == 422
    assert visitor.get("/changes?after=x").status_code == visitor.get("/changes?after=-1").status_code == 422
    assert visitor.get("/changes?limit=501").status_code == 422


def test_what_was_never_public_has_no_line_for_anyone(
    visitor: Program, program: Callable[..., Program], cast: Cast
) -> None:
    start = last_seq()
    hidden = make.organisation("For members", audience="members")
    show_to(hidden, "group:7")
    for asking in (visitor, program(cast.ana)):
        assert asking.get(f"/changes?after={start}").get_json()["items"] == []


def test_of_what_was_hidden_only_the_hiding_is_told(visitor: Program) -> None:
    made = make.organisation("Once public")
    start = last_seq()
    show_to(made, "members")
    show_to(made, "group:7")
    found = lines(visitor, start)
    assert len(found) == 1
    assert (found[0]["id"], found[0]["state"], found[0]["url"], found[0]["version"]) == (made.id, "hidden", None, None)
    show_to(made, "public")
    assert lines(visitor, start)[-1]["state"] == "live"


class Copy:
    """A program elsewhere that keeps a copy of all organisations."""

    def __init__(self, visitor: Program) -> None:
        self.visitor, self.items = visitor, {}  # type: ignore[var-annotated]
        answer = visitor.get("/organisations?per_page=3").get_json()
        self.seq = answer["seq"]
        while True:
            self.items |= {item["id"]: item for item in answer["items"]}
            if not answer["next"]:
                break
            answer = visitor.get(answer["next"].removeprefix("/api/v1")).get_json()

    def follow(self) -> None:
        answer = self.visitor.get(f"/changes?after={self.seq}&limit=5").get_json()
        for line in answer["items"]:
            if line["kind"] == "organisation":
                found = self.visitor.get(f"/organisations/{line['id']}") if line["state"] == "live" else None
                if found is not None and found.status_code == 200:
                    self.items[line["id"]] = found.get_json()
                else:
                    self.items.pop(line["id"], None)
        self.seq = answer["next"]
        if answer["more"]:
            self.follow()


def everything(visitor: Program) -> dict[int, Any]:
    items = visitor.get("/organisations?per_page=100").get_json()["items"]
    return {item["id"]: item for item in items}


def test_a_copy_made_from_list_and_log_is_equal(visitor: Program, program: Callable[..., Program], cast: Cast) -> None:
    dice = random.Random(7)
    writer = program(cast.ana)
    made = [make.organisation(f"Number {number}") for number in range(8)]
    copy = Copy(visitor)
    assert copy.items == everything(visitor)

    def edit(one: Organisation) -> None:
        there = writer.get(f"/organisations/{one.id}")
        if there.status_code == 200:
            body = {"version": there.get_json()["version"], "name": f"Named {dice.random()}"}
            assert writer.patch(f"/organisations/{one.id}", body).status_code == 200

    acts: list[Callable[[Organisation], object]] = [
        edit,
        edit,
        lambda one: made.append(make.organisation()),
        lambda one: remove_entry(one, actor=cast.mo, note="gone"),
        lambda one: bring_back(one, actor=cast.mo, note="back"),
        lambda one: show_to(one, "members"),
        lambda one: show_to(one, "public"),
    ]
    for _round in range(12):
        for _act in range(dice.randint(1, 6)):
            dice.choice(acts)(dice.choice(made))
        copy.follow()
        assert copy.items == everything(visitor)
    assert len(copy.items) != len(made), "some were hidden or removed on the way"


def test_the_log_names_no_actor_and_no_note(visitor: Program, program: Callable[..., Program], cast: Cast) -> None:
    program(cast.ana).post("/organisations", {"name": "Noted", "note": "a word for the history"})
    answer = visitor.get("/changes")
    assert "a word for the history" not in answer.text
    assert not [line for line in answer.get_json()["items"] if {"actor", "actor_id", "note", "via"} & set(line)]


def test_the_lines_are_those_of_the_log(visitor: Program) -> None:
    made = make.organisation()
    line = db.session.scalar(select(Change).where(Change.entry_id == made.id))
    assert line is not None
    found = next(row for row in lines(visitor) if row["id"] == made.id)
    assert (found["seq"], found["at"], found["verb"]) == (line.seq, line.at.isoformat(), line.verb)
