"""Writing an announcement, ending it, putting it away; and the worker's turn that begins and ends them on their days."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from commons.announcements.fields import checked, today
from commons.announcements.models import Announcement, Noted
from commons.announcements.queries import forget
from commons.audience import MEMBERS, PUBLIC, may_see
from commons.config import LANGUAGES
from commons.db import db, lock, now, on_commit, transaction
from commons.entries.actions import create_entry, edit_entry, record, remove_entry, take_log_lock
from commons.members.models import Member
from commons.web import Forbidden, Invalid

PAUSE = 60.0  # seconds between two looks at what begins and ends


def may_announce(viewer: Member | None) -> bool:
    return viewer is not None and viewer.is_moderator and viewer.may_write


def may_edit(viewer: Member | None, announcement: Announcement) -> bool:
    return may_announce(viewer)


def add_announcement(
    values: Mapping[str, Any], *, audience: str = MEMBERS, actor: Member, note: str = "", via: str = ""
) -> Announcement:
    """Raises Invalid or Forbidden. One whose first day comes later is a draft until then."""
    if not may_announce(actor):
        raise Forbidden(_("Only moderators make announcements."))
    if audience not in (PUBLIC, MEMBERS):
        raise Invalid({"audience": _("Choose one of the list.")})
    given = checked(values)
    with transaction():
        made = Announcement(audience=audience, language=_first(given), titles={}, texts={})
        made.state = "live" if given["begins"] <= today().isoformat() else "draft"
        create_entry(made, given, actor=actor, note=note, via=via)
        on_commit(forget)
        return made


def _first(values: Mapping[str, Any]) -> str:
    """The language that its title is in."""
    return next(code for code in LANGUAGES if values.get(f"title_{code}"))


def edit_announcement(
    announcement: Announcement,
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Member,
    note: str = "",
    verb: str = "edited",
    via: str = "",
) -> dict[str, list[Any]]:
    """Raises Invalid, Conflict or Forbidden. A later last day brings one back that was over."""
    if not may_edit(actor, announcement):
        raise Forbidden(_("You may not change this."))
    given = checked(values, announcement)
    with transaction():
        changes = edit_entry(announcement, given, version=version, actor=actor, note=note, verb=verb, via=via)
        if changes:
            announcement.language = _first({f"title_{code}": title for code, title in announcement.titles.items()})
            announcement.ended = announcement.until < today()
            db.session.flush()
        on_commit(forget)
        return changes


def end_announcement(announcement: Announcement, *, actor: Member) -> None:
    """From now on it is shown to nobody; it stays at its address. A second time changes nothing."""
    if not may_edit(actor, announcement):
        raise Forbidden(_("You may not change this."))
    with transaction():
        lock(announcement)
        if not announcement.ended:
            _end(announcement, actor)


def _end(announcement: Announcement, actor: Member | None) -> None:
    announcement.ended, announcement.updated = True, now()
    record(announcement, "closed", None, actor=actor)
    on_commit(forget)


def remove_announcement(announcement: Announcement, *, actor: Member | None, note: str, via: str = "") -> None:
    with transaction():
        remove_entry(announcement, actor=actor, note=note, via=via)
        on_commit(forget)


def note_announcement(announcement: Announcement, *, actor: Member, confirmed: bool = False) -> None:
    """This member put it away, or confirmed that they have read it; a second time changes nothing. Raises Forbidden."""
    if not may_see(actor, announcement):
        raise Forbidden(_("You may not see this."))
    if announcement.asks and not confirmed:
        raise Forbidden(_("This announcement stays until you confirm that you have read it."))
    with transaction():
        take_log_lock()
        row = db.session.get(Noted, (announcement.id, actor.id))
        if row is None:
            row = Noted(announcement_id=announcement.id, member_id=actor.id)
            db.session.add(row)
        row.confirmed = row.confirmed or (confirmed and announcement.asks)


def follow(after: int) -> int:
    """A follower whose position never moves: the days in the table are its queue."""
    looked: float | None = current_app.extensions.get("announcements looked at")
    if looked is None or time.monotonic() - looked >= PAUSE:
        current_app.extensions["announcements looked at"] = time.monotonic()
        begin_and_end()
    return after


def begin_and_end() -> int:
    """Shows those whose first day has come, takes those away whose last day is over; returns how many."""
    begun = and_(Announcement.state == "draft", Announcement.begins <= today())
    due = select(Announcement.id).where(~Announcement.ended, or_(begun, Announcement.until < today()))
    ids = db.session.scalars(due.order_by(Announcement.id)).all()
    for id in ids:
        with transaction():
            announcement = db.session.get_one(Announcement, id)
            lock(announcement)
            if announcement.ended:
                continue
            if announcement.until < today():
                _end(announcement, None)
            elif announcement.state == "draft":
                announcement.state, announcement.updated = "live", now()
                record(announcement, "showed to others", None, actor=None)
                on_commit(forget)
    return len(ids)
