"""The worker's way with mail: what is due goes out; what fails is tried again for two days, ever more rarely.

Before a letter is handed over the row says that it perhaps was sent. So a server that goes away with the letter in its hands, and a worker
that dies at that moment, are the same: the letter goes out once more, under the same Message-ID, and then no more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.mail import Letter, MailDown, MailRefused, MailUnsure, deliver
from commons.members.models import Outgoing
from commons.room import rooms

log = logging.getLogger("commons.mail")
TRIED_FOR = timedelta(hours=48)
PERHAPS = "perhaps sent; "  # stands in front of the fault, once for each copy that may have arrived
MOST_COPIES = 2


def send_due(limit: int = 20) -> int:
    """Sends what is due; returns how many went out. At most MOST_COPIES of a letter leave, whatever dies meanwhile."""
    sent = 0
    for row in db.session.scalars(
        select(Outgoing).where(Outgoing.due <= now()).order_by(Outgoing.due, Outgoing.id).limit(limit)
    ).all():
        sent += _send(row)
    return sent


def _send(row: Outgoing) -> bool:
    copies = row.fault.count(PERHAPS)
    if copies >= MOST_COPIES:
        return _give_up(row, "it may have arrived twice")
    try:
        letter = _letter(row)
    except Exception as fault:  # one letter that cannot be written holds up no other
        log.exception("mail %s cannot be written", row.id)
        return _later(row, copies, f"{type(fault).__name__} in writing it")
    if letter is None:  # it may not, or need not, be sent any more
        return _done(row, False)
    with transaction():
        row.fault = PERHAPS * (copies + 1)
    try:
        deliver(letter, current_app.config["MAIL_URL"], sender=current_app.config["MAIL_FROM"])
    except MailUnsure as fault:
        return _later(row, copies + 1, str(fault))
    except MailDown as fault:
        return _later(row, copies, str(fault))
    except (MailRefused, ValueError) as fault:
        return _give_up(row, f"it was refused for good: {type(fault).__name__}")
    return _done(row, True)


def _letter(row: Outgoing) -> Letter | None:
    """Its words stand in the row, or are written now by the room that asked for it. Raises KeyError where there is none."""
    host = current_app.config["SITE_URL"].split("//")[-1].split("/")[0].split(":")[0]
    name = row.key or f"outgoing-{row.id}.{int(row.created.timestamp())}"
    if not row.letter:
        letter: Letter | None = Letter(to=row.recipient, subject=row.subject, text=row.text, html=row.html)
    else:
        write: Callable[[Outgoing], Letter | None] = rooms().letters()[row.letter]
        letter = write(row)
    return replace(letter, message_id=f"<{name}@{host}>") if letter else None


def _done(row: Outgoing, sent: bool) -> bool:
    with transaction():
        db.session.delete(row)
    return sent


def _give_up(row: Outgoing, why: str) -> bool:
    log.warning("mail %s is given up after %s tries: %s", row.id, row.tries, why)
    return _done(row, False)


def _later(row: Outgoing, copies: int, fault: str) -> bool:
    with transaction():
        row.tries, row.fault = row.tries + 1, (PERHAPS * copies + fault)[:300]
        row.due = now() + timedelta(seconds=min(30 * 2**row.tries, 4 * 3600))
    return _give_up(row, "two days are over") if row.due > row.created + TRIED_FOR else False


def follow(after: int) -> int:
    """A follower whose position never moves: the table is its own queue."""
    send_due()
    return after
