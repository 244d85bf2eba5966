"""Answers to what was asked: ids and numbers from the index, rows and rights from the database.

Where the index is missing, broken or behind, pages work all the same: names are looked up in the database, and a
sentence says so. Every row shown is read again under the audience rule, so that what was hidden a moment ago is
never shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import CompoundSelect, and_, func, select

from commons.audience import index_filter
from commons.db import db, now
from commons.entries.models import Change, Entry, EntryLink
from commons.entries.queries import entries_by_id, heads_by_id, last_seq, visible
from commons.members.models import Member
from commons.room import rooms
from commons.search.answer import Found
from commons.search.asking import Asked
from commons.search.backend import Backend
from commons.search.facets import Filters
from commons.search.grammar import parse
from commons.search.index import IndexBroken
from commons.search.unread import named_so, stand_elsewhere

log = logging.getLogger("commons.search")
YEAR = timedelta(days=365)
WRITTEN_ABOUT = ("organisation",)  # kinds about which others write in pages and topics of their own
BEHIND = 500  # lines of the log that the index may be behind before we say so


@dataclass
class Answer:
    total: int
    entries: list[Any]
    found: Found | None = None  # none: answered from the database
    notice: str = ""
    suggestion: str = ""
    stale: int = 0
    distances: dict[int, float] = field(default_factory=dict)
    milliseconds: float = 0.0

    @property
    def matched_any(self) -> bool:
        return self.found is not None and self.found.matched == "any"


def engine() -> Backend:
    return cast(Backend, current_app.extensions["search"])


def filters_of(asked: Asked) -> Filters:
    chosen = asked.chosen
    return Filters(
        kind=frozenset(chosen.get("kind", ())),
        area=frozenset(asked.areas),
        sdg=frozenset(map(int, chosen.get("sdg", ()))),
        country=frozenset(chosen.get("country", ())),
        type=frozenset(chosen.get("type", ())),
        language=frozenset(chosen.get("language", ())),
    )


def find(asked: Asked, viewer: Member | None, per_page: int, facets: Sequence[str] = ()) -> Answer:
    began = time.perf_counter()
    try:
        answer = _from_index(asked, viewer, per_page, facets)
    except Exception as fault:
        if not isinstance(fault, IndexBroken):
            log.exception("search failed; answered from the database")
        engine().doubt()
        db.session.rollback()
        answer = _from_database(asked, viewer, per_page)
    answer.milliseconds = (time.perf_counter() - began) * 1000
    return answer


def _from_index(asked: Asked, viewer: Member | None, per_page: int, facets: Sequence[str]) -> Answer:
    names, lag = {"focus": "area"}, last_seq() - engine().seen
    found = ask(
        asked,
        viewer,
        besides=_away(viewer, lag),
        offset=(asked.page - 1) * per_page,
        limit=per_page,
        facets=tuple(names.get(name, name) for name in facets),
    )
    kinds = asked.chosen.get("kind", ())
    rows = entries_by_id(found.ids, viewer, kinds[0] if len(kinds) == 1 else "")
    answer = Answer(found.total - (len(found.ids) - len(rows)), rows, found)
    answer.distances = dict(zip(found.ids, found.distances, strict=False))
    if asked.page == 1 and not asked.query.empty and (found.total < 3 or found.matched != "all"):
        answer.suggestion = suggestion(asked, lag)
    if lag > BEHIND:
        answer.notice = _("The search is catching up with the latest changes; some are not found yet.")
    if asked.collection:
        answer.stale = found.total - found.hits.confirmed(_a_year_ago())
    return answer


def _away(viewer: Member | None, lag: int) -> tuple[int, ...]:
    """What the index has not read yet and this viewer may not see (any more): it must not be counted either."""
    if lag <= 0:
        return ()
    unread = select(Change.entry_id).where(Change.seq > engine().seen)
    return tuple(db.session.scalars(select(Entry.id).where(Entry.id.in_(unread), ~visible(viewer)).order_by(Entry.id)))


def _a_year_ago() -> int:
    """To the hour, so that questions asked again are the same question."""
    return int((now().replace(minute=0, second=0, microsecond=0) - YEAR).timestamp())


def ask(asked: Asked, viewer: Member | None, **more: Any) -> Found:
    """Lists without words are long and asked for again and again: they are remembered until the index changes."""
    more |= {
        "audiences": index_filter(viewer),
        "filters": filters_of(asked),
        "near": (asked.near.lat, asked.near.lon, float(asked.km)) if asked.near else None,
        "bounds": asked.bounds,
        "confirmed_after": _a_year_ago() if asked.since else 0,
        "sort": asked.order,
    }
    if "besides" not in more:
        more["besides"] = _away(viewer, last_seq() - engine().seen)
    if leanings := asked.leanings:
        more["leanings"] = leanings
    if (among := among_of(asked)) is not None:
        return engine().search(asked.query, among=among, **more)
    if asked.query.empty:
        question = (asked.query, *more.items())
        return engine().remembered(question, lambda: engine().search(asked.query, **more), large=True)
    return engine().search(asked.query, **more)


def among_of(asked: Asked) -> list[int] | None:
    """The ids about which alone is asked, as the database knows them now; None: about all."""
    sets = [set(one.ids()) for one in asked.narrowed]
    if asked.within:
        sets.append(set(db.session.scalars(inside(asked.within))))
    return sorted(set.intersection(*sets)) if sets else None


def inside(whole: int) -> CompoundSelect[Any]:
    """The ids of all that stands in an entry, at any depth, and of what names an organisation in its text, whoever may see it:
    the index lets through what the viewer may."""
    first = select(Entry.id).where(Entry.within_id == whole).cte("inside", recursive=True)
    every = first.union(select(Entry.id).join(first, Entry.within_id == first.c.id))
    here = and_(Entry.kind == EntryLink.kind, Entry.slug == EntryLink.slug, Entry.id == whole)
    naming = select(EntryLink.source_id).join(Entry, here).where(EntryLink.kind.in_(WRITTEN_ABOUT))
    return select(every.c.id).union(naming)


def suggestion(asked: Asked, lag: int) -> str:
    """Another spelling, from public words only, and of what nobody has touched since the index read it."""
    found = engine().did_you_mean(asked.query)
    return found.text if found and stand_elsewhere(found.words.values(), engine(), lag) else ""


def completions(text: str, limit: int = 8) -> list[Any]:
    """Public entries whose names begin like this, for the list that opens while one types."""
    try:
        found = engine().names_like(text, limit)
        return named_so(heads_by_id([one.id for one in found], None), text, engine())
    except IndexBroken:
        return []


def _from_database(asked: Asked, viewer: Member | None, per_page: int) -> Answer:
    """Names that hold all the words: less than the index knows, but right."""
    query = select(Entry.id).where(visible(viewer))
    if kinds := asked.chosen.get("kind"):
        query = query.where(Entry.kind.in_(kinds))
    if asked.within:
        query = query.where(Entry.id.in_(inside(asked.within)))
    for word in (*asked.query.terms, *asked.query.phrases, *asked.query.prefixes):
        query = query.where(func.lower(Entry.title).contains(word.lower(), autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ids = list(db.session.scalars(query.order_by(Entry.title).limit(per_page).offset((asked.page - 1) * per_page)))
    sentence = _("The search is being rebuilt. Until it is back, only names are looked through, without filters.")
    return Answer(int(total), entries_by_id(ids, viewer), notice=sentence)


def totals(viewer: Member | None, kind: str) -> dict[str, int]:
    """How many entries of a kind there are, in how many countries, and how many were confirmed, ever and in the last
    twelve months. Raises IndexBroken while the index is away."""
    year, asked, doors = _a_year_ago(), Filters(kind=frozenset({kind})), index_filter(viewer)

    def make() -> dict[str, int]:
        found = engine().search(parse(""), audiences=doors, filters=asked, facets=("country",), limit=0)
        return {
            "total": found.total,
            "countries": sum(1 for code, many in found.facets["country"].items() if code and many),
            "confirmed": found.hits.confirmed(1),
            "confirmed_year": found.hits.confirmed(year),
        }

    return engine().remembered(("totals", kind, year, doors), make)


def area_counts(viewer: Member | None) -> dict[int, int]:
    """area id: how many entries stand under it or below it. Raises IndexBroken while the index is away."""
    kinds = frozenset(rooms().kinds) - {"focus"}
    asked: dict[str, Any] = {"audiences": index_filter(viewer), "filters": Filters(kind=kinds), "facets": ("area",)}

    def make() -> dict[int, int]:
        found = engine().search(parse(""), limit=0, **asked)
        return {int(area): many for area, many in found.facets["area"].items()}

    return engine().remembered(("areas", *asked.items()), make)
