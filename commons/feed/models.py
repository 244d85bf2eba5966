"""What a member wants to hear about, and what they said of it. Nothing is copied for them: what is new is a query over the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Moment, now
from commons.members.models import Member

REACTIONS = ("like", "recommend", "interested")  # three meanings: thanks; others should see it; I want to take part
PACES = ("daily", "weekly", "never")


class Watch(Model):
    """A member follows an entry: a topic, a page, an organisation; or all that stands in a group, an area, on a wall."""

    __tablename__ = "watch"
    __table_args__ = (CheckConstraint("how in ('notices', 'feed', 'muted')", name="how"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    how: Mapped[str] = mapped_column(
        String(8), default="notices", comment="notices: also told of; feed: only listed there; muted: not at all"
    )
    since: Mapped[int] = mapped_column(default=0, comment="the end of the log when it began: what is older is not new")
    mail: Mapped[str] = mapped_column(
        String(8), default="", comment="daily, weekly, never; empty: as the member chose for all"
    )


class TagWatch(Model):
    """The same for a #tag, which is no entry: nobody can tell from it whether a hidden text uses the tag."""

    __tablename__ = "tag_watch"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    since: Mapped[int] = mapped_column(default=0)


class TagArea(Model):
    """A moderator said that a #tag means an area of focus."""

    __tablename__ = "tag_area"

    tag: Mapped[str] = mapped_column(String(50), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Seen(Model):
    """How far a member has read a thread: a line of the log, and in a topic the number of a post."""

    __tablename__ = "seen"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    seq: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)


class Reaction(Model):
    __tablename__ = "reaction"
    __table_args__ = (CheckConstraint("what in ('like', 'recommend', 'interested')", name="what"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    member: Mapped[Member] = relationship(lazy="raise_on_sql")


class Kept(Model):
    """Something a member put aside for themself."""

    __tablename__ = "kept"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Wishes(Model):
    """How a member wants to hear: no row means the defaults."""

    __tablename__ = "wishes"
    __table_args__ = (
        CheckConstraint("asks in ('now', 'digest', 'never')", name="asks"),
        CheckConstraint("digest in ('daily', 'weekly', 'never')", name="digest"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    asks: Mapped[str] = mapped_column(String(8), default="now", comment="mails about what asks for this member")
    digest: Mapped[str] = mapped_column(String(8), default="weekly", comment="mails about what they follow")
    read_to: Mapped[int] = mapped_column(default=0, comment="everything up to this line of the log is read")
    beyond: Mapped[bool] = mapped_column(default=True, comment="the feed ends with things from neighbouring areas")


class Digest(Model):
    """How far a member has been told by mail about one group (0: about all else). Written with the mail, or not at all."""

    __tablename__ = "digest"
    __table_args__ = (Index("ix_digest_due", "due"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="a group's entry; 0: all else")
    seq: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime] = mapped_column(Moment, default=now)


class FeedKey(Model):
    """A private address of a member's own Atom feed; deleting the row closes it."""

    __tablename__ = "feed_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
