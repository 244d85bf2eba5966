"""The queue of records that may be one, two of them side by side, what was merged, and taking that back."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from commons.members.door import viewer
from commons.members.forms import EmptyForm
from commons.members.models import Member
from commons.web import Conflict, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter
from directory.merging import actions, documents, queries
from directory.merging.choosing import values_for
from directory.merging.forms import MergeForm, UndoForm
from directory.models import Organisation

blueprint = Blueprint("merging", __name__)
Page = str | AnyResponse | tuple[str, int]
PER_PAGE, IN_FILE = 20, 10_000


def _judge() -> Member:
    """For everybody who does not decide, these pages do not exist."""
    who = viewer()
    return who if who is not None and queries.may_judge(who) else abort(404)


@blueprint.get("/organisations/duplicates")
def queue() -> str:
    who, state = _judge(), request.args.get("state", "open")
    state = state if state in documents.STATES else "open"
    found, total = queries.page_of(queries.suspects(state, who), page_number(), PER_PAGE)
    shown = {"rows": documents.queue_rows(found), "state": state, "states": documents.STATES, "total": total}
    return render_template("directory/merging/queue.html", form=EmptyForm(), pager=pager(total, PER_PAGE), **shown)


@blueprint.post("/organisations/duplicates")
@limiter.limit(TABLE["write"])
def different() -> AnyResponse:
    """The pairs that were ticked."""
    ids = [whole_number(one) for one in request.form.getlist("pair")[:PER_PAGE]]
    many = actions.call_all_different(ids, actor=_judge())
    flash(ngettext("%(num)s pair is two different ones.", "%(num)s pairs are two different ones each.", many))
    return redirect(url_for("merging.queue"), 303)


@blueprint.get("/organisations/duplicates.csv")
@limiter.limit(TABLE["search"])
def queue_csv() -> Response:
    found = queries.every(queries.suspects("open", _judge()), IN_FILE)
    answer = Response(documents.queue_csv(found), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="duplicates.csv"'
    return answer


@blueprint.get("/organisations/duplicates/two")
def two() -> AnyResponse:
    """Any two records, by their addresses."""
    who, names = _judge(), [request.args.get(name, "").strip() for name in ("one", "other")]
    slugs = [name.rstrip("/").rpartition("/")[2] for name in names]
    found = [one for slug in slugs if (one := queries.organisation_at(slug, who)) is not None]
    if len(found) == 2:
        return redirect(documents.pair_url(*found), 303)
    flash(_("There is no organisation at one of these addresses."), "error")
    return redirect(url_for("merging.queue"), 303)


@blueprint.route("/organisations/duplicates/<int:id>/<int:number>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def pair(id: int, number: int) -> Page:
    """The record that stays, and the other one."""
    who, form = _judge(), MergeForm()
    stays, goes = queries.organisation_now(id, who), queries.organisation_now(number, who)
    if stays.id == goes.id:
        flash(_("This is one record already."))
        return redirect(url_for("directory.organisation", slug=stays.slug), 303)
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            return _merge(stays, goes, form, who)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict:
            status = 409
            form.show_faults({"note": _("Somebody changed it meanwhile. Look at both again.")})
    return _pair_page(stays, goes, form, who), status


def _merge(winner: Organisation, loser: Organisation, form: MergeForm, who: Member) -> AnyResponse:
    choices = {
        name.removeprefix("choice-"): value for name, value in request.form.items() if name.startswith("choice-")
    }
    seen = whole_number(form.winner_version.data), whole_number(form.loser_version.data)
    values = values_for(winner, loser, choices)
    made = actions.merge_organisations(winner, loser, values, seen=seen, actor=who, note=form.note.data or "")
    flash(_("They are one record now. The old address leads here."))
    return redirect(url_for("merging.merged", id=made.id), 303)


def _pair_page(winner: Organisation, loser: Organisation, form: MergeForm, who: Member) -> str:
    form.winner_version.data, form.loser_version.data = str(winner.version), str(loser.version)
    page = documents.pair_page(winner, loser, who)
    return render_template("directory/merging/pair.html", form=form, chosen=request.form, **page)


@blueprint.post("/organisations/duplicates/<int:id>/<int:number>/different")
@limiter.limit(TABLE["write"])
def two_different(id: int, number: int) -> AnyResponse:
    """`again` in the form takes it back."""
    who = _judge()
    mine, theirs = queries.organisation_now(id, who), queries.organisation_now(number, who)
    if request.form.get("again"):
        actions.ask_again(mine.id, theirs.id, actor=who)
        flash(_("They stand in the queue again."))
        return redirect(documents.pair_url(mine, theirs), 303)
    actions.call_different(mine.id, theirs.id, actor=who)
    flash(_("Kept: they are different. They are asked about again only when a name or a website changes."))
    return redirect(url_for("merging.queue"), 303)


@blueprint.get("/organisations/merges")
def merges() -> str:
    who = _judge()
    found, total = queries.page_of(queries.merges(who), page_number(), PER_PAGE)
    rows = [documents.merge_row(merge, winner, loser, who) for merge, winner, loser in found]
    return render_template("directory/merging/merges.html", rows=rows, pager=pager(total, PER_PAGE))


@blueprint.route("/organisations/merges/<int:id>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def merged(id: int) -> Page:
    """One merge; sending its form takes it back."""
    who, form = _judge(), UndoForm()
    found, winner, loser = queries.merge_at(id, who)
    if form.validate_on_submit():
        try:
            anyway = request.form.get("anyway") == "yes"
            actions.undo_merge(found, actor=who, note=form.note.data or "", anyway=anyway)
            flash(_("Taken back. Both records are as they were."))
            return redirect(url_for("directory.organisation", slug=loser.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = documents.merge_page(found, winner, loser, who)
    return render_template("directory/merging/merged.html", form=form, **page), 422 if form.errors else 200
