"""Proposals between organisations, what they agree on, and what becomes of it.

Everybody who speaks for one of the parties sits at the door `proposal:<id>` of the dossier; the seats follow those at the organisations.
A dossier holds its conversation as a topic of the forum within it, and pages and files like a group. The steps are a chain of
digests: nothing is ever taken out of it, and it names roles and organisations, so that it still holds when a person is erased.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.members.models import Member
from directory.partnerships.dossiers.transitions import FORCE, OVER, SHUT, STAGES, TALKING

LATE = 30  # days after which what was promised is red
RESULTS = ("reached", "partly reached", "not reached")


class Proposal(Entry):
    """`about_id`: the need, the offer or the organisation that it answers. `text`: the first words of the sender."""

    __tablename__ = "proposal"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint(f"stage in ({', '.join(repr(one) for one in STAGES)})", name="stage"),
        Index("ix_proposal_stage_counted", "stage", "counted"),
        Index("ix_proposal_about_id", "about_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[str] = mapped_column(String(12), default="interest")
    since: Mapped[datetime] = mapped_column(Moment, default=now, comment="when it came into this stage")
    counted: Mapped[datetime] = mapped_column(Moment, default=now, comment="from when the days of its deadline run")
    reminded: Mapped[int] = mapped_column(default=0, comment="reminders of this stage whose day has passed")
    extended: Mapped[int] = mapped_column(default=0, comment="days by which the deadline was moved")
    before: Mapped[str] = mapped_column(String(12), default="", comment="the stage in which it was closed")
    same_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"), comment="the organisation that brought it into this stage"
    )
    reason: Mapped[str] = mapped_column(String(20), default="", comment="why it was declined, withdrawn or ended")
    note: Mapped[str] = mapped_column(String(500), default="", comment="the same in the words of that side")
    steps: Mapped[int] = mapped_column(default=0, comment="the number of the last step")
    terms: Mapped[int] = mapped_column(default=0, comment="the number of the last version of the terms")
    agreed: Mapped[int] = mapped_column(default=0, comment="the version that was signed by all; 0: none yet")
    mediator_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), comment="a moderator whom a party named"
    )
    mediator_wanted: Mapped[list[int]] = mapped_column(Json, default=list, comment="the organisations that said yes")

    __mapper_args__ = {"polymorphic_identity": "proposal", "inherit_condition": id == Entry.id}

    @property
    def door(self) -> str:
        return f"proposal:{self.id}"

    @property
    def is_talking(self) -> bool:
        return self.stage in TALKING or self.stage == "agreed"

    @property
    def is_in_force(self) -> bool:
        return self.stage in FORCE

    @property
    def is_over(self) -> bool:
        return self.stage in (*OVER, *SHUT, "archived")


class Party(Model):
    """One organisation in one dossier. `turn`: the others wait for it."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("side in ('sender', 'receiver', 'partner')", name="side"),
        CheckConstraint("state in ('proposed', 'invited', 'in', 'left')", name="state"),
        UniqueConstraint("proposal_id", "organisation_id"),
        Index("ix_party_organisation_id_turn", "organisation_id", "turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    side: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(
        String(8), default="in", comment="proposed: the parties have yet to agree; invited: it has yet to answer"
    )
    wanted: Mapped[list[int]] = mapped_column(Json, default=list, comment="the organisations that want it to come in")
    turn: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[bool] = mapped_column(default=False, comment="wants the partnership in the public register")
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="SET NULL"), comment="who answers for it"
    )
    joined: Mapped[datetime] = mapped_column(Moment, default=now)
    left: Mapped[datetime | None] = mapped_column(Moment)

    contact: Mapped[Member | None] = relationship(lazy="raise_on_sql")

    def is_on(self, side: str, proposal: Proposal) -> bool:
        """Is it on the side to which a move belongs? The clock's moves are nobody's."""
        return {
            "any": True,
            "turn": self.turn,
            "rest": not self.turn,
            "same": proposal.same_id == self.organisation_id,
            "sender": self.side == "sender",
            "receiver": self.side != "sender",
            "clock": False,
        }[side]


class Observer(Model):
    """A member, as a funder or a broker, whom all parties want to read along: named, and then, when they came, seated."""

    __tablename__ = "observer"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    wanted: Mapped[list[int]] = mapped_column(Json, default=list, comment="the organisations that said yes")
    came: Mapped[datetime | None] = mapped_column(Moment, comment="when they took the seat; none: they have none")

    member: Mapped[Member] = relationship(lazy="raise_on_sql")


class Terms(Model):
    """One version of what the parties would do together. Never changed: a change is the next version."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="the fields of fields.TERMS")
    note: Mapped[str] = mapped_column(String(500), default="", comment="what is different, and why")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the agreement that these terms make")


class Assent(Model):
    """A party's yes to one version of the terms: accepted, or signed by a signatory with their name and password."""

    __tablename__ = "assent"
    __table_args__ = (
        CheckConstraint("how in ('accepted', 'signed')", name="how"),
        UniqueConstraint("proposal_id", "number", "organisation_id", "how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int] = mapped_column(comment="of the version")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    how: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(100), default="", comment="as the signatory typed it")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    digest: Mapped[str] = mapped_column(String(64), comment="of the terms that were on the page")


class Step(Model):
    """One line of a dossier's log. Each holds the digest of the one before it; who did it is told beside the chain, so that
    a person can be erased and the chain still holds."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), comment="none: a date, or a mediator")
    role: Mapped[str] = mapped_column(String(16), default="")
    action: Mapped[str] = mapped_column(String(20))
    came_from: Mapped[str] = mapped_column(String(12))
    went_to: Mapped[str] = mapped_column(String(12))
    payload: Mapped[str] = mapped_column(String(64), default="", comment="SHA-256 of what went with it")
    before: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64))

    actor: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class Commitment(Model):
    """What a party promised, by when. Its light follows from the dates alone."""

    __tablename__ = "commitment"
    __table_args__ = (Index("ix_commitment_proposal_id_due", "proposal_id", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    text: Mapped[str] = mapped_column(String(300))
    measure: Mapped[str] = mapped_column(String(300), default="", comment="how one sees that it was kept")
    who: Mapped[str] = mapped_column(String(100), default="", comment="who looks after it")
    due: Mapped[str] = mapped_column(String(10), comment="ISO day")
    kept: Mapped[str] = mapped_column(String(10), default="", comment="ISO day on which it was kept")
    note: Mapped[str] = mapped_column(String(300), default="")

    def light(self, today: date) -> str:
        """kept; green: its day has not come; yellow: up to 30 days late; red: later."""
        if self.kept:
            return "kept"
        late = (today - date.fromisoformat(self.due)).days
        return "green" if late <= 0 else "yellow" if late <= LATE else "red"


class Account(Model):
    """What one side tells: a report under way, or the outcome. `answers`: {organisation id: {how, text, at}}."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("sort in ('report', 'outcome')", name="sort"),
        Index("ix_account_proposal_id_sort", "proposal_id", "sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    sort: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(String(16), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Meeting(Model):
    """Times that one side offers, one of which the other chooses. A guest needs no account: they choose by a link."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(300), default="", comment="a place, or where to meet online")
    minutes: Mapped[int] = mapped_column(default=60)
    slots: Mapped[list[str]] = mapped_column(Json, default=list, comment="when it could be: ISO moments in UTC")
    zone: Mapped[str] = mapped_column(String(64), default="UTC", comment="in whose hours they were offered")
    chosen: Mapped[datetime | None] = mapped_column(Moment)
    guest: Mapped[str] = mapped_column(String(254), default="", comment="address of somebody without an account")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class ShutDoor(Model):
    """An organisation takes no more proposals from another one; the other is told nothing of it."""

    __tablename__ = "shut_door"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
