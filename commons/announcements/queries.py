"""Announcements that are shown now, the strip above every page, and who has read them.

Every page asks for the strip, so each process remembers what there is, for as long as the search index stays the same: an
announcement that is made, changed or removed changes the index, and a process knows that from its memory. Where there is
no announcement, no statement is sent.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from commons.announcements.fields import today
from commons.announcements.models import Announcement, Noted
from commons.audience import may_see
from commons.db import db
from commons.entries.queries import visible
from commons.members.models import Member
from commons.search.index import IndexBroken
from commons.search.queries import engine

log = logging.getLogger("commons.announcements")
LOOK_EVERY = 30.0  # seconds, while there is no index whose changes can be noticed
MEMORY = "announcements"


class Shown(NamedTuple):
    """What a process remembers of one."""

    id: int
    slug: str
    audience: str
    language: str
    titles: dict[str, str]
    texts: dict[str, str]
    begins: date
    until: date
    asks: bool


def running() -> Sequence[Shown]:
    """All announcements of today, whoever may see them, the latest first."""
    state: Any
    try:
        state = engine().generation()
    except IndexBroken:
        state = int(time.monotonic() / LOOK_EVERY)
    known = current_app.extensions.get(MEMORY)
    if known is None or known[0] != state:
        known = current_app.extensions[MEMORY] = (state, _running())
    return [one for one in known[1] if one.begins <= today() <= one.until]


def forget() -> None:
    """After a change by this process: others notice when the index has it."""
    current_app.extensions.pop(MEMORY, None)


def _running() -> list[Shown]:
    query = select(Announcement).where(Announcement.state == "live", ~Announcement.ended, Announcement.until >= today())
    rows = db.session.scalars(query.order_by(Announcement.begins.desc(), Announcement.id.desc()))
    names = Shown._fields
    return [Shown(*(getattr(row, name) for name in names)) for row in rows]


def strip(viewer: Member | None, put_away: Iterable[int]) -> list[Shown]:
    """What is shown above a page: not yet put away by this member, or by this visitor's browser. A page of error has none
    where the database is away."""
    try:
        mine = [one for one in running() if may_see(viewer, one)]
        if not mine:
            return []
        away = set(put_away) if viewer is None else _noted(viewer, [one.id for one in mine])
    except SQLAlchemyError:
        log.warning("the announcements could not be read")
        db.session.rollback()
        return []
    return [one for one in mine if one.id not in away]


def _noted(viewer: Member, ids: Sequence[int]) -> set[int]:
    query = select(Noted.announcement_id).where(Noted.member_id == viewer.id, Noted.announcement_id.in_(ids))
    return set(db.session.scalars(query))


def noted(announcement: Announcement, viewer: Member) -> Noted | None:
    return db.session.get(Noted, (announcement.id, viewer.id))


def current(viewer: Member | None) -> Sequence[Announcement]:
    """Those that run today and that the viewer may see, the latest first."""
    query = select(Announcement).where(visible(viewer, Announcement), ~Announcement.ended)
    query = query.where(Announcement.until >= today(), Announcement.begins <= today())
    return db.session.scalars(query.order_by(Announcement.begins.desc(), Announcement.id.desc())).all()


def coming() -> Sequence[Announcement]:
    """Those whose first day has not come, for moderators."""
    query = select(Announcement).where(Announcement.state == "draft", ~Announcement.ended)
    return db.session.scalars(query.order_by(Announcement.begins, Announcement.id)).all()


def confirmations(ids: Sequence[int]) -> tuple[dict[int, int], int]:
    """How many members confirmed each, and how many could: all whose account is open. Numbers, no names."""
    members = select(func.count()).where(Member.state == "active", Member.verified.is_not(None))
    query = select(Noted.announcement_id, func.count()).join(Member, Member.id == Noted.member_id)
    query = query.where(Noted.announcement_id.in_(ids), Noted.confirmed, Member.state == "active")
    query = query.where(Member.verified.is_not(None)).group_by(Noted.announcement_id)
    counts = {row[0]: row[1] for row in db.session.execute(query)} if ids else {}
    return counts, int(db.session.scalar(members) or 0)
