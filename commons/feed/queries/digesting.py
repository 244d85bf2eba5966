"""What a digest tells: threads with news since the last one, of one group or of all else, each once, and as the member may
see them at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from commons.feed.queries.following import Followed, followed, wishes_of
from commons.feed.queries.notices import Asked, asks_of
from commons.feed.queries.reading import Doing, Thread, Told, doings, threads
from commons.members.models import Member

MOST = 40  # threads of one mail; the rest is in the feed


class News(NamedTuple):
    who: Followed
    threads: list[tuple[Thread, list[Doing]]]
    asks: list[Asked]
    more: bool

    def __bool__(self) -> bool:
        return bool(self.threads or self.asks)


def digest_news(member: Member, place: int, after: int, upto: int) -> News:
    """News between two lines of the log that the member neither read nor was told of by a mail of its own."""
    who, wishes = followed(member), wishes_of(member)
    start = max(after, wishes.read_to)
    told = Told(after=start, upto=upto, fresh=True, mailed=wishes.asks == "now", place=place)
    found, more = threads(who, 1, MOST, told)
    did = doings(who, found, told)
    pairs = [(one, did[one.entry.id]) for one in found if _is_news(who, one, did.get(one.entry.id, ()))]
    asks = asks_of(member) if wishes.asks == "digest" and not place else []
    return News(who, pairs, [one for one in asks if one.unread and start < one.seq <= upto], more)


def _is_news(who: Followed, one: Thread, did: Sequence[Doing]) -> bool:
    """What was said before the member followed it is not new."""
    places = (one.entry.id, one.entry.within_id, one.entry.outer, *one.areas, who.people.get(one.found.person))
    since = [who.rows[id].since for id in places if id in who.rows and who.rows[id].how != "muted"]
    first = 0 if one.found.tag or not since else min(since)
    return any(row.seq > first for row in did)
