"""What one organisation says of another, in words and with a name under it. There are no numbers, no stars and no averages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commons.db import Moment
from commons.entries.models import Entry


class Statement(Entry):
    """`slug` is its id; `title` the beginning of its text; `within_id` the organisation that it is about, as `about_id`."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("voice_id", "about_id"),)  # type: ignore[assignment]

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    voice_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), comment="the organisation that says it")
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(500), default="", comment="evidence: a page of this site, or https")
    signer_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id"), comment="who stands for the words as they are"
    )
    reworded: Mapped[datetime | None] = mapped_column(Moment, comment="when the text was last changed")
    answer: Mapped[str] = mapped_column(Text, default="", comment="of the organisation that it is about")
    answered: Mapped[datetime | None] = mapped_column(Moment)
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    __mapper_args__ = {"polymorphic_identity": "statement", "inherit_condition": id == Entry.id}

    @property
    def is_answered(self) -> bool:
        """An answer to words that were changed since may be given anew."""
        return self.answered is not None and not self.was_reworded

    @property
    def was_reworded(self) -> bool:
        """Since it was answered."""
        return self.answered is not None and self.reworded is not None and self.reworded > self.answered
