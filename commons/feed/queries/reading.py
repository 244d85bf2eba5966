"""The feed: exactly the threads that a member follows, newest first, each once, as they may see them now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from commons.audience import through
from commons.db import db, table
from commons.entries.models import Ask, Change
from commons.feed.models import Seen, Watch
from commons.feed.queries.following import AFTER, ME, NESTS, PEOPLE, SELF_AND_APART, Followed, built, entry_as
from commons.feed.queries.gathering import FARTHEST, Found, brought, moved_last, neighbouring, standing_there
from commons.feed.queries.telling import HAILED, TALK, telling
from commons.focus.models import FocusLink
from commons.members.models import Member

CHUNK = 60  # candidates looked at closely at a time
AT_LEAST = 100  # candidates asked for at first
SPAN = 5000  # lines of the log before a thread's last one: what is told of it together


@dataclass(frozen=True, slots=True)
class Told:
    """Which lines count: those after a line of the log, and up to another one (0: the end); `fresh`: not read yet;
    `mailed`: but not those that a mail of their own asked about; `since`: not what was there before it was followed;
    `place`: of threads in this group only, 0: in none of the groups that are followed."""

    after: int = 0
    upto: int = 0
    fresh: bool = False
    mailed: bool = False
    since: bool = False
    place: int | None = None

    @property
    def shape(self) -> tuple[bool | None, ...]:
        """What of it changes a statement, and not only its values."""
        place = None if self.place is None else bool(self.place)
        return bool(self.after), bool(self.upto), self.fresh, self.mailed, self.since, place


EVER = Told()


@dataclass(frozen=True, slots=True)
class Thread:
    entry: Any  # id, kind, title, slug, language, audience, within_id, outer
    found: Found
    areas: tuple[int, ...] = ()


class Doing(NamedTuple):
    """What one person did in a thread, one verb and kind at a time."""

    thread_id: int
    kind: str
    part: bool  # of a part of the thread, not of the thread itself
    verb: str
    actor_id: int
    name: str
    times: int
    seq: int
    at: datetime


def threads(who: Followed, page: int, per_page: int, told: Told = EVER) -> tuple[list[Thread], bool]:
    """One page, and whether there is another one."""
    if who.is_empty:
        return [], False
    wanted, more = page * per_page + 1, brought(who, told.after)
    kept: list[Thread] = []
    for found, floor in _rounds(who, told.after, max(2 * wanted, AT_LEAST)):
        kept = _kept(who, [one for one in (*found, *more) if one.key >= floor], wanted, told)
        if len(kept) == wanted or floor <= told.after:
            break
    some = kept[wanted - 1 - per_page : wanted - 1]
    return _with_areas(who, some), len(kept) == wanted


def _rounds(who: Followed, after: int, most: int) -> Iterator[tuple[list[Found], int]]:
    """Ever more candidates, and the line down to which they are all: a page mostly needs few of many."""
    yield moved_last(who, after, most)
    yield standing_there(who, after, most)
    yield standing_there(who, after, FARTHEST)


def _kept(who: Followed, found: Iterable[Found], wanted: int, told: Told) -> list[Thread]:
    """The first of these that the member may see and wants to."""
    best: dict[int, Found] = {}
    for one in sorted(found, key=lambda one: (-one.key, one.id, one.tag, one.person)):
        old = best.setdefault(one.id, one)
        if old is not one:
            best[one.id] = old._replace(tag=old.tag or one.tag, person=old.person or one.person)
    ordered, kept = list(best.values()), []
    step = max(CHUNK, min(wanted + wanted // 4, 400))
    query = built("open", told.shape, make=partial(_open_ones, told))
    for start in range(0, len(ordered), step):
        some = ordered[start : start + step]
        values = _values(who, told) | {"ids": [one.id for one in some]}
        rows = {row.id: row for row in db.session.execute(query, values)}
        kept += [Thread(rows[one.id], one) for one in some if one.id in rows]
        if len(kept) >= wanted:
            break
    return kept[:wanted]


def _values(who: Followed, told: Told) -> dict[str, Any]:
    groups = [told.place] if told.place else who.groups
    return who.values | {"after": told.after, "upto": told.upto, "groups": groups}


def _open_ones(told: Told) -> Any:
    e = entry_as("e")
    return _open(e, told).where(e.c.id.in_(bindparam("ids", expanding=True)))


def _open(e: Any, told: Told) -> Any:
    """Threads that a member may see, with a line by somebody else, and nothing that is muted or by whom they keep
    away from."""
    nest, muted = entry_as("nest"), table(Watch).alias("muted")
    silent = and_(muted.c.member_id == ME, muted.c.how == "muted")
    there = muted.c.entry_id.in_((e.c.id, e.c.within_id, nest.c.within_id))
    names = ("id", "kind", "title", "slug", "language", "audience", "within_id", "stirred", "author_id")
    strangers = or_(e.c.author_id.is_(None), e.c.author_id == ME, e.c.author_id.not_in(SELF_AND_APART))
    query = (
        select(*(e.c[name] for name in names), nest.c.within_id.label("outer"))
        .select_from(e.outerjoin(nest, and_(nest.c.id == e.c.within_id, nest.c.kind.in_(NESTS))))
        .where(through(e.c.audience), e.c.state == "live", e.c.audience.not_like(f"{TALK}%"), strangers)
        .where(~select(muted.c.entry_id).where(silent, there).exists())
        .where(_by_others(e, told).exists())
    )
    if told.place is None:
        return query
    groups: Any = bindparam("groups", expanding=True)
    within = [func.coalesce(column.in_(groups), False) for column in (e.c.id, e.c.within_id, nest.c.within_id)]
    return query.where(or_(*within) if told.place else ~or_(*within))


def _by_others(e: Any, told: Told) -> Any:
    line, part, seen = table(Change).alias("line"), entry_as("part"), table(Seen).alias("seen")
    lines = select(line.c.seq).join(part, part.c.id == line.c.entry_id).where(line.c.thread_id == e.c.id)
    lines = lines.where(heard(part, line), *_between(line, told))
    if told.fresh:
        read = select(seen.c.seq).where(seen.c.member_id == ME, seen.c.entry_id == e.c.id)
        lines = lines.where(line.c.seq > func.coalesce(read.scalar_subquery(), 0))
    return lines


def _between(line: Any, told: Told) -> list[ColumnElement[bool]]:
    mailed = select(Ask.seq).where(Ask.member_id == ME, Ask.seq == line.c.seq)
    wanted = [line.c.seq > AFTER] if told.after else []
    wanted += [line.c.seq <= bindparam("upto")] if told.upto else []
    return [*wanted, ~mailed.exists()] if told.mailed else wanted


def heard(part: Any, line: Any) -> ColumnElement[bool]:
    """A line that a member hears of: by somebody else, and about what they may see."""
    hailed = and_(line.c.verb == HAILED, line.c.actor_id.in_(PEOPLE))
    return and_(
        line.c.actor_id.not_in(SELF_AND_APART),  # and so not NULL, which is a machine
        or_(telling(part.c, line.c), hailed),
        part.c.state == "live",
        through(part.c.audience),
    )


def threads_by_id(who: Followed, ids: Sequence[int]) -> list[Thread]:
    """These threads in this order, as far as the feed would show them."""
    return _kept(who, [Found(id, -place) for place, id in enumerate(ids)], len(ids), EVER) if ids else []


def _with_areas(who: Followed, found: Sequence[Thread]) -> list[Thread]:
    """With the followed areas that each stands under."""
    under: dict[int, list[int]] = {}
    if found and who.areas:
        ids = [one.entry.id for one in found]
        links = select(FocusLink.entry_id, FocusLink.area_id).where(
            FocusLink.entry_id.in_(ids), FocusLink.area_id.in_(sorted(who.areas))
        )
        for entry, area in db.session.execute(links.order_by(FocusLink.area_id)):
            under.setdefault(entry, []).append(who.areas[area])
    return [Thread(one.entry, one.found, tuple(dict.fromkeys(under.get(one.entry.id, ())))) for one in found]


def beyond(who: Followed, areas: Sequence[int], most: int, shown: Sequence[Thread] = ()) -> list[Thread]:
    """What moved last in these areas, stands in nothing that is followed, and is not shown already."""
    values = who.values | {"after": 0, "near": list(areas), "most": most + len(shown)}
    rows = db.session.execute(built("near", make=_beyond), values)
    known = {one.entry.id for one in shown}
    return [Thread(row, Found(row.id, row.stirred)) for row in rows if row.id not in known][:most]


def _beyond() -> Any:
    e = entry_as("thread")
    return _open(e, EVER).where(e.c.id.in_(neighbouring())).order_by(e.c.stirred.desc()).limit(bindparam("most"))


def doings(who: Followed, found: Sequence[Thread], told: Told = EVER) -> dict[int, list[Doing]]:
    """What others did last in these threads: what this member has not read, or if they read all, what came with the last
    of it; at most SPAN lines of the log back."""
    if not found:
        return {}
    values = _values(who, told) | {"ids": [one.entry.id for one in found]}
    rows: dict[int, list[Doing]] = {}
    for row in db.session.execute(built("doings", told.shape, make=partial(_doings, told)), values):
        rows.setdefault(row[0], []).append(Doing(*row))
    return rows


def _doings(told: Told) -> Any:
    e, seen = entry_as("e"), table(Seen).alias("seen")
    line, part, by = table(Change).alias("line"), entry_as("part"), table(Member).alias("by")
    read = and_(seen.c.member_id == ME, seen.c.entry_id == e.c.id)
    unread = or_(seen.c.seq.is_(None), seen.c.seq >= e.c.stirred, line.c.seq > seen.c.seq)
    is_part = (line.c.entry_id != line.c.thread_id).label("part")
    what = (line.c.thread_id, part.c.kind, is_part, line.c.verb, line.c.actor_id, by.c.name)
    told_since = []
    if told.since:
        watch = select(func.min(Watch.since)).where(Watch.member_id == ME, Watch.entry_id.in_((e.c.id, e.c.within_id)))
        told_since.append(line.c.seq > func.coalesce(watch.scalar_subquery(), 0))
    return (
        select(*what, func.count(), func.max(line.c.seq), func.max(line.c.at))
        .select_from(e)
        .join(line, and_(line.c.thread_id == e.c.id, line.c.seq > e.c.stirred - SPAN))
        .join(part, part.c.id == line.c.entry_id)
        .join(by, by.c.id == line.c.actor_id)
        .outerjoin(seen, read)
        .where(
            e.c.id.in_(bindparam("ids", expanding=True)), unread, *_between(line, told), *told_since, heard(part, line)
        )
        .group_by(*what)
    )
