"""The pages that visitors open most, signed out, as whole requests in this process, with the statements each sends
to the database.

    python -m benchmarks pages

Different organisations and lists each time, so that nothing is answered from memory that a visitor would not find
there either. The bare limit is the same server's answer to an address whose view returns one word: routing, session
and headers, no database and no template.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from benchmarks.figures import Figure, Times, timed
from benchmarks.site import made, opened
from commons.db import db
from commons.members.door import act_as
from commons.members.models import Member
from directory.models import Organisation

TIMES = 60
ENDS = ("BEGIN", "COMMIT", "ROLLBACK")


def measure(folder: Path) -> Iterator[Figure]:
    app = opened(made(folder))
    app.add_url_rule("/-/bare", "bare", lambda: "ok")
    with app.app_context():
        some = select(Organisation.slug).where(Organisation.website != "", Organisation.city != "")
        slugs = list(db.session.scalars(some.order_by(Organisation.id).limit(TIMES * 400)))[::400]
        countries = db.session.scalars(select(Organisation.country).where(Organisation.country != "").distinct())
        codes = sorted(countries)[:TIMES]
    bare, _ = requests(app, ["/-/bare"] * TIMES)
    lists = [
        f"/organisations?page={number}" if number % 2 else f"/organisations?country={codes[number]}"
        for number in range(len(codes))
    ]
    plan: list[tuple[str, Sequence[str], float | None, float | None]] = [
        ("organisation page", [f"/organisations/{slug}" for slug in slugs], 8, 8),
        ("list page", lists, 25, 12),
        ("home", ["/"] * 20, None, None),
        ("area of focus", ["/focus/water", "/focus/health", "/focus/energy"] * 7, None, None),
        ("all areas of focus", ["/focus"] * 20, None, None),
        ("history", [f"/organisations/{slug}/history" for slug in slugs], None, None),
        ("recent changes", ["/changes"] * 20, None, None),
    ]
    for name, addresses, reach, most in plan:
        times, sent = requests(app, [address for address in addresses if known(app, address)])
        yield Figure(
            f"{name}, whole request: p50", times.p50(), "ms", reach, times.cpu50(), bare.cpu50(), "an empty view"
        )
        yield Figure("… p95", times.p95(), "ms", None, times.cpu95(), bare.cpu95(), "an empty view")
        yield Figure("… most statements", sent, "", most)


def known(app: Flask, address: str) -> bool:
    return bool(app.test_client().get(address).status_code == 200)


def ask_as(app: Flask, member: int, address: str) -> None:
    """A whole request of a member; only the cookie is spared."""
    with app.test_request_context(address):
        act_as(db.session.get_one(Member, member))
        answer = app.full_dispatch_request()
        assert answer.status_code == 200, (address, answer.status)
        answer.get_data()
        db.session.remove()


def requests(app: Flask, addresses: Sequence[str]) -> tuple[Times, int]:
    """Times of these requests, and the most statements that one of them sent."""
    client, most = app.test_client(), 0
    client.get(addresses[0])
    with statements(app) as sent:
        for address in addresses[:20]:
            before = len(sent)
            client.get(address)
            most = max(most, len(sent) - before)
    return timed(partial(client.get, address) for address in addresses), most


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(ENDS):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", keep)
