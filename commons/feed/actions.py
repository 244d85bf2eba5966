"""Watching and no longer watching. Nobody else is told."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete

from commons.audience import may_see
from commons.db import db, transaction
from commons.entries.models import Entry
from commons.feed.models import Watch
from commons.members.models import Member
from commons.web import Forbidden


def watch(entry: Entry, *, actor: Member) -> None:
    """A second time changes nothing. Raises Forbidden for what the member may not see."""
    if not may_see(actor, entry) or not actor.is_active:
        raise Forbidden(_("You may not watch this."))
    with transaction():
        if db.session.get(Watch, (actor.id, entry.id)) is None:
            db.session.add(Watch(member_id=actor.id, entry_id=entry.id))


def unwatch(entry: Entry, *, actor: Member) -> None:
    with transaction():
        db.session.execute(delete(Watch).where(Watch.member_id == actor.id, Watch.entry_id == entry.id))
