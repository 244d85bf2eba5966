"""What people look for in vain, counted without knowing who looks.

A search that finds nothing leaves its words, folded and without signs, in the memory of the web process; a thread writes the counts of
a day into the database at most once a minute, so that no request waits and no GET writes. How many different people asked is told by
keyed hashes of their networks, each bound to its words, so that two searches of one person cannot be joined. Key and hashes live in
memory until the day (UTC) ends; only their number is written. Words with digits, @ or / are not counted at all: they name persons,
addresses and numbers more often than subjects. What was not written when a process dies is lost, and what is older than sixty days is
forgotten.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from commons.db import db, is_postgresql, now, table, transaction
from commons.search.asking import Asked
from commons.search.folding import fold
from commons.search.grammar import Query
from commons.search.models import LONGEST_WORDS, FailedSearch, SearchRuling
from commons.search.queries import Answer
from commons.web import reader
from commons.web.limits import key as network

log = logging.getLogger("commons.search")
EVERY = 60.0  # seconds between two writings
KEPT = timedelta(days=60)
HOUR = 3600.0  # seconds between two looks at what is to be forgotten
MOST_TERMS = 5000  # that one process counts in a day
MOST_EACH = 60  # that one network adds in a day
ASKERS, DAYS = 5, 3  # what moderators see was asked by so many, on so many days
Key = tuple[str, str, date]  # words, language, day
Rows = Select[Any]  # of several columns


@dataclass
class Tally:
    askers: set[bytes] = field(default_factory=set)
    unwritten: int = 0


class Notes:
    """What one process has heard today."""

    def __init__(self, every: float = EVERY) -> None:
        self.every = every
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.thread: threading.Thread | None = None
        self.yesterday: list[tuple[Key, int, int]] = []  # what the day before left unwritten
        self._begin(now().date())

    def _begin(self, day: date) -> None:
        self.day, self.key = day, secrets.token_bytes(32)
        self.terms: dict[tuple[str, str], Tally] = {}
        self.added: dict[bytes, int] = {}

    def add(self, words: str, language: str, asker: str) -> None:
        with self.lock:
            self._turn_page()
            who = self._hash(asker)
            self.added[who] = self.added.get(who, 0) + 1
            full = len(self.terms) >= MOST_TERMS and (words, language) not in self.terms
            if full or self.added[who] > MOST_EACH:
                return
            tally = self.terms.setdefault((words, language), Tally())
            tally.askers.add(self._hash(asker, words, language))
            tally.unwritten += 1

    def take(self) -> list[tuple[Key, int, int]]:
        """((words, language, day), times since the last taking, askers of that day so far), in order."""
        with self.lock:
            self._turn_page()
            taken, self.yesterday = [*self.yesterday, *self._unwritten()], []
            return sorted(taken)

    def _turn_page(self) -> None:
        if self.day != now().date():
            self.yesterday += self._unwritten()
            self._begin(now().date())

    def _unwritten(self) -> list[tuple[Key, int, int]]:
        found = []
        for (words, language), tally in self.terms.items():
            if tally.unwritten:
                found.append(((words, language, self.day), tally.unwritten, len(tally.askers)))
                tally.unwritten = 0
        return found

    def _hash(self, *parts: str) -> bytes:
        return hashlib.blake2b("\0".join(parts).encode(), key=self.key, digest_size=12).digest()


def start(app: Flask) -> None:
    app.extensions["failed searches"] = Notes()


def notes() -> Notes:
    return cast(Notes, current_app.extensions["failed searches"])


def note(asked: Asked, answer: Answer) -> None:
    """Called by the search page. Counts where nothing holds all the words; says nothing about searches that were narrowed, since there
    the filter may be what finds nothing, nor while the index is away."""
    narrowed = any(asked.chosen.values()) or asked.near or asked.bounds or asked.since or asked.within
    found = answer.total > 0 and not answer.matched_any
    if answer.found is None or found or narrowed or asked.page != 1 or not (words := words_of(asked.query)):
        return
    notes().add(words, reader(), network())
    if not current_app.testing:
        begin_writing()


def words_of(query: Query) -> str:
    """The words as they are counted; nothing where they are not plain words, or may name a person, an address or a number."""
    plain = not (query.excluded or query.any_of or query.prefixes or query.filters or query.empty)
    if not plain or any(sign in "@/" or sign.isnumeric() for sign in query.text):
        return ""
    kept = (sign if sign == "'" or unicodedata.category(sign)[0] in "LM" else " " for sign in fold(query.text))
    words = " ".join("".join(kept).split())
    return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS + 1].rpartition(" ")[0]


def begin_writing() -> None:
    """In the process that answers, so after it was forked."""
    held, app = notes(), current_app._get_current_object()  # type: ignore[attr-defined]
    with held.lock:
        if held.thread is None:
            held.thread = threading.Thread(target=_keep_writing, args=(app, held), name="failed searches", daemon=True)
            held.thread.start()


def _keep_writing(app: Flask, held: Notes) -> None:
    while not held.stopped.wait(held.every):
        try:
            with app.app_context():
                write_down()
        except Exception:
            log.exception("counts of failed searches are lost")


def write_down() -> int:
    """Adds what this process heard since the last time to the counts of the days; returns how many rows it touched."""
    rows = [
        dict(zip(("words", "language", "day"), key, strict=True), times=times, askers=askers)
        for key, times, askers in notes().take()
    ]
    if rows:
        held = table(FailedSearch)
        insert: Any = (postgresql.insert if is_postgresql() else sqlite.insert)(held)
        new = insert.excluded
        counted = {
            "times": held.c.times + new.times,
            "askers": case((held.c.askers < new.askers, new.askers), else_=held.c.askers),
        }
        adding = insert.on_conflict_do_update(index_elements=list(held.primary_key), set_=counted)
        with transaction():
            db.session.execute(adding, rows)
    return len(rows)


def oldest() -> date:
    """The first day that still counts."""
    return now().date() - KEPT


def follow(after: int) -> int:
    """A follower whose position never moves: once an hour the worker forgets what is old."""
    looked: float | None = current_app.extensions.get("failed searches looked at")
    if looked is None or time.monotonic() - looked >= HOUR:
        forget()
        current_app.extensions["failed searches looked at"] = time.monotonic()
    return after


def forget() -> int:
    """Counts older than sixty days, and dismissals of words that nobody has looked for since; returns how many counts."""
    old = db.session.scalar(select(func.count()).select_from(FailedSearch).where(FailedSearch.day < oldest())) or 0
    again = select(FailedSearch.day).where(
        FailedSearch.words == SearchRuling.words,
        FailedSearch.language == SearchRuling.language,
        FailedSearch.day >= oldest(),
    )
    gone = SearchRuling.act == "dismissed", SearchRuling.at < now() - KEPT, ~again.exists()
    if old or db.session.scalar(select(SearchRuling.id).where(*gone).limit(1)):
        with transaction():
            db.session.execute(delete(FailedSearch).where(FailedSearch.day < oldest()))
            db.session.execute(delete(SearchRuling).where(*gone), execution_options={"synchronize_session": False})
    return old


def sought() -> Rows:
    """(words, language, times, askers, days, last) of what enough people looked for in vain on enough days, most askers first.

    Askers are counted anew each day, so that nobody can be recognised on the next; one network alone, however often it asks, never
    brings its words here.
    """
    askers, days = func.sum(FailedSearch.askers).label("askers"), func.count(FailedSearch.day).label("days")
    times, last = func.sum(FailedSearch.times).label("times"), func.max(FailedSearch.day).label("last")
    rows = (
        select(FailedSearch.words, FailedSearch.language, times, askers, days, last)
        .where(FailedSearch.day >= oldest())
        .group_by(FailedSearch.words, FailedSearch.language)
        .having(askers >= ASKERS, days >= DAYS, func.max(FailedSearch.askers) > 1)
        .order_by(askers.desc(), days.desc(), FailedSearch.words, FailedSearch.language)
    )
    return cast(Rows, rows)


def unruled() -> Rows:
    """Of these, what no moderator has decided about."""
    ruled = select(SearchRuling.id).where(
        SearchRuling.words == FailedSearch.words,
        SearchRuling.language == FailedSearch.language,
        SearchRuling.ended.is_(None),
    )
    return sought().where(~ruled.exists())


def by_day(words: str, language: str) -> list[FailedSearch]:
    """The counts of each day, the latest first."""
    same = FailedSearch.words == words, FailedSearch.language == language, FailedSearch.day >= oldest()
    return list(db.session.scalars(select(FailedSearch).where(*same).order_by(FailedSearch.day.desc())))


def page_of(query: Rows, page: int, per_page: int) -> tuple[list[Any], int]:
    """Rows of several columns: one page of them, and how many there are."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(db.session.execute(query.limit(per_page).offset((page - 1) * per_page))), int(total)
