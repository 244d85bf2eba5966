"""Reports as moderators and reporters find them. What stands behind a door that a moderator may not enter is shown to them
only as far as its reporter disclosed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from commons.audience import MEMBERS, PUBLIC, may_see, visible_to
from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import entries_by_id
from commons.members.models import Member
from commons.moderation.models import Held, Report
from commons.moderation.queries import waiting

HARMS = ("danger", "harassment", "private", "rights", "spam", "wrong", "other")  # what hurts most stands first
BEFORE = 2  # messages that a reported one of a talk discloses beside itself
MOST = 1000  # open reports that one look at the queue reads


@dataclass(slots=True)
class Case:
    """All reports of one entry that are decided together, the oldest first."""

    entry: Entry
    is_open_to_me: bool  # may this moderator read the entry itself?
    reports: list[Report] = field(default_factory=list)

    @property
    def harm(self) -> str:
        return min((report.reason for report in self.reports), key=_rank)


def _rank(reason: str) -> int:
    return HARMS.index(reason) if reason in HARMS else len(HARMS)


def _waiting_for(viewer: Member) -> ColumnElement[bool]:
    """Nobody decides about their own words, and what waits for its first look is in the other queue."""
    others = or_(Entry.author_id.is_(None), Entry.author_id != viewer.id)
    return and_(Report.state == "open", others, Entry.state.in_(("live", "deleted", "suppressed")))


def cases(viewer: Member) -> list[Case]:
    """The queue: the worst harm first, within it the oldest; at most MOST reports."""
    people = joinedload(Report.reporter)
    query = select(Report).join(Entry, Entry.id == Report.entry_id).where(_waiting_for(viewer))
    query = query.options(joinedload(Report.entry.of_type(Entry)), people).order_by(Report.at, Report.id).limit(MOST)
    return _grouped(db.session.scalars(query).all(), viewer)


def _grouped(found: Sequence[Report], viewer: Member) -> list[Case]:
    by_entry: dict[int, Case] = {}
    for report in found:
        case = by_entry.setdefault(report.entry_id, Case(report.entry, may_see(viewer, report.entry)))
        case.reports.append(report)
    return sorted(by_entry.values(), key=lambda case: (_rank(case.harm), case.reports[0].at, case.reports[0].id))


def case_of(entry_id: int, viewer: Member) -> Case:
    """The open reports of one entry, else 404: also where the viewer wrote it."""
    people = joinedload(Report.reporter)
    query = select(Report).join(Entry, Entry.id == Report.entry_id).where(_waiting_for(viewer))
    query = query.where(Report.entry_id == entry_id).options(joinedload(Report.entry.of_type(Entry)), people)
    found = db.session.scalars(query.order_by(Report.at, Report.id)).all() if entry_id < 2**31 else []
    return _grouped(found, viewer)[0] if found else abort(404)


def counts(viewer: Member | None) -> tuple[int, int]:
    """(edits that wait, reported things that wait) for this moderator: one statement."""
    if viewer is None or not viewer.is_moderator:
        return 0, 0
    held = waiting(viewer).order_by(None).with_only_columns(Held.id).subquery()
    reported = select(Report.entry_id).join(Entry, Entry.id == Report.entry_id).where(_waiting_for(viewer)).distinct()
    many = [select(func.count()).select_from(one).scalar_subquery() for one in (held, reported.subquery())]
    edits, things = db.session.execute(select(*many)).one()
    return int(edits), int(things)


def own_reports(member: Member) -> Select[Report]:
    """What this member reported, newest first."""
    query = select(Report).where(Report.reporter_id == member.id).order_by(Report.at.desc(), Report.id.desc())
    return query.options(joinedload(Report.entry.of_type(Entry)))


def open_report(entry: Entry, reporter: Member | None) -> Report | None:
    """This member's report of the entry that nobody has decided yet."""
    if reporter is None:
        return None
    query = select(Report).where(Report.entry_id == entry.id, Report.reporter_id == reporter.id)
    return db.session.scalar(query.where(Report.state == "open"))


def has_door(entry: Entry) -> bool:
    """Does it stand where a moderator has no seat of their own?"""
    return entry.audience not in (PUBLIC, MEMBERS)


def disclosed_of(entry: Entry, viewer: Member | None) -> list[dict[str, Any]]:
    """What a report of it shows to moderators, [{name, at, text}]: of a message in a talk itself and the two before it, of
    anything else behind a door itself alone, of what stands open nothing, because they can look."""
    if not has_door(entry):
        return []
    ids = _message_and_before(entry, viewer) if entry.audience.startswith("talk:") else [entry.id]
    found = [one for one in entries_by_id(ids, viewer) if hasattr(one, "text")]
    names = {one.author_id for one in found}
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(names)))
    known = {row.id: row.name for row in rows}
    return [
        {"name": known.get(one.author_id, ""), "at": one.created.isoformat(), "text": one.value("text")}
        for one in found
    ]


def _message_and_before(entry: Entry, viewer: Member | None) -> list[int]:
    """Oldest first. A talk itself is no message: who reports it discloses none."""
    if entry.within_id is None:
        return []
    query = select(Entry.id).where(
        Entry.within_id == entry.within_id,
        Entry.kind == entry.kind,
        Entry.id <= entry.id,
        Entry.state == "live",
        visible_to(viewer, Entry.audience),
    )
    return list(db.session.scalars(query.order_by(Entry.id.desc()).limit(1 + BEFORE)))[::-1]


def trusted_reporters(entry: Entry) -> int:
    """How many trusted members ask for somebody to look at it."""
    query = select(func.count(func.distinct(Report.reporter_id))).join(Member, Member.id == Report.reporter_id)
    known = Member.trusted.is_not(None), Member.state == "active"
    return db.session.scalar(query.where(Report.entry_id == entry.id, Report.state == "open", *known)) or 0


def hidden_for_now(entry: Entry) -> Entry | None:
    """What reports of it took away, where nobody has decided since: the entry itself, or the thread that it began."""
    thread = db.session.get(Entry, entry.thread_id) if entry.thread_id else None
    own = [entry] if thread is None or thread.author_id != entry.author_id else [entry, thread]
    return next((one for one in own if one.state == "deleted" and _took_it_away(one)), None)


def _took_it_away(entry: Entry) -> bool:
    """Is the last line of its log a removal by nobody?"""
    last = select(Change.actor_id, Change.verb).where(Change.entry_id == entry.id).order_by(Change.seq.desc()).limit(1)
    row = db.session.execute(last).first()
    return row is not None and row.verb == "removed" and row.actor_id is None


def suspended(viewer: Member) -> list[Member]:
    """Who is shut out, by name; for moderators."""
    if not viewer.is_moderator:
        return []
    return list(db.session.scalars(select(Member).where(Member.state == "suspended").order_by(Member.name).limit(200)))
