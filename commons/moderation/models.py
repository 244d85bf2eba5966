"""What keeps pages safe from haste and harm: protection with a reason and an end, and edits that wait to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.members.models import Member

LEVELS = ("trusted", "moderators")


class Protection(Model):
    """Who may edit this entry, for how long, and why. No row: everybody whose address is proved."""

    __tablename__ = "protection"
    __table_args__ = (CheckConstraint("level in ('trusted', 'moderators')", name="level"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    level: Mapped[str] = mapped_column(
        String(12), comment="trusted: edits of new members wait; moderators: of all others"
    )
    reason: Mapped[str] = mapped_column(String(300))
    until: Mapped[datetime | None] = mapped_column(Moment, comment="none: until a moderator ends it")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    @property
    def holds(self) -> bool:
        return self.until is None or self.until > now()


class Held(Model):
    """An edit that readers do not see yet. A new page waits as an entry in the state `pending`, with `version` 0."""

    __tablename__ = "held"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'accepted', 'returned', 'withdrawn')", name="state"),
        Index("ix_held_state_at", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    version: Mapped[int] = mapped_column(comment="what the author looked at; 0: a whole new entry waits")
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="field: value, as the author sent them")
    note: Mapped[str] = mapped_column(String(300), default="")
    minor: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(
        String(500), default="", comment="why it was returned, or what was changed in it"
    )

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
    author: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[author_id])
    decided_by: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])


class Report(Model):
    """Somebody found something wrong. Of a private talk it discloses the post and the two before it, copied when it is made;
    no moderator reads anything else of it."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("state in ('open', 'upheld', 'dismissed')", name="state"),
        Index("ix_report_state_at", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), comment="none: a visitor"
    )
    email: Mapped[str] = mapped_column(String(254), default="", comment="of a visitor who wants an answer")
    reason: Mapped[str] = mapped_column(String(20), comment="harm class: danger, harassment, spam, wrong, other …")
    words: Mapped[str] = mapped_column(String(2000), default="")
    disclosed: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, comment="[{name, at, text}] of a talk")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    state: Mapped[str] = mapped_column(String(12), default="open")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(1000), default="", comment="what the reporter is told")

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
    reporter: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[reporter_id])
