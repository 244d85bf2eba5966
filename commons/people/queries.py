"""Finding profiles as a viewer."""

from __future__ import annotations

from flask import abort
from sqlalchemy import func, select

from commons.audience import may_see
from commons.db import db
from commons.members.models import Member
from commons.people.models import Profile


def profile_of(member: Member) -> Profile | None:
    return db.session.scalar(select(Profile).where(Profile.member_id == member.id))


def seen(username: str, viewer: Member | None) -> tuple[Member, Profile | None]:
    """The member of this page. Hidden and missing are the same 404; a member without a profile is known to members only."""
    member = db.session.scalar(
        select(Member).where(func.lower(Member.username) == username.lower(), Member.state == "active")
    )
    profile = profile_of(member) if member else None
    own = member is not None and viewer is not None and viewer.id == member.id
    seen_by = own or (may_see(viewer, profile) if profile else viewer is not None)
    return (member, profile) if member and seen_by else abort(404)
