"""What does not fit is refused with a sentence, and nothing is done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from commons.api.organisations import PROPERTIES
from commons.db import db
from commons.entries.models import Entry
from commons.members.models import Token
from directory.models import Organisation
from tests import make
from tests.cast import Cast
from tests.commons.api.conftest import Ask, count


def test_no_privileged_column_can_be_set(program: Ask, cast: Cast) -> None:
    made, writer = make.organisation("Solar Aid"), program(cast.ana)
    before = {column.key: getattr(made, column.key) for column in inspect(Organisation).columns}
    columns = {column.key for table in (Entry, Organisation, Token) for column in table.__table__.columns}
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
    bad: list[Any] = [None, 0, -1, "1", 1.0, True, 2, 2**40, []]
    for version in bad:
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
