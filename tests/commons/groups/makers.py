"""Groups with defaults: a test says only what it is about."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.actions import record
from commons.entries.models import Entry
from commons.groups import actions
from commons.groups.actions.seats import seat
from commons.groups.models import Group
from commons.groups.queries import role_of
from commons.members.actions import make_member
from commons.members.door import digest
from commons.members.models import Invitation, Member
from tests import make
from tests.cast import PASSWORD

numbers = count(1)


def group(
    title: str = "",
    visibility: str = "public",
    joining: str = "open",
    *,
    founder: Member | None = None,
    members: tuple[Member, ...] = (),
    within: Group | None = None,
    inherits: bool = False,
    **values: Any,
) -> Group:
    made = actions.add_group(
        {"title": title or f"Group {next(numbers)}", "joining": joining, **values},
        actor=founder or make.someone(),
        visibility=visibility,
        within_id=within.id if within else 0,
        inherits=inherits,
    )
    for member in members:
        sit(made, member)
    return made


def sit(where: Group, member: Member, role: str = "member") -> None:
    """A seat without any of the ways to it."""
    with transaction():
        seat(where, member, role)


def put(where: Group, entry: Entry, *, actor: Member | None = None) -> Any:
    """Into the group, for those who see what is written in it now."""
    with transaction():
        record(entry, "edited", None, actor=actor or make.someone())
        entry.within_id, entry.audience = where.id, where.inner_audience
    return entry


def person(username: str, role: str = "member") -> Member:
    return make_member(username, f"{username}@example.org", name=username.title(), role=role, password=PASSWORD)


def role(member: Member, where: Group) -> str:
    db.session.expire(member, ["seats"])
    return role_of(member, where)


def invitation(key: str) -> Invitation:
    return db.session.scalars(select(Invitation).where(Invitation.digest == digest(key))).one()
