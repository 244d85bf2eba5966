"""Reads of the directory that are wider than one key. Lists with facets come from the search (`commons/search`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from commons.db import db, now
from commons.entries.models import Change, Entry
from commons.entries.queries import visible
from commons.members.models import Member
from directory.models import ImportRun, Organisation, Relation


def by_ids(ids: Sequence[int]) -> list[Organisation]:
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids), Organisation.state == "live")).all()
    return list(found)


def relations_of(organisation: Organisation, viewer: Member | None) -> list[tuple[str, Entry | None, str, bool]]:
    """(type, the other organisation, its name, said by the other side?): ties in both directions."""
    other = aliased(Organisation)
    outward = (
        select(Relation.type, Relation.name, other)
        .outerjoin(other, (other.id == Relation.other_id) & (other.state == "live"))
        .where(Relation.organisation_id == organisation.id)
    )
    inward = (
        select(Relation.type, Organisation.title, Organisation)
        .join(Organisation, Organisation.id == Relation.organisation_id)
        .where(Relation.other_id == organisation.id, visible(viewer))
    )
    rows = [(type, entry, name, False) for type, name, entry in db.session.execute(outward.limit(100))]
    rows += [(type, entry, name, True) for type, name, entry in db.session.execute(inward.limit(100))]
    return sorted(rows, key=lambda row: (row[3], row[0], row[2].casefold()))


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


def imports_of(organisation: Organisation) -> dict[int, ImportRun]:
    ids = set(organisation.provenance.values())
    return {run.id: run for run in db.session.scalars(select(ImportRun).where(ImportRun.id.in_(ids)))} if ids else {}


def counts(viewer: Member | None) -> dict[str, int]:
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
            .order_by(Organisation.created.desc(), Organisation.id.desc())
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


def points(ids: Sequence[int] | None, viewer: Member | None) -> list[tuple[int, float, float]]:
    query = select(Organisation.id, Organisation.lat, Organisation.lon).where(
        visible(viewer), Organisation.lat.is_not(None), Organisation.lon.is_not(None)
    )
    if ids is not None:
        query = query.where(Organisation.id.in_(ids))
    return [(i, lat, lon) for i, lat, lon in db.session.execute(query)]


def by_source(source: str, source_id: str, viewer: Member | None) -> list[Organisation]:
    query = select(Organisation).where(visible(viewer), Organisation.source == source)
    return list(db.session.scalars(query.where(Organisation.source_id == source_id) if source_id else query.limit(100)))


def last_edit(organisation: Organisation) -> Any:
    return db.session.scalar(
        select(func.max(Change.at)).where(Change.entry_id == organisation.id, Change.actor_id.is_not(None))
    )
