"""Home and the pages that belong to no room."""

from __future__ import annotations

import time
from datetime import date
from typing import NamedTuple

from flask import Flask, current_app, url_for

from commons.db import now
from commons.pages.views import blueprint
from commons.room import Room
from directory.queries import counts

KEPT = 60.0  # seconds that the masthead's numbers may be old


def start(app: Flask) -> None:
    app.context_processor(lambda: {"almanac": almanac(), "suggest_url": url_for("search.complete")})


class Almanac(NamedTuple):
    today: date
    organisations: int
    confirmed: int


def almanac() -> Almanac:
    """The day and two numbers in the masthead: what everybody may see, whoever asks."""
    held = current_app.extensions.get("almanac")
    if held is None or time.monotonic() - held[1] > KEPT:
        numbers = counts(None)
        held = ((numbers["organisations"], numbers["confirmed_year"]), time.monotonic())
        current_app.extensions["almanac"] = held
    return Almanac(now().date(), *held[0])


room = Room(name="pages", blueprints=(blueprint,), start=start)
