"""A member's page, and the form in which they choose what it shows."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.people import actions, queries
from commons.people.documents import field_row
from commons.people.forms import ProfileForm, filled, shown_to
from commons.web import Invalid

blueprint = Blueprint("people", __name__)


@blueprint.get("/members/<username>")
def profile(username: str) -> str:
    who = None if "as_visitor" in request.args else viewer()
    member, found = queries.seen(username, who)
    names = found.shown(who) if found else []
    fields = [field_row(found, name) for name in names if found]
    return render_template(
        "commons/people/profile.html",
        profile=found or {"title": member.name},
        username=member.username,
        fields=fields,
        is_me=who is not None and who.id == member.id,
    )


@blueprint.route("/settings/profile", methods=["GET", "POST"])
@member_only
def edit() -> str | Response | tuple[str, int]:
    who = viewer() or abort(404)
    form = filled(queries.profile_of(who)) if request.method == "GET" else ProfileForm()
    if form.validate_on_submit():
        try:
            actions.edit_profile(form.values(), shown_to(form), audience=form.audience.data, actor=who)
            flash(_("Saved. “See it as a visitor” shows what others see."))
            return redirect(url_for("people.profile", username=who.username), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template("commons/people/edit.html", form=form), 422 if form.errors else 200
