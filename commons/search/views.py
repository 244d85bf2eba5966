"""The search page, its feed, and the list that opens while one types."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from commons.entries.queries import by_id
from commons.entries.views import atom
from commons.members.door import viewer
from commons.room import rooms
from commons.search.asking import Asked, asked_from
from commons.search.failed import note
from commons.search.pages import feed_row, search_page
from commons.search.queries import Answer, completions, find
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("search", __name__)
PER_PAGE = 10  # on a phone the eleventh is five screens down, and each costs the reader 600 bytes
FACETS = ("kind", "focus", "country", "sdg", "language")
FEED = 50  # entries of a feed


@blueprint.get("/search")
@limiter.limit(TABLE["search"])
def search() -> str:
    asked, who = asked_from(request.args), viewer()
    if asked.within:
        by_id(asked.within, who)  # what is hidden has no search
    answer = Answer(0, []) if asked.is_empty else find(asked, who, PER_PAGE, facets=FACETS)
    note(asked, answer)
    return render_template("commons/search/search.html", **search_page(asked, answer, PER_PAGE))


@blueprint.get("/search.atom")
@limiter.limit(TABLE["search"])
def search_atom() -> Response:
    asked = asked_from(request.args)
    return result_feed(asked, _("Search: %(words)s", words=asked.query.text), "search.search")


def result_feed(asked: Asked, title: str, endpoint: str) -> Response:
    """A list as a feed: what everybody may read, latest change first."""
    asked.sort, asked.page = "updated", 1
    found = [] if asked.is_empty and not asked.collection else find(asked, None, FEED).entries
    address = url_for(endpoint, _external=True) + (
        "?" + request.query_string.decode(errors="replace") if request.args else ""
    )
    return atom(title, address, [feed_row(entry) for entry in found])


@blueprint.get("/search/complete")
@limiter.limit(TABLE["search"])
def complete() -> Response:
    """[{title, url, kind, kind_label}] of public entries whose names begin with `q`."""
    kinds = rooms().kinds
    rows = [
        {
            "title": entry.title,
            "url": kinds[entry.kind].page(entry),
            "kind": entry.kind,
            "kind_label": str(kinds[entry.kind].label),
        }
        for entry in completions(request.args.get("q", "")[:100])
    ]
    response = jsonify(rows)
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
