"""Who knows whom. A list of contacts is for oneself only; requests of people whom one blocked are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from commons.db import db
from commons.members.models import Block, Member
from commons.people.models import Contact, Profile

WAITING = ("asked", "declined")  # for who asked, both wait


class Known(NamedTuple):
    contact: Contact
    member: Member  # the other one


def between(one: int, other: int) -> Contact | None:
    """The row of these two, whoever asked; an agreed or living one before one that is closed."""
    return db.session.scalar(
        select(Contact).where(_pair(one, other)).order_by(Contact.state != "agreed", Contact.state == "closed").limit(1)
    )


def _pair(one: int, other: int) -> Any:
    return or_(
        and_(Contact.asker_id == one, Contact.asked_id == other),
        and_(Contact.asker_id == other, Contact.asked_id == one),
    )


def may_follow(viewer: Member, profile: Profile) -> bool:
    """A person decides who follows them, unless they said that anybody may."""
    if profile.open_to_follow or viewer.id == profile.member_id:
        return True
    return know_each_other(viewer, db.session.get_one(Member, profile.member_id))


def know_each_other(one: Member, other: Member) -> bool:
    """Both agreed, and neither blocks the other."""
    blocked = select(Block.member_id).where(
        Block.how == "block",
        or_(
            (Block.member_id == one.id) & (Block.other_id == other.id),
            (Block.member_id == other.id) & (Block.other_id == one.id),
        ),
    )
    agreed = select(Contact.asker_id).where(_pair(one.id, other.id), Contact.state == "agreed", ~blocked.exists())
    return db.session.scalar(agreed) is not None


def contacts_of(member: Member, state: Sequence[str] = ("agreed",)) -> list[Known]:
    """Those who agreed; with other states, whom the member asked."""
    other = or_(
        and_(Contact.asker_id == member.id, Member.id == Contact.asked_id),
        and_(Contact.asked_id == member.id, Member.id == Contact.asker_id, Contact.state == "agreed"),
    )
    rows = db.session.execute(
        select(Contact, Member)
        .join(Member, other)
        .where(Contact.state.in_(state), Member.state == "active")
        .order_by(func.lower(Member.name), Member.id)
    )
    return [Known(contact, one) for contact, one in rows]


def requests_to(member: Member) -> list[Known]:
    """Who asks this member, the oldest first."""
    shy = select(Block.member_id).where(Block.member_id == member.id, Block.other_id == Contact.asker_id)
    rows = db.session.execute(
        select(Contact, Member)
        .join(Member, Member.id == Contact.asker_id)
        .where(Contact.asked_id == member.id, Contact.state == "asked", Member.state == "active", ~shy.exists())
        .order_by(Contact.at, Member.id)
    )
    return [Known(contact, one) for contact, one in rows]


def standing(viewer: Member | None, member: Member) -> str:
    """How these two stand, for the button on a page: "" nothing, agreed, asked (by the viewer), asking (the viewer)."""
    row = between(viewer.id, member.id) if viewer and viewer.id != member.id else None
    if row is None or row.state == "closed" or viewer is None:
        return ""
    if row.state == "agreed":
        return "agreed"
    return "asked" if row.asker_id == viewer.id else "asking" if row.state == "asked" else ""


def waiting_requests(member: Member) -> int:
    rows = select(func.count()).where(Contact.asker_id == member.id, Contact.state.in_(WAITING))
    return int(db.session.scalar(rows) or 0)
