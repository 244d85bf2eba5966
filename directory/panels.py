"""What the directory shows on other rooms' pages: the organisations of an area of focus or of a goal, read from the
database so that a new record stands there at the next request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from commons.audience import visible_to
from commons.db import db
from commons.entries.models import Entry
from commons.focus.goals import Goal
from commons.focus.models import FocusLink
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import country_name
from commons.text import excerpt
from commons.web import reader
from directory.documents import row_of
from directory.models import Organisation

SHOWN = 10
TASKS = 3


def organisations_about(subject: Any, viewer: Member | None) -> dict[str, Any] | None:
    """`subject`: the ids of an area and of everything below it, or a Goal."""
    areas = (
        subject
        if isinstance(subject, list)
        else [node.id for node in tree().nodes.values() if subject.number in node.sdgs]
    )
    under = select(FocusLink.entry_id).where(FocusLink.area_id.in_(areas))
    query = select(Organisation).where(
        Organisation.id.in_(under), visible_to(viewer, Entry.audience), Organisation.state == "live"
    )
    total = (
        db.session.scalar(select(func.count()).select_from(query.with_only_columns(Organisation.id).subquery())) or 0
    )
    if not total:
        return {"total": 0, "organisations": [], "countries": [], "search_url": _search_url(subject)}
    rows = db.session.scalars(
        query.order_by(Organisation.confirmed.desc(), Organisation.updated.desc(), Organisation.id).limit(SHOWN)
    ).all()
    many = func.count().label("many")
    countries = db.session.execute(
        query.with_only_columns(Organisation.country, many)
        .where(Organisation.country != "")
        .group_by(Organisation.country)
        .order_by(many.desc())
        .limit(8)
    ).all()
    return {
        "total": int(total),
        "organisations": [row_of(row) for row in rows],
        "search_url": _search_url(subject),
        "countries": [
            (country_name(code, reader()), _search_url(subject, country=code), number) for code, number in countries
        ],
    }


def _search_url(subject: list[int] | Goal, **more: Any) -> str:
    if isinstance(subject, Goal):
        return url_for("directory.organisations", sdg=subject.number, **more)
    top = tree().top_of(subject)
    return url_for("directory.organisations", focus=top.slug if top else None, **more)


def to_place(profile: Any, viewer: Member | None) -> dict[str, Any] | None:
    """Small things to mend for a newcomer: organisations of their country of which nobody says in which town they are."""
    country = profile.country if profile is not None else ""
    wanted = (Organisation.country == country, Organisation.city == "", Organisation.status == "active")
    query = select(Organisation.title, Organisation.slug, Organisation.language).where(
        visible_to(viewer, Entry.audience), Organisation.state == "live", *wanted
    )
    rows = db.session.execute(query.order_by(Organisation.updated).limit(TASKS)).all() if country else []
    found = [{"title": row.title, "language": row.language, "url": _edit(row.slug)} for row in rows]
    return {"organisations": found} if found else None


def _edit(slug: str) -> str:
    return url_for("directory.edit", slug=slug)


def teasers(ids: Sequence[int], viewer: Member | None) -> dict[int, str]:
    """What a feed shows of each: how its description begins."""
    rows = select(Organisation.id, func.substr(Organisation.description, 1, 2000)).where(Organisation.id.in_(ids))
    return {id: excerpt(text) for id, text in db.session.execute(rows) if text}
