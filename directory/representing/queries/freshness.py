"""Which records nobody confirmed for a year, and who is to be asked about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, or_, select

from commons.db import db, now
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.focus.models import FocusLink
from commons.members.models import Member, Seat
from directory.models import Organisation
from directory.representing.models import Reminder

YEAR = timedelta(days=365)
PAUSE = timedelta(days=30)  # between two reminders of one record, and for an answer
IN_A_YEAR = 2
ASKABLE = ("active", "unconfirmed")


def year_ago() -> str:
    """The day up to which a confirmation counts no more."""
    return (now() - YEAR).date().isoformat()


def is_stale(organisation: Organisation) -> bool:
    return organisation.confirmed < year_ago() and organisation.status in ASKABLE


def stale(viewer: Member | None, areas: Collection[int] = ()) -> Select[Organisation]:
    """What nobody has confirmed for a year, of these areas: what was confirmed once comes first."""
    query = select(Organisation).where(visible(viewer), Organisation.confirmed < year_ago())
    query = query.where(Organisation.status.in_(ASKABLE))
    if areas:
        query = query.where(Organisation.id.in_(select(FocusLink.entry_id).where(FocusLink.area_id.in_(areas))))
    return query.order_by(Organisation.confirmed.desc(), Organisation.id)


def _spoken_for() -> ColumnElement[bool]:
    door = literal(speaks_for(0).removesuffix("0")).concat(Organisation.id.cast(String))
    sits = select(Seat.id).join(Member, Member.id == Seat.member_id).where(Seat.audience == door)
    return sits.where(Member.state == "active").correlate(Organisation).exists()


def to_remind(limit: int) -> list[Organisation]:
    """Records about which somebody can be asked today: those with people of their own, and imported ones with an address that
    nobody has confirmed in a year; none that was asked within a month, or twice within a year, or asked not to be."""
    mine = Reminder.organisation_id == Organisation.id
    lately = select(Reminder.id).where(mine, Reminder.sent > now() - PAUSE)
    times = select(func.count(func.distinct(Reminder.sent))).where(mine, Reminder.sent > now() - YEAR)
    stopped = select(Reminder.id).where(mine, Reminder.answer == "stop", Reminder.member_id.is_(None))
    old = Organisation.created < now() - YEAR
    left_alone = and_(Organisation.confirmed == "", Organisation.source != "", Organisation.email != "", old)
    own_people = and_(_spoken_for(), or_(Organisation.confirmed != "", old))
    query = select(Organisation).where(
        visible(None),
        Organisation.status.in_(ASKABLE),
        Organisation.confirmed < year_ago(),
        or_(own_people, and_(left_alone, ~_spoken_for(), ~stopped.exists())),
        ~lately.exists(),
        times.scalar_subquery() < IN_A_YEAR,
        Entry.kind == "organisation",
    )
    return list(db.session.scalars(query.order_by(Organisation.confirmed.desc(), Organisation.id).limit(limit)))


def readers(organisation: Organisation) -> list[Member]:
    """Its people who can be asked by mail and did not say that they do not want to be."""
    unwilling = select(Reminder.member_id).where(
        Reminder.organisation_id == organisation.id, Reminder.answer == "stop", Reminder.member_id.is_not(None)
    )
    query = select(Member).join(Seat, Seat.member_id == Member.id).where(Seat.audience == speaks_for(organisation.id))
    known = Member.state == "active", Member.email.is_not(None), Member.id.not_in(unwilling)
    return list(db.session.scalars(query.where(*known).order_by(Member.id)))


def unanswered(limit: int) -> list[Reminder]:
    """Reminders to which a month brought no answer."""
    late = Reminder.answer == "", Reminder.sent < now() - PAUSE
    return list(db.session.scalars(select(Reminder).where(*late).order_by(Reminder.id).limit(limit)))


def asked_in_vain(organisation: Organisation) -> datetime | None:
    """When the organisation was asked last, if it has neither answered nor been confirmed since."""
    query = select(func.max(Reminder.sent)).where(
        Reminder.organisation_id == organisation.id, Reminder.answer == "none"
    )
    asked: datetime | None = db.session.scalar(query)
    return asked if asked is not None and organisation.confirmed < asked.date().isoformat() else None
