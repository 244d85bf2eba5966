"""Who may write first to whom. A block, whoever chose it, answers exactly like a member who takes no messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import lazyload

from commons.audience import may_see
from commons.db import db
from commons.forums.models import Post
from commons.members.models import Block, Member
from commons.people.models import Profile
from commons.people.queries import profile_of
from commons.people.queries.contacts import know_each_other
from commons.talks.models import MEMBER, TalkWish
from commons.talks.queries.reading import doors_of

FREE, ASKS, OFF = "free", "asks", "off"  # it arrives; it waits for a yes; it cannot be sent
GROUP = "group:"


def wish_of(member: Member) -> str:
    """Who may write first to this member: everybody, contacts or nobody."""
    row = db.session.get(TalkWish, member.id)
    return row.who if row is not None else "everybody"


def called(usernames: Sequence[str], viewer: Member) -> dict[str, Member]:
    """user name as it was asked for, in small letters: the member. Whom the viewer may not know of is left out."""
    wanted = {name.lower() for name in usernames}
    query = select(Member).where(func.lower(Member.username).in_(sorted(wanted)), Member.state == "active")
    return {one.username.lower(): one for one in db.session.scalars(query) if _is_known(one, viewer)}


def _is_known(member: Member, viewer: Member) -> bool:
    profile = profile_of(member)
    return (
        profile is None or may_see(viewer, profile) or _share_a_group(member, viewer) or know_each_other(viewer, member)
    )


def how_to_reach(member: Member, viewer: Member, chosen: Mapping[int, str] | None = None) -> str:
    """FREE, ASKS or OFF, for a first message of `viewer` to `member`. `chosen`: what they chose about each other, where it is
    known already. A mute is for the one who chose it alone: the message arrives, and nobody is told of it."""
    wish, chosen = wish_of(member), chosen_between(member, viewer) if chosen is None else chosen
    if member.id == viewer.id or member.state != "active" or wish == "nobody" or "block" in chosen.values():
        return OFF
    if know_each_other(viewer, member):
        return FREE
    if wish == "contacts":
        return OFF
    return FREE if _share_a_group(member, viewer) or _wrote_before(member, viewer) else ASKS


def chosen_between(one: Member, other: Member) -> dict[int, str]:
    """Which of the two chose to block or mute the other. What somebody else chose about the viewer is shown to nobody."""
    both = or_(
        (Block.member_id == one.id) & (Block.other_id == other.id),
        (Block.member_id == other.id) & (Block.other_id == one.id),
    )
    return {row.member_id: row.how for row in db.session.execute(select(Block.member_id, Block.how).where(both))}


def _share_a_group(one: Member, other: Member) -> bool:
    mine = {seat.audience for seat in one.seats if seat.audience.startswith(GROUP)}
    return any(seat.audience in mine for seat in other.seats)


def _wrote_before(member: Member, viewer: Member) -> bool:
    """Did this member write anything in a talk with the viewer?"""
    here = Post.audience.in_(doors_of(viewer, MEMBER))
    return db.session.scalar(select(Post.id).where(here, Post.author_id == member.id).limit(1)) is not None


def owner_of(profile: Profile) -> Member | None:
    """The account behind a profile, while it is open."""
    found = db.session.get(Member, profile.member_id)
    return found if found is not None and found.is_active else None


def blocks_of(viewer: Member) -> list[tuple[Block, Member]]:
    """Whom the member blocked or muted, by name."""
    query = select(Block, Member).join(Member, Member.id == Block.other_id).options(lazyload(Member.seats))
    rows = db.session.execute(query.where(Block.member_id == viewer.id).order_by(func.lower(Member.name), Member.id))
    return [(block, member) for block, member in rows]
