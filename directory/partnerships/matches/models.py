"""What people said of matches: who is none, what counts for an organisation, and of which pairs both sides were told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Json, Model, Moment, now

REASONS = ("field", "far", "big", "partners", "other")


class Refusal(Model):
    """Somebody who speaks for an organisation said that another one is no match for it, or for one of its needs and offers. It
    holds until one of the two records is changed; nobody outside is told."""

    __tablename__ = "match_refusal"
    __table_args__ = (CheckConstraint("reason in ('field', 'far', 'big', 'partners', 'other')", name="reason"),)

    subject_id: Mapped[int] = mapped_column(
        ForeignKey("entry.id"), primary_key=True, comment="a need, an offer, or the organisation itself"
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, comment="who is no match")
    reason: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    subject_version: Mapped[int]
    organisation_version: Mapped[int]


class Tuning(Model):
    """What counts more or less for one organisation than the published weights say: part of the score -> factor."""

    __tablename__ = "match_tuning"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    weights: Mapped[dict[str, float]] = mapped_column(Json, default=dict)


class Told(Model):
    """The people of both sides heard of this need and this offer, once."""

    __tablename__ = "match_told"

    need_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
