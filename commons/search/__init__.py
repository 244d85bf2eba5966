"""Search: one box over every entry, in many scripts, from an index that can be thrown away and rebuilt.

`analysis` and `grammar` read words, `index` keeps them on disk and `snapshot` in memory, `answer` finds, orders and
counts; `asking`, `queries` and `pages` join that to the database and the web; `follower` keeps the index up with
the log. `failed` counts what people look for in vain, `ruling` is what moderators make of it, `judging` what a community's
own judged searches say about the search; `desk` is their pages.
"""

from __future__ import annotations

from flask import Flask

from commons.room import Check, Follower, Room, Table
from commons.search import desk, engine, evaluating, failed, queries
from commons.search.checks import checks
from commons.search.commands import differences, group
from commons.search.follower import follow
from commons.search.models import FailedSearch, JudgedQuery, SearchEvaluation, SearchRuling
from commons.search.views import blueprint


def start(app: Flask) -> None:
    engine.start(app)
    failed.start(app)
    app.extensions["area counts"] = queries.area_counts


room = Room(
    name="search",
    blueprints=(blueprint, desk.blueprint),
    commands=(group,),
    followers=(Follower("search", follow, alone=True), Follower("failed searches", failed.follow)),
    tables=(
        Table(FailedSearch, public=False),
        Table(SearchRuling, public=False),
        Table(JudgedQuery, public=False),
        Table(SearchEvaluation, public=False),
    ),
    checks=(Check("search: index equals database", differences), *checks),
    start=start,
)
__all__ = ["evaluating", "room"]
