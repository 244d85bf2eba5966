"""The index follows the log: what changed since its position is read again from the database and written as one batch.

A kind hands up `documents(ids)`; an id for which it yields nothing (deleted, draft, removed) is taken out of the index. When an area of
focus changes, what stands under it is written again, because the areas above it are said with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import select

from commons.db import db
from commons.entries.followers import LONGEST_PAUSE, PAUSE, bell
from commons.entries.models import Entry
from commons.entries.queries import last_seq, log_after
from commons.focus.models import FocusLink
from commons.focus.queries import forget_tree, tree
from commons.room import SearchDocument, rooms
from commons.search.abroad import with_countries
from commons.search.backend import Backend
from commons.search.index import IndexBroken, IndexBusy
from commons.search.queries import engine
from commons.search.storage import IndexAway

log = logging.getLogger("commons.search")
BATCH = 1000
FAR = 10_000  # lines of the log


def follow(after: int) -> int:
    """The index keeps its own position, beside itself: it is what counts, not the one in the database. Damage that shows on
    the way, and a position that the log has not reached (of a database brought back from a copy), end in a new index."""
    index = engine()
    try:
        position = index.position
        if position <= last_seq():
            return _catch_up(index, position)
        log.warning("the index is at %s, beyond the end of the log: it is made again", position)
    except IndexBusy:
        return after  # somebody else does it
    except IndexAway:
        raise  # it is tried again, ever more rarely, and the operator's page says so
    except IndexBroken as fault:
        log.warning("the index is made again: %s", fault)
    return rebuild()


def keep_up(stop: Callable[[], bool]) -> None:
    """Follows the log for the index alone until `stop()` says so. The database hears nothing of it: each index knows its own
    position, so any number of machines can keep one of their own."""
    pause = PAUSE
    while not stop():
        bell.clear()
        try:
            follow(0)
            pause = PAUSE
        except Exception:
            db.session.rollback()
            log.exception("the index does not follow")
            pause = min(LONGEST_PAUSE, pause * 2)
        finally:
            db.session.remove()
        bell.wait(pause)


def _catch_up(index: Backend, position: int) -> int:
    index.look()
    if last_seq() - position > max(FAR, index.documents()):  # one new index is less work than a hundred batches
        return rebuild()
    while lines := log_after(position, BATCH):
        position = lines[-1][0]
        ids = _touched(sorted({id for _seq, *both in lines for id in both}))
        for start in range(0, len(ids), BATCH):
            _write(index, ids[start : start + BATCH], position if start + BATCH >= len(ids) else index.position)
        db.session.remove()
    index.tidy()
    return position


def _touched(ids: list[int]) -> list[int]:
    areas = list(db.session.scalars(select(Entry.id).where(Entry.id.in_(ids), Entry.kind == "focus")))
    if not areas:
        return ids
    forget_tree()
    below = sorted({child for area in areas for child in tree().with_children(area)})
    under = db.session.scalars(select(FocusLink.entry_id).where(FocusLink.area_id.in_(below)))
    return sorted({*ids, *under})


def _write(index: Backend, ids: Sequence[int], position: int) -> None:
    documents = list(documents_of(ids))
    gone = set(ids) - {document.id for document in documents}
    index.apply(documents, gone, position)


def documents_of(ids: Sequence[int]) -> Iterator[SearchDocument]:
    kinds: dict[str, list[int]] = {}
    for id, kind in db.session.execute(select(Entry.id, Entry.kind).where(Entry.id.in_(ids), Entry.state == "live")):
        kinds.setdefault(kind, []).append(id)
    for name, some in kinds.items():
        owner = rooms().kinds.get(name)
        if owner and owner.documents:
            yield from with_countries(owner.documents(some))


def rebuild(tick: Callable[[int], None] = lambda many: None) -> int:
    """A new index beside the one in use, from the database; returns the position in the log that it stands for."""
    position = last_seq()
    forget_tree()
    engine().rebuild(_every(tick), position)
    return position


def _every(tick: Callable[[int], None]) -> Iterable[SearchDocument]:
    last = 0
    while ids := list(
        db.session.scalars(
            select(Entry.id).where(Entry.id > last, Entry.state == "live").order_by(Entry.id).limit(BATCH)
        )
    ):
        yield from documents_of(ids)
        db.session.expunge_all()
        last = ids[-1]
        tick(len(ids))


__all__ = ["IndexBusy", "documents_of", "follow", "rebuild"]
