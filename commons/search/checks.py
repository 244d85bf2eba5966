"""Invariants of what is kept about searches: counts that name nobody and are forgotten, judged searches that can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from commons.db import db, now
from commons.room import Check
from commons.search.failed import KEPT, words_of
from commons.search.grammar import parse
from commons.search.models import FailedSearch, JudgedQuery

LATE = timedelta(days=2)  # a worker that was away this long is no fault


def failed_searches() -> Iterable[str]:
    """Every counted search is plain folded words, and not older than it may become."""
    for words in db.session.scalars(select(FailedSearch.words).distinct()):
        if words_of(parse(words)) != words:
            yield f"failed search {words!r}: not the words that are counted"
    old = select(FailedSearch.words, FailedSearch.day).where(FailedSearch.day < now().date() - KEPT - LATE)
    for words, day in db.session.execute(old):
        yield f"failed search {words!r}: still kept of {day}"


def judged_searches() -> Iterable[str]:
    for query in db.session.scalars(select(JudgedQuery.query).distinct()):
        if parse(query).empty:
            yield f"judged search {query!r}: asks for nothing"


checks = (
    Check("search: failed searches name nobody and are forgotten", failed_searches),
    Check("search: judged searches can be asked", judged_searches),
)
