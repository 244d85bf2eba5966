"""Invitations to the site: what I sent, and the one that a key opens."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from commons.db import db, now
from commons.members.door import digest
from commons.members.models import Invitation, Member
from commons.moderation.newcomers import DAY
from commons.text import mail_key


def invitations_of(member: Member) -> Sequence[Invitation]:
    """Invitations to the site that this member sent, the newest first."""
    query = select(Invitation).where(Invitation.by_id == member.id, Invitation.audience == "")
    return db.session.scalars(query.order_by(Invitation.id.desc()).limit(100)).all()


def invitation(key: str) -> Invitation | None:
    """One to the site that is still good; a wrong, an expired, a used and a revoked key are the same None."""
    query = select(Invitation).where(Invitation.digest == digest(key), Invitation.audience == "")
    found = db.session.scalar(query.options(joinedload(Invitation.by)))
    return found if found is not None and found.is_good and found.by.is_active else None


def sent_today(member: Member) -> int:
    recent = select(func.count()).where(
        Invitation.by_id == member.id, Invitation.audience == "", Invitation.created > now() - DAY
    )
    return int(db.session.scalar(recent) or 0)


def waits_for(email: str) -> bool:
    """Is there an invitation to the site for this address that is still good, from anybody?"""
    rows = select(Invitation.email).where(
        Invitation.audience == "", Invitation.email != "", Invitation.revoked.is_(None), Invitation.expires > now()
    )
    return mail_key(email) in {mail_key(one) for one in db.session.scalars(rows)}
