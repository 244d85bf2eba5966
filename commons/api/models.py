"""Answers to requests with an `Idempotency-Key`, kept for a day: a program may repeat what it is not sure about."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model, Moment, now

KEPT = timedelta(hours=24)


class ApiAnswer(Model):
    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("member_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64), comment="SHA-256 of what the program chose")
    content: Mapped[str] = mapped_column(String(64), comment="SHA-256 of address and body, to know another request")
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
