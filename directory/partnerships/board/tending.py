"""What the worker does for the board once an hour: closes what is past its last day, and reminds of last days that come near.

Each reminder goes out once and never two at a time, also after a week without a worker: how many are due follows from the date, how
many were sent is counted. A clock that is set back finds more sent than due, and does nothing.
"""

from __future__ import annotations

import time

from flask import current_app

from commons.db import db, lock, transaction
from commons.members.models import Member, Outgoing
from directory.partnerships.board.actions import close_posting, count_reminders
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import ending, past_ids, told_of

HOUR = 3600.0  # seconds between two looks


def follow(after: int) -> int:
    """A follower whose position never moves: the dates in the table are its queue."""
    looked: float | None = current_app.extensions.get("board tended")
    if looked is None or time.monotonic() - looked >= HOUR:
        tend()
        current_app.extensions["board tended"] = time.monotonic()
    return after


def tend() -> None:
    expire_past()
    remind()


def expire_past() -> int:
    """Closes what is past its day and tells its organisation; returns how many."""
    ids = past_ids()
    for id in ids:
        with transaction():
            posting = db.session.get_one(Posting, id)
            lock(posting)
            if posting.is_live and posting.is_past and not posting.closed:
                close_posting(posting, "expired", actor=None)
                _write(posting)
    return len(ids)


def remind() -> int:
    """Tells organisations whose postings end soon; returns of how many."""
    done = 0
    for id, sent in ending():
        with transaction():
            posting = db.session.get_one(Posting, id)
            lock(posting)
            if posting.is_open and posting.warned > sent:
                count_reminders(posting)
                _write(posting)
                done += 1
    return done


def _write(posting: Posting) -> None:
    about = {"posting": posting.id, "until": posting.until, "over": posting.closed == "expired"}
    for id in told_of(posting):
        member = db.session.get_one(Member, id)
        mail = Outgoing(recipient=member.email, letter="posting reminder", about=about, member_id=id)
        db.session.add(mail)
