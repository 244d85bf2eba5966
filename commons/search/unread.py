"""What the index has not read yet. Until it has, nothing is completed or spelt from the words of what was hidden, removed or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from commons.audience import index_filter
from commons.db import db
from commons.entries.models import Change
from commons.search.analysis import words
from commons.search.backend import Backend
from commons.search.grammar import parse
from commons.search.suggest import holds

MOST = 500  # lines of the log; farther behind no spelling is offered at all


def named_so(rows: Sequence[Any], typed: str, engine: Backend) -> list[Any]:
    """Of entries with a name like this in the index those that nobody has touched since, or whose title has these words today."""
    ids, asked = [row.id for row in rows], words(typed)
    later = select(Change.entry_id).where(Change.seq > engine.seen, Change.entry_id.in_(ids))
    touched = set(db.session.scalars(later)) if ids else set()
    return [row for row in rows if row.id not in touched or (asked and holds(words(row.title), asked))]


def stand_elsewhere(spelt: Iterable[str], engine: Backend, lag: int) -> bool:
    """Does each of these words stand in something public that nobody has touched since? `lag`: lines that the index is behind."""
    if lag <= 0:
        return True
    if lag > MOST:
        return False
    touched = tuple(sorted(set(db.session.scalars(select(Change.entry_id).where(Change.seq > engine.seen)))))
    for word in spelt:
        found = engine.search(parse(f'"{word}"'), audiences=index_filter(None), besides=touched, limit=0)
        if not found.total or found.matched != "all":
            return False
    return True
