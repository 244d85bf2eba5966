"""What members typed and have not sent: kept on the server too, listed for them, and thrown away when they say so."""

from __future__ import annotations

from flask import abort, current_app, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.documents import draft_rows
from commons.entries.drafts import drafts_of, drop_draft, keep_draft
from commons.entries.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import Invalid, back
from commons.web.limits import limiter

PACE = "60 per minute; 2000 per hour"  # a form sends itself three times a minute; several forms, several people at one address
NOT_TYPED = ("csrf_token", "key")


@blueprint.post("/drafts")
@limiter.limit(PACE)
def keep() -> Response:
    """204: kept. 401: nobody is signed in; the script says so, and what was typed stays on the device."""
    who, key = viewer(), request.form.get("key", "").strip()
    if who is None:
        return _told(401, "unauthorized", _("You are signed out. Sign in again, then save."))
    if not key:
        return _told(422, "unprocessable_entity", _("This form has no name to be kept under."))
    fields = {name: request.form.getlist(name) for name in request.form if name not in NOT_TYPED}
    try:
        keep_draft(key, fields, actor=who)
    except Invalid as fault:
        return _told(422, "unprocessable_entity", " ".join(fault.fields.values()))
    return current_app.response_class(status=204)


def _told(status: int, error: str, message: str) -> Response:
    response = jsonify(error=error, message=message)
    response.status_code = status
    return response


@blueprint.post("/drafts/drop")
@limiter.limit(PACE)
@member_only
def drop() -> Response:
    """Sent from the list of drafts it leads back there; a script is answered 204."""
    drop_draft(request.form.get("key", ""), actor=viewer() or abort(404))
    if "text/html" not in request.headers.get("Accept", ""):
        return current_app.response_class(status=204)
    flash(_("Thrown away."))
    return redirect(back("entries.drafts"), 303)


@blueprint.get("/drafts")
@member_only
def drafts() -> str:
    who = viewer() or abort(404)
    return render_template("commons/entries/drafts.html", drafts=draft_rows(drafts_of(who), who))
