"""Notices: what asks for this member, and the threads that moved since they read them. A query, as they may see it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, union, union_all

from commons.audience import keys, through
from commons.db import db, table
from commons.entries.models import Ask, Change
from commons.feed.models import Seen, Watch, Wishes
from commons.feed.queries.following import ME, NESTS, built, entry_as
from commons.feed.queries.reading import heard
from commons.feed.queries.telling import TALK
from commons.members.models import Block, Member

MOST = 100  # the bell counts no further: “99+”
SHOWN = 100  # threads on the page
CANDIDATES = 300  # threads that moved, looked at closely
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


def _apart() -> Any:
    """Those whom a member does not want to meet, as a statement to build on."""
    mine = select(Block.other_id.label("id")).where(Block.member_id == ME)
    return mine.union(select(Block.member_id).where(Block.other_id == ME, Block.how == "block"))


def _read_to() -> Any:
    return func.coalesce(select(Wishes.read_to).where(Wishes.member_id == ME).scalar_subquery(), 0)


def _values(member: Member) -> dict[str, Any]:
    return {**keys(member), "me": member.id, "apart": [member.id], "people": []}


def _asks() -> Any:
    """Lines that ask for a member about what they may see, by nobody from whom they keep away, in no muted thread."""
    line, e, thread = table(Change).alias("line"), entry_as("e"), entry_as("thread")
    seen, muted = table(Seen).alias("seen"), table(Watch).alias("muted")
    silent = and_(muted.c.member_id == ME, muted.c.entry_id == thread.c.id, muted.c.how == "muted")
    query = (
        select(Ask.why, Ask.seq, line.c.at, Member.name, thread.c.id.label("thread_id"))
        .add_columns(*(e.c[name] for name in ("id", "kind", "title", "slug", "language", "audience")))
        .add_columns((Ask.seq > func.coalesce(seen.c.seq, 0)).label("unseen"), (Ask.seq > _read_to()).label("fresh"))
        .join(line, line.c.seq == Ask.seq)
        .join(e, e.c.id == Ask.entry_id)
        .join(thread, thread.c.id == line.c.thread_id)
        .outerjoin(Member, Member.id == line.c.actor_id)
        .outerjoin(seen, and_(seen.c.member_id == ME, seen.c.entry_id == thread.c.id))
    )
    for one in (e, thread):
        query = query.where(through(one.c.audience), one.c.state == "live")
    strangers = or_(line.c.actor_id.is_(None), line.c.actor_id.not_in(_apart()))
    return query.where(Ask.member_id == ME, strangers, ~select(muted.c.entry_id).where(silent).exists())


def _moved(limit: int, newest: bool) -> Any:
    """Threads that are followed with notices, themselves or with what they stand in, and that moved since they were read:
    (id, since when they are followed, the place that is followed, up to where they were read)."""
    e, nest, place = entry_as("e"), entry_as("nest"), entry_as("place")
    seen, muted = table(Seen).alias("seen"), table(Watch).alias("muted")
    last = select(seen.c.seq).where(seen.c.member_id == ME, seen.c.entry_id == e.c.id).scalar_subquery()
    read = func.coalesce(last, 0)
    mine = select(e.c.id, e.c.stirred, Watch.since, Watch.entry_id.label("place_id"), read.label("read"))
    mine = mine.select_from(table(Watch))
    silent = and_(muted.c.member_id == ME, muted.c.entry_id == e.c.id, muted.c.how == "muted")
    wanted = [Watch.member_id == ME, Watch.how == "notices", e.c.stirred > Watch.since, e.c.stirred > _read_to()]
    wanted += [through(e.c.audience), e.c.state == "live", e.c.audience.not_like(f"{TALK}%"), e.c.stirred > read]
    around = [through(place.c.audience), place.c.state == "live", ~select(muted.c.entry_id).where(silent).exists()]
    there, inner = place.c.id == Watch.entry_id, and_(nest.c.within_id == Watch.entry_id, nest.c.kind.in_(NESTS))
    every = union_all(
        mine.join(e, e.c.id == Watch.entry_id).where(*wanted),  # it is its own place, and not muted
        mine.join(place, there).join(e, e.c.within_id == Watch.entry_id).where(*wanted, *around),
        mine.join(place, there).join(nest, inner).join(e, e.c.within_id == nest.c.id).where(*wanted, *around),
    )
    return (every.order_by(every.selected_columns.stirred.desc()) if newest else every).limit(limit).subquery("moved")


def _unread_threads(limit: int, newest: bool) -> Any:
    moved = _moved(limit, newest)
    line, part = table(Change).alias("line"), entry_as("part")
    news = (
        select(line.c.seq)
        .join(part, part.c.id == line.c.entry_id)
        .where(line.c.thread_id == moved.c.id, line.c.seq > moved.c.since, line.c.seq > moved.c.read)
        .where(line.c.seq > _read_to(), line.c.actor_id.not_in(_apart()), heard(part, line))
    )
    return select(moved.c.id, moved.c.place_id, moved.c.stirred).where(news.exists())


def bell(member: Member) -> int:
    """How many threads have something unread for this member, at most MOST."""
    return int(db.session.scalar(built("bell", MOST, make=_bell), _values(member)) or 0)


def _bell() -> Any:
    asks, moved = _asks().subquery(), _unread_threads(CANDIDATES, False)
    asked = select(asks.c.thread_id).where(asks.c.unseen, asks.c.fresh)
    told = moved.with_only_columns(moved.selected_columns.id).distinct().limit(MOST).subquery()
    some = union(asked, select(told.c.id)).limit(MOST).subquery()
    return select(func.count()).select_from(some)


def asks_of(member: Member, seq: int = 0) -> list[Asked]:
    """The newest of each thread and reason, those not read yet first; a yes to somebody's answer stands for what was answered
    beside it. `seq`: those of one line of the log only."""
    query = built("asks", make=_asks)
    query = query.where(Ask.seq == seq) if seq else query.order_by(Ask.seq.desc()).limit(ASKS)
    found: dict[tuple[int, str, bool], list[Any]] = {}
    for row in db.session.execute(query, _values(member)):
        found.setdefault((row.thread_id, row.why, bool(row.unseen and row.fresh)), []).append(row)
    for thread, _why, unread in [key for key in found if key[1] == "accepted"]:
        found[thread, "accepted", unread] += found.pop((thread, "reply", unread), [])
    asks = [
        Asked(why, rows[0].seq, rows[0].at, rows[0].name or "", rows[0], thread, unread, len(rows) - 1)
        for (thread, why, unread), rows in found.items()
    ]
    return sorted(asks, key=lambda one: (not one.unread, -one.seq))


def unread_threads(member: Member) -> list[tuple[int, int]]:
    """(thread, the followed place that it is told of for), those that moved last first."""
    return [(row[0], row[1]) for row in db.session.execute(built("unread", make=_unread), _values(member))]


def _unread() -> Any:
    moved = _unread_threads(CANDIDATES, True).subquery()
    last = select(moved.c.id, func.min(moved.c.place_id), func.max(moved.c.stirred)).group_by(moved.c.id)
    return last.order_by(func.max(moved.c.stirred).desc()).limit(SHOWN)
