"""An area that was refused for an entry is not offered there again, unless its words changed much; a refusal can be taken back.

A text is remembered by the smallest digests of its words: of two texts these are shared as far as the words are (A. Z. Broder, On the
resemblance and containment of documents, 1997). The words themselves are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from commons.db import db, transaction
from commons.entries.actions import take_log_lock
from commons.focus.models import RefusedArea
from commons.focus.suggesting import LONGEST
from commons.focus.suggesting.reading import words
from commons.members.models import Member
from commons.room import rooms
from commons.web import Forbidden

TEXTS = ("description", "summary", "text")  # the fields that say what an entry is about, as far as its kind has them
MARKS = 64  # digests of a text
SAME = 0.5  # part of the words from which on a text is the one that was judged


def may_choose(viewer: Member | None, entry: Any) -> bool:
    """May they say under which areas the entry stands?"""
    kind = rooms().kinds[entry.kind]
    stands = kind.edit is not None and any(field.name == "focus" for field in kind.fields)
    return stands and bool(viewer and viewer.may_write and (kind.may_edit is None or kind.may_edit(viewer, entry)))


def refuse_area(entry: Any, area_id: int, *, actor: Member) -> None:
    """A second time it is refused for the words of today."""
    if not may_choose(actor, entry):
        raise Forbidden(_("You may not change this."))
    with transaction():
        take_log_lock()
        found = db.session.get(RefusedArea, (entry.id, area_id)) or RefusedArea(entry_id=entry.id, area_id=area_id)
        found.by_id, found.marks = actor.id, marks(whole_text(entry))
        db.session.add(found)


def offer_area_again(entry: Any, area_id: int, *, actor: Member) -> None:
    if not may_choose(actor, entry):
        raise Forbidden(_("You may not change this."))
    with transaction():
        mine = RefusedArea.entry_id == entry.id, RefusedArea.area_id == area_id
        db.session.execute(delete(RefusedArea).where(*mine))


def refused_areas(entry: Any, text: str) -> list[RefusedArea]:
    """What was refused for an entry and still holds for this text, the latest first."""
    query = select(RefusedArea).where(RefusedArea.entry_id == entry.id).options(joinedload(RefusedArea.by))
    found = db.session.scalars(query.order_by(RefusedArea.at.desc(), RefusedArea.area_id)).all()
    own = marks(text) if found else []
    return [one for one in found if likeness(one.marks, own) >= SAME]


def whole_text(entry: Any) -> str:
    return "\n".join(str(getattr(entry, name, "") or "") for name in ("title", *TEXTS))


def marks(text: str) -> list[int]:
    return sorted({crc32(word.key.encode()) for word in words(text[:LONGEST])})[:MARKS]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """About which part of the words of both texts stands in both, up to 1."""
    both = sorted({*one, *other})[:MARKS]
    return len(set(both) & set(one) & set(other)) / len(both) if both else 1.0
