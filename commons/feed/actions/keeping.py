"""Putting something aside for oneself. Nobody else is told."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete

from commons.audience import may_see
from commons.db import db, transaction
from commons.entries.actions import take_log_lock
from commons.entries.models import Entry
from commons.feed.models import Kept
from commons.members.models import Member
from commons.web import Forbidden


def keep(entry: Entry, *, actor: Member) -> None:
    """A second time changes nothing. Raises Forbidden for what the member may not see."""
    if not may_see(actor, entry) or not actor.is_active:
        raise Forbidden(_("You may not keep this."))
    with transaction():
        take_log_lock()
        if db.session.get(Kept, (actor.id, entry.id)) is None:
            db.session.add(Kept(member_id=actor.id, entry_id=entry.id))


def drop(entry_id: int, *, actor: Member) -> None:
    """Takes an entry from what the member kept, whether it is still there or not."""
    with transaction():
        db.session.execute(delete(Kept).where(Kept.member_id == actor.id, Kept.entry_id == entry_id))
