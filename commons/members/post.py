"""The worker's way with mail: what is due goes out; what fails is tried again for two days, ever more rarely."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from commons.db import db, now, transaction
from commons.mail import Letter, MailDown, MailRefused, deliver
from commons.members.models import Outgoing

log = logging.getLogger("commons.mail")
TRIED_FOR = timedelta(hours=48)


def send_due(limit: int = 20) -> int:
    """Sends what is due; returns how many went out. A crash between sending and deleting sends one letter twice, under one Message-ID."""
    sent = 0
    for row in db.session.scalars(
        select(Outgoing).where(Outgoing.due <= now()).order_by(Outgoing.id).limit(limit)
    ).all():
        sent += _send(row)
    return sent


def _send(row: Outgoing) -> bool:
    config = current_app.config
    host = config["SITE_URL"].split("//")[-1].split("/")[0].split(":")[0]
    letter = Letter(
        to=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=f"<outgoing-{row.id}.{int(row.created.timestamp())}@{host}>",
    )
    try:
        deliver(letter, config["MAIL_URL"], sender=config["MAIL_FROM"])
    except MailDown as fault:
        _later(row, str(fault))
        return False
    except (MailRefused, ValueError) as fault:
        log.warning("mail %s was refused for good: %s", row.id, type(fault).__name__)
    with transaction():
        db.session.delete(row)
    return True


def _later(row: Outgoing, fault: str) -> None:
    with transaction():
        row.tries, row.fault = row.tries + 1, fault[:300]
        row.due = now() + timedelta(seconds=min(30 * 2**row.tries, 4 * 3600))
        if row.due > row.created + TRIED_FOR:
            log.warning("mail %s is given up after %s tries", row.id, row.tries)
            db.session.delete(row)


def follow(after: int) -> int:
    """A follower whose position never moves: the table is its own queue."""
    send_due()
    return after
