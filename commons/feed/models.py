"""What a member wants to hear about. Nothing is copied for them: what is new is a query over the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model, Moment, now


class Watch(Model):
    __tablename__ = "watch"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
