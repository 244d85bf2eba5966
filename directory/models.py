"""Organisations, how they relate to each other, and the imports that brought them.

`provenance` says for every field that still is as an import wrote it which import that was; a field that a person edited leaves it,
because then the history says who and why.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.focus.models import Focused

STATUSES = ("active", "unconfirmed", "in discussion", "out of scope", "spam", "duplicate", "closed", "removed")
RELATIONS = ("part of", "includes", "member of", "partner", "funder", "successor", "predecessor", "related")
SCOPES = ("", "local", "regional", "national", "international")
TYPES = (
    "nonprofit",
    "charity",
    "cooperative",
    "social enterprise",
    "community group",
    "network",
    "foundation",
    "education",
    "research",
    "healthcare",
    "government",
    "company",
    "archive",
    "facility",
    "other",
)


class Organisation(Focused, Entry):
    __tablename__ = "organisation"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("lat is null or (lat >= -90 and lat <= 90)", name="lat"),
        CheckConstraint("lon is null or (lon >= -180 and lon <= 180)", name="lon"),
        Index("ix_organisation_country_city", "country", "city"),
        Index("ix_organisation_lat_lon", "lat", "lon"),
        Index("ix_organisation_confirmed", "confirmed"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    names: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, default=list, comment="other names: value, language, types"
    )
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    email: Mapped[str] = mapped_column(String(254), default="", comment="never in pages; people write by a form")
    phone: Mapped[str] = mapped_column(String(60), default="")
    country: Mapped[str] = mapped_column(String(2), default="", comment="ISO 3166-1 alpha-2")
    region: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    scope: Mapped[str] = mapped_column(String(20), default="")
    languages: Mapped[list[str]] = mapped_column(Json, default=list, comment="working languages, BCP 47")
    founded: Mapped[int | None]
    sdgs: Mapped[list[int]] = mapped_column(Json, default=list)
    external_ids: Mapped[dict[str, str]] = mapped_column(Json, default=dict, comment="scheme: id, as GB-CHC: 1053992")
    status: Mapped[str] = mapped_column(String(20), default="active")
    status_note: Mapped[str] = mapped_column(String(500), default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), comment="of a closed or duplicate record")
    confirmed: Mapped[str] = mapped_column(String(10), default="", comment="ISO date of the organisation's last yes")
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="fields of a source that we do not know")
    provenance: Mapped[dict[str, int]] = mapped_column(
        Json, default=dict, comment="field: id of the import it came from"
    )
    row_digest: Mapped[str] = mapped_column(String(32), default="", comment="of the imported row, to know it again")

    __mapper_args__ = {"polymorphic_identity": "organisation", "inherit_condition": id == Entry.id}

    relation_links: Mapped[list[Relation]] = relationship(
        primaryjoin="Organisation.id == foreign(Relation.organisation_id)",
        cascade="all, delete-orphan",
        lazy="select",
        order_by="Relation.id",
    )

    @property
    def relations(self) -> list[list[Any]]:
        """[type, id of the other organisation here, or its id at the source, or null; its name]"""
        return sorted((link.row for link in self.relation_links), key=str)

    @relations.setter
    def relations(self, rows: list[list[Any]]) -> None:
        kept = {(link.type, link.external_id or link.other_id, link.name): link for link in self.relation_links}
        self.relation_links = [kept.get((type, ref, name)) or Relation.of(type, ref, name) for type, ref, name in rows]

    @property
    def is_candidate(self) -> bool:
        return self.status == "unconfirmed"

    @property
    def confirmed_on(self) -> date | None:
        return date.fromisoformat(self.confirmed) if self.confirmed else None

    @property
    def aliases(self) -> list[str]:
        return [name["value"] for name in self.names]

    @property
    def domain(self) -> str:
        return self.website.split("//")[-1].split("/")[0].removeprefix("www.").lower()


class Relation(Model):
    """What one organisation says of its tie to another; shown on both."""

    __tablename__ = "relation"
    __table_args__ = (Index("ix_relation_organisation_id_type", "organisation_id", "type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    type: Mapped[str] = mapped_column(String(20))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    external_id: Mapped[str] = mapped_column(
        String(200), default="", comment="its id at the source; other_id is found by it"
    )
    name: Mapped[str] = mapped_column(String(300), comment="the only thing known when other_id is empty")
    contest_id: Mapped[int | None] = mapped_column(
        ForeignKey("contest.id"), comment="open: the other side says that it is not so"
    )

    contest: Mapped[Contest | None] = relationship(lazy="joined")

    @property
    def row(self) -> list[Any]:
        return [self.type, self.external_id or self.other_id, self.name]

    @classmethod
    def of(cls, type: str, ref: int | str | None, name: str) -> Relation:
        there = ref if isinstance(ref, str) else ""
        return cls(type=type, other_id=ref if isinstance(ref, int) else None, external_id=there, name=name)


class Contest(Model):
    """An organisation's word that another one's tie to it is not so. While it is open the tie is shown as contested and counts for
    nothing: until who said it changes it (`changed`), who contests takes it back (`taken back`), or a moderator says whether
    it stands (`stands`, `wrong`)."""

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("how in ('', 'changed', 'taken back', 'stands', 'wrong')", name="how"),
        Index("ix_contest_organisation_id_other_id", "organisation_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), comment="whose word is contested")
    other_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True, comment="who contests it")
    type: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    again: Mapped[bool] = mapped_column(default=False, comment="the second in a row: a moderator decides")
    ended: Mapped[datetime | None] = mapped_column(Moment)
    how: Mapped[str] = mapped_column(String(12), default="")

    @property
    def needs_moderator(self) -> bool:
        """Both sides had their word: from now on only a moderator says a tie of the two anew."""
        return self.how == "wrong" or (self.again and self.how in ("", "changed"))


class ImportRun(Model):
    """One import of one file: where its rows come from, under which licence, and how far it came."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120), index=True)
    licence: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(Text, default="")
    taken: Mapped[str] = mapped_column(String(10), default="", comment="ISO date of the source's state")
    file: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default="running", comment="running, done, undone")
    rows: Mapped[int] = mapped_column(default=0, comment="rows read and committed so far")
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    started: Mapped[datetime] = mapped_column(Moment, default=now)
    ended: Mapped[datetime | None] = mapped_column(Moment)
