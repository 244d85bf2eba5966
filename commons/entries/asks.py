"""Asking for one member's attention: a mention, an answer, an invitation. Once for each entry and reason.

Nobody is asked about what they may not see, by somebody whom they blocked, or about what they did themselves; whether they
may still see it is asked again when it is read and when a mail about it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, or_, select

from commons.audience import may_see
from commons.db import db, table
from commons.entries.links import GROUP, PERSON, Target
from commons.entries.models import Ask, Change, Entry
from commons.members.models import Block, Member, Seat

MOST = 20  # people whom one text tells; the rest are named and not told
VOICES = ("delegate", "steward", "signatory")  # who speaks for an organisation, from the narrowest to the widest


def speaks_for(organisation_id: int) -> str:
    """The audience at which an organisation's people sit."""
    return f"organisation:{organisation_id}"


def voice_at(member: Member | None, organisation_id: int) -> str:
    """The role in which this member speaks for the organisation; empty: they do not."""
    door = speaks_for(organisation_id)
    return next((seat.role for seat in member.seats if seat.audience == door), "") if member is not None else ""


def has_voice(member: Member | None, organisation_id: int, least: str = VOICES[0]) -> bool:
    """Does this member speak for the organisation, at least in this role?"""
    voice = voice_at(member, organisation_id)
    return member is not None and member.may_write and voice in VOICES[VOICES.index(least) :]


def voices(member: Member | None) -> dict[int, str]:
    """The organisations for which this member speaks, by their ids, and in which role."""
    start = speaks_for(0).removesuffix("0")
    seats = [seat for seat in member.seats if seat.audience.startswith(start)] if member is not None else []
    return {int(seat.audience.removeprefix(start)): seat.role for seat in seats}


def ask(entry: Entry, who: Iterable[int], why: str, line: Change) -> list[int]:
    """Called inside the transaction that wrote `line`; returns whom it asked, by their ids."""
    wanted = sorted(set(who) - {line.actor_id})
    known = select(Ask.member_id).where(Ask.entry_id == entry.id, Ask.why == why, Ask.member_id.in_(wanted))
    fresh = set(wanted) - set(db.session.scalars(known))
    people = db.session.scalars(select(Member).where(Member.id.in_(fresh), Member.state == "active")).all()
    shy = _apart(line.actor_id, fresh)
    asked = [one.id for one in people if may_see(one, entry) and one.id not in shy]
    rows = [{"entry_id": entry.id, "member_id": id, "why": why, "seq": line.seq} for id in asked]
    if rows:
        db.session.execute(table(Ask).insert(), rows)
    return asked


def _apart(actor: int | None, others: set[int]) -> set[int]:
    """Those who blocked the actor or whom the actor blocked, and those who muted the actor."""
    rows = select(Block).where(
        or_(
            (Block.member_id == actor) & Block.other_id.in_(others) & (Block.how == "block"),
            (Block.other_id == actor) & Block.member_id.in_(others),
        )
    )
    return {id for row in db.session.scalars(rows) for id in (row.member_id, row.other_id)} - {actor or 0}


def tell_named(entry: Entry, named: Mapping[str, Target], line: Change) -> list[int]:
    """Asks those whom a text names with @: people, and the representatives of organisations."""
    people = {target.slug for target in named.values() if target.kind == PERSON}
    groups = {target.slug for name, target in named.items() if target.kind == GROUP and name.startswith("@")}
    asked: list[int] = []
    if people:
        ids = db.session.scalars(select(Member.id).where(func.lower(Member.username).in_(sorted(people)))).all()
        asked += ask(entry, sorted(ids)[:MOST], "mention", line)
    if groups:
        asked += ask(entry, sorted(_representatives(groups))[:MOST], "organisation", line)
    return asked


def _representatives(slugs: set[str]) -> set[int]:
    ids = db.session.scalars(select(Entry.id).where(Entry.kind == GROUP, Entry.slug.in_(sorted(slugs)))).all()
    return set(db.session.scalars(select(Seat.member_id).where(Seat.audience.in_([speaks_for(id) for id in ids]))))
