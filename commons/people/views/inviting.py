"""Inviting somebody to the site by mail, and the page that the mail leads to."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.moderation.newcomers import is_new
from commons.people import actions
from commons.people.documents.rows import invitation_rows
from commons.people.forms import EmptyForm, InviteForm
from commons.people.queries.inviting import invitation, invitations_of
from commons.people.views.addresses import blueprint
from commons.web import Invalid, reader
from commons.web.limits import TABLE, limiter


@blueprint.route("/settings/invite", methods=["GET", "POST"])
@limiter.limit(TABLE["forgot"], methods=["POST"])
@member_only
def invite() -> str | Response | tuple[str, int]:
    who, form = viewer() or abort(404), InviteForm(language=reader())
    if number := request.form.get("revoke", 0, int):
        actions.revoke_invitation(number, actor=who)
        flash(_("Taken back: the link works no more."))
        return redirect(url_for("people.invite"), 303)
    if form.validate_on_submit():
        try:
            actions.invite(form.email.data or "", form.note.data or "", form.language.data, actor=who)
            flash(_("Invited. They get one mail, with your name and your words."))
            return redirect(url_for("people.invite"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    rows = invitation_rows(invitations_of(who))
    page = render_template("commons/people/invite.html", form=form, invitations=rows, too_new=is_new(who))
    return page, 422 if form.errors else 200


@blueprint.route("/welcome/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def invited(key: str) -> str | Response | tuple[str, int]:
    """Tells who invites; only the button leads on, so that a program that opens links in mails uses nothing up."""
    found = invitation(key)
    if found is None:
        return render_template("commons/people/invited.html", inviter=None), 410
    form = EmptyForm()
    if form.validate_on_submit() and viewer() is None:
        session["invitation"] = key
        return redirect(url_for("members.join"), 303)
    return render_template("commons/people/invited.html", inviter=found.by.name, note=found.note, form=form)
