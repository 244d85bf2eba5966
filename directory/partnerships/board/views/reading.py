"""The board, the page of one need or offer, and who is open to partnership."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import viewer
from commons.search.asking import asked_from
from commons.search.queries import find
from commons.search.views import result_feed
from commons.web import page_number
from commons.web.limits import TABLE, limiter
from directory.partnerships.board import queries
from directory.partnerships.board.documents.pages import (
    FACETS,
    board_page,
    list_page,
    only_open,
    open_page,
    posting_page,
)
from directory.partnerships.board.documents.records import COLLECTIONS, address
from directory.partnerships.board.views.addresses import blueprint, posting_at

PER_PAGE, BESIDE = 20, 8


@blueprint.get("/partnerships")
@limiter.limit(TABLE["search"])
def board() -> str:
    """The latest needs and offers beside each other."""
    asked = {kind: asked_from(request.args, kind=kind) for kind in COLLECTIONS}
    for one in asked.values():
        one.page = 1
    answers = {kind: find(only_open(one), viewer(), BESIDE, facets=FACETS) for kind, one in asked.items()}
    page = board_page(asked["need"], answers, viewer())
    return render_template("directory/partnerships/board/board.html", **page)


@blueprint.get("/partnerships/needs")
@limiter.limit(TABLE["search"])
def needs() -> str:
    return _list("need")


@blueprint.get("/partnerships/offers")
@limiter.limit(TABLE["search"])
def offers() -> str:
    return _list("offer")


def _list(kind: str) -> str:
    asked, who = asked_from(request.args, kind=kind), viewer()
    page = list_page(kind, asked, find(only_open(asked), who, PER_PAGE, facets=FACETS), PER_PAGE, who)
    return render_template("directory/partnerships/board/postings.html", **page)


@blueprint.get("/partnerships/filters")
@limiter.limit(TABLE["search"])
def filters() -> str:
    """For small screens: the filters alone, of needs, of offers or of both."""
    of = {"needs": "need", "offers": "offer"}.get(request.args.get("of", ""), "")
    asked = {kind: asked_from(request.args, kind=kind) for kind in ([of] if of else COLLECTIONS)}
    answers = {kind: find(only_open(one), viewer(), 1, facets=FACETS) for kind, one in asked.items()}
    page = board_page(next(iter(asked.values())), answers, viewer())
    return render_template("directory/partnerships/board/filters.html", of=COLLECTIONS.get(of, "board"), **page)


@blueprint.get("/partnerships/needs.atom")
@limiter.limit(TABLE["search"])
def needs_atom() -> Response:
    """The same filters as the list, latest change first; what everybody may read."""
    return result_feed(only_open(asked_from(request.args, kind="need")), _("Needs"), "board.needs")


@blueprint.get("/partnerships/offers.atom")
@limiter.limit(TABLE["search"])
def offers_atom() -> Response:
    return result_feed(only_open(asked_from(request.args, kind="offer")), _("Offers"), "board.offers")


@blueprint.get("/partnerships/<any(needs, offers):collection>/<int:id>")
def numbered(collection: str, id: int) -> Response:
    return redirect(address(posting_at(collection, id)), 301)


@blueprint.get("/partnerships/<any(needs, offers):collection>/<int:id>/<slug>")
def posting(collection: str, id: int, slug: str) -> str | Response:
    """The words are for people: wrong ones lead to the right ones."""
    found = posting_at(collection, id)
    if slug != found.slug:
        return redirect(address(found), 301)
    return render_template("directory/partnerships/board/posting.html", **posting_page(found, viewer()))


@blueprint.get("/partnerships/open")
def open_organisations() -> str:
    country = request.args.get("country", "")[:2]
    found, total = queries.open_organisations(country, page_number(), PER_PAGE)
    return render_template("directory/partnerships/board/open.html", **open_page(country, found, total, PER_PAGE))
