"""The pages of matches: of an organisation, of a need or an offer, how they are made, and where nothing meets anything yet."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.models import Entry
from commons.members.door import member_only, viewer
from commons.web import Invalid, whole_number
from commons.web.limits import TABLE, limiter
from directory.partnerships.board.queries import posting_for
from directory.partnerships.matches import actions
from directory.partnerships.matches.documents import organisation_page, posting_page, weights_page
from directory.partnerships.matches.gaps import gaps_page
from directory.partnerships.matching.weights import TUNED
from directory.queries import organisation_at

blueprint = Blueprint("matches", __name__)


@blueprint.get("/organisations/<slug>/matches")
@limiter.limit(TABLE["search"])
def organisation(slug: str) -> str:
    page = organisation_page(organisation_at(slug, viewer()), viewer())
    return render_template("directory/partnerships/matches/organisation.html", **page)


@blueprint.get("/partnerships/<any(needs, offers):kind>/<int:id>/matches")
@limiter.limit(TABLE["search"])
def posting(kind: str, id: int) -> str:
    found = posting_for(kind.removesuffix("s"), id, viewer())
    return render_template("directory/partnerships/matches/posting.html", **posting_page(found, viewer()))


@blueprint.post("/matches/<int:id>/refuse")
@limiter.limit(TABLE["write"])
@member_only
def refuse(id: int) -> Response:
    subject = entries.by_id(id, viewer())
    other = entries.by_id(whole_number(request.form.get("organisation")), viewer())
    who = viewer() or abort(404)
    if other.kind != "organisation":
        abort(404)
    try:
        actions.refuse(subject, other, request.form.get("reason", "other"), actor=who)
        flash(_("It stays away until one of the two records is changed. Nobody is told."))
    except Invalid as fault:
        fault.flash()
    return redirect(_page_of(subject), 303)


@blueprint.post("/matches/<int:id>/refuse/undo")
@limiter.limit(TABLE["write"])
@member_only
def take_back(id: int) -> Response:
    subject = entries.by_id(id, viewer())
    actions.take_back(subject, whole_number(request.form.get("organisation")), actor=viewer() or abort(404))
    flash(_("It can be proposed again."))
    return redirect(_page_of(subject), 303)


@blueprint.post("/organisations/<slug>/matches/weights")
@limiter.limit(TABLE["write"])
@member_only
def tune(slug: str) -> Response:
    found = organisation_at(slug, viewer())
    given = {} if request.form.get("do") == "reset" else {part: _factor(request.form.get(part)) for part in TUNED}
    try:
        actions.tune(found, given, actor=viewer() or abort(404))
        flash(_("What counts for you is kept. The list below follows it."))
    except Invalid as fault:
        fault.flash()
    return redirect(_page_of(found), 303)


def _factor(text: str | None) -> float:
    try:
        return float(text or "1.0")
    except ValueError:
        return -1.0  # refused with a sentence


def _page_of(subject: Entry) -> str:
    if subject.kind == "organisation":
        return url_for("matches.organisation", slug=subject.slug)
    return url_for("matches.posting", kind=f"{subject.kind}s", id=subject.id)


@blueprint.get("/partnerships/how-matches-are-made")
def weights() -> str:
    return render_template("directory/partnerships/matches/weights.html", **weights_page())


@blueprint.get("/partnerships/gaps")
def gaps() -> str:
    return render_template("directory/partnerships/matches/gaps.html", **gaps_page(viewer()))
