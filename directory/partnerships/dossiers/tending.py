"""What the worker does for proposals when a day has come: one reminder at a time, and the move of the clock.

The days are counted from `counted`; how many reminders have passed stands in the row. A worker that was away for weeks sends the
last one that is due and none of those before it; a clock set back does nothing twice.
"""

from __future__ import annotations

import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.models import Change, Entry
from directory.partnerships.dossiers.actions.registering import follow_agreement
from directory.partnerships.dossiers.actions.stepping import (
    ask_again,
    begin_by_clock,
    days_of,
    finish,
    take_back_assents,
)
from directory.partnerships.dossiers.models import Account, Proposal
from directory.partnerships.dossiers.queries import parties_of, people_of, present
from directory.partnerships.dossiers.transitions import DEADLINES

HOUR = 3600.0  # seconds between two looks


def follow(after: int) -> int:
    """A follower whose position never moves: the dates in the table are its queue."""
    looked: dict[str, float] = current_app.extensions.setdefault("proposals tended", {})
    if "all" not in looked or time.monotonic() - looked["all"] >= HOUR:
        looked["all"] = time.monotonic()
        tend()
    return after


def tend() -> int:
    """Every proposal whose next day has come, each in a transaction of its own; returns how many moved or were reminded of."""
    return sum(_tend(id) for id in _due())


def _due() -> list[int]:
    """Ids of proposals of which the first reminder or the end may be due."""
    found: list[int] = []
    for stage, deadline in DEADLINES.items():
        first = min((*deadline.reminders, *([deadline.ends] if deadline.ends else [])), default=0)
        if first or stage == "ending":
            first = 0 if stage == "ending" else first  # of a notice the terms say how long it is
            late = select(Proposal.id).where(Proposal.stage == stage, Proposal.state == "live")
            found += db.session.scalars(late.where(Proposal.counted <= now() - timedelta(days=first)))
    return sorted(found)


def _tend(id: int) -> bool:
    with transaction():
        proposal = db.session.get(Proposal, id)
        if proposal is None:
            return False
        lock(proposal)
        if proposal.stage == "exploring":
            _count_from_last_word(proposal)
        passed = (now() - proposal.counted) / timedelta(days=1)
        ends = days_of(proposal) if DEADLINES[proposal.stage].ends else None
        if ends is not None and passed >= ends:
            return _end(proposal)
        due = sum(passed >= day for day in DEADLINES[proposal.stage].reminders)
        if due <= proposal.reminded:
            return False
        _remind(proposal, due)
        return True


def _count_from_last_word(proposal: Proposal) -> None:
    """An exploration is idle from the last line that a person wrote in the dossier."""
    inside = select(Entry.id).where(Entry.within_id == proposal.id)
    lines = select(func.max(Change.at)).where(
        (Change.thread_id == proposal.id) | Change.thread_id.in_(inside), Change.actor_id.is_not(None)
    )
    last = db.session.scalar(lines)
    if last is not None and last > proposal.counted:
        record(proposal, "asked", None, actor=None)
        proposal.counted, proposal.reminded = last, 0


def _end(proposal: Proposal) -> bool:
    """The move of the clock, with all that goes with it."""
    stand = begin_by_clock(proposal)
    if stand is None:
        return False
    if proposal.stage in ("agreed", "amending"):
        take_back_assents(proposal)
    late = next((one.organisation_id for one in stand.parties if one.turn), None)
    finish(stand)
    if proposal.stage == "expired":
        proposal.same_id = late  # whoever let it lie may still answer
    follow_agreement(proposal, actor=None)
    return True


def _remind(proposal: Proposal, number: int) -> None:
    """Those whose answer is waited for; where nobody's is, all parties, or, of an outcome, those who told nothing yet."""
    line = record(proposal, "asked", None, actor=None)
    proposal.reminded = number
    here = present(parties_of(proposal.id))
    wanted = [one.organisation_id for one in here if one.turn] or [one.organisation_id for one in here]
    if proposal.stage in ("completed", "ended"):
        told = select(Account.organisation_id).where(Account.proposal_id == proposal.id, Account.sort == "outcome")
        silent = set(wanted) - set(db.session.scalars(told))
        wanted = [id for id in wanted if id in silent]
    ask_again(proposal, people_of(wanted), "day", line)
