"""What people looked for in vain, counted without persons; what moderators made of it; and searches that they judged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Moment, now
from commons.entries.models import Entry
from commons.focus.models import Area
from commons.members.models import Member

LONGEST_WORDS = 100
ACTS = ("wanted", "synonym", "dismissed")
STANDS = text("ended IS NULL")


class FailedSearch(Model):
    """How often words were looked for in vain on one day. Nothing in it leads to who asked, or joins two searches of one person."""

    __tablename__ = "failed_search"
    __table_args__ = (CheckConstraint("times > 0 and askers > 0", name="counts"),)

    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), primary_key=True, comment="folded, without signs")
    language: Mapped[str] = mapped_column(String(16), primary_key=True, comment="of the page on which they were asked")
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    times: Mapped[int]
    askers: Mapped[int] = mapped_column(
        comment="different networks that asked on that day, as the web process saw that saw the most of them"
    )


class SearchRuling(Model):
    """What a moderator made of words that were looked for in vain. Rulings are only ever added, or ended."""

    __tablename__ = "search_ruling"
    __table_args__ = (
        CheckConstraint("act in ('wanted', 'synonym', 'dismissed')", name="act"),
        CheckConstraint("(act = 'wanted') = (title <> '')", name="title"),
        CheckConstraint("(act = 'synonym') = (area_id is not null)", name="area"),
        CheckConstraint("(ended is null) = (ended_by_id is null)", name="ended"),
        Index(
            "ix_search_ruling_stands", "words", "language", unique=True, sqlite_where=STANDS, postgresql_where=STANDS
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    language: Mapped[str] = mapped_column(String(16))
    act: Mapped[str] = mapped_column(
        String(12), comment="wanted: a page; synonym: another name of an area; dismissed: nothing"
    )
    title: Mapped[str] = mapped_column(String(200), default="", comment="of the page that is wanted")
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), comment="the area that has it as a name now")
    reason: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended: Mapped[datetime | None] = mapped_column(Moment, comment="when a moderator took it back")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    area: Mapped[Area | None] = relationship(lazy="raise_on_sql")
    by: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[by_id])
    ended_by: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[ended_by_id])


class JudgedQuery(Model):
    """How well one public entry answers one search, as a moderator of this community judged it."""

    __tablename__ = "judged_query"
    __table_args__ = (
        CheckConstraint("grade between 0 and 3", name="grade"),
        UniqueConstraint("query", "language", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(200), comment="as typed")
    language: Mapped[str] = mapped_column(String(16), comment="of the page on which it was judged")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    grade: Mapped[int] = mapped_column(comment="0 has nothing to do with it, 1 touches it, 2 fits, 3 is just that")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")


class SearchEvaluation(Model):
    """How well the site's own search answered the judged queries at one moment."""

    __tablename__ = "search_evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    queries: Mapped[int] = mapped_column(comment="those that have a fitting entry everybody may read")
    ndcg: Mapped[float] = mapped_column(comment="mean nDCG of the first ten, 0 to 1")
    success: Mapped[float] = mapped_column(comment="share with a fitting entry among the first ten")
    mrr: Mapped[float] = mapped_column(comment="mean of 1 / rank of the first fitting entry of those ten, else 0")
