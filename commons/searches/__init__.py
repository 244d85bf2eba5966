"""Saved searches: lists that members keep, and are told of when something new stands in them."""

from __future__ import annotations

from flask import Flask

from commons.room import Follower, Room, Table
from commons.searches.actions import follow_searches
from commons.searches.documents import save_of, write_searches
from commons.searches.models import SavedSearch
from commons.searches.views import blueprint, stop


def start(app: Flask) -> None:
    app.jinja_env.globals["save_of"] = save_of
    app.extensions["csrf"].exempt(stop)  # mail programs press it: the signed address is the proof


room = Room(
    name="searches",
    blueprints=(blueprint,),
    followers=(Follower("searches", follow_searches),),
    letters={"searches": write_searches},
    tables=(Table(SavedSearch, public=False),),
    start=start,
)
