"""The end of a need or an offer, and its second life; by its page, or by a link in a mail that asks first. And what an organisation
says of its openness."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.board import actions, queries
from directory.partnerships.board.documents.records import address, until_words
from directory.partnerships.board.forms import CloseForm, OpennessForm, openness_form
from directory.partnerships.board.views.addresses import blueprint, own_organisation, own_posting

Answer = str | Response | tuple[str, int]


@blueprint.route("/partnerships/<any(needs, offers):collection>/<int:id>/<slug>/close", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def close(collection: str, id: int, slug: str) -> Answer:
    found, who = own_posting(collection, id)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            actions.close_posting(found, form.how.data or "", actor=who, by=form.by.data or "")
            flash(_("Closed. It stays to be read, and you can open it again."))
            return redirect(address(found), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("directory/partnerships/board/close.html", posting=found, form=form)
    return page, 422 if form.errors else 200


@blueprint.post("/partnerships/<any(needs, offers):collection>/<int:id>/<slug>/renew")
@limiter.limit(TABLE["write"])
@member_only
def renew(collection: str, id: int, slug: str) -> Response:
    found, who = own_posting(collection, id)
    actions.renew_posting(found, actor=who)
    flash(_("Renewed: it can be answered until %(date)s.", date=until_words(found)))
    return redirect(address(found), 303)


@blueprint.route("/partnerships/answers/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def answer(key: str) -> Answer:
    """Where the links of the mails lead. Opening it changes nothing."""
    found, form = queries.posting_of_key(key), CloseForm()
    shown = {"posting": found, "form": form, "how": request.args.get("how", "")}
    if found is None or not form.validate_on_submit():
        return render_template("directory/partnerships/board/answer.html", **shown), 200 if found else 410
    try:
        done = actions.answer_mail(key, form.how.data or "", by=form.by.data or "")
    except Invalid as fault:
        form.show_faults(fault.fields)
        return render_template("directory/partnerships/board/answer.html", **shown), 422
    if done is None:
        return render_template("directory/partnerships/board/answer.html", **shown | {"posting": None}), 410
    if done.closed:
        flash(_("Closed. It stays to be read, and you can open it again."))
    else:
        flash(_("Renewed: it can be answered until %(date)s.", date=until_words(done)))
    return redirect(address(done), 303)


@blueprint.route("/organisations/<slug>/partnership", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def openness(slug: str) -> Answer:
    """What an organisation says of partnership, for those who publish in its name."""
    found, who = own_organisation(slug)
    said = queries.openness_of([found.id]).get(found.id)
    form = openness_form(said) if request.method == "GET" else OpennessForm()
    if form.validate_on_submit():
        try:
            actions.set_openness(found, form.values(), actor=who)
            flash(_("Saved. It counts from now on."))
            return redirect(url_for("directory.organisation", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("directory/partnerships/board/openness.html", organisation=found, form=form)
    return page, 422 if form.errors else 200
