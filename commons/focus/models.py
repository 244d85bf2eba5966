"""Areas of focus: a small tree with several parents, edited like any page; and the link from any entry to its areas."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from commons.db import Json, Model, Moment, now
from commons.entries.models import Entry
from commons.members.models import Member


class FocusLink(Model):
    __tablename__ = "entry_focus"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class Focused:
    """A kind whose entries stand under areas of focus: `focus` is the sorted list of the areas' ids."""

    @declared_attr
    def focus_links(cls: Any) -> Mapped[list[FocusLink]]:
        return relationship(
            FocusLink,
            primaryjoin=f"{cls.__name__}.id == foreign(FocusLink.entry_id)",
            cascade="all, delete-orphan",
            lazy="selectin",
        )

    @property
    def focus(self) -> list[int]:
        return sorted(link.area_id for link in self.focus_links)

    @focus.setter
    def focus(self, areas: list[int]) -> None:
        kept = {link.area_id: link for link in self.focus_links}
        self.focus_links = [kept.get(area) or FocusLink(area_id=area) for area in sorted(set(areas))]


class RefusedArea(Model):
    """Somebody who may edit an entry said that an area suggested from its words is not what it is about."""

    __tablename__ = "refused_area"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    marks: Mapped[list[int]] = mapped_column(Json, default=list, comment="digests of words that the text had then")

    by: Mapped[Member | None] = relationship(lazy="raise_on_sql")


class AreaParent(Model):
    __tablename__ = "area_parent"

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class Area(Entry):
    """`title` is the English label."""

    __tablename__ = "area"
    __mapper_args__ = {"polymorphic_identity": "focus"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    labels: Mapped[dict[str, str]] = mapped_column(Json, default=dict, comment="language: label, English left out")
    definition: Mapped[dict[str, str]] = mapped_column(Json, default=dict, comment="language: one or two sentences")
    synonyms: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict, comment="language: words members use")
    sdgs: Mapped[list[int]] = mapped_column(Json, default=list)
    targets: Mapped[list[str]] = mapped_column(Json, default=list, comment="SDG targets that mean just this area")

    parent_links: Mapped[list[AreaParent]] = relationship(
        primaryjoin="Area.id == foreign(AreaParent.area_id)", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def parents(self) -> list[int]:
        return sorted(link.parent_id for link in self.parent_links)

    @parents.setter
    def parents(self, ids: list[int]) -> None:
        kept = {link.parent_id: link for link in self.parent_links}
        self.parent_links = [kept.get(parent) or AreaParent(parent_id=parent) for parent in sorted(set(ids))]

    def value(self, field: str) -> Any:
        """`label_fr` and the like are fields of their own, so that two translators never collide."""
        name, _, language = field.partition("_")
        if name in ("label", "definition", "synonyms") and language:
            store: dict[str, Any] = getattr(self, "labels" if name == "label" else name) or {}
            return store.get(language, [] if name == "synonyms" else "")
        return super().value(field)

    def set_value(self, field: str, value: Any) -> None:
        name, _, language = field.partition("_")
        if name in ("label", "definition", "synonyms") and language:
            column = "labels" if name == "label" else name
            setattr(self, column, {**(getattr(self, column) or {}), language: value})
        else:
            super().set_value(field, value)
