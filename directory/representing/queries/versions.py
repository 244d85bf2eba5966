"""The organisation's own version of its record beside what others made of it since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from commons.db import db, now
from commons.entries.models import Change, Entry, Revision
from commons.entries.queries import is_hidden, last_seq, state_at
from commons.members.models import Member
from directory.fields import FIELDS
from directory.models import Organisation
from directory.representing.models import Confirmation

ANSWERED_WITHIN = timedelta(days=30)  # then a change by others is the community's version
BATCH = 500
COMPARED = tuple(field.name for field in FIELDS if field.name != "confirmed")  # that it is right changes nothing else


class Versions(NamedTuple):
    """Where today's record differs from what the organisation confirmed."""

    confirmed: Confirmation
    own: dict[str, Any]  # the organisation's own version, every field
    fields: list[str]  # those that differ
    since: datetime  # of the first change by others that it has not answered

    @property
    def is_late(self) -> bool:
        return self.since < now() - ANSWERED_WITHIN


def words_of(organisation_id: int) -> Sequence[Confirmation]:
    """Its last word on the whole record, and what it wrote itself since, the oldest first."""
    last = select(func.max(Confirmation.id)).where(Confirmation.organisation_id == organisation_id, Confirmation.whole)
    query = select(Confirmation).where(Confirmation.organisation_id == organisation_id)
    return db.session.scalars(query.where(Confirmation.id >= last.scalar_subquery()).order_by(Confirmation.id)).all()


def own_version(organisation: Organisation, words: Sequence[Confirmation]) -> dict[str, Any]:
    """The record as the organisation left it: whole, and field by field where it wrote on after changes by others."""
    own = state_at(organisation, words[0].number)
    for word in words[1:]:
        then = state_at(organisation, word.number)
        own |= {name: then[name] for name in word.fields if name in then}
    return own


def differing(values: dict[str, Any], own: dict[str, Any]) -> list[str]:
    return [name for name in COMPARED if values.get(name) != own.get(name)]


def versions(organisation: Organisation, viewer: Member | None) -> Versions | None:
    """None: the organisation has said nothing yet, or nothing differs, or a moderator hid the version that it confirmed."""
    words = words_of(organisation.id)
    if not words or words[0].number >= organisation.version or is_hidden(organisation, words[0].number, viewer):
        return None
    own = own_version(organisation, words)
    fields = differing({name: organisation.value(name) for name in COMPARED}, own)
    if not fields:
        return None
    by_itself = {word.number for word in words}
    later = select(Revision.number, Revision.at, Revision.changes).where(
        Revision.entry_id == organisation.id, Revision.number > words[0].number
    )
    found = [
        at
        for number, at, changes in db.session.execute(later.order_by(Revision.number))
        if number not in by_itself and not set(fields).isdisjoint(changes)
    ]
    return Versions(words[0], own, fields, found[0]) if found else None


class Edit(NamedTuple):
    seq: int
    organisation_id: int
    number: int
    actor_id: int
    verb: str


def edits_after(seq: int) -> tuple[list[Edit], int]:
    """The next versions of organisations that people wrote, and how far in the log that is."""
    end = last_seq()
    query = (
        select(Change.seq, Change.entry_id, Change.revision, Change.actor_id, Change.verb)
        .join(Entry, Entry.id == Change.entry_id)
        .where(Change.seq > seq, Change.seq <= end, Change.actor_id.is_not(None), Change.revision.is_not(None))
        .where(Entry.kind == "organisation")
        .order_by(Change.seq)
        .limit(BATCH)
    )
    rows = db.session.execute(query).all()
    found = [Edit(seq, id, number or 0, actor or 0, verb) for seq, id, number, actor, verb in rows]
    return found, found[-1].seq if len(found) == BATCH else end
