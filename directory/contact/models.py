"""Letters to an organisation that the site passes on, so that neither side learns the other's address. They are kept only as long
as somebody may still answer: 30 days after the last word the row is deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Moment, now
from commons.entries.models import Entry


class Enquiry(Model):
    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("state in ('unproved', 'sent')", name="state"),
        Index("ix_enquiry_state_last_at", "state", "last_at"),
        Index("ix_enquiry_address_created", "address", "created"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True, comment="none: a visitor"
    )
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), default="", comment="of a visitor; members have an account")
    address: Mapped[str] = mapped_column(String(254), default="", comment="the same without look-alikes, to count by")
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16), default="en", comment="in which the sender read the form")
    state: Mapped[str] = mapped_column(
        String(8), default="unproved", comment="unproved: the sender has yet to press the button"
    )
    proof: Mapped[str | None] = mapped_column(String(64), unique=True, comment="digest of the key in the sender's mail")
    answers: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    last_at: Mapped[datetime] = mapped_column(Moment, default=now, comment="of the last word of either side")

    organisation: Mapped[Entry] = relationship(lazy="raise_on_sql")


class Copy(Model):
    """One mail that took a letter to somebody, and the key in it that answers. It opens nothing any more when that member
    does not speak for the organisation, or when that address is not the one of the record."""

    __tablename__ = "enquiry_copy"
    __table_args__ = (Index("ix_enquiry_copy_address_at", "address", "at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="of the key to answer with")
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True, comment="none: it went to the address of the record"
    )
    address: Mapped[str] = mapped_column(String(254), default="", comment="that address without look-alikes")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
