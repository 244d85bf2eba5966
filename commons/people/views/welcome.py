"""The first steps of a new member: each is read from what they did, and each can be skipped."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from commons.entries.documents import panels
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.people import actions, queries
from commons.people.documents.panels import step_words
from commons.people.documents.rows import entry_row
from commons.people.forms import EmptyForm
from commons.people.queries import steps as first
from commons.people.views.addresses import blueprint
from commons.web import back
from commons.web.limits import TABLE, limiter


@blueprint.get("/welcome")
@member_only
def welcome() -> str:
    who = viewer() or abort(404)
    steps = [step_words(step) for step in first.first_steps(who)]
    done = {step["name"] for step in steps if step["done"]}
    return render_template(
        "commons/people/welcome.html",
        form=EmptyForm(),
        steps=steps,
        many_done=len(done),
        **_suggestions(who, done),
    )


def _suggestions(who: Member, done: set[str]) -> dict[str, Any]:
    """What each step that is open offers; of those that are done nothing is looked up."""
    areas, profile = first.followed_areas(who), queries.profile_of(who)
    organisations = [] if "organisations" in done else first.suggested_organisations(who, profile, areas)
    return {
        "areas": [] if "areas" in done else first.offered_areas(),
        "organisations": [entry_row(entry) for entry in organisations],
        "groups": [] if "group" in done else [entry_row(entry) for entry in first.suggested_groups(who, areas)],
        "tasks": [] if "edit" in done else panels("task", profile, who),
    }


@blueprint.post("/welcome/follow")
@limiter.limit(TABLE["write"])
@member_only
def follow_several() -> Response:
    who = viewer() or abort(404)
    ids = [int(one) for one in request.form.getlist("follow") if one.isascii() and one.isdigit() and len(one) < 10]
    many = actions.follow(ids, actor=who)
    if many:
        flash(ngettext("You follow one more.", "You follow %(num)d more.", many))
    else:
        flash(_("Choose at least one."), "warning")
    return redirect(url_for("people.welcome"), 303)


@blueprint.post("/welcome/skip")
@limiter.limit(TABLE["write"])
@member_only
def skip() -> Response:
    actions.skip_steps(actor=viewer() or abort(404))
    flash(_("You will not see the first steps again. They stay at “First steps” in your settings."))
    return redirect(back("pages.home"), 303)
