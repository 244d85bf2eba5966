"""Reads of the directory that are wider than one key. Lists with facets come from the search (`commons/search`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import case, func, select

from commons.db import db, now, table
from commons.entries.models import Entry
from commons.entries.queries import visible
from commons.members.models import Member
from commons.search.index import IndexBroken
from commons.search.queries import totals
from directory.models import ImportRun, Organisation, Relation


def by_ids(ids: Sequence[int], viewer: Member | None) -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(ids), visible(viewer))))


class Tie(NamedTuple):
    type: str
    name: str  # the other side's
    id: int | None  # none: it is not here, or this viewer may not see it
    slug: str
    inward: bool  # said by the other side


def relations_of(organisation: Organisation, viewer: Member | None) -> list[Tie]:
    """Ties in both directions, in one statement, for they stand on every organisation's page."""
    own, there = organisation.id, table(Entry)
    far = case((Relation.organisation_id == own, Relation.other_id), else_=Relation.organisation_id)
    query = (
        select(
            Relation.type,
            Relation.name,
            Relation.organisation_id,
            Relation.other_id,
            there.c.id,
            there.c.title,
            there.c.slug,
        )
        .outerjoin(there, (there.c.id == far) & visible(viewer))
        .where((Relation.organisation_id == own) | (Relation.other_id == own))
        .limit(200)
    )
    rows = [
        Tie(type, title or name, id, slug or "", said_by != own)
        for type, name, said_by, other, id, title, slug in db.session.execute(query)
        if id or (said_by == own and other is None)  # a side that may not be seen is not named either
    ]
    return sorted(rows, key=lambda row: (row.inward, row.type, row.name.casefold()))


def above(organisation_id: int) -> list[int]:
    """The ids of everything this organisation is part of, all the way up."""
    up = select(Relation.other_id.label("id")).where(
        Relation.organisation_id == organisation_id, Relation.type == "part of"
    )
    chain = up.cte("above", recursive=True)
    step = (
        select(Relation.other_id).join(chain, chain.c.id == Relation.organisation_id).where(Relation.type == "part of")
    )
    chain = chain.union(step)
    return [i for i in db.session.scalars(select(chain.c.id)) if i is not None]


class Origin(NamedTuple):
    """What an import is known by; it never changes, so each process remembers those it met."""

    source: str
    licence: str
    started: datetime


def imports_of(organisation: Organisation) -> dict[int, Origin]:
    known: dict[int, Origin] = current_app.extensions.setdefault("origins", {})
    ids = set(organisation.provenance.values())
    if missing := ids - known.keys():
        runs = db.session.scalars(select(ImportRun).where(ImportRun.id.in_(missing)))
        known |= {run.id: Origin(run.source, run.licence, run.started) for run in runs}
    return {id: known[id] for id in ids if id in known}


def counts(viewer: Member | None) -> dict[str, int]:
    try:
        found = totals(viewer, "organisation")
        return {"organisations": found["total"], **found}
    except IndexBroken:
        return _counted(viewer)


def _counted(viewer: Member | None) -> dict[str, int]:
    row = db.session.execute(
        select(
            func.count(),
            func.count(func.distinct(func.nullif(Organisation.country, ""))),
            func.count(func.nullif(Organisation.confirmed, "")),
            func.count(case((Organisation.confirmed >= (now() - timedelta(days=365)).date().isoformat(), 1))),
        ).where(visible(viewer))
    ).one()
    return {
        "organisations": int(row[0]),
        "countries": int(row[1]),
        "confirmed": int(row[2]),
        "confirmed_year": int(row[3]),
    }


def newest(viewer: Member | None, limit: int) -> list[Organisation]:
    return list(
        db.session.scalars(
            select(Organisation)
            .where(visible(viewer))
            .order_by(Organisation.id.desc())  # as they were made; the order of a key needs no sorting
            .limit(limit)
        )
    )


def to_check(viewer: Member | None, day: int) -> Organisation | None:
    """One record that nobody has confirmed: another one each day."""
    query = select(Organisation).where(visible(viewer), Organisation.status == "unconfirmed").order_by(Organisation.id)
    first = db.session.scalar(query.where(Organisation.id >= day * 7919 % (_last_id() or 1)).limit(1))
    return first or db.session.scalar(query.limit(1))


def _last_id() -> int:
    return db.session.scalar(select(func.max(Organisation.id))) or 0
