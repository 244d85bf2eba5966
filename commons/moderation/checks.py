"""The invariants of moderation: nothing waits that nobody could find, and every act has its reason."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from commons.db import db
from commons.entries.models import Change, Entry
from commons.moderation.models import Held, Protection
from commons.moderation.queries import ACTS
from commons.room import Check, rooms


def held_edits() -> Iterable[str]:
    """Every edit that waits has an entry and names fields of its kind; every decision names who and when."""
    rows = select(Held, Entry.kind, Entry.version).outerjoin(Entry, Entry.id == Held.entry_id)
    for held, kind, version in db.session.execute(rows):
        fields = {field.name for field in rooms().kinds[kind].fields} if kind in rooms().kinds else set()
        if not fields:
            yield f"held edit {held.id}: its entry {held.entry_id} has no fields to change"
        elif unknown := sorted(held.values.keys() - fields):
            yield f"held edit {held.id}: no field {unknown[0]}"
        elif held.version > version:
            yield f"held edit {held.id}: written on version {held.version} of {version}"
        told = [held.decided_by_id, held.decided]
        if (held.state == "waiting" and any(told)) or (held.state in ("accepted", "returned") and not all(told)):
            yield f"held edit {held.id}: {held.state}, decided by {held.decided_by_id} at {held.decided}"


def pending_entries() -> Iterable[str]:
    """Every pending entry stands in somebody's queue, or came back to its author."""
    queued = select(Held.entry_id).where(Held.version == 0, Held.state.in_(("waiting", "returned")))
    for entry in db.session.scalars(select(Entry.id).where(Entry.state == "pending", Entry.id.not_in(queued))):
        yield f"entry {entry}: pending, and nobody is asked to look at it"


def reasons() -> Iterable[str]:
    """Protections, removals and hidden versions say why; so do edits that came back."""
    for entry in db.session.scalars(select(Protection.entry_id).where(Protection.reason == "")):
        yield f"entry {entry}: protected without a reason"
    for held in db.session.scalars(select(Held.id).where(Held.state == "returned", Held.reason == "")):
        yield f"held edit {held}: returned without a reason"
    needed = [verb for verb in ACTS if verb != "accepted"]
    silent = select(Change.seq).where(Change.verb.in_(needed), Change.note == "", Change.actor_id.is_not(None))
    for seq in db.session.scalars(silent):
        yield f"line {seq}: an act of moderation without a reason"


checks = (
    Check("moderation: held edits are whole", held_edits),
    Check("moderation: pending entries are asked about", pending_entries),
    Check("moderation: every act has its reason", reasons),
)
