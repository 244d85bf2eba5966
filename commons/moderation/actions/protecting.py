"""Who may edit an entry so that readers see it at once: set by moderators, with a reason and perhaps an end."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from commons.audience import may_see
from commons.db import db, lock, now, transaction
from commons.entries.actions import record
from commons.entries.models import Entry
from commons.members.models import Member
from commons.moderation.models import LEVELS, Protection
from commons.text import clean_line
from commons.web import Forbidden, Invalid


def protect(entry: Entry, level: str, reason: str, until: datetime | None, *, actor: Member) -> Protection:
    """Begins or changes a protection. Raises Invalid or Forbidden."""
    faults = {}
    if level not in LEVELS:
        faults["level"] = _("Choose one of the list.")
    if until is not None and until <= now():
        faults["until"] = _("Choose a day that is still to come.")
    with transaction():
        reason = _allowed(entry, reason, actor, faults)
        lock(entry)
        protection = db.session.get(Protection, entry.id) or Protection(entry_id=entry.id)
        protection.level, protection.reason, protection.until = level, reason, until
        protection.by_id, protection.at = actor.id, now()
        db.session.add(protection)
        record(entry, "protected", None, actor=actor, note=reason)
        return protection


def unprotect(entry: Entry, note: str, *, actor: Member) -> None:
    """Ends a protection; where there is none nothing happens."""
    with transaction():
        note = _allowed(entry, note, actor, {})
        lock(entry)
        protection = db.session.get(Protection, entry.id)
        if protection is not None:
            db.session.delete(protection)
            record(entry, "unprotected", None, actor=actor, note=note)


def _allowed(entry: Entry, reason: str, actor: Member, faults: dict[str, str]) -> str:
    if not actor.is_moderator or not may_see(actor, entry):
        raise Forbidden(_("Only moderators protect pages."))
    reason = clean_line(reason)[:300]
    if not reason:
        faults["reason"] = _("Say why: the reason is shown on the page and stands in the log.")
    if faults:
        raise Invalid(faults)
    return reason
