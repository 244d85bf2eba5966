"""My saved searches, the form that saves one, its private feed, and the link in a mail that stops its mails."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.entries.views import atom
from commons.feed.actions import make_feed_key
from commons.feed.queries import key_owner
from commons.members.door import member_only, viewer
from commons.searches import actions, queries
from commons.searches.documents import feed_rows, saved_page, stopped_by
from commons.searches.forms import RHYTHM_WORDS, SearchForm
from commons.searches.models import SavedSearch
from commons.web import Invalid, whole_number
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("searches", __name__)


def _mine(number: int) -> SavedSearch:
    return queries.saved_search(number, viewer() or abort(404)) or abort(404)


def _page(form: SearchForm | None = None, made: str = "") -> str:
    shown = saved_page(viewer() or abort(404))
    return render_template("commons/searches/saved.html", form=form, made=made, rhythms=RHYTHM_WORDS, **shown)


@blueprint.get("/search/saved")
@limiter.limit(TABLE["search"])
@member_only
def saved() -> str:
    return _page()


@blueprint.post("/search/saved")
@limiter.limit(TABLE["write"])
@member_only
def save() -> AnyResponse | tuple[str, int]:
    form, who = SearchForm(), viewer() or abort(404)
    try:
        actions.save_search(form.address.data or "", form.name.data or "", form.rhythm.data or "", actor=who)
        flash(_("Saved. You find it again under “Saved searches” in your menu."))
        return redirect(url_for("searches.saved"), 303)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _page(form), 422


@blueprint.post("/search/saved/<int:number>")
@limiter.limit(TABLE["write"])
@member_only
def change(number: int) -> AnyResponse:
    """Another name, another rhythm."""
    search = _mine(number)
    try:
        actions.change_search(search, request.form.get("name", ""), request.form.get("rhythm", ""))
        flash(_("Saved."))
    except Invalid as fault:
        fault.flash()
    return redirect(url_for("searches.saved"), 303)


@blueprint.post("/search/saved/<int:number>/delete")
@limiter.limit(TABLE["write"])
@member_only
def delete(number: int) -> AnyResponse:
    actions.delete_search(_mine(number))
    flash(_("Deleted. What it found is where it was."))
    return redirect(url_for("searches.saved"), 303)


@blueprint.post("/search/saved/seen")
@limiter.limit(TABLE["write"])
@member_only
def seen() -> AnyResponse:
    """One search, or with nothing named all of them, up to what the page showed."""
    who, number = viewer() or abort(404), whole_number(request.form.get("search"))
    some = [_mine(number)] if number else queries.saved_searches(who)
    actions.mark_searches_seen(some, whole_number(request.form.get("upto")))
    return redirect(url_for("searches.saved"), 303)


@blueprint.post("/search/saved/<int:number>/address")
@limiter.limit(TABLE["write"])
@member_only
def make_address(number: int) -> str:
    """A private address of one search for programs; shown this once."""
    search, who = _mine(number), viewer() or abort(404)
    try:
        key = make_feed_key(_("Search: %(name)s", name=search.name), actor=who)
    except Invalid as fault:
        fault.flash()
        return _page()
    site = str(current_app.config["SITE_URL"]).rstrip("/")
    return _page(made=site + url_for("searches.saved_atom", number=number, key=key))


@blueprint.get("/search/saved/<int:number>.atom")
@limiter.limit(TABLE["search"])
def saved_atom(number: int) -> Response:
    """What its owner may see at this moment. A wrong key, a closed one and the number of another's search are the same 404."""
    owner = key_owner(request.args.get("key", "")[:100]) or abort(404)
    with force_locale(owner.language):
        search = queries.saved_search(number, owner) or abort(404)
        site = str(current_app.config["SITE_URL"]).rstrip("/")
        response = atom(search.name, site + search.address, feed_rows(queries.found_by(search, owner)))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.route("/search/saved/stop/<token>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def stop(token: str) -> Response:
    """What the address in a mail stops. Opening it shows a button; a mail program presses it by itself (RFC 8058), signed
    out and without a token of our forms: the address is the proof."""
    member, number = stopped_by(token) or abort(404)
    if request.method == "POST":
        actions.stop_searches(member, number)
    search, done = queries.saved_search(number, member), request.method == "POST"
    response = make_response(render_template("commons/searches/stop.html", every=not number, search=search, done=done))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
