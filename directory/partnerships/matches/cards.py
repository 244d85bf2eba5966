"""What the match index knows of an organisation, read from the database: only what everybody may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from commons.audience import PUBLIC
from commons.db import db
from commons.focus.queries import tree
from commons.text import plain
from directory.models import Organisation, Relation
from directory.partnerships.board.models import Openness, Posting
from directory.partnerships.board.queries import THERE, openness_of, still_open
from directory.partnerships.dossiers.queries import Load, answer_days, loads
from directory.partnerships.matches.queries import ties_of
from directory.partnerships.matching import Asked, Card

EPOCH = date(1970, 1, 1)
BATCH = 1000
NO_LOAD = Load(0, 0)
COUNTS = (Relation.other_id.is_not(None), Relation.contest_id.is_(None))  # what is contested is nobody's fact


def every_card() -> Iterator[Card]:
    last = 0
    while ids := list(
        db.session.scalars(
            select(Organisation.id)
            .where(Organisation.id > last, Organisation.state == "live", Organisation.audience == PUBLIC)
            .order_by(Organisation.id)
            .limit(BATCH)
        )
    ):
        yield from cards_of(ids)
        db.session.expunge_all()
        last = ids[-1]


def cards_of(ids: Sequence[int]) -> Iterator[Card]:
    """Of those that are there and public; about six statements for any number of them."""
    query = select(Organisation).where(
        Organisation.id.in_(ids),
        Organisation.state == "live",
        Organisation.audience == PUBLIC,
        Organisation.status.in_(THERE),
    )
    rows = db.session.scalars(query.order_by(Organisation.id)).all()
    there = [row.id for row in rows]
    postings, parents, open_to = _postings(there), _parents(there), openness_of(there)
    load, answers, partners = loads(there), answer_days(there), ties_of(there)
    for row in rows:
        yield _card(
            row,
            postings.get(row.id, ()),
            parents.get(row.id, 0),
            open_to.get(row.id),
            load.get(row.id, NO_LOAD),
            answers.get(row.id, (0, 0)),
            partners.get(row.id, ()),
        )


def _card(
    row: Organisation,
    postings: Sequence[Posting],
    parent: int,
    openness: Openness | None,
    load: Load,
    answers: tuple[int, int],
    partners: Sequence[tuple[int, float]],
) -> Card:
    words = [row.title, plain(row.description)]
    if openness is not None and openness.open:
        words += [openness.looking_for, openness.can_bring]
    return Card(
        id=row.id,
        text="\n".join(word for word in words if word),
        offers=tuple((one.id, said(one)) for one in postings if one.kind == "offer"),
        needs=tuple((one.id, said(one)) for one in postings if one.kind == "need"),
        areas=steps(row.focus),
        goals=tuple(row.sdgs),
        country=row.country,
        lat=row.lat,
        lon=row.lon,
        scope=row.scope,
        type=row.type,
        language=row.language,
        languages=tuple(row.languages),
        translation=openness is not None and openness.translation,
        confirmed=(row.confirmed_on - EPOCH).days if row.confirmed_on else 0,
        accepts=openness is not None and openness.open,
        capacity=openness.capacity if openness is not None else 0,
        open_proposals=load.open_proposals,
        interests=load.interests_14d,
        answered=answers[0],
        answer_days=answers[1] if answers[0] else None,
        parent=parent,
        partners=tuple(partners),
    )


def said(posting: Posting) -> str:
    return "\n".join(word for word in (posting.title, plain(posting.text), posting.quantity) if word)


def steps(areas: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Each area and what stands above it, with the number of steps up from the nearest own one."""
    found: dict[int, int] = {}
    level, far = [area for area in areas if area in tree().nodes], 0
    while level:
        for area in level:
            found.setdefault(area, far)
        level = sorted({up for area in level for up in tree().nodes[area].parents if up not in found})
        far += 1
    return tuple(sorted(found.items()))


def _postings(ids: Sequence[int]) -> dict[int, list[Posting]]:
    query = select(Posting).where(Posting.within_id.in_(ids), still_open(), Posting.audience == PUBLIC)
    found: dict[int, list[Posting]] = {}
    for row in db.session.scalars(query.order_by(Posting.id)):
        if row.within_id is not None:
            found.setdefault(row.within_id, []).append(row)
    return found


def _parents(ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Relation.organisation_id, Relation.other_id)
        .where(Relation.organisation_id.in_(ids), Relation.type == "part of", *COUNTS)
        .order_by(Relation.id.desc())
    )
    return {own: other for own, other in rows if other is not None}


def asked_for(posting: Posting, card: Card, excluded: Iterable[int], weights: dict[str, float], today: date) -> Asked:
    """What one need or offer looks for, of the organisation whose card this is."""
    return Asked(
        card=card,
        sort="need" if posting.kind == "need" else "offer",
        entry=posting.id or 0,
        text=said(posting),
        areas=steps(posting.focus),
        goals=tuple(posting.sdgs),
        country=posting.country,
        lat=posting.lat,
        lon=posting.lon,
        radius=posting.radius or 0,
        remote=posting.remote,
        languages=tuple(posting.languages),
        excluded=frozenset(excluded),
        weights=weights,
        today=(today - EPOCH).days,
    )


def asked_by(card: Card, excluded: Iterable[int], weights: dict[str, float], today: date) -> Asked:
    """What the organisation itself looks for."""
    return Asked(
        card=card, sort="organisation", excluded=frozenset(excluded), weights=weights, today=(today - EPOCH).days
    )
