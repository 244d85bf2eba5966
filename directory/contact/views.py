"""The form, the button in the sender's mail, and the page on which the organisation answers without an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import viewer
from commons.members.forms import EmptyForm
from commons.web import Invalid, reader
from commons.web.limits import TABLE, limiter
from directory.contact import actions, queries
from directory.contact.forms import AnswerForm, LetterForm
from directory.queries import organisation_at

blueprint = Blueprint("contact", __name__)
Page = str | Response | tuple[str, int]
LETTERS = "3 per day"  # of one network; counted only when a letter was taken


@blueprint.route("/organisations/<slug>/contact", methods=["GET", "POST"])
@limiter.limit(LETTERS, methods=["POST"], deduct_when=lambda answer: answer.status_code == 303)
@limiter.limit(TABLE["write"], methods=["POST"])
def write(slug: str) -> Page:
    found, who, form = organisation_at(slug, viewer()), viewer(), LetterForm()
    if form.validate_on_submit():
        try:
            if not form.website.data:
                actions.write(found, form.values(), actor=who, language=reader())
            return redirect(url_for("contact.sent", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = {"organisation": found, "form": form, "reached": bool(queries.reached(found, None))}
    return render_template("directory/contact/write.html", **shown), 422 if form.errors else 200


@blueprint.get("/organisations/<slug>/contact/sent")
def sent(slug: str) -> str:
    return render_template("directory/contact/sent.html", organisation=organisation_at(slug, viewer()))


@blueprint.route("/organisations/<slug>/contact/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def prove(slug: str, key: str) -> Page:
    found = organisation_at(slug, viewer())
    enquiry, form = queries.unproved(key, found), EmptyForm()
    shown = {"organisation": found, "enquiry": enquiry, "form": form}
    if enquiry is None or not form.validate_on_submit():
        return render_template("directory/contact/prove.html", **shown), 200 if enquiry else 410
    try:
        if actions.prove(enquiry, found):
            flash(_("Your letter is on its way. An answer comes to you by mail."))
        else:
            flash(_("Nobody can be reached there at the moment."), "error")
    except Invalid as fault:
        fault.flash()
        return redirect(url_for("contact.prove", slug=found.slug, key=key), 303)
    return redirect(url_for("directory.organisation", slug=found.slug), 303)


@blueprint.route("/letters/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def answer(key: str) -> Page:
    enquiry, form = queries.to_answer(key), AnswerForm()
    if enquiry is None:
        return render_template("directory/contact/answer.html", enquiry=None), 410
    if form.validate_on_submit():
        try:
            actions.answer(enquiry, form.text.data or "")
            flash(_("Sent on."))
            return redirect(url_for("contact.answer", key=key), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    left = queries.ANSWERS - enquiry.answers
    page = render_template("directory/contact/answer.html", enquiry=enquiry, form=form, left=left)
    return page, 422 if form.errors else 200
