"""Needs, offers and organisations with people of their own: a test says only what it is about."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select

from commons.db import db, transaction
from commons.entries.asks import speaks_for
from commons.focus.queries import area_from
from commons.members.actions import make_member
from commons.members.models import Member
from commons.members.seats import give_seat
from commons.moderation.actions import accept
from commons.moderation.models import Held
from directory.models import Organisation
from directory.partnerships.board import actions
from directory.partnerships.board.models import Posting
from tests import make
from tests.cast import PASSWORD

numbers = count(1)


def person(username: str = "", role: str = "member") -> Member:
    username = username or f"person{next(numbers)}"
    return make_member(username, f"{username}@example.org", name=username.title(), role=role, password=PASSWORD)


def represented(title: str = "", *people: Member, role: str = "steward", **values: Any) -> Organisation:
    """An organisation for which these people speak, Ana if nobody is named."""
    made = make.organisation(title, **values)
    for member in people or (make.someone(),):
        sit(made, member, role)
    return made


def sit(organisation: Organisation, member: Member, role: str) -> None:
    with transaction():
        give_seat(member, speaks_for(organisation.id), role)


def posting(
    kind: str,
    title: str = "",
    *,
    of: Organisation | None = None,
    actor: Member | None = None,
    audience: str = "public",
    focus: list[str] | None = None,
    looked_at: bool = True,
    **values: Any,
) -> Posting:
    """`looked_at`: a moderator has let it through, if it is the first one of its organisation."""
    values = {"title": title or f"Find somebody for {next(numbers)}", "sort": "skill", "language": "en"} | values
    if focus:
        values["focus"] = sorted(node.id for slug in focus if (node := area_from(slug)))
    actor = actor or make.someone()
    made = actions.add_posting(
        kind, (of or represented("", actor)).id, values, actor=actor, audience=audience, note="made by a test"
    )
    if looked_at and made.state == "pending":
        let_through(made)
    return made


def let_through(made: Posting) -> None:
    held = db.session.scalars(select(Held).where(Held.entry_id == made.id, Held.state == "waiting")).one()
    accept(held, actor=db.session.scalars(select(Member).where(Member.role == "moderator").limit(1)).one())


def need(title: str = "", **values: Any) -> Posting:
    return posting("need", title, **values)


def offer(title: str = "", **values: Any) -> Posting:
    return posting("offer", title, **values)
