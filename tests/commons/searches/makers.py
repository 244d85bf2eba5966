"""A saved search, days that pass, and the worker's turn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commons.db import db, now, transaction
from commons.entries.followers import catch_up
from commons.members.models import Member, Outgoing
from commons.members.post import send_due
from commons.searches import actions
from commons.searches.models import SavedSearch


def saved(address: str, *, actor: Member, name: str = "Mine", rhythm: str = "weekly") -> SavedSearch:
    number = actor.id
    catch_up()
    return actions.save_search(address, name, rhythm, actor=db.session.get_one(Member, number))


def due(*, days: float = 8) -> None:
    """So many days pass for every saved search and every mail that waits."""
    with transaction():
        for row in db.session.query(SavedSearch).filter(SavedSearch.due.is_not(None)):
            row.due = row.due - timedelta(days=days) if row.due else None
        for one in db.session.query(Outgoing).all():
            one.due = now()


def worker(*, days: float = 8) -> None:
    """What changed is searched for first, then the mails are written and sent."""
    catch_up()
    due(days=days)
    actions.follow_searches(0)
    send_due()


def waiting() -> list[Any]:
    return db.session.query(Outgoing).order_by(Outgoing.id).all()
