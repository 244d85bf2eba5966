"""The worker looks at the sites on which a line was promised, and tidies what nobody waits for any more."""

from __future__ import annotations

import time
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import and_, delete, or_, select, update

from commons.db import db, lock, now, transaction
from commons.fetch import fetch
from commons.members.models import Member
from directory.models import Organisation
from directory.representing.actions.claims import accept
from directory.representing.models import Claim
from directory.representing.queries.claims import due
from directory.representing.sites import Fetch, missing

PAUSE = 10.0  # seconds between two turns: meanwhile the worker does its other work
TURN = 2  # sites of one turn
FIRST = timedelta(minutes=5)  # until it looks again, twice as long after each time
TRIES = 9  # some two days
OPEN_FOR = timedelta(days=30)
KEPT = timedelta(days=90)  # what is decided


def follow_sites(after: int) -> int:
    """A follower whose position never moves: the times in the table are its queue."""
    last: float = current_app.extensions.get("sites looked at", float("-inf"))
    if time.monotonic() - last >= PAUSE:
        look_at_due()
        tidy()
        current_app.extensions["sites looked at"] = time.monotonic()
    return after


def look_at_due(ask: Fetch = fetch) -> int:
    """Looks at the sites that are due, at most TURN; returns at how many. No transaction is open while the network is asked.
    Tests give an `ask` that may call this machine."""
    turn = [(claim.id, claim.token) for claim in due(TURN)]
    for id, token in turn:
        with transaction():
            claim = db.session.get_one(Claim, id)
            claim.tries += 1  # a worker that dies meanwhile does not begin with the same again
            claim.due = now() + FIRST * (1 << claim.tries) if claim.tries < TRIES else None
            website = db.session.get_one(Organisation, claim.organisation_id).website
        fault = missing(website, token, ask)
        with transaction():
            _found(id, token, fault)
    return len(turn)


def _found(id: int, token: str, fault: object) -> None:
    claim = db.session.get_one(Claim, id)
    lock(claim)
    if not claim.is_open or claim.token != token:
        return
    if fault is None:
        accept(claim)
        return
    member = db.session.get_one(Member, claim.member_id)
    with force_locale(member.language):
        claim.fault = str(fault)[:300]


def tidy() -> None:
    """What stays open for a month ends, and what is decided is forgotten after three."""
    late = and_(Claim.state == "open", Claim.created < now() - OPEN_FOR)
    old = and_(Claim.state != "open", Claim.decided < now() - KEPT)
    if db.session.scalar(select(Claim.id).where(or_(late, old)).limit(1)) is not None:
        with transaction():
            db.session.execute(update(Claim).where(late).values(state="withdrawn", decided=now(), due=None))
            db.session.execute(delete(Claim).where(old))
