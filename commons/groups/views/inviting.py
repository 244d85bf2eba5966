"""Invitations: making them, taking them back, and the page that a key opens. Opening it does nothing; its button does.

Whoever has a wrong key, one that is spent and one that was taken back reads the same page.
"""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.groups import actions, queries
from commons.groups.actions.inviting import Spent, may_invite, may_seat
from commons.groups.documents.pages import invitation_page, invitation_rows, tabs
from commons.groups.forms import LinkForm, MailForm, NameForm, questions_form
from commons.groups.models import Group
from commons.groups.views.addresses import blueprint, own_group
from commons.groups.views.joining import send
from commons.members.door import member_only, viewer
from commons.members.models import Invitation
from commons.web import Invalid
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]


@blueprint.get("/groups/<slug>/invitations")
@member_only
def invitations(slug: str) -> Answer:
    return _invitations(_inviting(slug))


def _inviting(slug: str) -> Group:
    group = own_group(slug)
    return group if may_invite(viewer(), group) else abort(404)


def _invitations(
    group: Group,
    mail: MailForm | None = None,
    link: LinkForm | None = None,
    named: NameForm | None = None,
    made: str = "",
) -> tuple[str, int]:
    who, mail, link = viewer() or abort(404), mail or MailForm(formdata=None), link or LinkForm(formdata=None)
    named = named or NameForm(formdata=None)
    found = queries.invitations(group, None if queries.is_admin(who, group) else who)
    page = render_template(
        "commons/groups/invitations.html",
        group=group,
        tabs=tabs(group, "invitations"),
        mail=mail,
        link=link,
        named=named if may_seat(group, who) else None,
        made=url_for("groups.invitation", key=made, _external=True) if made else None,
        rows=invitation_rows(found, who),
        one_each=group.joining == "referral" and not queries.is_admin(who, group),
    )
    return page, 422 if mail.errors or link.errors or named.errors else 200


@blueprint.post("/groups/<slug>/invitations/mail")
@limiter.limit(TABLE["write"])
@member_only
def by_mail(slug: str) -> Answer:
    found, who, form = _inviting(slug), viewer() or abort(404), MailForm()
    try:
        actions.invite_by_mail(found, form.email.data or "", form.note.data or "", actor=who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _invitations(found, mail=form)
    flash(_("The mail is on its way. The invitation is good for 30 days."))
    return redirect(url_for("groups.invitations", slug=found.slug), 303)


@blueprint.post("/groups/<slug>/invitations/name")
@limiter.limit(TABLE["write"])
@member_only
def by_name(slug: str) -> Answer:
    found, who, form = _inviting(slug), viewer() or abort(404), NameForm()
    try:
        actions.invite_by_name(found, form.username.data or "", form.name_note.data or "", actor=who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _invitations(found, named=form)
    flash(_("They are asked. The invitation is good for 30 days."))
    return redirect(url_for("groups.invitations", slug=found.slug), 303)


@blueprint.post("/groups/invited/<int:number>")
@limiter.limit(TABLE["write"])
@member_only
def invited(number: int) -> Response:
    """The yes or no of who was invited by user name."""
    who = viewer() or abort(404)
    one = next((one for one in queries.invited(who) if one.id == number), None) or abort(404)
    if request.form.get("answer") == "yes" and actions.leads_to(one, who) == "seat":
        return _seat(one)
    actions.decline_invitation(one, actor=who)
    flash(_("Declined. Nobody is told."))
    return redirect(url_for("groups.groups"), 303)


@blueprint.post("/groups/<slug>/invitations/link")
@limiter.limit(TABLE["write"])
@member_only
def by_link(slug: str) -> Answer:
    """The link is shown this once: only its digest is kept."""
    found, who, form = _inviting(slug), viewer() or abort(404), LinkForm()
    try:
        key = actions.make_link(found, most=form.most.data or 0, days=form.days.data or 0, actor=who)
        return _invitations(found, made=key)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _invitations(found, link=form)


@blueprint.post("/groups/<slug>/invitations/<int:number>/revoke")
@limiter.limit(TABLE["write"])
@member_only
def revoke(slug: str, number: int) -> Response:
    found, who = own_group(slug), viewer() or abort(404)
    one = queries.invitation_of(found, number) or abort(404)
    actions.revoke(one, actor=who)
    flash(_("It opens nothing any more."))
    return redirect(url_for("groups.invitations", slug=found.slug), 303)


@blueprint.get("/invitations/<key>")
@limiter.limit(TABLE["reset"])
def invitation(key: str) -> Response:
    return _page(queries.invitation_by_key(key), key)


def _page(found: Invitation | None, key: str, **more: object) -> Response:
    """The address of this page is a key: no other page is told of it."""
    shown = invitation_page(found, viewer(), key)
    group = shown.pop("group", None)
    if shown["invitation"] and shown["way"] == "apply" and "form" not in more:
        more["form"] = questions_form(group)
    answer = make_response(render_template("commons/groups/invitation.html", **shown, **more))
    form = more.get("form")
    answer.status_code = 404 if not shown["invitation"] else 422 if getattr(form, "errors", None) else 200
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.post("/invitations/<key>")
@limiter.limit(TABLE["reset"])
def accept(key: str) -> Response:
    """A seat, or the answers to the questions; for a visitor the way to the form that opens an account."""
    found, who = queries.invitation_by_key(key), viewer()
    way = actions.leads_to(found, who)
    if found is None or not way:
        return _page(None, key)
    if who is None:
        session["invitation"] = key
        return redirect(url_for("members.join"), 303)
    try:
        return _apply(found, key) if way == "apply" else _seat(found)
    except Spent:
        return _page(None, key)


def _seat(invitation: Invitation) -> Response:
    group = actions.use_invitation(invitation, actor=viewer() or abort(404))
    flash(_("You belong to the group now."))
    return redirect(url_for("groups.group", slug=group.slug, welcome=1), 303)


def _apply(invitation: Invitation, key: str) -> Response:
    group = queries.group_of(invitation) or abort(404)
    form = questions_form(group)
    if not form.validate_on_submit():
        return _page(invitation, key, form=form)
    try:
        send(group, form, invitation=invitation)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _page(invitation, key, form=form)
    return redirect(url_for("groups.groups"), 303)
