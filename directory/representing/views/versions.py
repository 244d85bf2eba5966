"""The organisation's own version of its record, and its answer to what others changed."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.web import Conflict, Invalid, back, whole_number
from commons.web.limits import TABLE, limiter
from directory.representing.actions.versions import answer
from directory.representing.documents.pages import confirmed_page
from directory.representing.queries.people import is_represented
from directory.representing.queries.versions import versions
from directory.representing.views.addresses import blueprint, organisation_at, own_organisation


@blueprint.get("/organisations/<slug>/confirmed")
def confirmed(slug: str) -> str | Response:
    """Where nothing differs from it, the page of the organisation is its own version."""
    found = organisation_at(slug)
    shown = versions(found, viewer()) if is_represented(found.id) else None
    if shown is None:
        return redirect(url_for("directory.organisation", slug=found.slug), 302)
    return render_template("directory/representing/confirmed.html", **confirmed_page(found, shown, viewer()))


@blueprint.post("/organisations/<slug>/confirmed")
@limiter.limit(TABLE["write"])
@member_only
def answer_changes(slug: str) -> Response:
    """`how`: all that others changed stays, or nothing of it, or only the fields that are ticked."""
    found, who, how = own_organisation(slug), viewer() or abort(404), request.form.get("how", "")
    shown = versions(found, who)
    fields = shown.fields if shown is not None else []
    ticked = request.form.getlist("field") if how == "some" else fields if how == "all" else []
    try:
        answer(found, ticked, version=whole_number(request.form.get("version")), actor=who)
        flash(_("Thank you. The record is confirmed as it stands now."))
    except Invalid as fault:
        fault.flash()
    except Conflict:
        flash(_("It was changed once more meanwhile. Look again."), "error")
    return redirect(back("directory.organisation", slug=found.slug), 303)
