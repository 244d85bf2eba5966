"""Consent: whose first message waits for a yes, and who may write first at all. What is said stands in posts of a topic."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model, Moment, now

WHO = ("everybody", "contacts", "nobody")
ASKED, MEMBER = "asked", "member"  # the roles of a seat in a talk


class Request(Model):
    """A first message to somebody who does not know its writer. Its writer is told nothing but that it waits: `declined` looks
    the same to them as `waiting`, and both end after 30 days."""

    __tablename__ = "talk_request"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'accepted', 'declined', 'ended')", name="state"),
        Index("ix_talk_request_asker_id_at", "asker_id", "at"),
        Index("ix_talk_request_state_at", "state", "at"),
    )

    topic_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class TalkWish(Model):
    """Who may write first to a member: no row means everybody, with the member's consent."""

    __tablename__ = "talk_wish"
    __table_args__ = (CheckConstraint("who in ('everybody', 'contacts', 'nobody')", name="who"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    who: Mapped[str] = mapped_column(String(12), default="everybody")
