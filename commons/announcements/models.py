"""A short word to everybody, in one or several languages, that is over on a day that its author names."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Json, Model
from commons.entries.models import Entry

LONGEST_TITLE, LONGEST_TEXT, MOST_DAYS = 120, 600, 90


class Announcement(Entry):
    """`title` and `language` are those of the first language in which it is written."""

    __tablename__ = "announcement"
    __mapper_args__ = {"polymorphic_identity": "announcement"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    titles: Mapped[dict[str, str]] = mapped_column(Json, default=dict, comment="language: title")
    texts: Mapped[dict[str, str]] = mapped_column(Json, default=dict, comment="language: one paragraph of Markdown")
    begins: Mapped[date] = mapped_column(Date, comment="the first day, UTC; until then it is a draft")
    until: Mapped[date] = mapped_column(Date, index=True, comment="the last day, UTC")
    asks: Mapped[bool] = mapped_column(default=False, comment="stays until a member confirms that they have read it")
    ended: Mapped[bool] = mapped_column(default=False, comment="its last day is over, or its author ended it")

    def words_in(self, language: str) -> tuple[str, str, str]:
        """(title, text, language) for a reader; where it is not written in theirs, in its first."""
        code = language if self.titles.get(language) else self.language
        return self.titles.get(code, self.title), self.texts.get(code, ""), code

    def value(self, field: str) -> Any:
        """`title_fr` and the like are fields of their own, so that two translators never collide."""
        name, _, language = field.partition("_")
        if name in ("title", "text") and language:
            store = self.titles if name == "title" else self.texts
            return (store or {}).get(language, "")
        if field in ("begins", "until"):
            day = getattr(self, field)
            return day.isoformat() if day else ""
        return ("yes" if self.asks else "") if field == "asks" else super().value(field)

    def set_value(self, field: str, value: Any) -> None:
        name, _, language = field.partition("_")
        if name in ("title", "text") and language:
            column = "titles" if name == "title" else "texts"
            setattr(self, column, {**(getattr(self, column) or {}), language: value})
        elif field in ("begins", "until"):
            setattr(self, field, date.fromisoformat(value))
        elif field == "asks":
            self.asks = value == "yes"
        else:
            super().set_value(field, value)


class Noted(Model):
    """A member put an announcement away, or confirmed that they have read it."""

    __tablename__ = "announcement_noted"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    confirmed: Mapped[bool] = mapped_column(default=False)
