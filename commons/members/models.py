"""An account: how a member signs in and which doors they may open. What a member shows of themself is a Profile (`commons/people`).

No moment of last use, no address of a machine and no birth date is stored. E-mail addresses and user names are unique by
skeleton, so that look-alikes cannot be registered beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now

ROLES = ("member", "moderator", "administrator")


class Member(Model):
    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("role in ('member', 'moderator', 'administrator')", name="role"),
        CheckConstraint("state in ('waiting', 'active', 'suspended', 'placeholder')", name="state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    skeleton: Mapped[str] = mapped_column(String(80), unique=True, comment="the user name without look-alikes")
    name: Mapped[str] = mapped_column(String(100), comment="shown beside contributions; may be a pseudonym")
    email: Mapped[str | None] = mapped_column(String(254), comment="none for placeholders")
    email_skeleton: Mapped[str | None] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(200), comment="argon2id; none: cannot sign in")
    role: Mapped[str] = mapped_column(String(16), default="member")
    state: Mapped[str] = mapped_column(String(16), default="active", comment="waiting: a moderator has yet to say yes")
    language: Mapped[str] = mapped_column(String(16), default="en")
    theme: Mapped[str] = mapped_column(String(8), default="")
    charter: Mapped[str] = mapped_column(String(16), default="", comment="the version of the charter that was accepted")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    verified: Mapped[datetime | None] = mapped_column(
        Moment, comment="when the address was proved; none: may not write"
    )
    trusted: Mapped[datetime | None] = mapped_column(
        Moment, comment="since when their edits show at once; none: the first ones may wait for a moderator"
    )

    seats: Mapped[list[Seat]] = relationship(back_populates="member", cascade="all, delete-orphan", lazy="selectin")

    # what Flask-Login asks of a user
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    is_authenticated = is_active

    @property
    def is_moderator(self) -> bool:
        return self.role in ("moderator", "administrator")

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    @property
    def may_write(self) -> bool:
        return self.is_active and self.verified is not None


class Seat(Model):
    """A place behind a door: this member may see what has this audience."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("member_id", "audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    audience: Mapped[str] = mapped_column(String(40), index=True)
    role: Mapped[str] = mapped_column(String(16), default="member")

    member: Mapped[Member] = relationship(back_populates="seats")


class Block(Model):
    """One member does not want to meet another. `block` holds both ways, in talks, mentions, feed and search of people;
    `mute` spares only the one who chose it."""

    __tablename__ = "block"
    __table_args__ = (CheckConstraint("how in ('block', 'mute')", name="how"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    how: Mapped[str] = mapped_column(String(8), default="block")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Invitation(Model):
    """A link that opens a door: to the site, or to an audience of it. Sent by mail to one person, or passed on by hand
    with a number of uses. Its key is kept as a digest; an unused address is deleted after 30 days."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(40), default="", index=True, comment="empty: the site itself")
    email: Mapped[str] = mapped_column(String(254), default="", comment="empty: whoever has the link")
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    note: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    uses: Mapped[int] = mapped_column(default=0)
    most: Mapped[int] = mapped_column(default=1, comment="how often it may be used")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)
    revoked: Mapped[datetime | None] = mapped_column(Moment)

    by: Mapped[Member] = relationship(lazy="raise_on_sql")

    @property
    def is_good(self) -> bool:
        return self.revoked is None and self.expires > now() and self.uses < self.most


class SignIn(Model):
    """One signed-in browser. Deleting the row signs it out at its next request."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the key in the cookie")
    browser: Mapped[str] = mapped_column(String(60), default="", comment="family only, so that a member recognises it")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)

    member: Mapped[Member] = relationship(lazy="joined")


class Ticket(Model):
    """A single-use link sent by mail, bound to a purpose and an address."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)


class Token(Model):
    """A key for programs: the owner's rights, narrowed to the scopes."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json, default=list)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    revoked: Mapped[datetime | None] = mapped_column(Moment)

    member: Mapped[Member] = relationship(lazy="joined")


class Outgoing(Model):
    """A mail waiting for the worker, written in the transaction that caused it."""

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    due: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(300), default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    letter: Mapped[str] = mapped_column(
        String(20), default="", comment="who writes it at the moment it is sent; empty: the words stand here"
    )
    about: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="what that writer needs to know")
    key: Mapped[str | None] = mapped_column(
        String(80), unique=True, comment="what it is about, so that nobody gets it twice; part of its Message-ID"
    )
