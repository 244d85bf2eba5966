"""Profiles whose every field carries a word of its own, with defaults."""

from __future__ import annotations

from typing import Any

from commons.db import db, transaction
from commons.entries.followers import catch_up
from commons.members.actions import make_member
from commons.members.models import Member, Seat
from commons.people.actions import edit_profile
from commons.people.models import FIELDS, Profile
from tests.cast import PASSWORD

WORDS = {
    "about": "canaryabout",
    "help_with": "canaryhelp",
    "skills": "canaryskill",
    "interests": "canaryinterest",
    "learning": "canarylearning",
    "place": "canaryplace",
    "website": "https://canarysite.example/",
    "links": "https://canarylink.example/",
}


def profile(
    member: Member, audience: str = "members", shown: str | dict[str, str] = "members", **values: Any
) -> Profile:
    """`shown`: for all fields, or field by field; what `values` leaves out is empty."""
    to = dict.fromkeys(FIELDS, shown) if isinstance(shown, str) else shown
    return edit_profile(values, to, audience=audience, actor=member)


def full_profile(member: Member, audience: str, shown: str) -> Profile:
    return profile(member, audience, shown, **WORDS, country="MT", languages="sw, en", areas=[])


def member(username: str, **columns: Any) -> Member:
    made = make_member(username, f"{username}@example.org", name=username.title(), password=PASSWORD)
    with transaction():
        for name, value in columns.items():
            setattr(made, name, value)
    return made


def sit(who: Member, audience: str, role: str = "member") -> None:
    with transaction():
        db.session.add(Seat(member_id=who.id, audience=audience, role=role))
        db.session.flush()
        db.session.expire(who, ["seats"])


def settle() -> None:
    """The index knows what was written until now."""
    catch_up()
