"""One look at who sees what, one button that hides everything, and one's own contributions to print."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.db import now
from commons.members.door import member_only, this_sign_in, viewer
from commons.members.queries import sign_ins
from commons.people import actions, queries
from commons.people.actions.profiles import chosen_audience
from commons.people.documents.profiles import audience_label, privacy_groups
from commons.people.documents.rows import contribution_rows
from commons.people.forms import EmptyForm
from commons.people.queries.contributions import contributions
from commons.people.views.addresses import blueprint
from commons.web.limits import TABLE, limiter

PRINTED = 500  # contributions on one page


@blueprint.get("/settings/privacy")
@member_only
def privacy() -> str:
    who = viewer() or abort(404)
    found = queries.profile_of(who)
    return render_template(
        "commons/people/privacy.html",
        form=EmptyForm(),
        profile=found,
        audience=audience_label(chosen_audience(found)),
        groups=privacy_groups(found),
        sign_ins=len(sign_ins(who)),
        may_undo=bool(found and found.is_hidden and found.before_hiding),
    )


@blueprint.post("/settings/privacy/<any(hide, undo):what>")
@limiter.limit(TABLE["write"])
@member_only
def hide(what: str) -> Response:
    who = viewer() or abort(404)
    if what == "hide":
        actions.hide(actor=who, this=this_sign_in())
        flash(
            _("You are hidden: nobody finds or sees your profile, other browsers are signed out, and no mail is sent.")
        )
    else:
        actions.unhide(actor=who)
        flash(_("Your profile is shown again as before."))
    return redirect(url_for("people.privacy"), 303)


@blueprint.get("/settings/contributions")
@member_only
def record() -> str:
    """What everybody may see of what I wrote, on one page: to print, or to put beside a CV."""
    who = viewer() or abort(404)
    rows, total = contributions(who, None, 1, PRINTED)
    return render_template(
        "commons/people/record.html", member=who, contributions=contribution_rows(rows), total=total, today=now()
    )
