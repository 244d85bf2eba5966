"""What is protected, what waits and for how long, and what one member wrote: always as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from flask import abort, current_app
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from commons.audience import PUBLIC, may_see, visible_to
from commons.db import db, now
from commons.entries.models import Change, Entry, Redirect, Revision
from commons.members.models import Member
from commons.moderation.models import Held, Protection

ACTS = ("protected", "unprotected", "removed", "brought back", "hid a version", "showed a version", "accepted")
MEASURED = 500  # decisions that the median is taken over, the latest ones


def protection_of(entry: Entry) -> Protection | None:
    """The protection that still holds."""
    found = db.session.get(Protection, entry.id)
    return found if found is not None and found.holds else None


def must_wait(actor: Member | None, entry: Entry | None) -> bool:
    """Is an edit by this member kept until a moderator has looked at it? `entry` is None for a whole new one, which no
    protection covers. Who mends their own entry that nobody sees yet need not wait, and neither does an import (None)."""
    if actor is None or actor.is_moderator:
        return False
    if entry is not None and not entry.is_live and entry.author_id == actor.id:
        return False
    if actor.trusted is None and current_app.config["REVIEWED_EDITS"] > 0:
        return True
    return entry is not None and is_guarded(actor, entry)


def is_guarded(actor: Member, entry: Entry) -> bool:
    """Does the entry's protection keep this member's edits until a moderator has looked at them?"""
    protection = None if actor.is_moderator else protection_of(entry)
    return protection is not None and (protection.level == "moderators" or actor.trusted is None)


def waiting(viewer: Member | None) -> Select[Held]:
    """The queue, oldest first; moderators see of it what they may see of the entries, others nothing."""
    whole = joinedload(Held.entry.of_type(Entry))
    query = select(Held).join(Entry, Entry.id == Held.entry_id).options(whole, joinedload(Held.author))
    return query.where(*_queue(viewer)).order_by(Held.at, Held.id)


def waiting_count(viewer: Member | None) -> int:
    query = select(func.count()).select_from(Held).join(Entry, Entry.id == Held.entry_id).where(*_queue(viewer))
    return db.session.scalar(query) or 0


def _queue(viewer: Member | None) -> list[Any]:
    mine = viewer is not None and viewer.is_moderator
    seen = visible_to(viewer, Entry.audience) if mine else Held.id.is_(None)
    return [Held.state == "waiting", Entry.state.in_(("live", "pending")), seen]


def waiting_of(entry: Entry, author: Member | None) -> list[Held]:
    """This author's edits of this entry that readers do not see: those that wait, and those that came back with a
    reason (`state` says which). Oldest first; nothing for a visitor."""
    if author is None:
        return []
    query = select(Held).where(
        Held.entry_id == entry.id, Held.author_id == author.id, Held.state.in_(("waiting", "returned"))
    )
    return list(db.session.scalars(query.order_by(Held.at, Held.id)))


def held_of(author: Member) -> Select[Held]:
    """Everything of this author that ever waited, newest first; of entries that they may still see."""
    seen = Held.entry.of_type(Entry).has(visible_to(author, Entry.audience))
    query = select(Held).where(Held.author_id == author.id, seen).order_by(Held.at.desc(), Held.id.desc())
    return query.options(joinedload(Held.entry.of_type(Entry)), joinedload(Held.author))


def held(held_id: int, viewer: Member | None) -> Held:
    """One edit that waits or waited, for its author and for moderators who may see its entry; else 404."""
    people = joinedload(Held.author), joinedload(Held.decided_by)
    query = select(Held).where(Held.id == held_id).options(joinedload(Held.entry.of_type(Entry)), *people)
    found = db.session.scalar(query) if held_id < 2**31 else None
    if found is None or viewer is None or not may_see(viewer, found.entry):
        abort(404)
    return found if viewer.is_moderator or found.author_id == viewer.id else abort(404)


def whole(entry_id: int) -> Any:
    """The entry with what its own kind keeps of it."""
    return db.session.get_one(Entry, entry_id)


def accepted_by(author_ids: Sequence[int]) -> dict[int, int]:
    """author: how many of their edits were accepted after review."""
    query = select(Held.author_id, func.count()).where(Held.author_id.in_(author_ids), Held.state == "accepted")
    return {author: int(many) for author, many in db.session.execute(query.group_by(Held.author_id))}


def median_wait() -> timedelta | None:
    """How long the latest decisions took; None where nothing was decided yet. A number that names nobody."""
    query = select(Held.at, Held.decided).where(Held.decided.is_not(None), Held.state.in_(("accepted", "returned")))
    rows = db.session.execute(query.order_by(Held.decided.desc()).limit(MEASURED))
    waits = [(decided - at).total_seconds() for at, decided in rows if decided is not None]
    return timedelta(seconds=median(waits)) if waits else None


def protected(viewer: Member | None) -> Select[Protection, Entry]:
    """(protection, entry) of what is protected now, the latest first."""
    holds = or_(Protection.until.is_(None), Protection.until > now())
    query = select(Protection, Entry).join(Entry, Entry.id == Protection.entry_id)
    seen = visible_to(viewer, Entry.audience), Entry.state == "live"
    return query.where(holds, *seen).order_by(Protection.at.desc())


def removed(viewer: Member | None) -> Select[Any]:
    """Entries that were taken away and can be brought back, the latest first; not those whose address leads on."""
    leads_on = select(Redirect.id).where(Redirect.kind == Entry.kind, Redirect.slug == Entry.slug).exists()
    return (
        select(Entry)
        .where(visible_to(viewer, Entry.audience), Entry.state == "deleted", ~leads_on)
        .order_by(Entry.updated.desc(), Entry.id.desc())
    )


def pairs(query: Select[Protection, Entry], limit: int) -> list[tuple[Protection, Entry]]:
    return [(protection, entry) for protection, entry in db.session.execute(query.limit(limit))]


def acts() -> Select[Change]:
    """What moderators did to public entries, newest first: the log that everybody may read."""
    public = Change.entry.has((Entry.audience == PUBLIC) & Entry.state.in_(("live", "deleted")))
    query = select(Change).where(Change.verb.in_(ACTS), Change.actor_id.is_not(None), public)
    return query.options(joinedload(Change.entry.of_type(Entry))).order_by(Change.seq.desc())


def tallies() -> dict[str, int]:
    """verb: how often moderators did it to public entries; `returned` is kept with the edits, not in the log."""
    lines = acts().order_by(None).with_only_columns(Change.verb, func.count()).group_by(Change.verb)
    found = {verb: int(many) for verb, many in db.session.execute(lines)}
    given_back = select(func.count()).select_from(Held).join(Entry, Entry.id == Held.entry_id)
    many = db.session.scalar(given_back.where(Held.state == "returned", Entry.audience == PUBLIC)) or 0
    return {verb: found[verb] for verb in ACTS if verb in found} | ({"returned": int(many)} if many else {})


def member_called(username: str) -> Member:
    found = db.session.scalar(select(Member).where(func.lower(Member.username) == username.lower()))
    return found or abort(404)


def revisions_by(member: Member, viewer: Member, since: datetime | None) -> dict[int, list[int]]:
    """entry: numbers of this member's revisions, newest first; of live entries that the viewer may see."""
    query = (
        select(Revision.entry_id, Revision.number)
        .join(Entry, Entry.id == Revision.entry_id)
        .where(Revision.author_id == member.id, Entry.state == "live", visible_to(viewer, Entry.audience))
        .order_by(Revision.entry_id.desc(), Revision.number.desc())
    )
    found: dict[int, list[int]] = {}
    for entry_id, number in db.session.execute(query.where(Revision.at >= since) if since else query):
        found.setdefault(entry_id, []).append(number)
    return found


def others_edited(entry: Entry, member: Member) -> bool:
    other = or_(Revision.author_id.is_(None), Revision.author_id != member.id)
    query = select(Revision.id).where(Revision.entry_id == entry.id, other).limit(1)
    return db.session.scalar(query) is not None


def changes_since(entry: Entry, number: int) -> list[tuple[int, dict[str, Any]]]:
    """(number, what it changed) from the newest revision down to `number`."""
    query = select(Revision.number, Revision.changes).where(Revision.entry_id == entry.id, Revision.number >= number)
    return [(row.number, row.changes) for row in db.session.execute(query.order_by(Revision.number.desc()))]


def waiting_by(member: Member, viewer: Member) -> list[Held]:
    return list(db.session.scalars(waiting(viewer).where(Held.author_id == member.id)))
