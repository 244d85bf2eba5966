"""The OpenAPI document: it says what there is, and the calls in it work as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask

from commons.db import db
from commons.entries.actions import create_entry
from commons.forums.queries import posts_of
from commons.people.actions import edit_profile
from directory.merging.actions import find_all
from directory.merging.models import Suspect
from directory.partnerships.dossiers.models import Partnership
from tests import make
from tests.cast import Cast
from tests.commons.announcements.makers import announcement
from tests.commons.api.conftest import Program
from tests.commons.forums import makers as talking
from tests.directory.merging import makers as merging
from tests.directory.partnerships.board import makers as board
from tests.directory.partnerships.dossiers import makers as dossiers
from tests.directory.statements import makers as saying

METHODS = ("get", "post", "patch", "delete")


def calls(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                shared = operations.get("parameters", [])
                given = operations[method].get("parameters", [])
                yield method, path, operations[method] | {"parameters": [*shared, *given]}


def whole(document: dict[str, Any], part: Any) -> Any:
    """A part of the document with its references followed."""
    if isinstance(part, dict) and "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return whole(document, found)
    return part


def test_it_describes_the_version_the_server_and_the_token(visitor: Program) -> None:
    document = visitor.get("/openapi.json").get_json()
    assert document["openapi"] == "3.1.0" and document["servers"] == [{"url": "http://localhost"}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{}, {"token": []}]
    for method, path, call in calls(document):
        assert call["summary"], path
        writes = method != "get" and not path.endswith("/suggest")
        closed = path.startswith(("/api/v1/duplicates", "/api/v1/merges"))  # only for those who decide
        assert (call.get("security") == [{"token": []}]) == (writes or closed), path


def test_every_address_of_the_api_is_in_it(app: Flask, visitor: Program) -> None:
    described = {(method.upper(), path) for method, path, _call in calls(visitor.get("/openapi.json").get_json())}
    served = {
        (method, rule.rule.replace("<short:id>", "{id}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served and len(served) >= 11


def test_every_reference_leads_somewhere(visitor: Program) -> None:
    document = visitor.get("/openapi.json").get_json()

    def look(part: Any) -> int:
        if isinstance(part, dict):
            here = 1 if "$ref" in part and whole(document, part) is not None else 0
            return here + sum(map(look, part.values()))
        return sum(map(look, part)) if isinstance(part, list) else 0

    assert look(document) > 50


def test_its_example_calls_work(visitor: Program, program: Callable[..., Program], cast: Cast) -> None:
    document = visitor.get("/openapi.json").get_json()
    moderator = program(cast.mo)
    real: dict[str, Callable[[], Any]] = {"forum": talking.forum, "topic": talking.topic, "about": make.organisation}
    real |= {"stays": make.organisation, "goes": lambda: make.organisation("Solar Aid too")}
    real |= {"organisation": lambda: saying.speaking("", Cast().mo)}
    done = 0
    for method, path, call in calls(document):
        if "/focus" in path and method != "get":
            continue
        number = _one_of(path.split("/")[3] if path.count("/") > 2 else "", visitor)
        query = {one["name"]: one["example"] for one in call["parameters"] if one["in"] == "query" and "example" in one}
        if call["operationId"].endswith("_list"):
            query.pop("after", None)  # by words and filters, or in the order of ids
        body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        assert body is not None or method in ("get", "delete"), f"{method} {path} has no example"
        body = body and {name: real[name]().id if name in real else value for name, value in body.items()}
        more = {"json": body} if body is not None else {}
        here = path.removeprefix("/api/v1").replace("{id}", str(number))
        answer = moderator.call(method.upper(), here, query_string=query, **more)
        assert str(answer.status_code) in call["responses"] and answer.status_code < 300, (method, path, answer.text)
        done += 1
    assert done >= 9


def _one_of(resource: str, visitor: Program) -> int:
    makers: dict[str, Callable[[], Any]] = {"organisations": make.organisation, "pages": make.page, "files": make.file}
    makers |= {
        "forums": talking.forum,
        "topics": talking.topic,
        "groups": lambda: talking.group("public", admin=Cast().mo),
        "members": _profile,
    }
    makers |= {"statements": lambda: saying.statement(Cast().mo)}
    mo = Cast().mo
    makers |= {"needs": lambda: board.need(actor=mo), "offers": lambda: board.offer(actor=mo)}
    makers |= {"announcements": announcement, "duplicates": _suspect}
    makers |= {"merges": lambda: merging.merged(*merging.twins(), mo)}
    makers |= {"partnerships": _partnership}
    makers |= {"posts": lambda: posts_of(talking.topic(), 1, None)[0]}
    return int(makers[resource]().id) if resource in makers else _area(visitor)


def _partnership() -> Any:
    known = db.session.scalars(sa.select(Partnership)).first()
    made = known or Partnership(proposal_id=dossiers.Two().send().id, begun="2026-01-01")
    return known or create_entry(made, {"title": "Soil and garden"}, actor=None)


def _profile() -> Any:
    return edit_profile({"about": "Digs wells"}, {"about": "public"}, audience="public", actor=make.someone())


def _area(visitor: Program) -> int:
    return int(visitor.get("/focus?per_page=1").get_json()["items"][0]["id"])


def fits(schema: dict[str, Any], value: Any, document: dict[str, Any]) -> bool:
    """As much of JSON Schema as the document uses."""
    schema = whole(document, schema)
    types = schema.get("type", [])
    names = {
        type(None): "null",
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        dict: "object",
    }
    allowed = [types] if isinstance(types, str) else types
    mine = names[type(value)]
    if allowed and mine not in allowed and not (mine == "integer" and "number" in allowed):
        return False
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return set(schema.get("required", ())) <= set(value) and all(
            fits(properties[name], one, document) for name, one in value.items() if name in properties
        )
    if isinstance(value, list):
        return all(fits(schema.get("items", {}), one, document) for one in value)
    return "enum" not in schema or value in schema["enum"]


def test_answers_have_the_shape_that_it_says(visitor: Program, indexed: Callable[[], None]) -> None:
    document = visitor.get("/openapi.json").get_json()
    other = make.organisation("The other")
    made = make.organisation("Solar Aid", focus=["water"], relations=[["partner", other.id, "The other"]], names=["SA"])
    indexed()
    for path, example in (
        ("/search", "/search?q=solar"),
        ("/changes", "/changes"),
        ("/organisations", "/organisations"),
        ("/organisations/{id}", f"/organisations/{made.id}"),
        ("/focus", "/focus"),
    ):
        schema = document["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        found = visitor.get(example).get_json()
        assert fits(schema, found, document), path
        missing = set(found) - set(whole(document, schema)["properties"])
        assert not missing or "/focus/" in path, f"{path} gives {missing}, which the document does not name"
    assert not fits(document["components"]["schemas"]["Organisation"], {"id": "x"}, document)


def _suspect() -> Any:
    merging.twins()
    find_all()
    return db.session.scalar(sa.select(Suspect))
