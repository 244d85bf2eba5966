"""A page: a text that members write together.

What follows from the text (`sources`, how often it asks for a source; `text_version`) is a column, so that lists of work
need not read every page; it is no versioned field. `rows` says how many lines of its source an import has brought in so far.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Model
from commons.entries.models import Entry
from commons.focus.models import Focused


class Page(Focused, Entry):
    __tablename__ = "page"
    __table_args__ = (Index("ix_page_translation_of", "translation_of"),)  # type: ignore[assignment]

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="", comment="Markdown, as it was written")
    summary: Mapped[str] = mapped_column(String(500), default="", comment="the page in one sentence")
    outline: Mapped[str] = mapped_column(String(20), default="", comment="the template it was begun from")
    review_by: Mapped[str] = mapped_column(
        String(10), default="", comment="ISO date by which somebody looks at it again"
    )
    translation_of: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), comment="the original; none: it is one")
    translated_version: Mapped[int] = mapped_column(default=0, comment="the original's version that this text says")
    text_version: Mapped[int] = mapped_column(
        default=1, comment="when title, summary or text last changed; follows from it"
    )
    sources: Mapped[int] = mapped_column(default=0, comment="marks that ask for a source; follows from the text")
    rows: Mapped[int] = mapped_column(default=0, comment="lines of its source that an import has brought in")
    head: Mapped[int] = mapped_column(default=0, comment="the version at which the import left it")

    __mapper_args__ = {"polymorphic_identity": "page", "inherit_condition": id == Entry.id}

    @property
    def is_translation(self) -> bool:
        return self.translation_of is not None

    @property
    def review_on(self) -> date | None:
        return date.fromisoformat(self.review_by) if self.review_by else None


class PageImport(Model):
    """Where imported pages come from: shown on each of them."""

    __tablename__ = "page_import"

    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    licence: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(500), default="", comment="where the source can be seen, if it still can")
    about: Mapped[str] = mapped_column(Text, default="")


class PageAuthor(Model):
    """A writer of a source and the placeholder that stands for them here; a placeholder can never sign in."""

    __tablename__ = "page_author"

    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True, comment="as the source writes it")
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
