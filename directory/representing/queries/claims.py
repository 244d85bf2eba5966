"""Claims as the people whom they concern find them; for everybody else they do not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from flask import abort
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from commons.db import db, now
from commons.entries.asks import voices
from commons.entries.models import Entry, Revision
from commons.entries.queries import visible
from commons.members.models import Member
from commons.people.models import Affiliation
from directory.models import Organisation
from directory.representing.domains import host_of
from directory.representing.models import Claim, Voucher

AT_ONCE = 3  # open claims of one member
A_DAY = 5  # new ones of one member
VOUCHERS = 4  # people who are asked for their word
ENOUGH = 2  # of them who know the person
STEADY = timedelta(days=30)  # that an address stands in the record before it proves anything
DAY = timedelta(days=1)


class Vouching(NamedTuple):
    voucher: Voucher
    member: Member


class AskedWord(NamedTuple):
    voucher: Voucher
    claim: Claim
    member: Member  # who claims


def open_claim(member: Member, organisation_id: int) -> Claim | None:
    """What this member claims there, or what they are invited to."""
    mine = Claim.member_id == member.id, Claim.organisation_id == organisation_id
    return db.session.scalar(select(Claim).where(*mine, Claim.state == "open"))


def open_many(member: Member) -> int:
    """Open claims of this member, those that wait for an organisation's own people among them."""
    asked = Affiliation.represents, Affiliation.state == "asked", Affiliation.member_id == member.id
    own = Claim.member_id == member.id, Claim.state == "open", Claim.way != "invited"
    return sum(db.session.scalar(select(func.count()).where(*one)) or 0 for one in (asked, own))


def made_today(member: Member) -> int:
    own = Claim.member_id == member.id, Claim.created > now() - DAY, Claim.way != "invited"
    return db.session.scalar(select(func.count()).where(*own)) or 0


def claim_with(id: int, viewer: Member | None) -> Claim:
    """An open claim of this member's own, else 404."""
    found = db.session.get(Claim, id) if id < 2**31 else None
    mine = found is not None and viewer is not None and found.member_id == viewer.id and found.is_open
    return found if found is not None and mine else abort(404)


def vouchers_of(claim: Claim) -> list[Vouching]:
    query = select(Voucher, Member).join(Member, Member.id == Voucher.member_id).where(Voucher.claim_id == claim.id)
    return [Vouching(*row) for row in db.session.execute(query.order_by(Voucher.at, Voucher.member_id))]


def asked_word(id: int, organisation_id: int, viewer: Member | None) -> AskedWord:
    """The question to this member whether they know who claims, while it is open; else 404."""
    query = select(Voucher, Claim, Member).join(Claim, Claim.id == Voucher.claim_id)
    query = query.join(Member, Member.id == Claim.member_id).where(Voucher.claim_id == id, Voucher.answer == "")
    mine = Voucher.member_id == (viewer.id if viewer else 0), Claim.organisation_id == organisation_id
    row = db.session.execute(query.where(*mine, Claim.state == "open")).first() if id < 2**31 else None
    return AskedWord(*row) if row is not None else abort(404)


def claims_shown(organisation_id: int, viewer: Member | None) -> list[Claim]:
    """Open claims there that are this member's own, or for which their word is asked."""
    if viewer is None:
        return []
    asked = select(Voucher.claim_id).where(Voucher.member_id == viewer.id, Voucher.answer == "")
    mine = or_(Claim.member_id == viewer.id, Claim.id.in_(asked))
    query = select(Claim).where(Claim.organisation_id == organisation_id, Claim.state == "open", mine)
    return list(db.session.scalars(query.options(joinedload(Claim.member))))


def can_vouch(member: Member, organisation_id: int) -> bool:
    """A moderator, or somebody who speaks for another organisation."""
    return member.may_write and (member.is_moderator or bool(voices(member).keys() - {organisation_id}))


def enough(claim: Claim) -> bool:
    """Do two who may vouch say yes, and not both for one and the same organisation?"""
    yes = [one.member for one in vouchers_of(claim) if one.voucher.answer == "yes"]
    yes = [member for member in yes if can_vouch(member, claim.organisation_id)]
    moderators = [member for member in yes if member.is_moderator]
    others = [voices(member).keys() - {claim.organisation_id} for member in yes if not member.is_moderator]
    distinct = any(len(one | two) > 1 for number, one in enumerate(others) for two in others[number + 1 :])
    return len(moderators) >= ENOUGH or bool(moderators and others) or distinct


def moved_lately(organisation: Organisation) -> bool:
    """Did a person give the record another website within the last month? Then it proves nothing yet: it may have been
    changed for this claim."""
    late = Revision.entry_id == organisation.id, Revision.number > 1, Revision.at > now() - STEADY
    rows = db.session.scalars(select(Revision.changes).where(*late, Revision.author_id.is_not(None)))
    return any("website" in changes and _moved(*changes["website"]) for changes in rows)


def _moved(old: Any, new: Any) -> bool:
    return host_of(str(old or "")) != host_of(str(new or ""))


def shares_parent(domain: str, organisation: Organisation) -> bool:
    """Do the sites of other organisations stand below this domain, so that it is not the domain of one alone?"""
    sites = [f"://{domain}", f".{domain}"]
    alike: list[ColumnElement[bool]] = [Organisation.website.contains(one, autoescape=True) for one in sites]
    query = select(Organisation.website).where(or_(*alike), Organisation.id != organisation.id, visible(None))
    own = host_of(organisation.website)
    found = (host_of(one) for one in db.session.scalars(query.limit(200)))
    return any(host != own and host.endswith(f".{domain}") for host in found)


def due(limit: int) -> list[Claim]:
    """Sites at which the worker has to look now."""
    waiting = Claim.state == "open", Claim.due <= now()
    query = select(Claim).where(*waiting).options(joinedload(Claim.organisation.of_type(Entry)))
    return list(db.session.scalars(query.order_by(Claim.due, Claim.id).limit(limit)))


def invited_by(organisation_id: int) -> list[tuple[Claim, Member]]:
    """Invitations that nobody has answered yet, for the organisation's own people."""
    query = select(Claim, Member).join(Member, Member.id == Claim.member_id)
    open_ones = Claim.organisation_id == organisation_id, Claim.state == "open", Claim.way == "invited"
    return [(claim, member) for claim, member in db.session.execute(query.where(*open_ones).order_by(Claim.id))]


def invitation_with(id: int, organisation_id: int) -> Claim:
    """An invitation of this organisation that waits, else 404."""
    found = db.session.get(Claim, id) if id < 2**31 else None
    fits = found is not None and found.organisation_id == organisation_id and found.way == "invited" and found.is_open
    return found if found is not None and fits else abort(404)
