"""What the first steps do: following several at once, and never being shown them again."""

from __future__ import annotations

from collections.abc import Sequence

from commons.db import db, transaction
from commons.entries.queries import heads_by_id
from commons.feed.actions import watch
from commons.members.models import Member
from commons.people.models import FirstSteps

FOLLOWED = ("focus", "organisation")
MOST = 30


def follow(ids: Sequence[int], *, actor: Member) -> int:
    """Follows what the member may see of these areas and organisations; returns how many they are."""
    found = [entry for entry in heads_by_id(list(ids)[:MOST], actor) if entry.kind in FOLLOWED]
    with transaction():
        for entry in found:
            watch(entry, actor=actor)
    return len(found)


def skip_steps(*, actor: Member) -> None:
    with transaction():
        if db.session.get(FirstSteps, actor.id) is None:
            db.session.add(FirstSteps(member_id=actor.id))
