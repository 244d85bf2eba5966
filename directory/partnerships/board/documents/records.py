"""Search documents, public records and addresses of needs and offers.

What is open has its sort as its `type` in the index, what is closed has none: so a list of the nine sorts is the list of what is open,
in the search itself, with right numbers beside every filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from commons.focus.queries import tree
from commons.places.gazetteer import country_name, names_of_country
from commons.room import SearchDocument
from commons.text import plain
from commons.web import date_words, reader
from directory.partnerships.board import queries
from directory.partnerships.board.forms import SORT_WORDS
from directory.partnerships.board.models import Posting

COLLECTIONS = {"need": "needs", "offer": "offers"}


def address(posting: Any) -> str:
    """`/partnerships/needs/12/drill-a-borehole`: the number finds it, the words are for people."""
    return url_for("board.posting", collection=COLLECTIONS[posting.kind], id=posting.id, slug=posting.slug)


def search_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    return map(search_document, queries.by_ids(ids))


def search_document(posting: Posting) -> SearchDocument:
    areas = tree().with_parents(posting.focus)
    changed = int(posting.updated.timestamp())
    return SearchDocument(
        id=posting.id,
        kind=posting.kind,
        audience=posting.audience,
        language=posting.language,
        title=posting.title,
        labels=[posting.sort],
        place=" ".join((posting.city, posting.region, *names_of_country(posting.country))),
        text="\n\n".join(filter(None, (plain(posting.text), posting.quantity, posting.in_return))),
        areas=areas,
        sdgs=posting.sdgs,
        country=posting.country,
        type=posting.sort if posting.is_open else "",
        languages=posting.languages,
        lat=posting.lat,
        lon=posting.lon,
        updated=changed,
        confirmed=changed,
        boost=1.0 if posting.is_open else 0.3,
    )


def record(posting: Posting) -> dict[str, Any]:
    """The public record: API and open data. `open` is true on the day on which it is asked for."""
    names = ["text", "sort", "in_return", "quantity", "remote", "country", "region", "city", "lat", "lon", "radius"]
    names += ["languages", "sdgs", "starts", "ends", "until", "closed", "closed_on", "fulfilled_by"]
    fields = {name: getattr(posting, name) for name in names}
    return {"organisation": posting.within_id, **fields, "open": posting.is_open}


def sort_words(sort: str) -> str:
    return str(SORT_WORDS.get(sort, sort))


def place_line(posting: Posting) -> str:
    country = country_name(posting.country, reader()) if posting.country else ""
    where = _(", ").join(filter(None, (posting.city, country)))
    if not posting.remote:
        return where
    return _("%(place)s, or from anywhere", place=where) if where else _("From anywhere")


def state_line(posting: Posting) -> str:
    """Until when it can be answered, or since when and why no more."""
    if posting.closed == "fulfilled":
        return _("Came true on %(date)s", date=_date(posting.closed_on))
    if posting.closed == "withdrawn":
        return _("Withdrawn on %(date)s", date=_date(posting.closed_on))
    if posting.closed or posting.is_past:
        return _("Expired on %(date)s", date=_date(posting.until or posting.closed_on))
    return _("Answers until %(date)s", date=_date(posting.until)) if posting.until else _("Stands for good")


def _date(day: str) -> str:
    return date_words(date.fromisoformat(day)) if day else ""


def until_words(posting: Posting) -> str:
    return _date(posting.until)


def dates_line(posting: Any) -> str:
    """When it is needed or offered."""
    starts, ends = _date(posting.starts), _date(posting.ends)
    if starts and ends:
        return _("From %(start)s to %(end)s", start=starts, end=ends)
    return _("From %(start)s", start=starts) if starts else _("Until %(end)s", end=ends) if ends else ""


def about(posting: Posting) -> str:
    """One line for its card."""
    return _(" · ").join(filter(None, (sort_words(posting.sort), place_line(posting), state_line(posting))))


def tabs(posting: Any, current: str) -> list[dict[str, Any]]:
    collection = COLLECTIONS[posting.kind]
    shown = (
        ("about", _("About"), address(posting)),
        ("edit", _("Edit"), f"{address(posting)}/edit"),
        ("history", _("History"), url_for("entries.history", collection=collection, slug=posting.slug)),
    )
    return [{"label": name, "url": url, "current": key == current, "count": None} for key, name, url in shown]
