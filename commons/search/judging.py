"""A community's own judged searches: which entries answer a question well, and how well the site's search finds them.

The measures, over the first ten results of a visitor: nDCG after Järvelin and Kekäläinen (2002) with the grade as gain and log2(rank + 1)
as discount; success, that one of them fits (grade 2 or 3); and the mean of one divided by the rank of the first that fits. What was not
judged counts as grade 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from commons.audience import PUBLIC
from commons.db import db, now, transaction
from commons.entries.models import Entry
from commons.members.models import Member
from commons.search.asking import asked_from
from commons.search.failed import Rows
from commons.search.grammar import LONGEST, parse
from commons.search.models import JudgedQuery, SearchEvaluation
from commons.search.queries import find
from commons.web import Forbidden, Invalid
from commons.web.languages import COOKIE

DEPTH = 10
FITS = 2  # the lowest grade of what a searcher wanted
Judged = dict[tuple[str, str], dict[int, int]]  # (query, language): entry: grade


class NoIndex(Exception):
    """The index is away, and what answers in its place is not to be measured."""


@dataclass(frozen=True, slots=True)
class Figures:
    queries: int
    ndcg: float
    success: float
    mrr: float


def judge(query: str, language: str, grades: Mapping[int, int | None], *, actor: Member) -> int:
    """Keeps these grades (entry: 0 to 3, None takes one back) beside those given before; returns how many changed."""
    if not actor.is_moderator:
        raise Forbidden(_("Only moderators decide about this."))
    query = query.strip()
    if parse(query).empty or len(query) > LONGEST:
        raise Invalid({"q": _("Enter the words of a search.")})
    if any(grade not in (None, 0, 1, 2, 3) for grade in grades.values()):
        raise Invalid({"grade": _("Choose one of the grades.")})
    public = select(Entry.id).where(Entry.id.in_(sorted(grades)), Entry.audience == PUBLIC, Entry.state == "live")
    with transaction():
        ids = set(db.session.scalars(public))
        held = {row.entry_id: row for row in db.session.scalars(_same(query, language))}
        return sum(
            _keep(held.get(id), JudgedQuery(query=query, language=language, entry_id=id), grades[id], actor)
            for id in sorted(ids)
        )


def _keep(held: JudgedQuery | None, fresh: JudgedQuery, grade: int | None, actor: Member) -> bool:
    if (held.grade if held else None) == grade:
        return False
    if grade is None:
        db.session.delete(held)
        return True
    row = held or fresh
    row.grade, row.by_id, row.at = grade, actor.id, now()
    db.session.add(row)
    return True


def _same(query: str, language: str) -> Select[JudgedQuery]:
    return select(JudgedQuery).where(JudgedQuery.query == query, JudgedQuery.language == language)


def grades_of(query: str, language: str) -> dict[int, int]:
    """entry: grade."""
    return {row.entry_id: row.grade for row in db.session.scalars(_same(query.strip(), language))}


def judged_queries() -> Rows:
    """(query, language, judged, last) with the latest first."""
    last = func.max(JudgedQuery.at).label("last")
    query = select(JudgedQuery.query, JudgedQuery.language, func.count().label("judged"), last)
    return cast(Rows, query.group_by(JudgedQuery.query, JudgedQuery.language).order_by(last.desc(), JudgedQuery.query))


def all_judged() -> Judged:
    """Of the queries that a visitor can be given a fitting answer to, the grades of what everybody may read."""
    rows = (
        select(JudgedQuery.query, JudgedQuery.language, JudgedQuery.entry_id, JudgedQuery.grade)
        .join(Entry, Entry.id == JudgedQuery.entry_id)
        .where(Entry.audience == PUBLIC, Entry.state == "live")
        .order_by(JudgedQuery.query, JudgedQuery.language, JudgedQuery.entry_id)
    )
    found: Judged = {}
    for query, language, entry, grade in db.session.execute(rows):
        found.setdefault((query, language), {})[entry] = grade
    return {key: grades for key, grades in found.items() if max(grades.values()) >= FITS}


def evaluate(tick: Callable[[], None] = lambda: None) -> Figures | None:
    """Asks every judged query as a visitor would on a page in its language; None where there is none. Raises NoIndex."""
    measured = []
    for (query, language), grades in all_judged().items():
        measured.append(figures_of(results(query, language), grades))
        tick()
    if not measured:
        return None
    ndcg, success, mrr = (sum(column) / len(measured) for column in zip(*measured, strict=True))
    return Figures(len(measured), ndcg, success, mrr)


def results(query: str, language: str) -> list[int]:
    address = {"q": query}
    cookie = {"Cookie": f"{COOKIE}={language}"}
    with current_app.test_request_context("/search", query_string=address, headers=cookie):
        answer = find(asked_from(request.args), None, DEPTH)
        if answer.found is None:
            raise NoIndex
        return [entry.id for entry in answer.entries]


def figures_of(ranked: Sequence[int], grades: Mapping[int, int]) -> tuple[float, float, float]:
    """(nDCG, success, reciprocal rank) of one query; `grades` holds at least one that fits."""
    gained, ideal = gain(grades.get(entry, 0) for entry in ranked), gain(sorted(grades.values(), reverse=True))
    first = next((rank for rank, entry in enumerate(ranked[:DEPTH], 1) if grades.get(entry, 0) >= FITS), 0)
    return gained / ideal, float(first > 0), 1 / first if first else 0.0


def gain(grades: Iterator[int] | Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(list(grades)[:DEPTH], 1))


def keep(figures: Figures) -> SearchEvaluation:
    with transaction():
        row = SearchEvaluation(queries=figures.queries, ndcg=figures.ndcg, success=figures.success, mrr=figures.mrr)
        db.session.add(row)
        return row


def evaluations(limit: int = 2) -> list[SearchEvaluation]:
    """The latest first."""
    return list(db.session.scalars(select(SearchEvaluation).order_by(SearchEvaluation.id.desc()).limit(limit)))
