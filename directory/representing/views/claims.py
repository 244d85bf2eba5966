"""Claiming to speak for an organisation, and giving one's word for somebody who does."""

from __future__ import annotations

from flask import Response as Made
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.members.forms import EmptyForm
from commons.members.models import Member
from commons.people.actions import ask_affiliation
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.models import Organisation
from directory.representing.actions import claims as actions
from directory.representing.documents.pages import claim_page
from directory.representing.forms import AskForm, ClaimForm, NameForm
from directory.representing.keys import open_key
from directory.representing.models import Claim
from directory.representing.queries.claims import asked_word, claim_with, open_claim
from directory.representing.queries.people import belongs, is_represented
from directory.representing.views.addresses import blueprint, keyed, organisation_at

Page = str | Response | tuple[str, int]


@blueprint.route("/organisations/<slug>/claim", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def claim(slug: str) -> Page:
    """“Do you work here?” Three ways to show it; where the organisation has people here, a question to them."""
    found, who = organisation_at(slug), viewer() or abort(404)
    if belongs(who, found):
        return redirect(url_for("representing.representatives", slug=found.slug), 303)
    own = open_claim(who, found.id)
    if own is not None:
        return _progress(found, own, NameForm())
    asks = is_represented(found.id)
    form = AskForm() if asks else ClaimForm()
    if form.validate_on_submit():
        try:
            flash(_ask(found, form, who) if isinstance(form, AskForm) else _claim(found, form, who))
            there = "directory.organisation" if asks else "representing.claim"
            return redirect(url_for(there, slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("directory/representing/claim.html", organisation=found, form=form, asks=asks)
    return page, 422 if form.errors else 200


def _ask(found: Organisation, form: AskForm, who: Member) -> str:
    said = {"role": form.role.data or "", "proof": form.proof.data or "", "since": ""}
    ask_affiliation(found, **said, represents=True, actor=who)
    return _("Asked. Its people here read it, and answer.")


def _claim(found: Organisation, form: ClaimForm, who: Member) -> str:
    role = form.role.data or ""
    if form.way.data == "mail":
        actions.claim_by_mail(found, form.email.data or "", role, actor=who)
        return _("A mail is on its way. Open the link in it, and press the button there.")
    if form.way.data == "token":
        actions.claim_by_token(found, role, actor=who)
        return _("Put the line on the website, then come back here.")
    actions.claim_by_vouchers(found, role, actor=who)
    return _("Now name two people who know you.")


def _progress(found: Organisation, own: Claim, form: NameForm) -> Page:
    if own.way == "invited":
        return redirect(url_for("representing.invitation", slug=found.slug), 303)
    page = render_template("directory/representing/progress.html", form=form, **claim_page(found, own))
    return page, 422 if form.errors else 200


def _own(slug: str, id: int) -> tuple[Organisation, Claim]:
    found, own = organisation_at(slug), claim_with(id, viewer())
    return (found, own) if own.organisation_id == found.id and own.way != "invited" else abort(404)


@blueprint.post("/organisations/<slug>/claim/<int:id>/<any(look, withdraw):what>")
@limiter.limit(TABLE["write"])
@member_only
def go_on(slug: str, id: int, what: str) -> Response:
    (found, own), who = _own(slug, id), viewer() or abort(404)
    if what == "look":
        actions.look_again(own, actor=who)
        flash(_("We look within a minute, and for two days again. Open this page again to see what was found."))
        return redirect(url_for("representing.claim", slug=found.slug), 303)
    actions.withdraw(own, actor=who)
    flash(_("Taken back."))
    return redirect(url_for("directory.organisation", slug=found.slug), 303)


@blueprint.post("/organisations/<slug>/claim/<int:id>/vouchers")
@limiter.limit(TABLE["write"])
@member_only
def ask_voucher(slug: str, id: int) -> Page:
    (found, own), who, form = _own(slug, id), viewer() or abort(404), NameForm()
    try:
        actions.ask_voucher(own, form.username.data or "", actor=who)
        flash(_("Asked."))
        return redirect(url_for("representing.claim", slug=found.slug), 303)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _progress(found, own, form)


@blueprint.route("/organisations/<slug>/claim/<int:id>/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
@member_only
def prove(slug: str, id: int, key: str) -> Made | Response:
    """The link in the mail, for who claimed; anybody else finds nothing behind it."""
    found, who, form = organisation_at(slug), viewer() or abort(404), EmptyForm()
    good, own = open_key(key, actions.PURPOSE), open_claim(who, found.id)
    fits = good is not None and own is not None and good.about.get("claim") == own.id == id
    if own is not None and fits and form.validate_on_submit():
        if actions.prove_by_mail(own, key, actor=who):
            flash(_("It is shown. You can speak for the organisation as soon as its page says so."))
            return redirect(url_for("directory.organisation", slug=found.slug), 303)
        fits = False
    return keyed("prove", 200 if fits else 410, organisation=found, form=form, fits=fits)


@blueprint.route("/organisations/<slug>/vouch/<int:id>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def vouch(slug: str, id: int) -> Page:
    """For somebody whose word is asked; for others the page does not exist."""
    found, who, form = organisation_at(slug), viewer() or abort(404), EmptyForm()
    asked = asked_word(id, found.id, who)
    if form.validate_on_submit():
        actions.vouch(asked.voucher, request.form.get("answer") == "yes", actor=who)
        flash(_("Thank you for your word."))
        return redirect(url_for("directory.organisation", slug=found.slug), 303)
    return render_template("directory/representing/vouch.html", organisation=found, asked=asked, form=form)
