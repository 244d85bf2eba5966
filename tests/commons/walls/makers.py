"""Shares and walls with defaults: a test says only what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commons.db import db, now, transaction
from commons.entries.asks import speaks_for
from commons.entries.models import Entry
from commons.entries.within import place_in
from commons.forums.models import Topic
from commons.members.models import Member, Seat
from commons.people.actions import own_profile
from commons.walls.actions import add_share, narrowed
from directory.models import Organisation
from tests import make


def share(
    text: str = "The pump runs again.", *, actor: Member, on: Entry | None = None, members: bool = False, **values: Any
) -> Topic:
    wall = on or own_profile(actor)
    place = narrowed(place_in(wall.id, "topic", actor), members)
    return add_share({"text": text, **values}, wall=wall, place=place, actor=actor)


def poll(*choices: str, actor: Member, days: int = 7, **more: Any) -> Topic:
    until = (now() + timedelta(days=days)).date().isoformat()
    return share("Which day?", actor=actor, choices=list(choices) or ["Monday", "Friday"], until=until, **more)


def speaking(member: Member, title: str = "Wells") -> Organisation:
    """An organisation for which this member speaks."""
    made = make.organisation(title)
    with transaction():
        db.session.add(Seat(member_id=member.id, audience=speaks_for(made.id), role="steward"))
    db.session.expire(member, ["seats"])
    return made


def opened(member: Member, audience: str = "public") -> Entry:
    """This member's profile, shown to others."""
    profile = own_profile(member)
    db.session.execute(db.update(Entry).where(Entry.id == profile.id).values(audience=audience))
    db.session.commit()
    db.session.refresh(profile)
    return profile
