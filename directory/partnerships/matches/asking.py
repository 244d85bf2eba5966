"""From an organisation, or one of its needs and offers, to its matches as this viewer may see them."""

from __future__ import annotations

from typing import NamedTuple

from commons.db import now
from commons.entries.asks import has_voice
from commons.entries.models import Entry
from commons.members.models import Member
from directory.models import Organisation
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import open_among
from directory.partnerships.matches import keeper
from directory.partnerships.matches.cards import asked_by, asked_for
from directory.partnerships.matches.queries import refusals, tuning_of, unwelcome
from directory.partnerships.matching import Asked, Card, IndexBroken, Match, matches

SHOWN = 12


class Matched(NamedTuple):
    """`ready` is False while the index is being made; `known` while the organisation itself is not in it yet."""

    matches: list[Match]
    organisations: dict[int, Organisation]
    ready: bool = True
    known: bool = True


NOT_READY = Matched([], {}, ready=False)


def matches_of(organisation: Organisation, viewer: Member | None) -> Matched:
    return _matched(organisation, organisation.id, viewer)


def matches_for(posting: Posting, viewer: Member | None) -> Matched:
    """Of what is not open any more there are none."""
    if not posting.is_open or posting.within_id is None:
        return Matched([], {})
    return _matched(posting, posting.within_id, viewer)


def would_see(posting: Posting, organisation_id: int, viewer: Member | None) -> Matched:
    """The organisations on whose lists a need or offer would stand that is not published yet."""
    return _found(posting, organisation_id, viewer, unwelcome(viewer), {})


def _matched(subject: Entry, organisation_id: int, viewer: Member | None) -> Matched:
    """Refusals and what counts more for an organisation are its own affair: they change only the lists of its people."""
    if not has_voice(viewer, organisation_id):
        return _found(subject, organisation_id, viewer, unwelcome(viewer), {})
    excluded = unwelcome(viewer) | set(refusals(subject.id))
    return _found(subject, organisation_id, viewer, excluded, tuning_of(organisation_id))


def _found(
    subject: Entry, organisation_id: int, viewer: Member | None, excluded: set[int], weights: dict[str, float]
) -> Matched:
    try:
        index = keeper.index()
        card = index.card(organisation_id)
        if card is None:
            return Matched([], {}, known=False)
        return _seen(matches(index, _asked(subject, card, excluded, weights), SHOWN), viewer)
    except IndexBroken:
        keeper.forget()
        return NOT_READY


def _asked(subject: Entry, card: Card, excluded: set[int], weights: dict[str, float]) -> Asked:
    if isinstance(subject, Posting):
        return asked_for(subject, card, excluded, weights, now().date())
    return asked_by(card, excluded, weights, now().date())


def _seen(found: list[Match], viewer: Member | None) -> Matched:
    """Asked of the database again: the index may be some moments behind what an organisation said of itself."""
    rows = open_among((one.id for one in found), viewer)
    return Matched([one for one in found if one.id in rows], rows)
