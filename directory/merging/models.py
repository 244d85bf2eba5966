"""Records that may be the same organisation, and records that were made one.

A suspect is a pair of organisations, the older one first. A merge keeps every row that it moved as it was before and after, so that it
can be taken back for thirty days; then it forgets them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.members.models import Member

STATES = ("open", "different", "merged")
UNDO_FOR = timedelta(days=30)


class Suspect(Model):
    """Two records that may be one. `different` holds until a name or a website of one of them changes (`prints`)."""

    __tablename__ = "suspect"
    __table_args__ = (
        CheckConstraint("state in ('open', 'different', 'merged')", name="state"),
        CheckConstraint("one_id < other_id", name="order"),
        UniqueConstraint("one_id", "other_id"),
        Index("ix_suspect_state_score", "state", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    score: Mapped[float] = mapped_column(comment="0 to 1")
    reasons: Mapped[list[str]] = mapped_column(Json, default=list, comment="code, or code:value")
    state: Mapped[str] = mapped_column(String(10), default="open")
    prints: Mapped[str] = mapped_column(String(32), default="", comment="digest of what was judged different")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment, default=now, comment="when it was found, or decided")

    by: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Merge(Model):
    """One record made part of another. `moved`: [table, row before or null, row after or null], in the order in which it was done."""

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_loser_id_undone", "loser_id", "undone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    winner_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    loser_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    note: Mapped[str] = mapped_column(String(300), default="")
    moved: Mapped[list[Any]] = mapped_column(Json, default=list)
    kept: Mapped[bool] = mapped_column(default=True, comment="it can still be taken back; else `moved` is empty")
    undone: Mapped[datetime | None] = mapped_column(Moment)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))

    by: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[by_id])

    @property
    def can_be_undone(self) -> bool:
        return self.kept and self.at > now() - UNDO_FOR
