"""Puts the rooms together: configuration, ground, then every room in floor order. Knows no room by name."""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Flask, has_request_context, request, url_for
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from commons import config, db
from commons.focus.queries import goal_words
from commons.members import door
from commons.places.gazetteer import country_name
from commons.room import Navigation, Room, Rooms
from commons.text import keep_in, markdown
from commons.web import compression, faults, headers, languages, parts, reader, static, turns

csrf = CSRFProtect()
MORE = 50  # doors from this order on stand under “More”
KEPT, MOST_KNOWN = {str, int}, 8192  # kinds of values, addresses


class Site(Flask):
    """A page has a hundred addresses: those of its frame, and those of areas, kinds and members that other pages have too."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.known: dict[tuple[Any, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Building one takes 0.05 ms; those within the site that are made of words and numbers are remembered."""
        if not has_request_context() or endpoint[0] == "." or not KEPT.issuperset(map(type, values.values())):
            return super().url_for(endpoint, **values)
        environ = request.environ
        key = (endpoint, environ.get("SCRIPT_NAME"), environ.get("REQUEST_METHOD"), *values.items())
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            found = self.known[key] = super().url_for(endpoint, **values)
        return found


def create_app(rooms: Sequence[Room], overrides: Mapping[str, Any] | None = None) -> Flask:
    app = Site(
        "commons", root_path=str(config.ROOT), static_folder=None, template_folder=str(config.ROOT / "templates")
    )
    app.config.from_mapping(config.settings(overrides))
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=app.config["PERMANENT_SESSION_LIFETIME"])
    if count := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["commons"] = Rooms(tuple(rooms))
    logging.getLogger("commons").setLevel(logging.INFO)
    keep_in(app.config["COMMONS_DATA"] / "renderings")
    db.start(app)
    Migrate(app, db.db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    for part in (turns, compression, headers, faults, static, languages, parts, door):
        part.start(app)
    csrf.init_app(app)
    _templates(app)
    for room in rooms:
        if room.start:
            room.start(app)
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
        for command in room.commands:
            app.cli.add_command(command)
    if not app.testing:
        leave_alone()
    return app


def leave_alone() -> None:
    """What was made while starting stays, so that looking for garbage need not go through it; and a page, which makes tens of
    thousands of things and forgets them, is searched a few times while it is made and not a hundred: a tenth of a page of results."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _templates(app: Flask) -> None:
    app.jinja_env.globals.update(
        country_name=lambda code: country_name(code, reader()),
        goal=goal_words,
        markdown=markdown,
        own_languages=languages.own_names(),
    )
    app.jinja_env.globals["entry_url"] = lambda entry: app.extensions["commons"].kinds[entry.kind].page(entry)
    app.context_processor(lambda: _frame(app))


def _frame(app: Flask) -> dict[str, Any]:
    """What every page's frame shows."""
    theme = request.cookies.get("theme", "")
    return {
        "site_name": app.config["SITE_NAME"],
        "operator": app.config["OPERATOR"],
        "hosting_country": app.config["HOSTING_COUNTRY"],
        "contact": app.config["CONTACT"],
        "source_url": app.config["SOURCE_URL"],
        "locale": reader(),
        "direction": languages.direction(),
        "languages": languages.own_names(),
        "theme": theme if theme in ("light", "dark") else "",
        "navigation": navigation(app),
    }


class Door(NamedTuple):
    label: str
    url: str
    icon: str
    current: bool
    is_main: bool


def navigation(app: Flask) -> tuple[Door, ...]:
    rooms: Rooms = app.extensions["commons"]
    items: list[Navigation] = sorted(
        (item for room in rooms.all for item in room.navigation), key=lambda item: item.order
    )
    here = request.path
    rows = []
    for item in items:
        url = url_for(item.endpoint)
        current = here == url or here.startswith((url.rstrip("/") + "/", *item.also))
        rows.append(Door(str(item.label), url, item.icon, current, item.order < MORE))
    return tuple(rows)
