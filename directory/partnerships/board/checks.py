"""The invariants of the board: `flask site check` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.audience import PUBLIC
from commons.db import db
from commons.entries.models import Entry
from commons.room import Check
from directory.models import Organisation
from directory.partnerships.board.models import Openness, Posting


def places() -> Iterable[str]:
    """Every need and offer stands in an organisation, and is seen by no more people than it."""
    for posting in db.session.scalars(select(Posting).order_by(Posting.id)):
        organisation = db.session.get(Entry, posting.within_id) if posting.within_id else None
        if organisation is None or organisation.kind != "organisation":
            yield f"{posting.kind} {posting.id}: stands in no organisation"
        elif organisation.audience not in (PUBLIC, posting.audience):
            yield f"{posting.kind} {posting.id}: {posting.audience} within what is {organisation.audience}"


def endings() -> Iterable[str]:
    """What is closed has a day on which it was; only an offer stands for good."""
    for posting in db.session.scalars(select(Posting).order_by(Posting.id)):
        if bool(posting.closed) != bool(posting.closed_on):
            yield f"{posting.kind} {posting.id}: {posting.closed or 'open'}, and closed on {posting.closed_on or 'no day'}"
        if not posting.until and posting.kind == "need":
            yield f"need {posting.id}: has no last day"


def said() -> Iterable[str]:
    """Only organisations say whether they are open to partnership."""
    known = select(Organisation.id)
    for id in db.session.scalars(select(Openness.organisation_id).where(Openness.organisation_id.not_in(known))):
        yield f"openness of {id}: no organisation"


checks = (
    Check("board: needs and offers stand in organisations", places),
    Check("board: what is closed says since when", endings),
    Check("board: only organisations are open to partnership", said),
)
