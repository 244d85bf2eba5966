"""Writing with a token: what works, who may not, and what is refused without anything being done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select

from commons.api.organisations import PROPERTIES
from commons.db import db, now, transaction
from commons.entries.models import Change, Entry, Revision
from commons.members.actions import revoke_token
from commons.members.models import Token
from commons.members.queries import tokens
from directory.models import Organisation
from tests import make
from tests.cast import GROUP, Cast
from tests.commons.api.conftest import Program

NEW = {
    "name": "Rainwater for Kisumu",
    "aliases": ["Maji"],
    "names": [{"value": "L'eau de pluie", "language": "fr", "types": ["translation"]}],
    "description": "Builds tanks.",
    "type": "charity",
    "website": "https://example.org",
    "email": "hello@example.org",
    "country": "ke",
    "city": "Kisumu",
    "languages": ["en", "sw"],
    "founded": 2012,
    "focus": ["water"],
    "sdgs": [6],
    "external_ids": {"KE-NGO": "12"},
}
Ask = Callable[..., Program]


def count() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Entry)) or 0)


def last_change() -> Change:
    line = db.session.scalar(select(Change).order_by(Change.seq.desc()).limit(1))
    assert line is not None
    return line


def test_a_program_adds_an_organisation_in_its_owners_name(visitor: Program, program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    answer = writer.post("/organisations", NEW | {"note": "From their website"})
    made = answer.get_json()
    assert answer.status_code == 201 and answer.headers["Location"] == f"/api/v1/organisations/{made['id']}"
    assert made == visitor.get(f"/organisations/{made['id']}").get_json()
    for name in ("name", "description", "type", "city", "languages", "founded", "focus", "sdgs", "external_ids"):
        assert made[name] == NEW[name], name
    assert (made["country"], made["version"], made["audience"]) == ("KE", 1, "public")
    assert sorted(made["aliases"]) == ["L'eau de pluie", "Maji"]
    assert made["lat"] is not None, "a town without coordinates gets those of the gazetteer"
    line = last_change()
    assert (line.actor_id, line.verb, line.note) == (cast.ana.id, "created", "From their website")
    assert line.via == f"token {tokens(cast.ana)[0].id}"


def test_an_area_can_be_named_by_its_label(program: Ask, cast: Cast) -> None:
    label = program(cast.ana).get("/focus?per_page=1").get_json()["items"][0]
    made = program(cast.ana).post("/organisations", {"name": "Labelled", "focus": [label["title"]]}).get_json()
    assert made["focus"] and made["focus"][0] != label["title"]


def test_only_the_named_fields_change(program: Ask, cast: Cast) -> None:
    made = make.organisation(
        "Solar Aid",
        description="Lamps",
        city="London",
        country="GB",
        names=[{"value": "SolarAid", "language": "en", "types": ["brand"]}],
    )
    writer = program(cast.ben)
    answer = writer.patch(f"/organisations/{made.id}", {"version": 1, "founded": 2006, "note": "From the register"})
    found = answer.get_json()
    assert (answer.status_code, found["version"], found["founded"], found["description"]) == (200, 2, 2006, "Lamps")
    assert answer.headers["ETag"] == f'W/"{made.id}-2"'
    kept = writer.patch(f"/organisations/{made.id}", {"version": 2, "aliases": ["SolarAid", "SA"]}).get_json()
    assert kept["names"][0] == {"value": "SolarAid", "language": "en", "types": ["brand"]}, (
        "what is known of a name stays"
    )
    assert kept["aliases"] == ["SolarAid", "SA"]


def test_a_change_that_changes_nothing_makes_no_version(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid")
    answer = program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "name": "Solar Aid"})
    assert (answer.status_code, answer.get_json()["version"]) == (200, 1)


def test_an_item_as_it_was_read_can_be_written_back_field_by_field(program: Ask, cast: Cast) -> None:
    other = make.organisation("The other")
    writer = program(cast.ana)
    relations = [{"type": "partner", "id": other.id}, {"type": "funder", "external_id": "abc", "name": "A fund"}]
    made = writer.post("/organisations", NEW | {"relations": relations}).get_json()
    assert {row["name"] for row in made["relations"]} == {"The other", "A fund"}
    for name in set(PROPERTIES) & set(made):
        answer = writer.patch(f"/organisations/{made['id']}", {"version": 1, name: made[name]})
        assert (answer.status_code, answer.get_json()["version"]) == (200, 1), (name, answer.text)


def test_edits_of_different_fields_are_both_kept(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid", description="Lamps")
    program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "description": "Lamps and lanterns"})
    found = program(cast.ben).patch(f"/organisations/{made.id}", {"version": 1, "founded": 2006}).get_json()
    assert (found["description"], found["founded"], found["version"]) == ("Lamps and lanterns", 2006, 3)


def test_a_conflict_shows_both_and_loses_neither(program: Ask, cast: Cast) -> None:
    made = make.organisation("Solar Aid", city="London", country="GB")
    program(cast.ana).patch(f"/organisations/{made.id}", {"version": 1, "name": "SolarAid"})
    answer = program(cast.ben).patch(f"/organisations/{made.id}", {"version": 1, "name": "Solar-Aid"})
    fault = answer.get_json()
    assert answer.status_code == 409 and fault["error"] == "conflict" and fault["version"] == 2
    assert fault["fields"] == {"name": {"base": "Solar Aid", "mine": "Solar-Aid", "theirs": "SolarAid"}}
    again = program(cast.ben).patch(f"/organisations/{made.id}", {"version": fault["version"], "name": "Solar-Aid"})
    assert (again.status_code, again.get_json()["name"]) == (200, "Solar-Aid")


def test_an_area_of_focus_is_changed_by_the_same_road(program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    area = writer.get("/focus?per_page=1").get_json()["items"][0]
    answer = writer.patch(f"/focus/{area['id']}", {"version": area["version"], "label_fr": "Une autre étiquette"})
    assert answer.get_json()["labels"]["fr"] == "Une autre étiquette"
    for body, field in (
        ({"label_fr": 5}, "label_fr"),
        ({"synonyms_en": [1]}, "synonyms_en"),
        ({"parents": ["nowhere"]}, "parents"),
        ({"slug": "x"}, "slug"),
        ({"sdgs": [{}]}, "sdgs"),
    ):
        fault = writer.patch(f"/focus/{area['id']}", {"version": 2, **body})
        assert fault.status_code == 422 and list(fault.get_json()["fields"]) == [field], fault.text
    assert writer.post("/focus", {"title": "New"}).status_code == 405


def test_only_moderators_remove_and_they_say_why(visitor: Program, program: Ask, cast: Cast) -> None:
    made = make.organisation("To be removed")
    path = f"/organisations/{made.id}"
    assert program(cast.ana).delete(path, json={"note": "I dislike it"}).status_code == 403
    moderator = program(cast.mo)
    assert moderator.delete(path).get_json()["fields"].keys() == {"note"}
    assert moderator.delete(path, json={"note": "Spam", "force": True}).status_code == 422
    assert visitor.get(path).status_code == 200
    assert moderator.delete(path, json={"note": "Asked for by themselves"}).status_code == 204
    gone = visitor.get(path)
    assert gone.status_code == 410 and gone.get_json()["message"] == "Asked for by themselves"
    assert moderator.delete(path, query_string={"note": "Again"}).status_code == 410
    assert moderator.patch(path, {"version": 1, "city": "x"}).status_code == 410


def test_a_visitor_writes_nothing(visitor: Program) -> None:
    made = make.organisation()
    before = count()
    for answer in (
        visitor.post("/organisations", NEW),
        visitor.patch(f"/organisations/{made.id}", {"version": 1}),
        visitor.delete(f"/organisations/{made.id}"),
    ):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert count() == before


def test_a_token_that_is_not_good_is_refused_even_for_reading(visitor: Program) -> None:
    for header in ("Bearer nonsense", "Bearer ", "Bearer", "Basic YTpi", "", "Bearer " + "x" * 3000, "bearer é"):
        answer = visitor.get("/organisations", headers={"Authorization": header})
        assert answer.status_code == 401 and "WWW-Authenticate" in answer.headers, header


def test_a_token_ends_when_it_is_taken_back_or_its_owner_is_suspended(program: Ask, cast: Cast) -> None:
    ana, ben = program(cast.ana), program(cast.ben)
    assert ana.get("/organisations").status_code == ben.get("/organisations").status_code == 200
    revoke_token(cast.ana, tokens(cast.ana)[0].id)
    with transaction():
        cast.ben.state = "suspended"
    assert ana.get("/organisations").status_code == ben.get("/organisations").status_code == 401
    assert ben.post("/organisations", NEW).status_code == 401


def test_a_token_may_do_only_what_its_scopes_say(program: Ask, cast: Cast) -> None:
    hidden = make.organisation("For members", audience="members")
    reader, blind = program(cast.ana, "read"), program(cast.ana, "write")
    assert reader.get(f"/organisations/{hidden.id}").status_code == 200
    assert reader.post("/organisations", NEW).status_code == 403
    assert blind.get(f"/organisations/{hidden.id}").status_code == 404
    assert blind.patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 404, (
        "no writing without reading"
    )
    assert blind.post("/organisations", NEW).status_code == 201


def test_a_token_gives_its_owners_rights_and_no_more(program: Ask, cast: Cast) -> None:
    hidden = make.organisation("Seat only", audience=GROUP)
    assert program(cast.una).post("/organisations", NEW).status_code == 403, (
        "who has not proved an address does not write"
    )
    assert program(cast.chi).patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 404
    assert program(cast.chi).delete(f"/organisations/{hidden.id}", json={"note": "x"}).status_code == 404
    assert program(cast.ben).patch(f"/organisations/{hidden.id}", {"version": 1, "city": "x"}).status_code == 200


def test_an_organisation_that_one_may_not_see_cannot_be_named(program: Ask, cast: Cast) -> None:
    hidden, missing = make.organisation("Seat only", audience=GROUP).id, 999_999
    writer = program(cast.chi)
    answers = []
    for number in (hidden, missing):
        for body in ({"relations": [{"type": "partner", "id": number, "name": "Guess"}]}, {"successor_id": number}):
            answer = writer.post("/organisations", {"name": "Curious", **body})
            assert answer.status_code == 422
            answers.append(answer.text.replace(str(number), "N"))
    assert answers[:2] == answers[2:]


def test_no_privileged_column_can_be_set(program: Ask, cast: Cast) -> None:
    made, writer = make.organisation("Solar Aid"), program(cast.ana)
    before = {column.key: getattr(made, column.key) for column in inspect(Organisation).columns}
    columns = {column.key for model in (Entry, Organisation, Token) for column in inspect(model).columns}
    assert columns > {"id", "author_id", "audience", "state", "slug", "created", "provenance", "row_digest", "source"}
    for column in sorted(columns - set(PROPERTIES)):
        created = writer.post("/organisations", {"name": "New", column: 7})
        given = {"version": 7} if column == "version" else {"version": 1, column: 7}
        changed = writer.patch(f"/organisations/{made.id}", given)
        assert created.status_code == changed.status_code == 422, column
        assert column in created.get_json()["fields"] and column in changed.get_json()["fields"]
    db.session.refresh(made)
    assert {column.key: getattr(made, column.key) for column in inspect(Organisation).columns} == before


BAD_VALUES: dict[str, list[Any]] = {
    "name": [None, "", " ", "\u200b", 5, ["x"], {}, True, "x" * 301],
    "description": [5, [], "x" * 20_001],
    "country": ["XX", "Kenya", 5],
    "lat": [91, "north", True, []],
    "founded": [1, 2012.5, "long ago", False],
    "sdgs": [[0], [18], "6", [True], [[6]], [{}], 6],
    "focus": [["no such area"], [""], [1], "water", {}, [None]],
    "languages": [["English!"], "en", [5]],
    "aliases": ["x", [5], {}, [None]],
    "names": ["x", [5], [{}], [{"value": 5}], [{"value": "x", "types": "y"}], [{"value": "x", "more": 1}]],
    "external_ids": [[], "x", {"a": {}}, {"a": None}, {"a": True}],
    "relations": [
        *("x", [5], [{}], [["partner", None, "x"]]),
        *([{"type": "friend", "name": "x"}], [{"type": "partner"}]),
        *([{"type": "partner", "id": number, "name": "x"}] for number in (True, 2**40, -1)),
    ],
    "website": ["javascript:alert(1)", "nothing", 5, "http://" + "a" * 600 + ".org"],
    "email": ["nobody", 5],
    "status": ["great", 5],
    "successor_id": ["x", 0, 2**40, True],
    "note": [5, "x" * 301],
}


@pytest.mark.parametrize("field", BAD_VALUES)
def test_a_value_that_does_not_fit_is_named_with_a_sentence(program: Ask, cast: Cast, field: str) -> None:
    writer, before = program(cast.ana), count()
    for value in BAD_VALUES[field]:
        answer = writer.post("/organisations", {"name": "Solar Aid", field: value})
        assert answer.status_code == 422, (value, answer.text)
        fields = answer.get_json()["fields"]
        assert list(fields) == [field] and fields[field].strip(), value
    assert count() == before


def test_a_version_that_nobody_read_is_refused(program: Ask, cast: Cast) -> None:
    made, writer = make.organisation(), program(cast.ana)
    for version in (None, 0, -1, "1", 1.0, True, 2, 2**40, []):
        answer = writer.patch(f"/organisations/{made.id}", {"version": version, "city": "x"})
        assert answer.status_code == 422 and list(answer.get_json()["fields"]) == ["version"], version


BAD_BODIES: list[tuple[bytes, str | None, int]] = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b'{"name": "a"} x', "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"a":' * 30 + b"1" + b"}" * 30, "application/json", 400),
    (b'{"name": "a\\u0000b"}', "application/json", 400),
    (b'{"name": "a\\ud800b"}', "application/json", 400),
    (b'{"na\\u0000me": "a"}', "application/json", 400),
    (b'{"name": "a", "name": "b"}', "application/json", 400),
    (b'{"lat": NaN}', "application/json", 400),
    (b'{"lat": Infinity}', "application/json", 400),
    (b'{"lat": 1e999}', "application/json", 400),
    (b'{"lat": ' + b"9" * 5000 + b"}", "application/json", 400),
    (b'{"founded": ' + b"9" * 400 + b"}", "application/json", 400),
    (b"\xff\xfe{\x00}\x00", "application/json", 400),
    (b'{"name": "\xff"}', "application/json", 400),
    (b"null", "application/json", 422),
    (b"[]", "application/json", 422),
    (b'"text"', "application/json", 422),
    (b"5", "application/json", 422),
    (b'{"name": "a"}', "text/plain", 415),
    (b"name=a", "application/x-www-form-urlencoded", 415),
    (b'{"name": "a"}', None, 415),
    (b'{"name": "' + b"a" * 5_000_000 + b'"}', "application/json", 413),
]


def test_a_body_that_is_no_good_json_is_refused(program: Ask, cast: Cast) -> None:
    writer, before = program(cast.ana), count()
    for data, kind, status in BAD_BODIES:
        answer = writer.post("/organisations", data=data, content_type=kind)
        assert answer.status_code == status, (data[:60], answer.text)
    assert count() == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from([*PROPERTIES, "version", "note", "id", "audience"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(FIELDS, JSON, max_size=6) | JSON, named=st.booleans())
def test_no_body_breaks_anything(program: Ask, cast: Cast, body: Any, named: bool) -> None:
    writer = program(cast.ana)
    if named and isinstance(body, dict):
        body = {"name": "Solar Aid"} | body
    assert writer.post("/organisations", body if body is not None else {}).status_code in (201, 400, 422)
    changed = writer.patch(f"/organisations/{_one()}", {"version": 1, **body} if isinstance(body, dict) else [body])
    assert changed.status_code in (200, 400, 409, 422)
    area = db.session.scalar(select(Entry.id).where(Entry.kind == "focus").limit(1))
    assert writer.patch(f"/focus/{area}", {"version": 1, "synonyms_en": body, "targets": body}).status_code in (
        200,
        400,
        409,
        422,
    )


def _one() -> int:
    found = db.session.scalar(select(Organisation.id).limit(1))
    return found if found is not None else make.organisation("Solar Aid").id


def test_a_repeated_post_answers_as_the_first_did_and_does_nothing(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "one-and-only"}
    first = writer.post("/organisations", NEW, headers=key)
    before = count(), last_change().seq
    for _again in range(15):
        answer = writer.post("/organisations", NEW, headers=key)
        assert (answer.status_code, answer.data) == (first.status_code, first.data)
        assert answer.headers["Location"] == first.headers["Location"]
    assert (count(), last_change().seq) == before
    assert (
        db.session.scalar(select(func.count()).select_from(Revision).where(Revision.entry_id == first.get_json()["id"]))
        == 1
    )


def test_a_key_belongs_to_one_body_and_one_member(program: Ask, cast: Cast) -> None:
    key = {"Idempotency-Key": "one-and-only"}
    first = program(cast.ana).post("/organisations", NEW, headers=key)
    other_body = program(cast.ana).post("/organisations", NEW | {"name": "Another"}, headers=key)
    assert other_body.status_code == 422 and list(other_body.get_json()["fields"]) == ["Idempotency-Key"]
    other_member = program(cast.ben).post("/organisations", NEW, headers=key)
    assert other_member.status_code == 201 and other_member.get_json()["id"] != first.get_json()["id"]


def test_a_post_that_was_refused_may_be_mended_under_the_same_key(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "mended"}
    assert writer.post("/organisations", NEW | {"founded": 1}, headers=key).status_code == 422
    assert writer.post("/organisations", NEW, headers=key).status_code == 201


def test_a_key_that_is_none_is_named(program: Ask, cast: Cast) -> None:
    writer = program(cast.ana)
    for key in ("", "x" * 201, "a\tb"):
        answer = writer.post("/organisations", NEW, headers={"Idempotency-Key": key})
        assert answer.status_code == 422 and list(answer.get_json()["fields"]) == ["Idempotency-Key"]


def test_a_kept_answer_ends_after_a_day(program: Ask, cast: Cast) -> None:
    writer, key = program(cast.ana), {"Idempotency-Key": "daily"}
    first = writer.post("/organisations", NEW, headers=key).get_json()["id"]
    with time_machine.travel(now() + timedelta(hours=25)):
        second = writer.post("/organisations", NEW, headers=key).get_json()["id"]
    assert first != second
