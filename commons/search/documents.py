"""What the moderators' pages about searches show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from commons.entries.queries import entries_by_id
from commons.focus.queries import tree
from commons.room import rooms
from commons.search.asking import asked_from
from commons.search.judging import DEPTH
from commons.search.models import SearchEvaluation, SearchRuling
from commons.search.queries import Answer, find
from commons.web import language_name, number


def now_found(words: str) -> Answer:
    """What a search for these words gives a visitor today."""
    asked = asked_from(MultiDict({"q": words}))
    asked.page = 1  # the page in the address is that of the moderators' list
    return find(asked, None, DEPTH)


def found_words(answer: Answer) -> str:
    if answer.found is None:
        return _("the search is being rebuilt")
    if answer.total and answer.matched_any:
        return _("now: nothing with all of the words")
    if not answer.total:
        return _("now: nothing")
    return ngettext("now: %(n)s result", "now: %(n)s results", answer.total, n=number(answer.total))


def term_rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "words": row.words,
            "language": row.language,
            "language_name": language_name(row.language),
            "url": url_for("search_desk.failed_search", words=row.words, language=row.language),
            "times": row.times,
            "askers": row.askers,
            "days": row.days,
            "last": row.last,
            "now": found_words(now_found(row.words)),
        }
        for row in found
    ]


def ruling_rows(found: Sequence[SearchRuling]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "words": one.words,
            "language": one.language,
            "sentence": _act(one),
            "area_url": _area_url(one),
            "reason": one.reason,
            "by": one.by.name,
            "at": one.at,
            "ended": one.ended,
            "ended_by": one.ended_by.name if one.ended_by else "",
            "may_end": one.ended is None,
        }
        for one in found
    ]


def _act(one: SearchRuling) -> str:
    if one.act == "wanted":
        return _("made “%(title)s” a wanted page", title=one.title)
    if one.act == "synonym":
        node = tree().nodes.get(one.area_id or 0)
        return _("made it a name of %(area)s", area=node.label if node else one.area.title if one.area else "")
    return _("decided that nothing needs to be done")


def _area_url(one: SearchRuling) -> str:
    node = tree().nodes.get(one.area_id or 0)
    return url_for("focus.area", slug=node.slug) if node else ""


def judge_rows(answer: Answer, grades: Mapping[int, int]) -> list[dict[str, Any]]:
    """What is found now, then what was judged before and is not among it."""
    kinds, found = rooms().kinds, {entry.id for entry in answer.entries}
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "language": entry.language,
            "url": kinds[entry.kind].page(entry),
            "kind": entry.kind,
            "kind_label": kinds[entry.kind].label,
            "grade": grades.get(entry.id),
            "is_found": entry.id in found,
        }
        for entry in (*answer.entries, *entries_by_id(sorted(grades.keys() - found), None))
    ]


def judged_rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "query": row.query,
            "language_name": language_name(row.language),
            "url": url_for("search_desk.judge", q=row.query, language=row.language),
            "judged": row.judged,
            "last": row.last,
        }
        for row in found
    ]


def figure_rows(found: Sequence[SearchEvaluation]) -> list[dict[str, Any]]:
    """The latest figures, 0 to 100, each with how much it changed since the measurement before; empty where nothing was measured."""
    if not found:
        return []
    latest, before = found[0], found[1] if len(found) > 1 else None
    labels = {
        "ndcg": _("How near the order is to the best one"),
        "success": _("Searches with a fitting result among the first ten"),
        "mrr": _("How far up the first fitting result stands"),
    }
    return [
        {
            "label": label,
            "value": round(100 * getattr(latest, name), 1),
            "change": round(100 * (getattr(latest, name) - getattr(before, name)), 1) if before else None,
        }
        for name, label in labels.items()
    ]
