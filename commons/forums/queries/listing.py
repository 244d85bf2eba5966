"""One page of a forum: no more of each topic than its list shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from commons.audience import keys, through
from commons.db import db, table
from commons.entries.queries import recent
from commons.focus.models import FocusLink
from commons.forums.models import Forum, Topic
from commons.forums.queries.reading import LATEST_BEGUN, NEWEST, counts_in, sorted_topics
from commons.members.models import Member

OWN = ("id", "title", "language", "stirred", "sort", "pinned", "closed", "answer_id", "choices")
SAID = ("posts", "last_number", "last_at", "author_id", "last_by_id")
NAME = ("id", "name", "username", "state")


class Name(NamedTuple):
    """Somebody, as far as a list names them."""

    id: int
    name: str
    username: str
    state: str


class Listed(NamedTuple):
    """A topic, as far as a list shows it."""

    id: int
    title: str
    language: str
    stirred: int
    sort: str
    pinned: bool
    closed: bool
    answer_id: int | None
    choices: list[str]
    posts: int
    last_number: int
    last_at: datetime
    author_id: int | None
    last_by_id: int | None
    author: Any  # a Name, or None
    last_by: Any
    focus: tuple[int, ...]


def page_of_topics(
    forum: Forum, viewer: Member | None, sorting: str, page: int, many: int
) -> tuple[Sequence[Topic | Listed], int]:
    """One page of a forum, and how many topics there are in all; counted without their own table where that is enough."""
    if sorting == "unanswered":
        return recent(sorted_topics(forum, viewer, sorting), page, many)
    asked = {"whole": forum.id, "many": many, "first": (page - 1) * many, **keys(viewer)}
    rows = db.session.execute(_page_of_topics(sorting == "newest"), asked)
    return _listed(rows), counts_in([forum], viewer).get(forum.id, 0)


def _listed(rows: Any) -> list[Listed]:
    """The rows of a topic stand together, one for each of its areas."""
    own, by = len(OWN) + len(SAID), len(OWN) + len(SAID) + len(NAME)
    found: dict[int, Any] = {}
    areas: dict[int, list[int]] = {}
    for row in rows:
        found[row.id] = row
        areas.setdefault(row.id, []).extend([] if row.area_id is None else [row.area_id])
    return [
        Listed._make((*row[:own], _name(row[own:by]), _name(row[by : by + len(NAME)]), tuple(areas[id])))
        for id, row in found.items()
    ]


def _name(values: Sequence[Any]) -> Name | None:
    return None if values[0] is None else Name(*values)


@cache
def _page_of_topics(newest: bool) -> Select[Any]:
    """Built once. The ids of the page are sorted first: to sort all topics of a forum with their people takes four times as
    long."""
    order = LATEST_BEGUN if newest else NEWEST
    here = (Topic.within_id == bindparam("whole")) & through(Topic.audience) & (Topic.state == "live")
    page = select(Topic.id).where(here).order_by(*order).limit(bindparam("many")).offset(bindparam("first")).subquery()
    by, last = table(Member).alias("by"), table(Member).alias("last")
    people = [who.c[name].label(f"{who.name}_{name}") for who in (by, last) for name in NAME]
    whole = select(*(getattr(Topic, name) for name in (*OWN, *SAID)), *people, FocusLink.area_id)
    whole = whole.outerjoin(by, by.c.id == Topic.author_id).outerjoin(last, last.c.id == Topic.last_by_id)
    whole = whole.outerjoin(FocusLink, FocusLink.entry_id == Topic.id)
    return whole.where(Topic.id.in_(select(page.c.id))).order_by(*order)
