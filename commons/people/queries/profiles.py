"""Finding profiles as a viewer, and how far each viewer's eyes reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import abort
from sqlalchemy import ColumnElement, Select, func, or_, select

from commons.audience import may_see
from commons.db import db
from commons.entries.queries import shown
from commons.members.models import Member, Seat
from commons.people.models import SHOWN, Profile, ProfileWord
from commons.people.queries.words import word_rows

GROUP = "group:"
VISITOR, MEMBER, MATE = frozenset({"public"}), frozenset({"public", "members"}), frozenset(SHOWN[1:])


def profile_of(member: Member) -> Profile | None:
    return db.session.scalar(select(Profile).where(Profile.member_id == member.id))


def seen(username: str, viewer: Member | None) -> tuple[Member, Profile | None]:
    """The member of this page. Hidden and missing are the same 404, a removed profile is Gone; a member without
    one is known to members only."""
    row = db.session.execute(
        select(Member, Profile)
        .outerjoin(Profile, Profile.member_id == Member.id)
        .where(func.lower(Member.username) == username.lower(), Member.state == "active")
    ).first()
    member, profile = row if row else (None, None)
    own = member is not None and viewer is not None and viewer.id == member.id
    seen_by = own or (may_see(viewer, profile) if profile else viewer is not None)
    if profile is not None and seen_by:
        shown(profile, viewer)  # a moderator removed it
    return (member, profile) if member and seen_by else abort(404)


def groups_of(member: Member) -> set[str]:
    """The doors of the groups in which a member sits."""
    return {seat.audience for seat in member.seats if seat.audience.startswith(GROUP)}


def reach(viewer: Member | None, member: Member) -> frozenset[str]:
    """Which visibilities of this member's fields are open to the viewer."""
    if viewer is None or not viewer.is_active:
        return VISITOR
    if viewer.id == member.id:
        return frozenset(SHOWN)
    return MATE if groups_of(viewer) & groups_of(member) else MEMBER


def open_words(viewer: Member | None) -> ColumnElement[bool]:
    """The same rule for rows of ProfileWord."""
    if viewer is None or not viewer.is_active:
        return ProfileWord.shown == "public"
    wide = ProfileWord.shown.in_(("public", "members"))
    doors = groups_of(viewer)
    return or_(wide, ProfileWord.profile_id.in_(mates(doors))) if doors else wide


def mates(doors: set[str]) -> Select[int]:
    """The ids of the profiles of who sits at one of these doors."""
    rows = select(Profile.id).join(Seat, Seat.member_id == Profile.member_id)
    return rows.where(Seat.audience.in_(sorted(doors)))


def all_profiles(at_once: int = 500) -> Iterator[Sequence[Profile]]:
    """Every profile, some at a time, in the order of their ids."""
    last = 0
    while some := db.session.scalars(
        select(Profile).where(Profile.id > last).order_by(Profile.id).limit(at_once)
    ).all():
        last = some[-1].id
        yield some


def words_that_differ() -> Iterator[str]:
    """A sentence for each profile that is found by other words than those it shows."""
    for some in all_profiles():
        rows = db.session.execute(
            select(ProfileWord.profile_id, ProfileWord.field, ProfileWord.key, ProfileWord.shown).where(
                ProfileWord.profile_id.in_([profile.id for profile in some])
            )
        )
        kept = {tuple(row) for row in rows}
        for profile in some:
            right = {(row["profile_id"], row["field"], row["key"], row["shown"]) for row in word_rows(profile)}
            if right != {row for row in kept if row[0] == profile.id}:
                yield f"profile {profile.id} is found by other words than it shows: flask people words"
