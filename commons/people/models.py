"""What a member shows of themself. The account behind it (`commons/members`) is never shown.

A profile keeps no history of its fields: what a person hides or deletes is gone. Only the fact of an edit stands in the log.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.members.models import Member

SHOWN = ("nobody", "groups", "members", "public")  # from narrow to wide
LISTS = ("skills", "interests", "help_with", "learning", "languages")  # several short words, with commas between them
FIELDS = (
    "about",
    "help_with",
    "skills",
    "interests",
    "learning",
    "languages",
    "areas",
    "country",
    "place",
    "website",
    "links",
    "photo",
    "affiliations",
)
OPEN = text("state in ('asked', 'confirmed')")


class Profile(Entry):
    """`title` is the member's name, `slug` the user name in small letters; `audience` is who may know that the profile
    exists: public, members, or `member:<id>` for nobody else."""

    __tablename__ = "profile"
    __mapper_args__ = {"polymorphic_identity": "profile"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    about: Mapped[str] = mapped_column(Text, default="", comment="Markdown")
    skills: Mapped[str] = mapped_column(String(500), default="")
    interests: Mapped[str] = mapped_column(String(500), default="")
    help_with: Mapped[str] = mapped_column(String(500), default="")
    learning: Mapped[str] = mapped_column(String(500), default="")
    languages: Mapped[str] = mapped_column(String(200), default="", comment="BCP 47")
    organisation: Mapped[str] = mapped_column(
        String(200), default="", comment="as it was written before organisations could confirm it; for its owner only"
    )
    areas: Mapped[list[int]] = mapped_column(Json, default=list, comment="ids of areas of focus")
    country: Mapped[str] = mapped_column(String(2), default="", comment="ISO 3166-1 alpha-2")
    place: Mapped[str] = mapped_column(String(120), default="", comment="a town or a district")
    website: Mapped[str] = mapped_column(String(500), default="")
    links: Mapped[str] = mapped_column(Text, default="", comment="other addresses on the web, one on each line")
    photo: Mapped[str | None] = mapped_column(
        ForeignKey("blob.digest"), comment="content of a picture that is no file: nobody else changes or lists it"
    )
    photo_alt: Mapped[str] = mapped_column(String(300), default="", comment="the picture in words")
    shown_to: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, comment="field: nobody (default), groups, members or public"
    )
    open_to_follow: Mapped[bool] = mapped_column(default=False, comment="others may follow without asking first")
    named_for: Mapped[bool] = mapped_column(
        default=False, comment="others are told what they seem to know about, and by what this is seen"
    )
    before_hiding: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, comment="what undoing “Hide me now” brings back; empty: not hidden in this way"
    )

    def visibility(self, field: str) -> str:
        return self.shown_to.get(field, "nobody")

    def filled(self, field: str) -> bool:
        """Affiliations stand in a table of their own: whether there are any is asked there."""
        return field == "affiliations" or bool(getattr(self, field))

    def shown(self, reach: Collection[str]) -> list[str]:
        """The fields that may be read with this reach (`people.queries.reach`), in their order."""
        return [field for field in FIELDS if self.filled(field) and self.visibility(field) in reach]

    @property
    def is_hidden(self) -> bool:
        return self.audience == f"member:{self.member_id}"

    def listed(self, field: str) -> list[str]:
        """The words of a list."""
        return [word.strip() for word in getattr(self, field).split(",") if word.strip()]


class ProfileWord(Model):
    """A word by which a member is found, and to whom its field is shown. Derived from the profile in the transaction that
    writes it; of what is shown to nobody there is no row."""

    __tablename__ = "profile_word"
    __table_args__ = (
        CheckConstraint("shown in ('groups', 'members', 'public')", name="shown"),
        Index("ix_profile_word_field_key", "field", "key"),
    )

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True, comment="folded, or a code, or the id of an area")
    words: Mapped[str] = mapped_column(String(200), default="", comment="as the member wrote it")
    shown: Mapped[str] = mapped_column(String(8))


class Affiliation(Model):
    """A member says that they belong to an organisation; the organisation says that it is so. Ended by either, alone and at once."""

    __tablename__ = "affiliation"
    __table_args__ = (
        CheckConstraint("state in ('asked', 'confirmed', 'declined', 'ended')", name="state"),
        Index("ix_affiliation_organisation_id_state", "organisation_id", "state"),
        Index(
            "uq_affiliation_open",
            "member_id",
            "organisation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    role: Mapped[str] = mapped_column(String(120), default="", comment="what they do there, in their words")
    since: Mapped[str] = mapped_column(String(10), default="", comment="ISO date, or a year")
    until: Mapped[str] = mapped_column(String(10), default="")
    represents: Mapped[bool] = mapped_column(default=False, comment="asks for, or has, a representative's seat")
    proof: Mapped[str] = mapped_column(String(1000), default="", comment="for who decides, and nobody else")
    state: Mapped[str] = mapped_column(String(12), default="asked")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decided: Mapped[datetime | None] = mapped_column(Moment)

    member: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[member_id])


class Contact(Model):
    """Two people know each other: one asked, the other agreed. Contacts may write to each other and see each other in their
    feeds. Who asked is never told of a no: for them the request waits (`declined`), until they take it back (`closed`)."""

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("state in ('asked', 'agreed', 'declined', 'closed')", name="state"),)

    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    asked_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(String(8), default="asked")
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class FirstSteps(Model):
    """A member wants to see no first steps any more. What is done is not kept here: it is read from what they did."""

    __tablename__ = "first_steps"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    skipped: Mapped[datetime] = mapped_column(Moment, default=now)


class Evidence(Model):
    """An entry shows that a member knows something: they wrote it, or their answer settled it. Follows from the entries
    (`actions.follow_evidence`); kept only of those who want it (`Profile.named_for`), shown to who may read the entry."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("why in ('wrote', 'answered')", name="why"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(String(8), primary_key=True)
    share: Mapped[float] = mapped_column(comment="how much of the entry is theirs, up to 1")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
