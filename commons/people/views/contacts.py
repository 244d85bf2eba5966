"""Contacts: asking, agreeing, ending; the list is for oneself."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.people import actions, queries
from commons.people.documents.rows import contact_rows
from commons.people.forms import ContactForm, EmptyForm
from commons.people.queries.contacts import WAITING, contacts_of, requests_to, standing
from commons.people.views.addresses import blueprint
from commons.web import Invalid, back
from commons.web.limits import TABLE, limiter


@blueprint.get("/settings/contacts")
@member_only
def contacts() -> str:
    who = viewer() or abort(404)
    return render_template(
        "commons/people/contacts.html",
        form=EmptyForm(),
        contacts=contact_rows(contacts_of(who)),
        requests=contact_rows(requests_to(who)),
        waiting=contact_rows(contacts_of(who, WAITING)),
    )


def _other(username: str) -> tuple[Member, Member]:
    """(the viewer, the other); one's own page and what the viewer may not see are 404."""
    who = viewer() or abort(404)
    member, _profile = queries.seen(username, who)
    return (who, member) if member.id != who.id else abort(404)


@blueprint.route("/members/<username>/contact", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def contact(username: str) -> str | Response | tuple[str, int]:
    (who, other), form = _other(username), ContactForm()
    if form.validate_on_submit():
        try:
            state = actions.ask_contact(other, form.note.data or "", actor=who)
            flash(_("You know each other now.") if state == "agreed" else _("Asked. You hear of it when they agree."))
            return redirect(url_for("people.profile", username=other.username), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("commons/people/contact.html", form=form, other=other, standing=standing(who, other))
    return page, 422 if form.errors else 200


def _known(username: str) -> tuple[Member, Member]:
    """For answers: whoever asked is named by their request, also when their profile is hidden meanwhile."""
    who = viewer() or abort(404)
    known = [*requests_to(who), *contacts_of(who), *contacts_of(who, WAITING)]
    found = next((one.member for one in known if one.member.username.lower() == username.lower()), None)
    return who, found or abort(404)


@blueprint.post("/members/<username>/contact/agree")
@limiter.limit(TABLE["write"])
@member_only
def agree(username: str) -> Response:
    who, other = _known(username)
    actions.agree(other, actor=who)
    flash(_("You know each other now."))
    return redirect(back("people.contacts"), 303)


@blueprint.post("/members/<username>/contact/decline")
@limiter.limit(TABLE["write"])
@member_only
def decline(username: str) -> Response:
    who, other = _known(username)
    actions.decline(other, actor=who)
    flash(_("Declined. They are not told."))
    return redirect(back("people.contacts"), 303)


@blueprint.post("/members/<username>/contact/end")
@limiter.limit(TABLE["write"])
@member_only
def end(username: str) -> Response:
    who, other = _known(username)
    actions.end_contact(other, actor=who)
    flash(_("Ended. They are not told."))
    return redirect(back("people.contacts"), 303)


@blueprint.post("/members/<username>/follow")
@limiter.limit(TABLE["write"])
@member_only
def follow(username: str) -> Response:
    who, other = _other(username)
    actions.follow_person(other, actor=who)
    flash(_("You follow them now."))
    return redirect(url_for("people.profile", username=other.username), 303)
