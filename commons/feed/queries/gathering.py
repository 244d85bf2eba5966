"""Where the threads of a feed come from: candidates with the line of the log that puts them in their place, and nothing looked at
closely yet.

Two roads lead to the same threads. What moved last on the whole site is looked through first: whoever follows much finds a page
there. What it does not give is gathered from the side of what is followed: whoever follows little has little to gather.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, case, func, literal, or_, select, union_all

from commons.audience import visible_to
from commons.db import db, table
from commons.entries.links import TAG
from commons.entries.models import Change, EntryLink
from commons.feed.models import TagWatch, Watch
from commons.feed.queries.following import NESTS, Followed, entry_as
from commons.feed.queries.telling import HAILED, parts, telling
from commons.focus.models import FocusLink

WINDOW = 3000  # threads that moved last, looked through first
FARTHEST = 20_000  # candidates of one feed
LINES = 1000  # of what followed people did last
CARRIERS = 2000  # texts with followed tags that came last


class Found(NamedTuple):
    """A thread, the line that puts it in its place, and the tag or the person that brought it."""

    id: int
    key: int
    tag: str = ""
    person: int = 0


def _watched(who: Followed, place: Any) -> Any:
    """Which of this member's watches count; `place` is what they watch."""
    wanted = [Watch.member_id == who.member.id, Watch.how != "muted"]
    wanted += [visible_to(who.member, place.c.audience), place.c.state == "live"]
    return and_(*wanted, place.c.kind.in_(who.kinds)) if who.kinds else and_(*wanted)


def _moved(after: int) -> Any:
    e = entry_as("e")
    wanted = select(e.c.id, e.c.stirred, e.c.within_id).where(e.c.stirred > after)
    return wanted.order_by(e.c.stirred.desc()).limit(WINDOW)


def _stands_there(who: Followed, w: Any) -> ColumnElement[bool]:
    """Is this thread followed, by what it is or where it stands? One query for each way, so that an index answers it."""
    place, nest = entry_as("place"), entry_as("inner")
    mine = select(Watch.entry_id).join(place, place.c.id == Watch.entry_id).where(_watched(who, place))
    inner = and_(nest.c.id == w.c.within_id, nest.c.kind.in_(NESTS), nest.c.within_id == Watch.entry_id)
    tests = [
        mine.where(Watch.entry_id == w.c.id).exists(),
        mine.where(Watch.entry_id == w.c.within_id).exists(),
        mine.join(nest, inner).exists(),
    ]
    return or_(*tests, _under(w, sorted(who.areas))) if who.areas else or_(*tests)


def _under(w: Any, areas: Sequence[int]) -> ColumnElement[bool]:
    return select(FocusLink.entry_id).where(FocusLink.entry_id == w.c.id, FocusLink.area_id.in_(areas)).exists()


def moved_last(who: Followed, after: int) -> tuple[list[Found], int]:
    """The followed among the threads that moved last, and the line down to which that is all of them."""
    w, e = _moved(after).subquery("moved"), entry_as("last")
    lines = select(e.c.stirred).where(e.c.stirred > after).order_by(e.c.stirred.desc())
    low = lines.offset(WINDOW - 1).limit(1).scalar_subquery()
    followed = select(w.c.id, w.c.stirred).where(_stands_there(who, w))
    rows = db.session.execute(union_all(followed, select(literal(0), func.coalesce(low, after)))).all()
    floor = next(row[1] for row in rows if not row[0])
    return [Found(*row) for row in rows if row[0]], floor


def standing_there(who: Followed, after: int) -> list[Found]:
    """Everything that is followed by what it is or where it stands: at most FARTHEST threads, those that moved last."""
    place, e, nest = entry_as("place"), entry_as("e"), entry_as("nest")
    mine = select(e.c.id, e.c.stirred).select_from(table(Watch)).join(place, place.c.id == Watch.entry_id)
    mine = mine.where(_watched(who, place), e.c.stirred > after)
    inner = and_(nest.c.within_id == Watch.entry_id, nest.c.kind.in_(NESTS))
    arms = [
        mine.join(e, e.c.id == Watch.entry_id),
        mine.join(e, e.c.within_id == Watch.entry_id),
        mine.join(nest, inner).join(e, e.c.within_id == nest.c.id),
    ]
    if who.areas:
        under = select(e.c.id, e.c.stirred).join(FocusLink, FocusLink.entry_id == e.c.id)
        arms.append(under.where(FocusLink.area_id.in_(sorted(who.areas)), e.c.stirred > after))
    every = union_all(*arms).subquery()
    query = select(every.c.id, every.c.stirred).order_by(every.c.stirred.desc()).limit(FARTHEST)
    return [Found(*row) for row in db.session.execute(query)]


def brought(who: Followed, after: int) -> list[Found]:
    """What followed people did last, and what carries followed tags."""
    arms = [*([_by_people(who, after)] if who.people else []), *([_tagged(who, after)] if who.tags else [])]
    return [Found(*row) for row in db.session.execute(union_all(*arms))] if arms else []


def _by_people(who: Followed, after: int) -> Any:
    line, part = table(Change).alias("line"), entry_as("part")
    last = select(Change.seq).where(Change.actor_id.in_(sorted(who.people)), Change.seq > after)
    some = line.c.seq.in_(last.order_by(Change.seq.desc()).limit(LINES).scalar_subquery())
    heard = or_(telling(part.c, line.c), line.c.verb == HAILED)
    return (
        select(line.c.thread_id, func.max(line.c.seq), literal("", String), line.c.actor_id)
        .join(part, part.c.id == line.c.entry_id)
        .where(some, heard, part.c.state == "live", visible_to(who.member, part.c.audience))
        .group_by(line.c.thread_id, line.c.actor_id)
    )


def _tagged(who: Followed, after: int) -> Any:
    """A text with the tag, or the thread that it is a part of."""
    source, e = entry_as("source"), entry_as("e")
    mine = select(TagWatch.tag).where(TagWatch.member_id == who.member.id)
    links = select(EntryLink.source_id, EntryLink.slug).where(EntryLink.kind == TAG, EntryLink.slug.in_(mine))
    last = links.order_by(EntryLink.source_id.desc()).limit(CARRIERS).subquery()
    thread = case((source.c.kind.in_(parts()), source.c.within_id), else_=source.c.id)
    return (
        select(e.c.id, e.c.stirred, func.min(last.c.slug), literal(0))
        .select_from(last)
        .join(source, source.c.id == last.c.source_id)
        .join(e, e.c.id == thread)
        .where(e.c.stirred > after, source.c.state == "live", visible_to(who.member, source.c.audience))
        .group_by(e.c.id, e.c.stirred)
    )


def neighbouring(who: Followed, areas: Sequence[int]) -> Any:
    """The ids of threads in these areas that moved last and stand in nothing that is followed."""
    w = _moved(0).subquery("near")
    return select(w.c.id).where(_under(w, areas), ~_stands_there(who, w))
