"""The worker reads the addresses that are due: a few a turn and at the same time, so that a slow one keeps nobody waiting for long.

Only titles, addresses and times are kept. What cannot be read is tried again ever more rarely, and rests after eight faults in a
row until an admin looks; they are told. No transaction is open while the network is asked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from commons.db import db, lock, now, table, transaction
from commons.fetch import Fetched, Unreachable, fetch
from commons.groups import news
from commons.groups.actions.news import LONGEST
from commons.groups.actions.seats import ask_again
from commons.groups.models import Group, NewsItem, Subscription
from commons.groups.queries import admins_of
from commons.news import News, NotNews, found, read

PAUSE = 10.0  # seconds between two turns: meanwhile the worker does its other work
TURN = 4  # addresses of one turn
SECONDS = 6.0  # for one address
HOUR, LONGEST_REST = timedelta(hours=1), timedelta(days=1)  # between two readings; after faults at most
FAULTS = 8  # in a row, then it rests until an admin looks
KEPT = 500  # items of one address
UNREAD = timedelta(days=2)  # whose old items no reading deletes

NOTHING = _l("There is nothing at this address any more.")
REFUSED = _l("This address answered that it cannot be read now.")
TWICE = _l("The group reads this address already.")
NOT_NEWS = _l("This address is no news feed.")

Fetch = Callable[..., Fetched]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one address answered. All empty: nothing new."""

    news: News | None = None
    feed: str = ""
    """The address of the feed that a page names."""
    fault: Any = None
    """Why it could not be read, as a lazy sentence."""
    etag: str = ""
    modified: str = ""


def follow(after: int) -> int:
    """A follower whose position never moves: the times in the table are its queue."""
    last: float = current_app.extensions.get("news read", float("-inf"))
    if time.monotonic() - last >= PAUSE:
        read_due()
        forget_old()
        current_app.extensions["news read"] = time.monotonic()
    return after


def read_due(ask: Fetch = fetch) -> int:
    """Reads the addresses that are due, at most TURN; returns how many. Tests give an `ask` that may call this machine."""
    if not news.due(1):
        return 0
    with transaction():
        turn = news.due(TURN)
        for one in turn:  # a worker that dies meanwhile does not begin with the same again
            one.due = now() + _rest(one.tries)
    known = [(one.id, one.url, one.etag, one.modified) for one in turn]
    with ThreadPoolExecutor(TURN) as pool:
        heard = list(pool.map(lambda one: hear(ask, *one[1:]), known))
    for (id, url, *_marks), answer in zip(known, heard, strict=True):
        with transaction():
            take_in(id, url, answer)
    return len(known)


def hear(ask: Fetch, url: str, etag: str, modified: str) -> Heard:
    """One address: asks the network, and knows no database."""
    try:
        got = ask(url, seconds=SECONDS, etag=etag, modified=modified)
    except Unreachable as fault:
        return Heard(fault=fault.args[0])
    if got.status == 304:
        return Heard(etag=etag, modified=modified)
    if got.status != 200:
        return Heard(fault=NOTHING if got.status in (404, 410) else REFUSED)
    try:
        told = read(got.body, got.content_type, got.url)
    except NotNews as fault:
        named = found(got.body, got.url)
        return Heard(feed=named) if named and named != url else Heard(fault=fault.args[0])
    return Heard(told, etag=got.etag, modified=got.modified)


def take_in(id: int, url: str, heard: Heard) -> None:
    """Writes down what an address told, unless an admin has removed it or has tried it again meanwhile."""
    one = db.session.get(Subscription, id)
    if one is None:
        return
    lock(one)
    if one.url != url or one.paused is not None:
        return
    if heard.fault is not None:
        _failed(one, heard.fault)
    elif heard.feed:
        _lead_on(one, heard.feed)
    else:
        one.tries, one.fault = 0, ""
        one.etag, one.modified = heard.etag[:200], heard.modified if len(heard.modified) <= 80 else ""
        if heard.news is not None:
            one.title = heard.news.title[:300]
            _keep(one, heard.news)


def _rest(tries: int) -> timedelta:
    """An hour, twice as long after each fault, and a little by chance, so that not everything is read at once."""
    rest: timedelta = min(HOUR * (1 << tries), LONGEST_REST)
    return rest * random.uniform(0.9, 1.1)


def _failed(one: Subscription, fault: Any) -> None:
    with force_locale("en"):
        one.fault = str(fault)[:300]
    one.tries += 1
    one.due = now() + _rest(one.tries)
    if one.tries >= FAULTS:
        one.paused = now()
        group = db.session.get_one(Group, one.group_id)
        ask_again(group, [member.id for member in admins_of(group)], "news")


def _lead_on(one: Subscription, feed: str) -> None:
    """From a page to the feed that it names. It counts as a try, so that addresses which name each other come to an end."""
    if len(feed) > LONGEST:
        return _failed(one, NOT_NEWS)
    if news.reads(db.session.get_one(Group, one.group_id), feed):
        return _failed(one, TWICE)
    one.url, one.etag, one.modified, one.due = feed, "", "", now()
    one.tries += 1
    return _failed(one, NOT_NEWS) if one.tries >= FAULTS else None


def _keep(one: Subscription, told: News) -> None:
    """The items that are new. An item without a time is of the moment when it was first seen, and is not deleted while its
    source still tells it, or it would come back as news."""
    oldest, moment = now() - news.TOLD, now()
    rows = [
        {
            "subscription_id": one.id,
            "key": item.key,
            "title": item.title[:300],
            "url": item.url,
            "at": item.at or moment,
        }
        for item in told.items
        if len(item.url) <= 1000 and (item.at is None or item.at >= oldest)
    ]
    undated = [item.key for item in told.items if item.at is None]
    mine = NewsItem.subscription_id == one.id
    known = set(db.session.scalars(select(NewsItem.key).where(mine)))
    if fresh := [row for row in rows if row["key"] not in known]:
        db.session.execute(table(NewsItem).insert(), fresh)
    db.session.execute(delete(NewsItem).where(mine, NewsItem.at < oldest, NewsItem.key.not_in(undated)))
    many = select(NewsItem.id).where(mine).order_by(NewsItem.at.desc(), NewsItem.id.desc()).offset(KEPT).limit(KEPT)
    if surplus := db.session.scalars(many).all():
        db.session.execute(delete(NewsItem).where(NewsItem.id.in_(surplus)))


def forget_old() -> int:
    """Deletes the old items of addresses that nobody reads any more; returns how many."""
    unread = select(Subscription.id).where(Subscription.due < now() - UNREAD)
    old = (NewsItem.at < now() - news.TOLD, NewsItem.subscription_id.in_(unread))
    if db.session.scalar(select(NewsItem.id).where(*old).limit(1)) is None:
        return 0
    with transaction():
        return int(db.session.execute(delete(NewsItem).where(*old)).rowcount)  # type: ignore[attr-defined]
