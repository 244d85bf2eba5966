"""The page of what I watch, and the two buttons that change it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.documents import log_days
from commons.entries.views import kind_of
from commons.feed import actions, queries
from commons.feed.documents import watched_rows
from commons.members.door import member_only, viewer
from commons.web import back, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 50
MOST_SHOWN = 500  # entries in the list of what I watch
blueprint = Blueprint("feed", __name__)


@blueprint.get("/watching")
@member_only
def watching() -> str:
    who = viewer() or abort(404)
    found, total = entries.recent(queries.watching(who), page_number(), PER_PAGE)
    watched = entries.latest(queries.watched(who), MOST_SHOWN)
    return render_template(
        "commons/feed/watching.html",
        days=log_days(found, who),
        watched=watched_rows(watched),
        pager=pager(total, PER_PAGE),
    )


@blueprint.post("/<collection:collection>/<slug>/watch")
@limiter.limit(TABLE["write"])
@member_only
def watch(collection: str, slug: str) -> Response:
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    actions.watch(entry, actor=who)
    flash(_("You are watching this now. What others change in it is listed under “Watching”."))
    return redirect(kind.page(entry), 303)


@blueprint.post("/<collection:collection>/<slug>/unwatch")
@limiter.limit(TABLE["write"])
@member_only
def unwatch(collection: str, slug: str) -> Response:
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    actions.unwatch(entry, actor=who)
    flash(_("You are no longer watching this."))
    return redirect(back("feed.watching") if "next" in request.form else kind.page(entry), 303)
