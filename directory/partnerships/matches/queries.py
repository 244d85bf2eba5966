"""Refusals, tunings, whom a viewer would rather not meet, and who worked with whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from commons.audience import PUBLIC
from commons.db import db
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.members.models import Block, Member, Seat
from commons.members.queries import apart
from directory.partnerships.board.models import Posting
from directory.partnerships.board.queries import still_open
from directory.partnerships.dossiers.models import Partner, Partnership, Party
from directory.partnerships.matches.models import Refusal, Told, Tuning
from directory.relations import partners_of


def refusals(subject_id: int) -> dict[int, Refusal]:
    """By the organisation that was refused: those that hold, since neither record was changed after them."""
    subject, other = aliased(Entry, flat=True), aliased(Entry, flat=True)
    query = (
        select(Refusal)
        .join(subject, and_(subject.id == Refusal.subject_id, subject.version == Refusal.subject_version))
        .join(other, and_(other.id == Refusal.organisation_id, other.version == Refusal.organisation_version))
        .where(Refusal.subject_id == subject_id)
        .order_by(Refusal.at)
    )
    return {row.organisation_id: row for row in db.session.scalars(query)}


def tuning_of(organisation_id: int) -> dict[str, float]:
    row = db.session.get(Tuning, organisation_id)
    return dict(row.weights) if row is not None else {}


def unwelcome(viewer: Member | None) -> set[int]:
    """Organisations for which somebody speaks whom this viewer blocked, or who blocked this viewer."""
    people = apart(viewer)
    if not people:
        return set()
    start = speaks_for(0).removesuffix("0")
    rows = db.session.scalars(
        select(Seat.audience).where(Seat.member_id.in_(people), Seat.audience.startswith(start))
    ).all()
    return {int(door.removeprefix(start)) for door in rows}


def meet(some: Collection[int], others: Collection[int]) -> bool:
    """Would none of these members rather not meet one of the others?"""
    both = or_(
        and_(Block.member_id.in_(some), Block.other_id.in_(others)),
        and_(Block.member_id.in_(others), Block.other_id.in_(some)),
    )
    return db.session.scalar(select(Block.member_id).where(both).limit(1)) is None


def told_with(posting: Posting, others: Iterable[int]) -> set[int]:
    """Those of `others` of which both sides were told together with this one."""
    own, there = (Told.need_id, Told.offer_id) if posting.kind == "need" else (Told.offer_id, Told.need_id)
    return set(db.session.scalars(select(there).where(own == posting.id, there.in_(list(others)))))


def open_in_public(ids: Iterable[int]) -> dict[int, Posting]:
    wanted = sorted(set(ids))
    query = (
        select(Posting).where(Posting.id.in_(wanted), still_open(), Posting.audience == PUBLIC).options(lazyload("*"))
    )
    return {row.id: row for row in db.session.scalars(query)} if wanted else {}


def ties_of(ids: Sequence[int]) -> dict[int, list[tuple[int, float]]]:
    """Who worked with whom, as everybody may read: what stands in the register, and partners that the directory names. Each
    partnership counts 1 / (its parties - 1), so that a crowd ties nobody closely (Adamic and Adar's idea)."""
    found: dict[int, dict[int, float]] = {}
    named = ((one, other, 1.0) for one, those in partners_of(ids, ("partner",)).items() for other in sorted(those))
    for one, other, weight in [*_registered(ids), *named]:
        near = found.setdefault(one, {})
        near[other] = near.get(other, 0.0) + weight
    return {id: sorted(near.items()) for id, near in found.items()}


def _registered(ids: Sequence[int]) -> list[tuple[int, int, float]]:
    one, other = aliased(Partner), aliased(Partner)
    size = (
        select(func.count())
        .select_from(Partner)
        .where(Partner.partnership_id == one.partnership_id)
        .correlate(one)
        .scalar_subquery()
    )
    query = (
        select(one.organisation_id, other.organisation_id, size)
        .join(other, (other.partnership_id == one.partnership_id) & (other.organisation_id != one.organisation_id))
        .join(Partnership, Partnership.id == one.partnership_id)
        .where(one.organisation_id.in_(ids), Partnership.state == "live", Partnership.audience == PUBLIC)
    )
    return [(own, there, 1 / max(1, many - 1)) for own, there, many in db.session.execute(query)]


def organisations_of(ids: Sequence[int]) -> set[int]:
    """Whose cards change with these proposals and partnerships."""
    parties = select(Party.organisation_id).where(Party.proposal_id.in_(ids))
    partners = select(Partner.organisation_id).where(Partner.partnership_id.in_(ids))
    return set(db.session.scalars(parties.union(partners)))
