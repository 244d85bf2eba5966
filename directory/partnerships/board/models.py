"""Needs and offers of organisations, and whether an organisation is open to partnership.

A need and an offer are one table: a posting stands within its organisation (`within_id`). `until` is the last day on which it may be
answered; what is past it is not open, also before the worker has closed it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Json, Model, now
from commons.entries.models import Entry
from commons.focus.models import Focused

SORTS = ("money", "skill", "people", "space", "equipment", "data", "advocacy", "training", "project partner")
CLOSINGS = ("fulfilled", "withdrawn", "expired")
RENEWED_FOR = timedelta(days=90)
LONGEST = timedelta(days=366)  # twelve months, also in a leap year
WARNED = (14, 3)  # days before the last one on which its organisation is reminded
CAPACITY = 5  # proposals at a time, unless the organisation says otherwise


def today() -> date:
    return now().date()


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


class Posting(Focused, Entry):
    __tablename__ = "posting"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("closed in ('', 'fulfilled', 'withdrawn', 'expired')", name="closed"),
        CheckConstraint("lat is null or (lat >= -90 and lat <= 90)", name="lat"),
        CheckConstraint("lon is null or (lon >= -180 and lon <= 180)", name="lon"),
        Index("ix_posting_closed_until", "closed", "until"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="", comment="what success looks like; Markdown")
    sort: Mapped[str] = mapped_column(String(20))
    in_return: Mapped[str] = mapped_column(String(1000), default="")
    quantity: Mapped[str] = mapped_column(String(120), default="", comment="how much, in words: two days a month")
    country: Mapped[str] = mapped_column(String(2), default="", comment="ISO 3166-1 alpha-2")
    region: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius: Mapped[int | None] = mapped_column(comment="km round the place; none: nothing is said about it")
    remote: Mapped[bool] = mapped_column(default=False, comment="it can be done from anywhere")
    languages: Mapped[list[str]] = mapped_column(Json, default=list, comment="in which one can work together, BCP 47")
    sdgs: Mapped[list[int]] = mapped_column(Json, default=list)
    starts: Mapped[str] = mapped_column(String(10), default="", comment="ISO date")
    ends: Mapped[str] = mapped_column(String(10), default="", comment="ISO date")
    until: Mapped[str] = mapped_column(
        String(10), default="", comment="ISO date of the last day for answers; empty: permanent"
    )
    closed: Mapped[str] = mapped_column(String(10), default="", comment="empty: open")
    closed_on: Mapped[str] = mapped_column(String(10), default="", comment="ISO date")
    fulfilled_by: Mapped[str] = mapped_column(String(300), default="", comment="who made it come true, in words")

    __mapper_args__ = {"polymorphic_abstract": True, "inherit_condition": id == Entry.id}

    def value(self, field: str) -> Any:
        return ("yes" if self.remote else "") if field == "remote" else super().value(field)

    def set_value(self, field: str, value: Any) -> None:
        super().set_value(field, value == "yes" if field == "remote" else value)

    @property
    def is_open(self) -> bool:
        """May it be answered today? Its organisation has to be there too: `queries.is_answerable`."""
        return self.is_live and not self.closed and not self.is_past

    @property
    def is_past(self) -> bool:
        return self.until != "" and self.until < today().isoformat()

    @property
    def warned(self) -> int:
        """How many of the days have come on which its organisation is reminded."""
        if not self.until:
            return 0
        left = (date.fromisoformat(self.until) - today()).days
        return sum(left <= days for days in WARNED)


class Need(Posting):
    __mapper_args__ = {"polymorphic_identity": "need"}


class Offer(Posting):
    __mapper_args__ = {"polymorphic_identity": "offer"}


class PostingReminder(Model):
    """How many reminders about its last day an organisation has had; counted anew when that day is another one."""

    __tablename__ = "posting_reminder"

    posting_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    until: Mapped[str] = mapped_column(String(10))
    sent: Mapped[int] = mapped_column(default=0)


class Openness(Model):
    """Is an organisation open to partnership, for what, and on which conditions? No row: it has not said, and is not."""

    __tablename__ = "openness"
    __table_args__ = (CheckConstraint("capacity between 0 and 50", name="capacity"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    open: Mapped[bool] = mapped_column(default=False)
    looking_for: Mapped[str] = mapped_column(String(1000), default="")
    can_bring: Mapped[str] = mapped_column(String(1000), default="")
    conditions: Mapped[str] = mapped_column(String(1000), default="")
    capacity: Mapped[int] = mapped_column(default=CAPACITY, comment="proposals that it reads at a time")
    translation: Mapped[bool] = mapped_column(default=False, comment="it works with partners through a translation")
