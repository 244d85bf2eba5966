"""Where the threads of a feed come from: candidates with the line of the log that puts them in their place, and nothing looked at
closely yet.

Two roads lead to the same threads. What moved last on the whole site is looked through first: whoever follows much finds a page
there. What it does not give is gathered from the side of what is followed: whoever follows little has little to gather.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, literal, or_, select, union_all

from commons.audience import through
from commons.db import db, table
from commons.entries.links import TAG
from commons.entries.models import Change, EntryLink
from commons.feed.models import Watch
from commons.feed.queries.following import AFTER, AREAS, KINDS, ME, NESTS, PEOPLE, Followed, built, entry_as
from commons.feed.queries.telling import HAILED, parts, telling
from commons.focus.models import FocusLink

WINDOW = 1000  # threads that moved last, looked through first
FARTHEST = 20_000  # candidates of one feed
NEAR = 300  # the same, for what is beyond it
LINES = 500  # of what followed people did last
CARRIERS = 1000  # texts with followed tags that came last


class Found(NamedTuple):
    """A thread, the line that puts it in its place, and the tag or the person that brought it."""

    id: int
    key: int
    tag: str = ""
    person: int = 0


def _watched(kinds: bool, place: Any) -> Any:
    """Which of a member's watches count; `place` is what they watch."""
    wanted = [Watch.member_id == ME, Watch.how != "muted", through(place.c.audience), place.c.state == "live"]
    return and_(*wanted, place.c.kind.in_(KINDS)) if kinds else and_(*wanted)


def _moved(window: int) -> Any:
    e = entry_as("e")
    wanted = select(e.c.id, e.c.stirred, e.c.within_id).where(e.c.stirred > AFTER)
    return wanted.order_by(e.c.stirred.desc()).limit(window)


def _stands_there(kinds: bool, w: Any) -> ColumnElement[bool]:
    """Is this thread followed, by what it is or where it stands? One query for each way, so that an index answers it."""
    place, nest = entry_as("place"), entry_as("inner")
    mine = select(Watch.entry_id).join(place, place.c.id == Watch.entry_id).where(_watched(kinds, place))
    inner = and_(nest.c.id == w.c.within_id, nest.c.kind.in_(NESTS), nest.c.within_id == Watch.entry_id)
    return or_(
        mine.where(Watch.entry_id == w.c.id).exists(),
        mine.where(Watch.entry_id == w.c.within_id).exists(),
        mine.join(nest, inner).exists(),
        _under(w, AREAS),
    )


def _under(w: Any, areas: Any) -> ColumnElement[bool]:
    """The few areas of a thread are looked up among many followed ones: `+ 0`, because SQLite else asks its index for each
    followed one."""
    area = FocusLink.area_id + 0
    return select(FocusLink.entry_id).where(FocusLink.entry_id == w.c.id, area.in_(areas)).exists()


def moved_last(who: Followed, after: int, most: int) -> tuple[list[Found], int]:
    """The followed among the threads that moved last, at most so many, and the line down to which that is all of them."""
    query = built("moved", bool(who.kinds), WINDOW, make=partial(_moved_last, bool(who.kinds), WINDOW))
    rows = db.session.execute(query, who.values | {"after": after, "most": most}).all()
    found = [Found(*row) for row in rows if row[0]]
    floor = found[-1].key if len(found) == most else next(int(row[1]) for row in rows if not row[0])
    return found, floor


def _moved_last(kinds: bool, window: int) -> Any:
    w, e = _moved(window).subquery("moved"), entry_as("last")
    lines = select(e.c.stirred).where(e.c.stirred > AFTER).order_by(e.c.stirred.desc())
    low = lines.offset(window - 1).limit(1).scalar_subquery()
    here = select(w.c.id, w.c.stirred).where(_stands_there(kinds, w)).order_by(w.c.stirred.desc())
    some = here.limit(bindparam("most")).subquery("some")
    return union_all(select(some.c.id, some.c.stirred), select(literal(0), func.coalesce(low, AFTER)))


def standing_there(who: Followed, after: int, most: int) -> tuple[list[Found], int]:
    """What is followed by what it is or where it stands: at most so many threads, those that moved last, and the line down
    to which that is all of them. Of FARTHEST it is taken to be everything."""
    query = built("there", bool(who.kinds), make=partial(_standing_there, bool(who.kinds)))
    found = [Found(*row) for row in db.session.execute(query, who.values | {"after": after, "most": most}).all()]
    return found, found[-1].key if len(found) == most < FARTHEST else after


def _standing_there(kinds: bool) -> Any:
    place, e, nest = entry_as("place"), entry_as("e"), entry_as("nest")
    mine = select(e.c.id, e.c.stirred).select_from(table(Watch)).join(place, place.c.id == Watch.entry_id)
    mine = mine.where(_watched(kinds, place), e.c.stirred > AFTER)
    inner = and_(nest.c.within_id == Watch.entry_id, nest.c.kind.in_(NESTS))
    under = select(e.c.id, e.c.stirred).join(FocusLink, FocusLink.entry_id == e.c.id)
    every = union_all(
        mine.join(e, e.c.id == Watch.entry_id),
        mine.join(e, e.c.within_id == Watch.entry_id),
        mine.join(nest, inner).join(e, e.c.within_id == nest.c.id),
        under.where(FocusLink.area_id.in_(AREAS), e.c.stirred > AFTER),
    ).subquery()
    return select(every.c.id, every.c.stirred).order_by(every.c.stirred.desc()).limit(bindparam("most"))


def brought(who: Followed, after: int) -> list[Found]:
    """What followed people did last, and what carries followed tags."""
    if not (who.people or who.tags):
        return []
    query = built("brought", make=lambda: union_all(_by_people(), _tagged()))
    values = who.values | {"after": after, "tags": list(who.tags)}
    return [Found(*row) for row in db.session.execute(query, values).all()]


def _by_people() -> Any:
    line, part = table(Change).alias("line"), entry_as("part")
    last = select(Change.seq).where(Change.actor_id.in_(PEOPLE), Change.seq > AFTER)
    some = line.c.seq.in_(last.order_by(Change.seq.desc()).limit(LINES).scalar_subquery())
    said = or_(telling(part.c, line.c), line.c.verb == HAILED)
    return (
        select(line.c.thread_id, func.max(line.c.seq), literal("", String), line.c.actor_id)
        .join(part, part.c.id == line.c.entry_id)
        .where(some, said, part.c.state == "live", through(part.c.audience))
        .group_by(line.c.thread_id, line.c.actor_id)
    )


def _tagged() -> Any:
    """A text with the tag, or the thread that it is a part of."""
    source, e = entry_as("source"), entry_as("e")
    tags = EntryLink.slug.in_(bindparam("tags", expanding=True))
    links = select(EntryLink.source_id, EntryLink.slug).where(EntryLink.kind == TAG, tags)
    last = links.order_by(EntryLink.source_id.desc()).limit(CARRIERS).subquery()
    thread = case((source.c.kind.in_(parts()), source.c.within_id), else_=source.c.id)
    return (
        select(e.c.id, e.c.stirred, func.min(last.c.slug), literal(0))
        .select_from(last)
        .join(source, source.c.id == last.c.source_id)
        .join(e, e.c.id == thread)
        .where(e.c.stirred > AFTER, source.c.state == "live", through(source.c.audience))
        .group_by(e.c.id, e.c.stirred)
    )


def neighbouring() -> Any:
    """The ids of threads in the areas `near` that moved last and stand in nothing that is followed."""
    w = _moved(NEAR).subquery("near")
    return select(w.c.id).where(_under(w, bindparam("near", expanding=True)), ~_stands_there(False, w))
