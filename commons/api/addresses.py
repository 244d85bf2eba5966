"""Registers the views once per kind, and writes the OpenAPI document from the same table."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint
from werkzeug.routing import IntegerConverter

from commons.api import document, faults, gate, merging, suggesting, views
from commons.api.records import PREFIX
from commons.api.writing import shape_of
from commons.room import Kind, Rooms

FAULTS = (400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503)
MATCHED = ("organisations", "needs", "offers")
View = Callable[..., Response]


class ShortNumber(IntegerConverter):
    """Ten digits at most: longer ones are no id, and Python refuses to read very long ones."""

    regex = r"[0-9]{1,10}"


class Documented(Api):  # type: ignore[misc]
    """Only the document: faults are answered by the site's own pages for them."""

    ERROR_SCHEMA = document.Error

    def _register_error_handlers(self) -> None:
        pass

    def describe(self, blueprint: Any) -> None:
        """Like `register_blueprint`, of one that answers already."""
        blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
        self.spec.tag({"name": blueprint.name, "description": blueprint.description})


def start(app: Flask) -> None:
    app.url_map.converters["short"] = ShortNumber
    rooms: Rooms = app.extensions["commons"]
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX, description="The API")
    blueprint.before_request(gate.arrive)
    blueprint.after_request(gate.finish)
    blueprint.teardown_request(gate.leave)
    faults.register(blueprint)
    _register(blueprint, rooms)
    app.extensions["csrf"].exempt(blueprint)  # no cookie counts here, so there is nothing to forge
    app.register_blueprint(blueprint)
    app.extensions["api document"] = cache(
        lambda: _described(app, rooms, blueprint)
    )  # few ask, and starting is for all


def _register(blueprint: Any, rooms: Rooms) -> None:
    def add(rule: str, name: str, view: View, words: dict[str, Any], method: str = "GET", **defaults: str) -> None:
        tags = [defaults.get("collection", "everything")]
        documented = blueprint.doc(operationId=name, **words)(view)
        blueprint.add_url_rule(rule, name, documented, methods=[method], defaults=defaults, tags=tags)

    add("/search", "search", views.search, document.search_words())
    add("/suggest", "suggest", suggesting.suggest_for, suggesting.suggest_words(), "POST")
    add("/duplicates", "duplicates", merging.duplicates, merging.duplicates_words())
    add("/duplicates/<short:id>", "duplicate", merging.duplicate, merging.duplicate_words())
    add("/merges", "merges", merging.merges, merging.merges_words())
    add("/merges", "merge", merging.merge, merging.merge_words(), "POST")
    add("/merges/<short:id>/undo", "undo_merge", merging.undo, merging.undo_words(), "POST")
    add("/changes", "changes", views.changes, document.changes_words())
    add(
        "/openapi.json",
        "document",
        views.document,
        {"summary": "This document", "responses": {"200": {"description": "OpenAPI"}}},
    )
    for resource, kind in rooms.resources().items():
        _register_kind(add, resource, kind)
    for resource in MATCHED:
        rule = f"/{resource}/<short:id>/matches"
        add(rule, f"{resource}_matches", views.matches, document.matches_words(resource), collection=resource)


def _register_kind(add: Callable[..., None], collection: str, kind: Kind) -> None:
    shape, many, one = shape_of(kind), f"/{collection}", f"/{collection}/<short:id>"
    add(many, f"{collection}_list", views.listing, document.list_words(kind), collection=collection)
    add(one, f"{collection}_item", views.entry, document.item_words(kind), collection=collection)
    if shape.add:
        add(
            many,
            f"{collection}_create",
            views.create,
            document.create_words(kind, shape),
            "POST",
            collection=collection,
        )
    if kind.edit:
        add(
            one,
            f"{collection}_change",
            views.change,
            document.change_words(kind, shape),
            "PATCH",
            collection=collection,
        )
    add(one, f"{collection}_remove", views.remove, document.remove_words(kind), "DELETE", collection=collection)


def _described(app: Flask, rooms: Rooms, blueprint: Any) -> dict[str, Any]:
    api = Documented(
        app,
        spec_kwargs={
            "title": f"{app.config['SITE_NAME']} API",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": document.ABOUT},
            "servers": [{"url": str(app.config["SITE_URL"]).rstrip("/")}],
            "security": [{}, *document.TOKEN],
        },
    )
    components = api.spec.components
    components.security_scheme("token", {"type": "http", "scheme": "bearer", "description": "A member's token"})
    components.response("E304", {"description": "Not changed since the ETag that you sent"})
    for status in FAULTS:
        content = {"application/json": {"schema": document.ref("Error")}}
        components.response(f"E{status}", {"description": HTTPStatus(status).phrase, "content": content})
    for kind in rooms.kinds.values():
        if kind.record:
            properties = {**document.SHARED, **(shape_of(kind).record or {})}
            components.schema(document.schema_name(kind), document.thing(properties, required=list(document.SHARED)))
    api.describe(blueprint)
    described: dict[str, Any] = api.spec.to_dict()
    return described
