"""How notices leave: what asks for the member, and threads that moved, one line each, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import g
from flask_babel import gettext as _

from commons.feed.documents.reading import name_of, url_of
from commons.feed.documents.sentences import happened, why
from commons.feed.queries import (
    TALK,
    Asked,
    Followed,
    Told,
    asks_of,
    bell,
    doings,
    followed,
    threads_by_id,
    unread_threads,
    wishes_of,
)
from commons.members.door import viewer
from commons.members.models import Member
from commons.room import rooms


def ask_row(one: Asked) -> dict[str, Any]:
    kind = rooms().kinds[one.entry.kind]
    return {
        "kind": one.entry.kind,
        "kind_label": kind.label,
        "sentence": why(one.why, one.name, one.entry.title),
        "url": kind.page(one.entry),
        "at": one.at,
        "more": one.more,
        "unread": one.unread,
        "thread_id": one.thread_id,
        "mutable": not one.entry.audience.startswith(TALK),
    }


def thread_days(who: Followed, asked: Sequence[Asked]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Threads that moved since they were read, and that nothing above already says."""
    said = {one.thread_id for one in asked if one.unread}
    places = {thread: place for thread, place in unread_threads(who.member) if thread not in said}
    found = threads_by_id(who, list(places))
    did = doings(who, found, Told(after=wishes_of(who.member).read_to, since=True))
    rows = [_thread_row(who, one, did[one.entry.id], places[one.entry.id]) for one in found if one.entry.id in did]
    return [(day, list(some)) for day, some in groupby(rows, key=lambda row: row["at"].date())]


def _thread_row(who: Followed, one: Any, did: Sequence[Any], place: int) -> dict[str, Any]:
    kind = rooms().kinds[one.entry.kind]
    row = who.rows.get(place)
    reason = _("because you watch it")
    if row is not None and place != one.entry.id:
        words = _("because you are in %(name)s") if who.sits_in(place) else _("because you follow %(name)s")
        reason = words % {"name": name_of(row)}
    return {
        "kind": one.entry.kind,
        "kind_label": kind.label,
        "title": name_of(one.entry),
        "language": one.entry.language,
        "url": kind.page(one.entry),
        "happened": happened(did),
        "at": max(row.at for row in did),
        "thread_id": one.entry.id,
        "reason": reason,
    }


def notices_of(member: Member) -> dict[str, Any]:
    """The whole page: unread asks, asks that were read, threads by day."""
    asked = asks_of(member)
    rows = [ask_row(one) for one in asked]
    return {
        "asks": [row for row in rows if row["unread"]],
        "earlier": [row for row in rows if not row["unread"]][:20],
        "days": thread_days(followed(member), asked),
    }


def bell_of() -> dict[str, Any]:
    """The bell in the masthead, for members: how much is unread, asked once a request."""
    who = viewer()
    if who is None:
        return {}
    if "bell" not in g:
        g.bell = {"url": url_of("feed.notices"), "count": bell(who)}
    return {"bell": g.bell}
