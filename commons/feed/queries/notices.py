"""Notices: what asks for this member, and the threads that moved since they read them. A query, as they may see it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, union, union_all

from commons.audience import visible_to
from commons.db import db, table
from commons.entries.models import Ask, Change
from commons.feed.models import Seen, Watch, Wishes
from commons.feed.queries.following import NESTS, entry_as
from commons.feed.queries.reading import heard
from commons.feed.queries.telling import TALK
from commons.members.models import Block, Member

MOST = 100  # the bell counts no further: “99+”
SHOWN = 200  # threads on the page
ASKS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask, and how many others of the same thread it stands for."""

    why: str
    seq: int
    at: datetime
    name: str
    entry: Any
    thread_id: int
    unread: bool
    more: int = 0


def _apart(member: Member) -> Any:
    """Those whom the member does not want to meet, as a statement to build on."""
    mine = select(Block.other_id.label("id")).where(Block.member_id == member.id)
    theirs = select(Block.member_id).where(Block.other_id == member.id, Block.how == "block")
    return mine.union(theirs)


def _read_to(member: Member) -> Any:
    return func.coalesce(select(Wishes.read_to).where(Wishes.member_id == member.id).scalar_subquery(), 0)


def _asks(member: Member) -> Any:
    """Lines that ask for this member about what they may see, by nobody from whom they keep away, in no muted thread."""
    line, e, thread = table(Change).alias("line"), entry_as("e"), entry_as("thread")
    seen, muted = table(Seen).alias("seen"), table(Watch).alias("muted")
    silent = and_(muted.c.member_id == member.id, muted.c.entry_id == thread.c.id, muted.c.how == "muted")
    query = (
        select(Ask.why, Ask.seq, line.c.at, Member.name, thread.c.id.label("thread_id"))
        .add_columns(*(e.c[name] for name in ("id", "kind", "title", "slug", "language", "audience")))
        .add_columns((Ask.seq > func.coalesce(seen.c.seq, 0)).label("unseen"))
        .join(line, line.c.seq == Ask.seq)
        .join(e, e.c.id == Ask.entry_id)
        .join(thread, thread.c.id == line.c.thread_id)
        .outerjoin(Member, Member.id == line.c.actor_id)
        .outerjoin(seen, and_(seen.c.member_id == member.id, seen.c.entry_id == thread.c.id))
    )
    for one in (e, thread):
        query = query.where(visible_to(member, one.c.audience), one.c.state == "live")
    strangers = or_(line.c.actor_id.is_(None), line.c.actor_id.not_in(_apart(member)))
    return query.where(Ask.member_id == member.id, strangers, ~select(muted.c.entry_id).where(silent).exists())


def _threads(member: Member) -> Any:
    """Threads that are followed with notices, themselves or with what they stand in, and that moved since they were read:
    (id, since when they are followed, the place that is followed)."""
    e, nest, place = entry_as("e"), entry_as("nest"), entry_as("place")
    mine = select(e.c.id, e.c.stirred, Watch.since, Watch.entry_id.label("place_id")).select_from(table(Watch))
    mine = mine.join(place, place.c.id == Watch.entry_id)
    wanted = [Watch.member_id == member.id, Watch.how == "notices"]
    wanted += [visible_to(member, place.c.audience), place.c.state == "live"]
    fresh = [e.c.stirred > Watch.since, e.c.stirred > _read_to(member)]
    open_now = [visible_to(member, e.c.audience), e.c.state == "live", e.c.audience.not_like(f"{TALK}%")]
    inner = and_(nest.c.within_id == Watch.entry_id, nest.c.kind.in_(NESTS))
    return union_all(
        mine.join(e, e.c.id == Watch.entry_id).where(*wanted, *fresh, *open_now),
        mine.join(e, e.c.within_id == Watch.entry_id).where(*wanted, *fresh, *open_now),
        mine.join(nest, inner).join(e, e.c.within_id == nest.c.id).where(*wanted, *fresh, *open_now),
    ).subquery("moved")


def _unread_threads(member: Member) -> Any:
    moved = _threads(member)
    line, part = table(Change).alias("line"), entry_as("part")
    seen, muted = table(Seen).alias("seen"), table(Watch).alias("muted")
    silent = and_(muted.c.member_id == member.id, muted.c.entry_id == moved.c.id, muted.c.how == "muted")
    read = func.coalesce(seen.c.seq, 0)
    news = (
        select(line.c.seq)
        .join(part, part.c.id == line.c.entry_id)
        .where(line.c.thread_id == moved.c.id, line.c.seq > moved.c.since, line.c.seq > read)
        .where(line.c.seq > _read_to(member), line.c.actor_id.not_in(_apart(member)))
        .where(heard(member, (), part, line))
    )
    return (
        select(moved.c.id, moved.c.place_id, moved.c.stirred)
        .outerjoin(seen, and_(seen.c.member_id == member.id, seen.c.entry_id == moved.c.id))
        .where(moved.c.stirred > read, news.exists(), ~select(muted.c.entry_id).where(silent).exists())
    )


def bell(member: Member) -> int:
    """How many threads have something unread for this member, at most MOST."""
    asks = _asks(member).where(Ask.seq > _read_to(member)).subquery()
    asked = select(asks.c.thread_id).where(asks.c.unseen)
    moved = _unread_threads(member).subquery()
    some = union(asked, select(moved.c.id)).limit(MOST).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)


def asks_of(member: Member, seq: int = 0) -> list[Asked]:
    """The newest of each thread and reason, those not read yet first; `seq`: those of one line of the log only."""
    read = _read_to(member)
    query = _asks(member).add_columns((Ask.seq > read).label("fresh")).order_by(Ask.seq.desc()).limit(ASKS)
    found: dict[tuple[int, str, bool], list[Any]] = {}
    for row in db.session.execute(query.where(Ask.seq == seq) if seq else query):
        found.setdefault((row.thread_id, row.why, bool(row.unseen and row.fresh)), []).append(row)
    asks = [
        Asked(why, rows[0].seq, rows[0].at, rows[0].name or "", rows[0], thread, unread, len(rows) - 1)
        for (thread, why, unread), rows in found.items()
    ]
    return sorted(asks, key=lambda one: (not one.unread, -one.seq))


def unread_threads(member: Member) -> list[tuple[int, int]]:
    """(thread, the followed place that it is told of for), those that moved last first."""
    moved = _unread_threads(member).subquery()
    last = select(moved.c.id, func.min(moved.c.place_id), func.max(moved.c.stirred).label("key")).group_by(moved.c.id)
    rows = db.session.execute(last.order_by(func.max(moved.c.stirred).desc()).limit(SHOWN))
    return [(row[0], row[1]) for row in rows]
