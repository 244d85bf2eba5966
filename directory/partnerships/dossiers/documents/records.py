"""Search documents, public records and the one-line descriptions of proposals and partnerships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.db import db
from commons.entries.models import Entry
from commons.entries.queries import heads_by_id, visible
from commons.focus.queries import tree
from commons.members.models import Member
from commons.places.gazetteer import names_of_country
from commons.room import SearchDocument
from commons.text import excerpt
from directory.partnerships.dossiers.models import Partner, Partnership, Proposal
from directory.partnerships.dossiers.queries import names_of

STANDING_WORDS = {
    "active": _l("Under way"),
    "completed": _l("Completed"),
    "ended": _l("Ended early"),
    "inactive": _l("Not heard of for two years"),
}
RESULT_WORDS = {
    "reached": _l("They reached what they wanted"),
    "partly reached": _l("They reached a part of what they wanted"),
    "not reached": _l("They did not reach what they wanted"),
}


def proposal_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    for row in db.session.scalars(select(Proposal).where(Proposal.id.in_(ids), Proposal.state == "live")):
        yield SearchDocument(
            id=row.id,
            kind="proposal",
            audience=row.audience,
            language=row.language,
            title=row.title,
            text=row.text,
            updated=int(row.updated.timestamp()),
        )


def partnership_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    rows = db.session.scalars(select(Partnership).where(Partnership.id.in_(ids), Partnership.state == "live")).all()
    names = names_of(id for row in rows for id in row.organisations)
    for row in rows:
        partners = [names[id].title for id in row.organisations if id in names]
        yield SearchDocument(
            id=row.id,
            kind="partnership",
            audience=row.audience,
            language=row.language,
            title=row.title,
            labels=partners,
            place=" ".join(names_of_country(row.country)),
            text=f"{row.text}\n{row.outcome}".strip(),
            areas=tree().with_parents(row.focus),
            sdgs=row.sdgs,
            country=row.country,
            updated=int(row.updated.timestamp()),
        )


def record(row: Partnership) -> dict[str, Any]:
    """What the API, the dump and the register's page tell."""
    return {
        "goal": row.text,
        "standing": row.standing,
        "since": row.begun,
        "until": row.over,
        "result": row.result,
        "outcome": row.outcome,
        "sdgs": row.sdgs,
        "country": row.country,
        "organisations": [{"id": one.id, "title": one.title} for one in partners_shown(row.organisations, None)],
    }


def partners_shown(ids: Sequence[int], viewer: Member | None) -> list[Entry]:
    return heads_by_id(ids, viewer)


def proposal_address(row: Any) -> str:
    return url_for("dossiers.proposal", id=row.id)


def partnership_address(row: Any) -> str:
    return url_for("dossiers.partnership", slug=row.slug)


def about(row: Partnership) -> str:
    return str(STANDING_WORDS[row.standing])


def proposal_teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    query = select(Proposal.id, Proposal.text).where(Proposal.id.in_(ids), visible(viewer, Proposal))
    return {row.id: excerpt(row.text) for row in db.session.execute(query)}


def partnership_teasers(ids: Sequence[int], viewer: Member | None) -> Mapping[int, str]:
    query = select(Partnership.id, Partnership.text).where(Partnership.id.in_(ids), visible(viewer, Partnership))
    return {row.id: excerpt(row.text) for row in db.session.execute(query)}


def partnerships_of(organisation_id: int, viewer: Member | None) -> list[Partnership]:
    """The latest first."""
    here = select(Partner.partnership_id).where(Partner.organisation_id == organisation_id)
    query = select(Partnership).where(Partnership.id.in_(here), visible(viewer, Partnership))
    return list(db.session.scalars(query.order_by(Partnership.begun.desc(), Partnership.id.desc())))


def organisation_names(ids: Sequence[int]) -> list[str]:
    """For histories: the organisations of a partnership by their names."""
    return [entry.title for entry in names_of(ids).values()]
