"""Founding a group and its settings: its words, who sees it, and its rest."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.focus.documents import area_tree
from commons.groups import actions
from commons.groups.documents.pages import settings_page
from commons.groups.forms import GroupForm, NewGroupForm, ReasonForm, VisibilityForm, filled
from commons.groups.models import MODULES, Group
from commons.groups.views.addresses import blueprint, group_at, led_group, own_group
from commons.members.door import member_only, viewer
from commons.web import Conflict, Forbidden, Invalid, whole_number
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]


@blueprint.route("/groups/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new() -> Answer:
    who = viewer() or abort(404)
    begun = {name: request.args.get(name, "")[:200] for name in ("title", "within")}
    form = NewGroupForm(modules=list(MODULES), **begun)
    within = whole_number(form.within.data)
    parent = _parent(within)
    if form.validate_on_submit():
        try:
            values, seen, inherits = form.values(), form.visibility.data or "", bool(form.inherits.data)
            made = actions.add_group(values, actor=who, visibility=seen, within_id=within, inherits=inherits)
            flash(_("Your group is here. Invite the first members, or write what you plan."))
            return redirect(url_for("groups.group", slug=made.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template("commons/groups/new.html", form=form, parent=parent, areas_tree=area_tree())
    return page, 422 if form.errors else 200


def _parent(number: int) -> Group | None:
    """The group that a new one will stand in: only where the viewer may see it and put a group into it."""
    found = entries.by_id(number, viewer()) if number else None
    if found is not None and (found.kind != "group" or actions.takes(viewer(), found, "group") is None):
        raise Forbidden(_("You may not add anything here."))
    return found


@blueprint.route("/groups/<slug>/settings", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def settings(slug: str) -> Answer:
    found, who = led_group(slug), viewer() or abort(404)
    form, conflict = (filled(found) if request.method == "GET" else GroupForm()), []
    if form.validate_on_submit():
        try:
            seen, note = whole_number(form.version.data), form.note.data or ""
            actions.edit_group(found, form.values(), version=seen, actor=who, note=note)
            actions.set_terms(found, welcome=form.welcome.data or "", inherits=bool(form.inherits.data), actor=who)
            flash(_("Saved."))
            return redirect(url_for("groups.settings", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            conflict, form.version.data = fault.collisions, str(fault.version)
    return _settings(found, form, 409 if conflict else 422 if form.errors else 200, conflict=conflict)


def _settings(group: Group, form: GroupForm, status: int, **more: object) -> tuple[str, int]:
    forms = {"form": form, "seen": VisibilityForm(formdata=None, visibility=group.visibility)} | more
    reason = forms.pop("reason", None) or ReasonForm(formdata=None)
    return render_template("commons/groups/settings.html", **settings_page(group, forms, reason=reason)), status


@blueprint.post("/groups/<slug>/visibility")
@limiter.limit(TABLE["write"])
@member_only
def visibility(slug: str) -> Answer:
    found, who, form = led_group(slug), viewer() or abort(404), VisibilityForm()
    said = {
        "now": _("Done. From now on fewer people see the group and everything in it."),
        "later": _(
            "Your members are told now. In seven days more people will see the group; until then an admin can stop it."
        ),
        "": _("Nothing was different, so nothing was changed."),
    }
    try:
        flash(said[actions.change_visibility(found, form.visibility.data or "", actor=who)])
        return redirect(url_for("groups.settings", slug=found.slug), 303)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _settings(found, filled(found), 422, seen=form)


@blueprint.post("/groups/<slug>/visibility/stop")
@limiter.limit(TABLE["write"])
@member_only
def stop(slug: str) -> Response:
    found, who = led_group(slug), viewer() or abort(404)
    actions.stop_widening(found, actor=who)
    flash(_("It stays as it is: nobody else will see the group."))
    return redirect(url_for("groups.settings", slug=found.slug), 303)


@blueprint.post("/groups/<slug>/archive")
@limiter.limit(TABLE["write"])
@member_only
def archive(slug: str) -> Answer:
    found, who, form = led_group(slug), viewer() or abort(404), ReasonForm()
    try:
        actions.archive(found, form.reason.data or "", actor=who)
        flash(_("The group is archived: it can be read, and nothing is added. An admin can open it again."))
        return redirect(url_for("groups.group", slug=found.slug), 303)
    except Invalid as fault:
        form.show_faults(fault.fields)
        return _settings(found, filled(found), 422, reason=form)


@blueprint.post("/groups/<slug>/reopen")
@limiter.limit(TABLE["write"])
@member_only
def reopen(slug: str) -> Response:
    found, who = led_group(slug), viewer() or abort(404)
    actions.reopen(found, ReasonForm().reason.data or "", actor=who)
    flash(_("The group is open again."))
    return redirect(url_for("groups.group", slug=found.slug), 303)


@blueprint.post("/groups/<slug>/remove")
@limiter.limit(TABLE["write"])
@member_only
def remove_group(slug: str) -> Response:
    found, who = group_at(slug), viewer() or abort(404)
    try:
        actions.remove_group(found, actor=who, note=request.form.get("note", ""))
    except Invalid as fault:
        fault.flash()
        return redirect(url_for("groups.group", slug=found.slug), 303)
    flash(_("The group is removed, with all that stood in it. Its admins are told why."))
    return redirect(url_for("groups.groups"), 303)


@blueprint.post("/groups/<slug>/needed")
@limiter.limit(TABLE["write"])
@member_only
def needed(slug: str) -> Response:
    """Somebody answers the notice about an idle group."""
    found, who = own_group(slug), viewer() or abort(404)
    actions.need_it(found, actor=who)
    flash(_("Thank you. The group stays open."))
    return redirect(url_for("groups.group", slug=group_at(slug).slug), 303)
