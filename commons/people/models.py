"""What a member shows of themself. The account behind it (`commons/members`) is never shown.

A profile keeps no history of its fields: what a person hides or deletes is gone. Only the fact of an edit stands in the log.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Json
from commons.entries.models import Entry
from commons.members.models import Member

SHOWN = ("nobody", "members", "public")  # from narrow to wide
FIELDS = ("about", "place", "organisation", "website", "languages", "skills", "help_with")


class Profile(Entry):
    """`title` is the member's name, `slug` the user name; `audience` is who may know that the profile exists."""

    __tablename__ = "profile"
    __mapper_args__ = {"polymorphic_identity": "profile"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    about: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    languages: Mapped[str] = mapped_column(String(200), default="")
    skills: Mapped[str] = mapped_column(String(500), default="")
    help_with: Mapped[str] = mapped_column(String(500), default="")
    shown_to: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, comment="field: nobody (default), members or public"
    )

    def visibility(self, field: str) -> str:
        return self.shown_to.get(field, "nobody")

    def shown(self, viewer: Member | None) -> list[str]:
        """The fields that this viewer may read, never wider than the field's own choice."""
        if viewer is not None and viewer.id == self.member_id:
            return [field for field in FIELDS if getattr(self, field)]
        allowed = {"public"} if viewer is None else {"public", "members"}
        return [field for field in FIELDS if getattr(self, field) and self.visibility(field) in allowed]
