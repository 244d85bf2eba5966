"""Who speaks for an organisation, for its own people; what waits for them; and the answer to an invitation."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.members.forms import EmptyForm
from commons.members.models import Member
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.models import Organisation
from directory.representing.actions import seats as actions
from directory.representing.documents.pages import inbox_page, people_page
from directory.representing.forms import MEANING, InviteForm, label
from directory.representing.queries.claims import invitation_with, open_claim
from directory.representing.queries.people import named, sitting
from directory.representing.views.addresses import blueprint, organisation_at, own_organisation

Page = str | Response | tuple[str, int]


@blueprint.route("/organisations/<slug>/representatives", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def representatives(slug: str) -> Page:
    """Everybody who speaks for it, and the form to invite one more."""
    found, who, form = own_organisation(slug), viewer() or abort(404), InviteForm()
    if form.validate_on_submit():
        try:
            _invite(found, form, who)
            return redirect(url_for("representing.representatives", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("directory/representing/representatives.html", form=form, **people_page(found, who))
    return page, 422 if form.errors else 200


def _invite(found: Organisation, form: InviteForm, who: Member) -> None:
    person = named(form.username.data or "", who)
    if person is None or person.id == who.id:
        raise Invalid({"username": _("There is nobody of this name whom you can invite.")})
    actions.invite(found, person, form.voice.data, actor=who)
    flash(_("Invited. They speak for the organisation when they have said yes."))


@blueprint.post("/organisations/<slug>/representatives/<username>/<any(role, remove, hand_over):what>")
@limiter.limit(TABLE["write"])
@member_only
def change(slug: str, username: str, what: str) -> Response:
    found, who = own_organisation(slug), viewer() or abort(404)
    person = sitting(found.id, username)
    try:
        if what == "role":
            actions.change_voice(found, person, request.form.get("voice", ""), actor=who)
        elif what == "remove":
            actions.leave(found, person, actor=who)
        else:
            actions.hand_over(found, person, actor=who)
        flash(_("Done."))
    except Invalid as fault:
        fault.flash()
    there = "directory.organisation" if what == "remove" and person.id == who.id else "representing.representatives"
    return redirect(url_for(there, slug=found.slug), 303)


@blueprint.post("/organisations/<slug>/representatives/invited/<int:id>")
@limiter.limit(TABLE["write"])
@member_only
def take_back(slug: str, id: int) -> Response:
    found, who = own_organisation(slug), viewer() or abort(404)
    actions.take_back_invitation(invitation_with(id, found.id), actor=who)
    flash(_("Taken back."))
    return redirect(url_for("representing.representatives", slug=found.slug), 303)


@blueprint.route("/organisations/<slug>/invitation", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def invitation(slug: str) -> Page:
    """The answer of who was invited; for others the page does not exist."""
    found, who, form = organisation_at(slug), viewer() or abort(404), EmptyForm()
    claim = open_claim(who, found.id)
    if claim is None or claim.way != "invited":
        abort(404)
    if form.validate_on_submit():
        actions.answer_invitation(claim, request.form.get("answer") == "yes", actor=who)
        flash(_("Thank you for your answer."))
        return redirect(url_for("directory.organisation", slug=found.slug), 303)
    shown = {"organisation": found, "form": form, "role": label(claim.voice), "meaning": MEANING.get(claim.voice, "")}
    return render_template("directory/representing/invitation.html", **shown)


@blueprint.get("/organisations/<slug>/inbox")
@member_only
def inbox(slug: str) -> str:
    """What waits for the organisation: everybody who speaks for it sees the same."""
    found, who = own_organisation(slug), viewer() or abort(404)
    return render_template("directory/representing/inbox.html", form=EmptyForm(), **inbox_page(found, who))
