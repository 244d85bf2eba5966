"""What is known of organisations before one works with them."""

from __future__ import annotations

from flask import Flask

from commons.db import db
from directory.partnerships.dossiers.documents.facts import facts_of
from tests import make
from tests.cast import GROUP, Cast
from tests.test_query_counts import statements


def test_facts_of_many_come_in_the_order_asked_and_cost_what_those_of_one_cost(app: Flask, cast: Cast) -> None:
    ids = [make.organisation(f"Wells {number}", focus=["water"]).id for number in range(5)]
    hidden = make.organisation("Zqxhidden", audience=GROUP).id
    cost = []
    with app.test_request_context():
        for some in (ids[:1], [*reversed(ids), hidden]):
            db.session.expire_all()
            with statements() as sent:
                told = facts_of(some, None)
            cost.append(len(sent))
    assert [one["title"] for one in told] == [f"Wells {number}" for number in reversed(range(5))]
    assert cost[0] == cost[1] <= 6, cost
    assert all(len(one["rows"]) == 5 for one in told)
