"""Who belongs to a group, and what admins do about it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.groups import actions, queries
from commons.groups.documents.pages import members_page
from commons.groups.models import Group
from commons.groups.views.addresses import blueprint, group_at, led_group, own_group
from commons.members.door import member_only, moderator_only, viewer
from commons.members.models import Member
from commons.members.queries import member_named
from commons.web import Invalid
from commons.web.limits import TABLE, limiter

Answer = Response | tuple[str, int]


@blueprint.get("/groups/<slug>/members")
@member_only
def members(slug: str) -> str:
    found = group_at(slug)
    if not queries.may_see_people(viewer(), found):
        abort(404)
    return render_template("commons/groups/members.html", **members_page(found, viewer()))


def _done(group: Group, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("groups.members", slug=group.slug), 303)


def _not_done(group: Group, fault: Invalid) -> Response:
    fault.flash()
    return redirect(url_for("groups.members", slug=group.slug), 303)


def _sitting(group: Group, username: str) -> Member:
    """A person who sits in the group; anybody else is a name like any other."""
    found = member_named(username)
    return found if found is not None and queries.seat_in(group, found.id) else abort(404)


@blueprint.post("/groups/<slug>/members/<username>/role")
@limiter.limit(TABLE["write"])
@member_only
def role(slug: str, username: str) -> Response:
    found, who = led_group(slug), viewer() or abort(404)
    person = _sitting(found, username)
    try:
        actions.change_role(found, person, request.form.get("role", ""), actor=who)
    except Invalid as fault:
        return _not_done(found, fault)
    return _done(found, _("Done."))


@blueprint.route("/groups/<slug>/members/<username>/remove", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def remove(slug: str, username: str) -> str | Answer:
    found, who = led_group(slug), viewer() or abort(404)
    person, faults = _sitting(found, username), {}
    if request.method == "POST":
        try:
            actions.remove_member(found, person, request.form.get("reason", ""), actor=who)
            return _done(found, _("They do not belong to the group any more, and get your reason by mail."))
        except Invalid as fault:
            faults = fault.fields
    page = render_template("commons/groups/remove.html", group=found, person=person, faults=faults)
    return page, 422 if faults else 200


@blueprint.post("/groups/<slug>/admin-needed")
@limiter.limit(TABLE["write"])
@member_only
def admin_needed(slug: str) -> Response:
    found, who = own_group(slug), viewer() or abort(404)
    actions.ask_for_admin(found, actor=who)
    return _done(found, _("The moderators are told that this group needs an admin."))


@blueprint.post("/groups/<slug>/appoint")
@limiter.limit(TABLE["write"])
@moderator_only
def appoint(slug: str) -> Response:
    found, who = group_at(slug), viewer()
    person = member_named(request.form.get("username", ""))
    try:
        if person is None:
            raise Invalid({"username": _("This person does not belong to the group.")})
        actions.appoint(found, person, request.form.get("reason", ""), actor=who)
    except Invalid as fault:
        return _not_done(found, fault)
    return _done(found, _("Done. The reason stands in the log."))
