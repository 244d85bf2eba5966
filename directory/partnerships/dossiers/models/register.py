"""The public register of partnerships."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model
from commons.entries.models import Entry
from commons.focus.models import Focused

STANDINGS = ("active", "completed", "ended", "inactive")


class Partnership(Focused, Entry):
    """What the register tells of an agreement, while all its parties want that."""

    __tablename__ = "partnership"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint(f"standing in ({', '.join(repr(one) for one in STANDINGS)})", name="standing"),
        Index("ix_partnership_country_since", "country", "begun"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    text: Mapped[str] = mapped_column(Text, default="", comment="the goal, as the signed terms say it")
    standing: Mapped[str] = mapped_column(String(12), default="active")
    begun: Mapped[str] = mapped_column(String(10), comment="ISO day of the last signature")
    over: Mapped[str] = mapped_column(String(10), default="", comment="ISO day on which it came to its end")
    result: Mapped[str] = mapped_column(String(16), default="", comment="only where all parties agreed about it")
    outcome: Mapped[str] = mapped_column(Text, default="", comment="the same in words")
    sdgs: Mapped[list[int]] = mapped_column(Json, default=list)
    country: Mapped[str] = mapped_column(String(2), default="", comment="of the organisation that was asked")
    withdrawn: Mapped[bool] = mapped_column(default=False, comment="a party took it out, and no moderator")

    partners: Mapped[list[Partner]] = relationship(
        primaryjoin="Partnership.id == foreign(Partner.partnership_id)",
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="Partner.organisation_id",
    )

    __mapper_args__ = {"polymorphic_identity": "partnership", "inherit_condition": id == Entry.id}

    @property
    def organisations(self) -> list[int]:
        return [one.organisation_id for one in self.partners]

    @organisations.setter
    def organisations(self, ids: list[int]) -> None:
        kept = {one.organisation_id: one for one in self.partners}
        self.partners = [kept.get(id) or Partner(organisation_id=id) for id in sorted(set(ids))]


class Partner(Model):
    """An organisation in the register."""

    __tablename__ = "partner"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
