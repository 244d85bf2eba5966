"""The register of partnerships: one query for the page, its numbers and what people take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Select, func, select

from commons.audience import PUBLIC
from commons.db import db
from commons.focus.models import FocusLink
from directory.partnerships.dossiers.models import STANDINGS, Partner, Partnership


class Filters(NamedTuple):
    areas: tuple[int, ...] = ()  # an area and all below it
    goal: int = 0
    country: str = ""
    standing: str = ""
    year: str = ""  # in which it was signed
    organisation_id: int = 0


def registered(filters: Filters) -> Select[Partnership]:
    """What everybody may read, the latest first. Goals are filtered by `with_goal`: they stand in a list of the row."""
    query = select(Partnership).where(Partnership.state == "live", Partnership.audience == PUBLIC)
    if filters.areas:
        under = select(FocusLink.entry_id).where(FocusLink.area_id.in_(filters.areas))
        query = query.where(Partnership.id.in_(under))
    if filters.country:
        query = query.where(Partnership.country == filters.country)
    if filters.standing in STANDINGS:
        query = query.where(Partnership.standing == filters.standing)
    if filters.year:
        query = query.where(Partnership.begun.startswith(f"{filters.year}-", autoescape=True))
    if filters.organisation_id:
        mine = select(Partner.partnership_id).where(Partner.organisation_id == filters.organisation_id)
        query = query.where(Partnership.id.in_(mine))
    return query.order_by(Partnership.begun.desc(), Partnership.id.desc())


def found(filters: Filters) -> list[Partnership]:
    """All of them: the page counts and shows these, and the dump holds these."""
    rows = db.session.scalars(registered(filters)).all()
    return [row for row in rows if not filters.goal or filters.goal in row.sdgs]


def choices() -> Mapping[str, list[str]]:
    """Countries and years that there are."""
    here = (Partnership.state == "live", Partnership.audience == PUBLIC)
    countries = select(Partnership.country).where(*here, Partnership.country != "").distinct()
    year = func.substr(Partnership.begun, 1, 4)
    years = select(year).where(*here).distinct().order_by(year.desc())
    return {
        "countries": sorted(db.session.scalars(countries)),
        "years": list(db.session.scalars(years)),
    }
