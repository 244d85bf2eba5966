"""A member's saved searches, and what is new in each: asked anew each time, as the member may see things at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlencode

import numpy as np
from flask import current_app, has_request_context
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict

from commons.db import db
from commons.entries.models import Change, Entry
from commons.entries.queries import heads_by_id, last_seq, visible
from commons.feed.queries import TOLD
from commons.focus.queries import area_from
from commons.members.models import Member
from commons.members.queries import apart
from commons.places.countries import country_code
from commons.room import rooms
from commons.search.asking import FACETS, Asked, asked_from
from commons.search.index import IndexBroken
from commons.search.queries import ask, engine, find
from commons.searches.models import SavedSearch

SEARCH = "/search"
LISTS = "lists that can be saved"  # of the application: address: List
MOST_VALUES = 100  # of one address
NAMES = (
    "q",
    "plain",
    *FACETS,
    "near",
    "km",
    "bbox",
    "confirmed",
    "within",
    "sort",
)  # what an address keeps; pages and the rest go
NEWS = (*TOLD, "imported", "updated", "showed to others")  # lines of the log that make an entry new or changed
FARTHEST = 20_000  # entries that moved last, looked at for what is new
FEED = 50  # entries of a feed


class List(NamedTuple):
    """A list that can be kept. A room whose list is not at the address of its kind, or which finds less than was asked for,
    names it in its `start`: `app.extensions.setdefault(LISTS, {})["/partnerships/needs"] = List("need", only_open)`."""

    kind: str  # empty: of every kind
    narrowed: Callable[[Asked, MultiDict[str, str]], Asked] | None = None  # what the list makes of what was asked
    names: tuple[str, ...] = ()  # values of its address that only it knows


class News(NamedTuple):
    """What is new in one search: the latest ids first. `fault`: parts of its address that mean nothing any more."""

    ids: list[int]
    fault: list[str]


def saved_searches(member: Member) -> Sequence[SavedSearch]:
    query = select(SavedSearch).where(SavedSearch.member_id == member.id)
    return db.session.scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id)).all()


def saved_search(number: int, member: Member) -> SavedSearch | None:
    """One of the member's own."""
    query = select(SavedSearch).where(SavedSearch.id == number, SavedSearch.member_id == member.id)
    return db.session.scalar(query) if number < 2**31 else None


def canonical(address: str) -> str:
    """The address of a list with what says which list it is and nothing else; empty where it is no list that is searched."""
    path, _mark, query = address.partition("?")
    found = _list_at(path)
    if found is None or query.count("&") > MOST_VALUES:
        return ""
    given, names = parse_qsl(query), (*NAMES, *found.names, *(one.name for one in rooms().narrowings(found.kind)))
    kept = [(name, value.strip()) for name in names for key, value in given if key == name and value.strip()]
    return path + ("?" + urlencode(kept) if kept else "")


def _list_at(path: str) -> List | None:
    """The search of everything, the list of a kind, or one that a room has named; None: no list that can be kept."""
    if path == SEARCH:
        return List("")
    if path in (named := current_app.extensions.get(LISTS, {})):
        return cast(List, named[path])
    kind = rooms().collections.get(path.removeprefix("/"))
    return List(kind.name) if kind and current_app.url_map.bind("").test(path, "GET") else None


def asked_of(address: str) -> Asked:
    """What a kept address asks, wherever it is read: the worker has no request of its own."""
    path, _mark, query = address.partition("?")
    args, found = MultiDict(parse_qsl(query)), _list_at(path) or List("")
    with nullcontext() if has_request_context() else current_app.test_request_context():
        asked = asked_from(args, found.kind)
    asked.page = 1
    return found.narrowed(asked, args) if found.narrowed else asked


def faults_of(address: str, asked: Asked) -> list[str]:
    """What stands in the address and means nothing any more: an area that was merged, a place that is not found. Such a
    search would find more than was asked for, so it finds nothing until it is mended."""
    path, _mark, query = address.partition("?")
    args = MultiDict(parse_qsl(query))
    missing = [value for name in FACETS for value in args.getlist(name) if value not in asked.chosen[name]]
    missing += [value for name, value in asked.query.filters if name == "area" and area_from(value) is None]
    near = next((value for name, value in asked.query.filters if name == "in" and not country_code(value)), "")
    near = args.get("near") or near
    missing += [near] if near and asked.near_text and asked.near is None else []
    missing += [args["bbox"]] if args.get("bbox") and asked.bounds is None else []
    return missing if _list_at(path) else [path]


def reach() -> int:
    """The line of the log up to which a search of this process finds everything: the index may be behind the log, and what
    this process has read of it behind the index. Raises IndexBroken."""
    reached = engine().reached()
    return min(last_seq(), reached)


def end() -> int:
    """The same where nothing is searched: what comes after it is new. Without an index the end of the log."""
    try:
        return reach()
    except IndexBroken:
        return last_seq()


def news_of(after: Mapping[int, int], searches: Iterable[SavedSearch], member: Member, upto: int) -> dict[int, News]:
    """search: what became new or changed between its line `after` and `upto` by others, and answers it now with all its
    words. One statement for all of them. Raises IndexBroken while the index is away."""
    moved = _moved(min(after.values(), default=upto), upto, member)
    found = {}
    ids, lines = np.array([row[0] for row in moved], np.int64), np.array([row[1] for row in moved], np.int64)
    for search in searches:
        asked = asked_of(search.address)
        missing, fresh = faults_of(search.address, asked), ids[lines > after[search.id]]
        if missing or not len(fresh):
            found[search.id] = News([], missing)
            continue
        hits = ask(asked, member, limit=0, match="all", besides=()).hits.ids()  # `moved` is what the member may see
        found[search.id] = News(fresh[np.isin(fresh, hits)].tolist(), missing)
    return found


def _moved(after: int, upto: int, member: Member) -> list[tuple[int, int]]:
    """(entry, its last line by others) of what the member may see now, the latest first. What happens to a post happens to
    its topic too, whose words it may be."""
    part, away = aliased(Entry, flat=True), sorted({member.id, *apart(member)})
    by_others: ColumnElement[bool] = or_(Change.actor_id.is_(None), Change.actor_id.not_in(away))
    lines = select(Change.entry_id, Change.thread_id, Change.seq).join(part, part.id == Change.entry_id)
    lines = lines.where(Change.seq > after, Change.seq <= upto, Change.verb.in_(NEWS), by_others, visible(member, part))
    some = lines.order_by(Change.seq.desc()).limit(FARTHEST).subquery()
    both = select(some.c.entry_id.label("id"), some.c.seq).union_all(select(some.c.thread_id, some.c.seq)).subquery()
    last = func.max(both.c.seq)
    query = select(both.c.id, last).join(Entry, Entry.id == both.c.id).where(visible(member))
    return [(row[0], row[1]) for row in db.session.execute(query.group_by(both.c.id).order_by(last.desc(), both.c.id))]


def heads(ids: Iterable[int], member: Member) -> dict[int, Any]:
    return {one.id: one for one in heads_by_id(sorted(set(ids)), member)}


def found_by(search: SavedSearch, member: Member) -> list[Any]:
    """What a search finds for the member now, latest change first."""
    asked = asked_of(search.address)
    if faults_of(search.address, asked):
        return []
    asked.sort = "updated"
    return find(asked, member, FEED).entries


def due_members(moment: Any, most: int) -> Sequence[int]:
    """Whose saved searches are to be looked at for a mail, the longest waiting first."""
    query = select(SavedSearch.member_id).where(SavedSearch.due <= moment).group_by(SavedSearch.member_id)
    return db.session.scalars(query.order_by(func.min(SavedSearch.due), SavedSearch.member_id).limit(most)).all()
