"""Invitations to groups as those find them who made them, and for whom they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commons.db import db, now
from commons.groups.models import Group, Guest
from commons.members.door import digest
from commons.members.models import Invitation, Member, Ticket
from commons.members.queries import apart
from commons.text import mail_key


def invitations(group: Group, by: Member | None = None) -> list[Invitation]:
    """Those that still open the door, or that one member made."""
    good = (Invitation.revoked.is_(None), Invitation.expires > now(), Invitation.uses < Invitation.most)
    query = select(Invitation).where(Invitation.audience == group.door, *good).options(selectinload(Invitation.by))
    if by is not None:
        query = query.where(Invitation.by_id == by.id)
    return list(db.session.scalars(query.order_by(Invitation.id.desc()).limit(200)))


def invitation_of(group: Group, number: int) -> Invitation | None:
    query = select(Invitation).where(Invitation.audience == group.door, Invitation.id == number)
    return db.session.scalar(query) if 0 < number < 2**31 else None


def invitation_by_key(key: str) -> Invitation | None:
    """Whatever its state; `inviting.leads_to` says whether it opens anything."""
    query = select(Invitation).where(Invitation.digest == digest(key)).options(selectinload(Invitation.by))
    return db.session.scalar(query) if 20 <= len(key) <= 100 else None


def group_of(invitation: Invitation) -> Group | None:
    number = invitation.audience.removeprefix("group:")
    return db.session.get(Group, int(number)) if number.isdigit() and invitation.audience != number else None


def reserved(invitation: Invitation, viewer: Member | None) -> Ticket | None:
    """The use of an invitation that was kept for who joined the site by it."""
    if viewer is None:
        return None
    own = Ticket.digest == digest(f"{invitation.id}:{viewer.id}")
    return db.session.scalar(select(Ticket).where(own, Ticket.purpose == "invited", Ticket.used.is_(None)))


def meant_for(invitation: Invitation, member: Member) -> bool:
    """An invitation by mail is for the account whose proved address that is, one by user name for that member."""
    guest = db.session.get(Guest, invitation.id)
    if guest is not None:
        return guest.member_id == member.id and not guest.declined
    return not invitation.email or mail_key(invitation.email) == member.email_skeleton


def guests_of(found: Sequence[Invitation]) -> dict[int, Member]:
    """invitation: for whom it is, of those by user name."""
    rows = db.session.scalars(select(Guest).where(Guest.invitation_id.in_([one.id for one in found])))
    return {row.invitation_id: row.member for row in rows}


def invited(member: Member) -> list[Invitation]:
    """By user name, those that wait for this member's word; of nobody whom they do not want to meet, or who not them."""
    query = select(Invitation).join(Guest, Guest.invitation_id == Invitation.id).options(selectinload(Invitation.by))
    open_ones = (Invitation.revoked.is_(None), Invitation.expires > now(), Invitation.uses < Invitation.most)
    query = query.where(Guest.member_id == member.id, Guest.declined.is_(False), *open_ones)
    found = db.session.scalars(query.order_by(Invitation.id).limit(20)).all()
    return [one for one in found if one.by_id not in apart(member)]
