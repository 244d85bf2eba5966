"""What I put aside: a list of my own with a search, and the two buttons that change it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.views import kind_of
from commons.feed import actions, queries
from commons.feed.documents import kept_rows
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import back, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 30


@blueprint.get("/kept")
@limiter.limit(TABLE["search"])
@member_only
def kept() -> str:
    who, words, page = viewer() or abort(404), request.args.get("q", "").strip()[:200], page_number()
    if words:
        every = queries.kept_with(words, who)
        found, total = every[(page - 1) * PER_PAGE : page * PER_PAGE], len(every)
    else:
        found, total = queries.kept_page(who, page, PER_PAGE)
    shown = {"rows": kept_rows(found, who), "words": words, "total": total}
    return render_template("commons/feed/kept.html", **shown, pager=pager(total, PER_PAGE))


@blueprint.post("/<collection:collection>/<slug>/keep")
@limiter.limit(TABLE["write"])
@member_only
def keep(collection: str, slug: str) -> Response:
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    actions.keep(entry, actor=who)
    flash(_("Kept. You find it again under “Kept” in your menu."))
    return redirect(kind.page(entry), 303)


@blueprint.post("/kept/<int:entry_id>/drop")
@limiter.limit(TABLE["write"])
@member_only
def drop(entry_id: int) -> Response:
    """The same answer whether it was kept or not, and whether it still is there."""
    actions.drop(entry_id, actor=viewer() or abort(404))
    flash(_("It is no longer among what you kept."))
    return redirect(back("feed.kept"), 303)
