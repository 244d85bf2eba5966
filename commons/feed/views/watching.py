"""The page of everything that I watch, the buttons that change it, and how much I want to hear of one thing."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.views import kind_of
from commons.feed import actions, queries
from commons.feed.documents import watched_rows, watched_tabs
from commons.feed.forms import ChooseForm
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import back, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 50


@blueprint.get("/watching")
@member_only
def watching() -> str:
    who, kind = viewer() or abort(404), request.args.get("kind", "")
    kind = kind if kind in rooms().kinds else ""
    found, counts = queries.watched_page(who, page_number(), PER_PAGE, (kind,) if kind else ())
    total = counts.get(kind, 0) if kind else sum(counts.values())
    return render_template(
        "commons/feed/watching.html",
        watched=watched_rows(found),
        tabs=watched_tabs(counts, kind),
        tags=[] if kind else queries.watched_tags(who),
        total=total,
        pager=pager(total, PER_PAGE),
    )


@blueprint.post("/<collection:collection>/<slug>/watch")
@limiter.limit(TABLE["write"])
@member_only
def watch(collection: str, slug: str) -> Response:
    """From a page, or to take back that it was stopped: then `next` leads back there."""
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    actions.watch(entry, actor=who, how=request.form.get("how", ""), mail=request.form.get("mail"))
    flash(_("You are watching this now. What is new in it is listed in your feed."))
    return redirect(back("feed.feed") if "next" in request.form else kind.page(entry), 303)


@blueprint.post("/<collection:collection>/<slug>/unwatch")
@limiter.limit(TABLE["write"])
@member_only
def unwatch(collection: str, slug: str) -> Response:
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    before = actions.unwatch(entry, actor=who)
    words = {"url": url_for("feed.watch", collection=collection, slug=slug), "next": back("feed.watching")}
    flash(Markup(render_template("commons/feed/_undo.html", before=before, title=entry.title, **words)))
    return redirect(back("feed.watching") if "next" in request.form else kind.page(entry), 303)


@blueprint.route("/<collection:collection>/<slug>/watching", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def choose(collection: str, slug: str) -> str | Response | tuple[str, int]:
    """How much I want to hear of one thing."""
    kind, who = kind_of(collection), viewer() or abort(404)
    entry = entries.find(kind, slug, who)
    row = queries.watch_row(entry, who)
    form = ChooseForm(how=row.how if row else "notices", mail=row.mail if row else "")
    if form.validate_on_submit():
        mail = (form.mail.data or "") if entry.kind == "group" else None
        actions.watch(entry, actor=who, how=form.how.data, mail=mail)
        flash(_("Saved."))
        return redirect(back("feed.watching") if "next" in request.form else kind.page(entry), 303)
    shown = {"form": form, "entry": entry, "url": kind.page(entry), "on": row is not None}
    return render_template("commons/feed/choose.html", **shown), 422 if form.errors else 200
