"""Search: one box over every entry, in many scripts, from an index that can be thrown away and rebuilt.

`analysis` and `grammar` read words, `index` keeps them on disk and `snapshot` in memory, `answer` finds, orders and
counts; `asking`, `queries` and `pages` join that to the database and the web; `follower` keeps the index up with
the log.
"""

from __future__ import annotations

from flask import Flask

from commons.room import Check, Follower, Room
from commons.search import engine, queries
from commons.search.commands import differences, group
from commons.search.follower import follow
from commons.search.views import blueprint


def start(app: Flask) -> None:
    engine.start(app)
    app.extensions["area counts"] = queries.area_counts


room = Room(
    name="search",
    blueprints=(blueprint,),
    commands=(group,),
    followers=(Follower("search", follow),),
    checks=(Check("search: index equals database", differences),),
    start=start,
)
