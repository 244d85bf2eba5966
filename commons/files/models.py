"""Files: what members upload, with its licence, its credit and the words that say what is to be seen.

A File is the entry that people edit; a Blob is content, known by its SHA-256, and never changes. Every version of a file names the
blob that it showed, so that history keeps old pictures as it keeps old words. The bytes lie on the disk (`intake/store.py`).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model
from commons.entries.models import Entry
from commons.focus.models import Focused

PURPOSES = ("", "decorative")
PEOPLE = ("", "none", "agreed")


class Blob(Model):
    __tablename__ = "blob"
    __table_args__ = (CheckConstraint("state in ('waiting', 'read', 'unreadable', 'none')", name="state"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the content, and its name")
    media_type: Mapped[str] = mapped_column(String(100), comment="found in the content, never taken from a browser")
    size: Mapped[int] = mapped_column(comment="bytes")
    width: Mapped[int | None] = mapped_column(comment="pixels; only pictures have it")
    height: Mapped[int | None]
    words: Mapped[str] = mapped_column(
        Text, default="", deferred=True, comment="the text of a document, for the search"
    )
    state: Mapped[str] = mapped_column(
        String(12), default="none", comment="of its words: waiting, read, unreadable; none: a picture"
    )

    @property
    def is_picture(self) -> bool:
        return self.width is not None


class File(Focused, Entry):
    __tablename__ = "file"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("purpose in ('', 'decorative')", name="purpose"),
        CheckConstraint("people in ('', 'none', 'agreed')", name="people"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), comment="what a download is called, without its ending")
    alt: Mapped[str] = mapped_column(String(500), default="", comment="the picture in words, for who cannot see it")
    purpose: Mapped[str] = mapped_column(String(12), default="", comment="decorative: says nothing, needs no alt")
    description: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(300), default="", comment="who made it")
    people: Mapped[str] = mapped_column(
        String(12), default="", comment="can people be recognised? none; agreed: they said yes; empty: not asked"
    )
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), index=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]

    blob: Mapped[Blob] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"polymorphic_identity": "file", "inherit_condition": id == Entry.id}

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def lacks_alt(self) -> bool:
        return self.is_picture and not self.alt and self.purpose != "decorative"
