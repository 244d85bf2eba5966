"""When a need and an offer fit each other, the people of both sides hear of it, once for each pair.

A follower of the log at its own position: what was published, let through or opened again since is matched as its organisation
would see it. Only where a need and an offer answer each other are people told, never on the strength of a description alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db, now, transaction
from commons.entries.actions import record
from commons.entries.asks import ask
from commons.entries.models import Change
from commons.entries.queries import last_seq
from commons.people.queries.affiliations import deciders
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import accepts
from directory.partnerships.matches import follower, keeper
from directory.partnerships.matches.asking import SHOWN
from directory.partnerships.matches.cards import asked_for
from directory.partnerships.matches.models import Told
from directory.partnerships.matches.queries import meet, open_in_public, refusals, told_with, tuning_of
from directory.partnerships.matching import IndexBroken, Match, matches

BEGINS = ("created", "accepted", "reopened", "edited")
ANSWERS = ("they_offer", "they_need")  # an entry of theirs that answers the one asked about
FEWEST = 2  # words that a need and an offer have in common; one says too little to write to people about


def follow(after: int) -> int:
    """One pass to the end of the log; the match index is brought there first."""
    end = last_seq()
    if after > end:
        return end
    fresh = _begun(after, end)
    if fresh:
        follower.follow(0)
    for id in fresh:
        _tell(id)
        db.session.remove()
    return end


def _begun(after: int, end: int) -> list[int]:
    query = (
        select(Change.entry_id)
        .join(Posting, Posting.id == Change.entry_id)
        .where(Change.seq > after, Change.seq <= end, Change.verb.in_(BEGINS))
    )
    return sorted(set(db.session.scalars(query)))


def _tell(id: int) -> None:
    posting = open_in_public([id]).get(id)
    if posting is None or posting.within_id is None or not accepts(posting.within_id):
        return
    others, own = _answering(posting), deciders(posting.within_id)
    told = told_with(posting, others)
    sides = [(other, deciders(other.within_id or 0)) for other in others.values() if other.id not in told]
    fresh = [(other, people) for other, people in sides if meet(own, people)]
    if not fresh:
        return
    with transaction():
        line = record(posting, "asked", None, actor=None)
        for other, people in fresh:
            need, offer = (posting, other) if posting.kind == "need" else (other, posting)
            db.session.add(Told(need_id=need.id, offer_id=offer.id, at=now()))
            ask(other, own, "match", line)
            ask(posting, people, "match", line)


def _answering(posting: Posting) -> dict[int, Posting]:
    """The needs or offers of its matches that answer it, without those of organisations that either side refused."""
    own = posting.within_id or 0
    excluded = set(refusals(posting.id)) | set(refusals(own))
    try:
        index = keeper.index()
        card = index.card(own)
        asked = asked_for(posting, card, excluded, tuning_of(own), now().date()) if card is not None else None
        found = matches(index, asked, SHOWN) if asked is not None else []
    except IndexBroken:
        keeper.forget()
        raise
    there = open_in_public(_entries(found))
    return {id: one for id, one in there.items() if one.kind != posting.kind and not _refused(one, own)}


def _entries(found: Iterable[Match]) -> list[int]:
    return [
        int(reason.facts["entry"])
        for one in found
        if not one.weak
        for reason in one.reasons
        if reason.code in ANSWERS and len(reason.facts["words"]) >= FEWEST
    ]


def _refused(other: Posting, own: int) -> bool:
    return own in refusals(other.id) or own in refusals(other.within_id or 0)
