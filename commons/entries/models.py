"""What every made thing shares (Entry), its history (Revision), the one log of all writes (Change), and old
addresses (Redirect).

`change.seq` is in commit order on both databases: SQLite has one writer, on PostgreSQL `entries.actions.record`
holds an advisory lock from numbering to commit. Everything that follows the log can rely on it: what has a lower
number was visible before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.members.models import Member

BY_PEOPLE = text("actor_id IS NOT NULL")  # what imports wrote is most of the log, and stands in no list of changes


class Entry(Model):
    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        CheckConstraint("state in ('live', 'draft', 'pending', 'deleted', 'suppressed')", name="state"),
        Index("ix_entry_source_source_id", "source", "source_id"),
        Index("ix_entry_kind_state_updated", "kind", "state", "updated"),
        Index("ix_entry_within_id_stirred", "within_id", "stirred"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    slug: Mapped[str] = mapped_column(String(120))
    audience: Mapped[str] = mapped_column(String(40), default="public", index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), comment="none: imported")
    language: Mapped[str] = mapped_column(String(16), default="", comment="BCP 47; empty: not known")
    state: Mapped[str] = mapped_column(String(12), default="live")
    version: Mapped[int] = mapped_column(default=1)
    licence: Mapped[str] = mapped_column(String(60), default="CC BY-SA 4.0")
    source: Mapped[str] = mapped_column(String(120), default="", comment="where an import took it from")
    source_id: Mapped[str] = mapped_column(String(200), default="")
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    updated: Mapped[datetime] = mapped_column(Moment, default=now)

    within_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"),
        comment="what it stands in: a post in its topic, a topic in its forum, a page in its group",
    )
    stirred: Mapped[int] = mapped_column(
        default=0, index=True, comment="the last line of the log by people about it or what belongs to its thread"
    )

    author: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_abstract": True}

    @property
    def is_live(self) -> bool:
        return self.state == "live"

    @property
    def thread_id(self) -> int | None:
        """The entry whose followers hear of changes to this one; None: it is its own thread."""
        return None

    def value(self, field: str) -> Any:
        """A versioned field as plain JSON data: what revisions keep and exports write."""
        return getattr(self, field)

    def set_value(self, field: str, value: Any) -> None:
        setattr(self, field, value)


class Revision(Model):
    """One change of one entry, field by field, old and new. Revisions are only ever added."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    minor: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="field: [old, new], of long texts {hunks: [[line, old lines, new lines], …]}"
    )
    digest: Mapped[str] = mapped_column(String(64), comment="over the digest before it and this revision's content")
    hidden: Mapped[bool] = mapped_column(
        default=False, comment="a moderator hid its words, note and author; the log says why"
    )

    author: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Change(Model):
    """One line of the log: who did what to which entry, in commit order."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_by_people", "seq", sqlite_where=BY_PEOPLE, postgresql_where=BY_PEOPLE),
        Index("ix_change_thread_id_seq", "thread_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    revision: Mapped[int | None] = mapped_column(comment="the revision's number, where the change made one")
    note: Mapped[str] = mapped_column(String(300), default="")
    via: Mapped[str] = mapped_column(String(60), default="", comment="token, import …; empty: the site's own pages")

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("entry.id"), comment="whose followers hear of it: the entry itself, or the topic of a post"
    )

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql", foreign_keys=[entry_id])
    thread: Mapped[Entry] = relationship(lazy="raise_on_sql", foreign_keys=[thread_id])
    actor: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Redirect(Model):
    """An address that an entry once had."""

    __tablename__ = "redirect"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(120))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)


class EntryLink(Model):
    """A name in an entry's text, `[[Composting]]`, `@ana` or `#solar`, and the address it means; joined to entries and old
    addresses when it is read, so that nothing is rewritten when an entry appears, goes or gets another name."""

    __tablename__ = "entry_link"
    __table_args__ = (Index("ix_entry_link_kind_slug", "kind", "slug"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), primary_key=True, comment="as it is written")
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(120))


class Ask(Model):
    """A line of the log that asks for one member's attention: a mention, an answer to them, an invitation. Once for each
    entry and reason, also when the text is edited later; whether they may see it is asked when it is read and when it is sent."""

    __tablename__ = "ask"
    __table_args__ = (Index("ix_ask_member_id_seq", "member_id", "seq"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    why: Mapped[str] = mapped_column(String(20), primary_key=True, comment="mention, reply, message, invitation …")
    seq: Mapped[int] = mapped_column(ForeignKey("change.seq"), index=True)


class Checked(Model):
    """Somebody looked at this line of the log and found it right."""

    __tablename__ = "checked"

    seq: Mapped[int] = mapped_column(ForeignKey("change.seq"), primary_key=True, autoincrement=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    by: Mapped[Member] = relationship(lazy="raise_on_sql")


class Draft(Model):
    """What a member typed into a form and has not sent yet."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("member_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120), comment="which form: page-12-0")
    fields: Mapped[dict[str, list[str]]] = mapped_column(
        Json, default=dict, comment="name: values, as the form sent them"
    )
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class Position(Model):
    """How far a follower of the log has come."""

    __tablename__ = "position"

    follower: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    fault: Mapped[str] = mapped_column(Text, default="")


class Unrecorded(Exception):
    """An entry was about to change without a line in the log."""


@event.listens_for(Session, "before_flush")
def _every_change_is_recorded(session: Session, *_: object) -> None:
    """The only listener in the house: no entry changes without a Change in the same transaction."""
    recorded = session.info.setdefault("recorded", set())
    recorded |= {id(change.entry) for change in session.new if isinstance(change, Change)}
    touched = [
        row
        for row in (*session.new, *session.dirty, *session.deleted)
        if isinstance(row, Entry) and session.is_modified(row)
    ]
    for entry in touched:
        if id(entry) not in recorded:
            raise Unrecorded(f"{entry.kind} {entry.id} {entry.title!r}")
