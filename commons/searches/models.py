"""A list that a member keeps: its address, and how far they have looked at it and were told of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model, Moment, now

RHYTHMS = ("never", "daily", "weekly")
LONGEST_NAME, LONGEST_ADDRESS = 80, 2000


class SavedSearch(Model):
    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("rhythm in ('never', 'daily', 'weekly')", name="rhythm"),
        UniqueConstraint("member_id", "address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    address: Mapped[str] = mapped_column(
        String(LONGEST_ADDRESS), comment="path and parameters of the list: /search?q=wells&near=Kisumu"
    )
    rhythm: Mapped[str] = mapped_column(String(8), default="weekly", comment="how often a mail tells what is new")
    since: Mapped[datetime] = mapped_column(Moment, default=now, comment="when the member last said that all is seen")
    seen: Mapped[int] = mapped_column(default=0, comment="the end of the log at that moment")
    told: Mapped[int] = mapped_column(default=0, comment="the line of the log up to which mails have told")
    due: Mapped[datetime | None] = mapped_column(Moment, index=True, comment="the next mail; none: never")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
