"""Makers of announcements, and days that pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from commons.announcements import actions
from commons.announcements.fields import today
from commons.announcements.models import Announcement
from commons.announcements.queries import forget
from commons.db import db, table
from commons.entries.followers import catch_up
from commons.members.models import Member
from tests.cast import Cast


def announcement(*, actor: Member | None = None, audience: str = "public", **values: Any) -> Announcement:
    day = today()
    given = {"title_en": "The site moves", "text_en": "On Friday it is away for an hour."}
    given |= {"begins": day.isoformat(), "until": (day + timedelta(days=7)).isoformat()}
    number = actions.add_announcement(given | values, audience=audience, actor=actor or Cast().mo).id
    catch_up()
    return db.session.get_one(Announcement, number)


def days_pass(days: int) -> None:
    """So many days, for every announcement there is."""
    rows = table(Announcement)
    span = timedelta(days=days)
    for id, begins, until in db.session.execute(db.select(rows.c.id, rows.c.begins, rows.c.until)).all():
        db.session.execute(update(rows).where(rows.c.id == id).values(begins=begins - span, until=until - span))
    db.session.commit()
    db.session.expire_all()
    forget()
