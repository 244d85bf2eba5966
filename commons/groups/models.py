"""Groups: who sees them, how one joins, what they hold, and what they hear from outside.

`audience` of the group, and of all that stands in it, follows from `visibility`: public, members, or the group's own door
`group:<id>`. Who belongs to it sits at that door whatever its visibility: Seat(audience="group:<id>", role="member" or "admin").
What was written while fewer could see the group stays with those few when it opens: it is narrower than the group, never wider.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.focus.models import Focused
from commons.members.models import Member

VISIBILITIES = ("public", "members", "private")
JOININGS = ("open", "apply", "referral", "invitation")
MODULES = ("forum", "pages", "files", "news")
ROLES = ("member", "admin")
WAITS = text("state = 'waiting'")


class Group(Focused, Entry):
    """`within_id`: the group above it, if there is one."""

    __tablename__ = "member_group"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("visibility in ('public', 'members', 'private')", name="visibility"),
        CheckConstraint("joining in ('open', 'apply', 'referral', 'invitation')", name="joining"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    summary: Mapped[str] = mapped_column(String(500), default="", comment="what it is for, in one sentence")
    text: Mapped[str] = mapped_column(Text, default="", comment="its purpose and house rules; Markdown")
    welcome: Mapped[str] = mapped_column(Text, default="", comment="what who joins is shown once; Markdown")
    visibility: Mapped[str] = mapped_column(String(8), default="public")
    joining: Mapped[str] = mapped_column(String(12), default="open")
    questions: Mapped[list[str]] = mapped_column(Json, default=list, comment="what who applies is asked")
    modules: Mapped[list[str]] = mapped_column(Json, default=lambda: list(MODULES))
    inherits: Mapped[bool] = mapped_column(default=False, comment="who belongs to the group above belongs to this one")
    archived: Mapped[datetime | None] = mapped_column(Moment, comment="since when it is only read")
    widens: Mapped[datetime | None] = mapped_column(
        Moment, comment="when more people will see it; an admin may stop it"
    )
    widens_to: Mapped[str] = mapped_column(String(8), default="", comment="the visibility that it will have then")
    noticed: Mapped[datetime | None] = mapped_column(Moment, comment="when its admins were last told that it is idle")
    archives: Mapped[datetime | None] = mapped_column(Moment, comment="when it is archived, unless somebody needs it")

    __mapper_args__ = {"polymorphic_identity": "group", "inherit_condition": id == Entry.id}

    @property
    def door(self) -> str:
        """The audience at which its members sit."""
        return f"group:{self.id}"

    @property
    def inner_audience(self) -> str:
        """Who sees what stands in it."""
        return self.door if self.visibility == "private" else self.visibility


class Application(Model):
    """Somebody asks to join: by answers, or on the word of a member."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'accepted', 'declined', 'withdrawn')", name="state"),
        Index("ix_application_group_id_state", "group_id", "state"),
        Index(
            "uq_application_waiting",
            "group_id",
            "member_id",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    answers: Mapped[list[list[str]]] = mapped_column(Json, default=list, comment="[question, answer]; for admins only")
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(500), default="")

    member: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[member_id])
    referred_by: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[referred_by_id])


class Guest(Model):
    """For whom an invitation by user name is. Who says no is not told of: it stands with who invited until its time is over."""

    __tablename__ = "guest"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    declined: Mapped[bool] = mapped_column(default=False)

    member: Mapped[Member] = relationship(lazy="joined")


class Subscription(Model):
    """News from another site that a group reads: only titles and addresses are kept."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("group_id", "url"), Index("ix_subscription_due", "due"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    url: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    added: Mapped[datetime] = mapped_column(Moment, default=now)
    due: Mapped[datetime] = mapped_column(Moment, default=now, comment="when it is read next")
    etag: Mapped[str] = mapped_column(String(200), default="")
    modified: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0, comment="how often in a row it could not be read")
    fault: Mapped[str] = mapped_column(String(300), default="")
    paused: Mapped[datetime | None] = mapped_column(Moment, comment="after too many faults, until somebody looks")


class NewsItem(Model):
    __tablename__ = "news_item"
    __table_args__ = (UniqueConstraint("subscription_id", "key"), Index("ix_news_item_at", "subscription_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64), comment="a digest of what the source calls it")
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
