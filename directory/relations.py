"""Ties between organisations: both directions, what is contested, whole and parts, and what may be said anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from commons.db import db, table
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.entries.queries import heads_by_id, visible
from commons.members.models import Member, Seat
from directory.models import Contest, Organisation, Relation

MOST = 200  # ties on a page
CIRCLE: Any = _l("That would make a circle: the other organisation is already part of this one.")
PARTNERS = ("partner", "member of", "funder")  # two who work together; parts and successors are the same house


class Tie(NamedTuple):
    relation_id: int
    type: str
    name: str  # the other side's
    id: int | None  # none: it is not here, or this viewer may not see it
    slug: str
    inward: bool  # said by the other side
    contested: datetime | None
    why: str
    again: bool  # a moderator decides


def relations_of(organisation: Organisation, viewer: Member | None) -> list[Tie]:
    """Ties in both directions, in one statement, for they stand on every organisation's page."""
    own, there = organisation.id, table(Entry)
    far = case((Relation.organisation_id == own, Relation.other_id), else_=Relation.organisation_id)
    query = (
        select(table(Relation), there.c.id.label("there"), there.c.title, there.c.slug, *_of_contest())
        .outerjoin(there, (there.c.id == far) & visible(viewer))
        .outerjoin(Contest, Contest.id == Relation.contest_id)
        .where((Relation.organisation_id == own) | (Relation.other_id == own))
        .limit(MOST)
    )
    rows = [
        Tie(row.id, row.type, row.title or row.name, row.there, row.slug or "", row.organisation_id != own, *row[-3:])
        for row in db.session.execute(query)
        if row.there
        or (row.organisation_id == own and row.other_id is None)  # a side that may not be seen is not named
    ]
    return sorted(rows, key=lambda row: (row.inward, row.type, row.name.casefold()))


def _of_contest() -> tuple[Any, ...]:
    return Contest.at.label("contested"), Contest.why.label("why"), Contest.again.label("again")


def own_relation(organisation: Organisation, id: int) -> Relation:
    """One that this organisation says, else 404."""
    return next((one for one in organisation.relation_links if one.id == id), None) or abort(404)


def said_of(organisation: Organisation, id: int, viewer: Member | None) -> tuple[Relation, Organisation]:
    """A tie that another organisation says of this one, and that other one; else 404."""
    query = (
        select(Relation, Organisation)
        .join(Organisation, Organisation.id == Relation.organisation_id)
        .where(Relation.id == id, Relation.other_id == organisation.id, visible(viewer, Organisation))
    )
    found = db.session.execute(query).first() if id < 2**31 else None
    return (found[0], found[1]) if found else abort(404)


def partners_of(ids: Collection[int], types: Sequence[str] = PARTNERS) -> dict[int, set[int]]:
    """organisation: the public ones with which it is tied so, whichever side says it. What is contested does not count."""
    far = aliased(Entry)
    ends = ((Relation.organisation_id, Relation.other_id), (Relation.other_id, Relation.organisation_id))
    found: dict[int, set[int]] = {}
    for near, other in ends:
        query = select(near, other).join(far, far.id == other).where(near.in_(ids), visible(None, far))
        for one, there in db.session.execute(query.where(Relation.type.in_(types), Relation.contest_id.is_(None))):
            if one is not None and there is not None:
                found.setdefault(one, set()).add(there)
    return found


def above(ids: Iterable[int], but: int = 0) -> set[int]:
    """Everything of which these are a part, all the way up. What is contested, and what the organisation `but` says, does
    not count."""
    counts = (Relation.contest_id.is_(None), Relation.organisation_id != but)
    found, reached = set[int](), set(ids)
    while reached:
        step = set[int]()
        for part, whole, type in (
            (Relation.organisation_id, Relation.other_id, "part of"),
            (Relation.other_id, Relation.organisation_id, "includes"),
        ):
            query = select(whole).where(part.in_(reached), Relation.type == type, whole.is_not(None), *counts)
            step |= {id for id in db.session.scalars(query) if id is not None}
        reached = step - found
        found |= step
    return found


def ties_of(organisation: Organisation) -> set[tuple[str, int]]:
    """(type, id of the other side) of what this organisation says of others that are here."""
    return {(link.type, link.other_id) for link in organisation.relation_links if link.other_id is not None}


def makes_circle(organisation: Organisation | None, ties: Iterable[tuple[str, int]]) -> bool:
    """Would something be part of itself if this organisation said these ties, and no others?"""
    own = organisation.id if organisation else 0
    links = organisation.relation_links if organisation else ()
    open_ones = set(ties) - {(link.type, link.other_id or 0) for link in links if link.contest_id is not None}
    parts = {other for type, other in open_ones if type == "includes"}
    wholes = {other for type, other in open_ones if type == "part of"}
    if not parts and not wholes:
        return False
    over = wholes | above({own} | wholes, but=own)
    return own in over or bool(parts & over)


def faults_of(rows: Any, organisation: Organisation | None, actor: Member) -> dict[str, str]:
    """What speaks against saying these ties ([type, id or id at the source or none, name]), as a sentence; else nothing."""
    known = (
        {(link.type, link.external_id): link.other_id for link in organisation.relation_links} if organisation else {}
    )
    ties = {(type, other if isinstance(other, int) else known.get((type, other or ""))) for type, other, _name in rows}
    whole = {(type, other) for type, other in ties if other is not None}
    fresh = whole - (ties_of(organisation) if organisation else set())
    others = {other for _type, other in fresh}
    if organisation is not None and organisation.id in others:
        return {"relations": _("An organisation cannot be related to itself.")}
    if missing := others - {entry.id for entry in heads_by_id(sorted(others), actor) if entry.kind == "organisation"}:
        return {"relations": _("There is no organisation with the number %(number)s.", number=min(missing))}
    if any(type in ("part of", "includes") for type, _other in fresh) and makes_circle(organisation, whole):
        return {"relations": str(CIRCLE)}
    if organisation is not None and not actor.is_moderator and _barred(organisation, others):
        return {"relations": _("This was contested twice. Only a moderator can say it again.")}
    return {}


def _barred(organisation: Organisation, others: Collection[int]) -> bool:
    return any(one.needs_moderator for one in newest_contests(organisation.id, others).values())


def newest_contests(organisation_id: int, others: Collection[int]) -> dict[int, Contest]:
    """other organisation: the last time that it contested what this one says of it."""
    query = select(Contest).where(Contest.organisation_id == organisation_id, Contest.other_id.in_(others))
    return {one.other_id: one for one in db.session.scalars(query.order_by(Contest.id))} if others else {}


def open_contests(organisation_id: int) -> Sequence[Contest]:
    """Those against what this organisation says."""
    query = select(Contest).where(Contest.organisation_id == organisation_id, Contest.ended.is_(None))
    return db.session.scalars(query).all()


def speakers(ids: Iterable[int]) -> list[int]:
    """Members who speak for any of these organisations."""
    doors = [speaks_for(id) for id in ids]
    return list(db.session.scalars(select(Seat.member_id).where(Seat.audience.in_(doors)).distinct())) if doors else []


def moderators() -> list[int]:
    roles = ("moderator", "administrator")
    return list(db.session.scalars(select(Member.id).where(Member.role.in_(roles), Member.state == "active")))
