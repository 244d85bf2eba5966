"""What a member may do on their first day: the numbers stand on the charter page, and follow what large forums use.

Source of the numbers: the permission model of this project, after the lowest trust level of established forum software.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from commons.db import db, now
from commons.entries.models import Change, Entry
from commons.members.models import Member
from commons.text import linked
from commons.web import Invalid

DAY = timedelta(hours=24)
ACTS = 5  # contributions after which nobody is new any more
MOST = {"topic": 3, "post": 10}  # of a day; a talk they begin not at all
LINKS = MENTIONS = 2  # of one text
_ADDRESS = re.compile(r"https?://", re.I)


def is_new(member: Member) -> bool:
    """Less than a day here, or fewer than five contributions that stand; nobody whom a moderator or conduct made trusted."""
    if member.is_moderator or member.trusted is not None:
        return False
    if member.created > now() - DAY:
        return True
    wrote = (Change.actor_id == member.id, Change.revision.is_not(None))  # a thank-you is no contribution
    acts = select(func.count()).where(*wrote, Change.entry.has(Entry.state == "live"))
    return int(db.session.scalar(acts) or 0) < ACTS


def admit(member: Member, kind: str, text: str) -> None:
    """Raises Invalid where a new member's text goes beyond the first day. `kind`: topic, post, or talk (a first message)."""
    if not is_new(member):
        return
    if kind == "talk":
        raise Invalid(
            {
                "text": _(
                    "New members answer messages. You can begin talks of your own after a day and a few contributions."
                )
            }
        )
    today = select(func.count()).where(
        Entry.author_id == member.id, Entry.kind == kind, Entry.created > now() - DAY, Entry.state != "draft"
    )
    if (db.session.scalar(today) or 0) >= MOST[kind]:
        raise Invalid(
            {"text": _("New members write a few times on their first day. Your words are kept: send them tomorrow.")}
        )
    modest(member, text)


def modest(member: Member, text: str) -> None:
    """The same for a text that is changed: raises Invalid where a new member puts more links or names into it than fit."""
    if not is_new(member):
        return
    if len(_ADDRESS.findall(text)) > LINKS:
        raise Invalid({"text": _("New members put at most two links into a text.")})
    if sum(name.startswith("@") for name in linked(text)) > MENTIONS:
        raise Invalid({"text": _("New members name at most two people in a text.")})
