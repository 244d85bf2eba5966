"""The match index follows the log: organisations whose record, needs, offers or partnerships changed are read again.

It keeps its own position, as the search index does. A broken or missing index is made again; so is one that far too much was
written beside. What depends on the day (what is past its last day, what was asked within two weeks) is read again once a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from commons.db import db, now
from commons.entries.models import Entry
from commons.entries.queries import last_seq, log_after
from directory.partnerships.board.models import Posting
from directory.partnerships.dossiers.queries import loads
from directory.partnerships.matches import keeper
from directory.partnerships.matches.cards import cards_of, every_card
from directory.partnerships.matches.queries import organisations_of
from directory.partnerships.matching import Card, Index, IndexBroken, build, record

log = logging.getLogger("commons.matches")
BATCH = 1000
FAR = 10_000  # lines of the log
MANY = 1000  # cards beside the built index
_day: dict[str, date] = {}


def follow(after: int) -> int:
    try:
        index = keeper.index()
    except IndexBroken as fault:
        log.warning("the match index is made again: %s", fault)
        return rebuild()
    last = last_seq()
    if index.position > last or last - index.position > max(FAR, index.size) or index.waiting > MANY:
        return rebuild()
    return _catch_up(index)


def _catch_up(index: Index) -> int:
    position = index.position
    if _day.setdefault(str(keeper.folder()), now().date()) != now().date():
        _day[str(keeper.folder())] = now().date()
        _write(_moved_by_the_day(), position)
    while lines := log_after(position, BATCH):
        position = lines[-1][0]
        _write(_owners(sorted({id for _seq, *both in lines for id in both})), position)
        db.session.remove()
    return position


def _write(ids: Sequence[int], position: int) -> None:
    cards = list(cards_of(ids)) if ids else []
    gone = set(ids) - {card.id for card in cards}
    record(keeper.folder(), cards, gone, position)


def _owners(ids: Sequence[int]) -> list[int]:
    """The organisations whose cards these entries are part of."""
    rows = db.session.execute(select(Entry.id, Entry.kind, Entry.within_id).where(Entry.id.in_(ids))).all()
    own = {id for id, kind, _within in rows if kind == "organisation"}
    own |= {within for _id, kind, within in rows if kind in ("need", "offer") and within}
    deals = [id for id, kind, _within in rows if kind in ("proposal", "partnership")]
    return sorted(own | (organisations_of(deals) if deals else set()))


def _moved_by_the_day() -> list[int]:
    day = now().date().isoformat()
    past = db.session.scalars(
        select(Posting.within_id).where(Posting.until != "", Posting.until < day, Posting.state == "live").distinct()
    )
    return sorted({id for id in past if id} | set(loads(None)))


def rebuild(tick: Callable[[int], None] = lambda many: None) -> int:
    """A new index beside the one in use; returns the position in the log that it stands for."""
    position = last_seq()
    build(_counted(every_card(), tick), keeper.folder(), position)
    keeper.forget()
    _day[str(keeper.folder())] = now().date()
    return position


def _counted(cards: Iterator[Card], tick: Callable[[int], None]) -> Iterator[Card]:
    for card in cards:
        tick(1)
        yield card
