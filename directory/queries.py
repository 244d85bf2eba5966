"""Reads of the directory that are wider than one key. Lists with facets come from the search (`commons/search`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from flask import current_app, g
from sqlalchemy import case, func, select

from commons.db import db, now
from commons.entries.asks import speaks_for
from commons.entries.models import Change
from commons.entries.queries import find, visible
from commons.members.models import Member, Seat
from commons.room import rooms
from commons.search.index import IndexBroken
from commons.search.queries import totals
from directory.models import ImportRun, Organisation


def organisation_at(slug: str, viewer: Member | None) -> Organisation:
    """The one at this address; what the viewer may not see is 404."""
    return find(rooms().kinds["organisation"], slug, viewer)  # type: ignore[no-any-return]


def by_ids(ids: Sequence[int], viewer: Member | None) -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(ids), visible(viewer))))


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


def silent_since(ids: Sequence[int]) -> dict[int, str]:
    """The day on which the log says of an organisation that it left a question about its record unanswered."""
    lines = select(Change.entry_id, func.max(Change.at)).where(Change.entry_id.in_(ids), Change.verb == "unanswered")
    return {id: at.date().isoformat() for id, at in db.session.execute(lines.group_by(Change.entry_id))}


def represented() -> frozenset[int]:
    """The organisations for which somebody speaks; asked once a request, for lists name many."""
    if "represented" not in g:
        door = speaks_for(0).removesuffix("0")
        query = select(Seat.audience).join(Member, Member.id == Seat.member_id).where(Member.state == "active")
        found = db.session.scalars(query.where(Seat.audience.startswith(door)).distinct())
        g.represented = frozenset(int(one.removeprefix(door)) for one in found)
    return cast("frozenset[int]", g.represented)
