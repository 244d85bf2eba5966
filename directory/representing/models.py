"""Who speaks for an organisation, what it said of its record, and the links of mails that act once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.members.models import Member

OPEN = text("state = 'open'")


class MailKey(Model):
    """A link in a mail that does one thing once. Only the digest of its key is kept."""

    __tablename__ = "mail_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the key in the mail")
    purpose: Mapped[str] = mapped_column(String(20), comment="what it opens, and nothing else")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True, comment="for which it acts")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True, comment="what it is about")
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True, comment="to whom it was sent; none: to an address"
    )
    about: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)
    used: Mapped[datetime | None] = mapped_column(Moment)


class Claim(Model):
    """A member says that they may speak for an organisation, and shows it; or those who do invite a member."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("way in ('mail', 'token', 'vouchers', 'invited')", name="way"),
        CheckConstraint("state in ('open', 'accepted', 'passed on', 'declined', 'withdrawn')", name="state"),
        Index("ix_claim_state_due", "state", "due"),
        Index("uq_claim_open", "member_id", "organisation_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    role: Mapped[str] = mapped_column(String(120), default="", comment="what they do there, in their words")
    voice: Mapped[str] = mapped_column(String(16), default="", comment="of an invitation: the role that is offered")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), comment="of an invitation: who invited"
    )
    host: Mapped[str] = mapped_column(String(253), default="", comment="the website's host when the proof began")
    token: Mapped[str] = mapped_column(String(60), default="", comment="to be found on its site; no secret")
    tries: Mapped[int] = mapped_column(default=0)
    due: Mapped[datetime | None] = mapped_column(Moment, comment="when the worker looks at the site; none: not asked")
    fault: Mapped[str] = mapped_column(String(300), default="", comment="why the last look found nothing")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    decided: Mapped[datetime | None] = mapped_column(Moment)

    member: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[member_id])
    organisation: Mapped[Entry] = relationship(lazy="raise_on_sql", foreign_keys=[organisation_id])

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class Voucher(Model):
    """A member is asked whether they know somebody who claims to speak for an organisation."""

    __tablename__ = "voucher"
    __table_args__ = (CheckConstraint("answer in ('', 'yes', 'no')", name="answer"),)

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(String(3), default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Confirmation(Model):
    """The organisation's own word that its record is right, as it was after one of its revisions."""

    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int] = mapped_column(comment="of the revision")
    whole: Mapped[bool] = mapped_column(default=True, comment="of the whole record; else only of `fields`")
    fields: Mapped[list[str]] = mapped_column(Json, default=list)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), comment="none: whoever reads the mail of the organisation"
    )
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    how: Mapped[str] = mapped_column(String(10), comment="edit: written by its own people; page, mail: confirmed")


class Reminder(Model):
    """The organisation was asked by mail whether its record is still right."""

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint("answer in ('', 'right', 'closed', 'stop', 'none')", name="answer"),
        Index("ix_reminder_organisation_id_sent", "organisation_id", "sent"),
        Index("ix_reminder_answer_sent", "answer", "sent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), comment="none: to the address of the record"
    )
    sent: Mapped[datetime] = mapped_column(Moment, default=now)
    answer: Mapped[str] = mapped_column(String(6), default="", comment="none: thirty days passed without one")
    answered: Mapped[datetime | None] = mapped_column(Moment)
