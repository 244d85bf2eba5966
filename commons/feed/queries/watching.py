"""What a member watches, and how far they have read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, func, select

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import visible
from commons.feed.models import FeedKey, Seen, TagWatch, Watch
from commons.feed.queries.following import ENTRY, ME, built
from commons.members.door import digest
from commons.members.models import Member


def watchers(entry: Entry, viewer: Member) -> tuple[int, str]:
    """How many watch it, and how this member does; empty if they do not."""
    row = db.session.execute(built("watchers", make=_watchers), {"me": viewer.id, "entry": entry.id}).one()
    return int(row[0]), row[1] or ""


def _watchers() -> Any:
    mine = func.max(case((Watch.member_id == ME, Watch.how), else_=""))
    return select(func.count(), mine).where(Watch.entry_id == ENTRY)


def watch_row(entry: Entry, viewer: Member) -> Watch | None:
    return db.session.get(Watch, (viewer.id, entry.id))


def watched(member: Member, kinds: Sequence[str] = ()) -> Any:
    """(entry, how it is watched, the last line about it by people) of what this member watches and may see, what
    moved last first."""
    query = (
        select(Entry, Watch, Change.at, Member.name)
        .join(Watch, Watch.entry_id == Entry.id)
        .outerjoin(Change, Change.seq == Entry.stirred)
        .outerjoin(Member, Member.id == Change.actor_id)
        .where(Watch.member_id == member.id, visible(member))
        .order_by(Entry.stirred.desc(), Entry.id.desc())
    )
    return query.where(Entry.kind.in_(kinds)) if kinds else query


def watched_page(
    member: Member, page: int, per_page: int, kinds: Sequence[str] = ()
) -> tuple[Sequence[Any], dict[str, int]]:
    """One page of it, and how many there are of each kind."""
    counts = select(Entry.kind, func.count()).join(Watch, Watch.entry_id == Entry.id)
    counts = counts.where(Watch.member_id == member.id, visible(member)).group_by(Entry.kind)
    rows = db.session.execute(watched(member, kinds).limit(per_page).offset((page - 1) * per_page)).all()
    return rows, {row[0]: row[1] for row in db.session.execute(counts)}


def watched_tags(member: Member) -> Sequence[str]:
    return db.session.scalars(select(TagWatch.tag).where(TagWatch.member_id == member.id).order_by(TagWatch.tag)).all()


def seen_of(threads: Sequence[int], viewer: Member | None) -> dict[int, Seen]:
    """How far this viewer has read each of these threads; one that they never read is left out."""
    if viewer is None or not threads:
        return {}
    query = built("seen", make=_seen)
    return {row.entry_id: row for row in db.session.scalars(query, {"me": viewer.id, "threads": list(threads)})}


def _seen() -> Any:
    return select(Seen).where(Seen.member_id == ME, Seen.entry_id.in_(bindparam("threads", expanding=True)))


def feed_keys(member: Member) -> Sequence[FeedKey]:
    return db.session.scalars(
        select(FeedKey).where(FeedKey.member_id == member.id).order_by(FeedKey.created, FeedKey.id)
    ).all()


def key_owner(key: str) -> Member | None:
    """Whose private feed this is; a key that is wrong or closed, and one of somebody who left, are the same nothing."""
    owner = select(Member).join(FeedKey, FeedKey.member_id == Member.id).where(FeedKey.digest == digest(key))
    found = db.session.scalar(owner)
    return found if found is not None and found.is_active else None
