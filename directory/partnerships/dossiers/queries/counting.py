"""Numbers about proposals for others: they name nobody, and tell nothing that stands in a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import func, select

from commons.db import db, now
from commons.members.models import Member
from directory.partnerships.dossiers.models import Party, Proposal, Step
from directory.partnerships.dossiers.transitions import TALKING

FRESH = timedelta(days=14)
ANSWERS = ("ask", "talk", "decline")


class Load(NamedTuple):
    open_proposals: int  # that the organisation was sent and that are not agreed or closed
    interests_14d: int  # that it was sent within 14 days


def interests_of(posting_ids: Iterable[int], viewer: Member | None = None) -> dict[int, int]:
    """posting: how many organisations answered it and did not take that back. The same number for everybody."""
    ids = sorted(set(posting_ids))
    query = select(Proposal.about_id, func.count()).where(Proposal.about_id.in_(ids), Proposal.stage != "withdrawn")
    rows = db.session.execute(query.group_by(Proposal.about_id)) if ids else ()
    return {id: int(many) for id, many in rows}


def loads(organisation_ids: Iterable[int] | None = None) -> dict[int, Load]:
    """What organisations have to read just now; without ids, of all that have anything."""
    fresh = func.count().filter(Proposal.created > now() - FRESH)
    waiting = func.count().filter(Proposal.stage.in_((*TALKING, "agreed")))
    query = (
        select(Party.organisation_id, waiting, fresh)
        .join(Proposal, Proposal.id == Party.proposal_id)
        .where(Party.side == "receiver", Proposal.state == "live")
        .group_by(Party.organisation_id)
    )
    if organisation_ids is not None:
        query = query.where(Party.organisation_id.in_(sorted(set(organisation_ids))))
    found = {id: Load(int(many), int(new)) for id, many, new in db.session.execute(query)}
    return {id: load for id, load in found.items() if organisation_ids is not None or any(load)}


def answer_days(organisation_ids: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
    """organisation: (proposals that it answered, the median of the days until its first answer)."""
    query = (
        select(Party.organisation_id, Proposal.created, func.min(Step.at))
        .join(Proposal, Proposal.id == Party.proposal_id)
        .join(Step, (Step.proposal_id == Proposal.id) & (Step.organisation_id == Party.organisation_id))
        .where(Party.side == "receiver", Step.action.in_(ANSWERS))
        .group_by(Party.organisation_id, Proposal.id, Proposal.created)
    )
    if organisation_ids is not None:
        query = query.where(Party.organisation_id.in_(sorted(set(organisation_ids))))
    days: dict[int, list[int]] = defaultdict(list)
    for id, sent, answered in db.session.execute(query):
        days[id].append(max(0, (answered - sent).days))
    return {id: (len(some), round(median(some))) for id, some in days.items()}
