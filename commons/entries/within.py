"""Where a new entry stands: in a group, on a wall, in a forum. What it stands in says who will see it."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import gettext as _

from commons.audience import PUBLIC
from commons.entries.models import Entry
from commons.entries.queries import by_id, heads_by_id
from commons.members.models import Member
from commons.room import rooms
from commons.web import Forbidden


class Place(NamedTuple):
    within_id: int | None
    audience: str


ANYWHERE = Place(None, PUBLIC)


def place_in(within_id: int, kind: str, viewer: Member) -> Place:
    """Where an entry of this kind stands that is made within another one; 0: nowhere, and public. Raises 404 for what the
    viewer may not see, Forbidden where they may not put anything."""
    if not within_id:
        return ANYWHERE
    whole = by_id(within_id, viewer)
    audience = takes(whole, kind, viewer)
    if audience is None:
        raise Forbidden(_("You may not add anything here."))
    return Place(whole.id, audience)


def takes(whole: Entry, kind: str, viewer: Member | None) -> str | None:
    """The audience of what this viewer puts into an entry; None: they may not."""
    asked = rooms().kinds[whole.kind].takes
    return asked(viewer, whole, kind) if asked else None


def outer(within_id: int | None, viewer: Member | None) -> Any:
    """What an entry stands in, if the viewer may see it; else None."""
    return next(iter(heads_by_id([within_id], viewer)), None) if within_id else None
