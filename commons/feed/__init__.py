"""Watching: what others changed in the entries and areas that a member chose."""

from __future__ import annotations

from flask import Flask

from commons.feed.documents import watch_of
from commons.feed.models import Watch
from commons.feed.views import blueprint
from commons.room import Room, Table


def start(app: Flask) -> None:
    app.jinja_env.globals["watch_of"] = watch_of


room = Room(name="feed", blueprints=(blueprint,), tables=(Table(Watch, public=False),), start=start)
