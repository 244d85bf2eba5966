"""What people say to each other: forums with topics, posts on walls, private talks. All of it is topics with posts.

A topic stands in a forum, on the wall of a member, an organisation or a group, or (a talk) nowhere: its audience is then the few who
sit in it. A post's audience is its topic's, a topic's that of what it stands in. The first post is what the topic says.
Numbers of posts run from 1 and are never given twice within a topic; what is taken away leaves its number.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.focus.models import Focused
from commons.members.models import Member

SORTS = ("discussion", "question", "share", "talk")  # a share stands on a wall, a talk is private
PER_PAGE = 20


class Forum(Focused, Entry):
    """A place for topics: of the site (by area of focus), or of a group (`within_id`)."""

    __tablename__ = "forum"

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="", comment="what belongs here, and its house rules; Markdown")
    place: Mapped[int] = mapped_column(default=50, comment="order in the list")

    __mapper_args__ = {"polymorphic_identity": "forum", "inherit_condition": id == Entry.id}


class Topic(Focused, Entry):
    __tablename__ = "topic"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("sort in ('discussion', 'question', 'share', 'talk')", name="sort"),
        Index("ix_topic_about_id", "about_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    sort: Mapped[str] = mapped_column(String(12), default="discussion")
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"), comment="the page, organisation … talked about"
    )
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), comment="the post that answers the question")
    pinned: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False, comment="nobody may answer any more")
    choices: Mapped[list[str]] = mapped_column(Json, default=list, comment="of a poll; empty: no poll")
    choose_until: Mapped[datetime | None] = mapped_column(Moment)
    voice_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"), comment="the organisation in whose name it is said"
    )
    posts: Mapped[int] = mapped_column(default=0, comment="how many stand; follows from them")
    last_number: Mapped[int] = mapped_column(default=0, comment="the highest number given; follows from them")
    last_at: Mapped[datetime] = mapped_column(Moment, default=now, comment="of the last post; follows from them")
    last_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), comment="the same")

    last_by: Mapped[Member | None] = relationship(lazy="raise_on_sql", foreign_keys=[last_by_id])
    first: Mapped[Post | None] = relationship(  # for lists of whole rows: one statement for all of them
        primaryjoin="and_(Topic.id == foreign(Post.topic_id), Post.number == 1)", viewonly=True, uselist=False
    )

    whole: Mapped[Entry | None] = relationship(
        primaryjoin=lambda: Topic.within_id == Entry.id,
        remote_side=Entry.id,
        foreign_keys=Entry.within_id,
        viewonly=True,
    )
    about: Mapped[Entry | None] = relationship(
        primaryjoin=lambda: Topic.about_id == Entry.id, remote_side=Entry.id, foreign_keys=[about_id], viewonly=True
    )

    __mapper_args__ = {"polymorphic_identity": "topic", "inherit_condition": id == Entry.id}

    @property
    def is_private(self) -> bool:
        return self.sort == "talk"

    @property
    def waits(self) -> bool:
        """Did nobody answer yet, or, of a question, did no answer settle it?"""
        return not self.closed and (self.posts == 1 or (self.sort == "question" and self.answer_id is None))


class Post(Entry):
    """One thing said. `slug` is its id; `title` the topic's when it was written; `within_id` is the topic too."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("topic_id", "number"),)  # type: ignore[assignment]

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="", comment="Markdown")
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    voice_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"), comment="the organisation in whose name it is said"
    )

    __mapper_args__ = {"polymorphic_identity": "post", "inherit_condition": id == Entry.id}

    @property
    def thread_id(self) -> int | None:
        return self.topic_id


class Vote(Model):
    """One choice in a poll. Only how many chose what is ever shown."""

    __tablename__ = "vote"

    topic_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    choice: Mapped[int]


class MovedPost(Model):
    """Where a post stood before its topic was split or merged: its old address leads on."""

    __tablename__ = "moved_post"

    topic_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)


class ForumAuthor(Model):
    """A writer of an imported forum and the placeholder that stands for them here; a placeholder can never sign in."""

    __tablename__ = "forum_author"

    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True, comment="as the source writes it")
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
