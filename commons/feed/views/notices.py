"""My notices: what asks for me, and what moved in what I follow."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.feed import actions
from commons.feed.documents import notices_of
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import back, whole_number
from commons.web.limits import TABLE, limiter


@blueprint.get("/notices")
@member_only
def notices() -> str:
    found = notices_of(viewer() or abort(404))
    return render_template("commons/feed/notices.html", upto=entries.last_seq(), **found)


@blueprint.post("/notices/read")
@limiter.limit(TABLE["write"])
@member_only
def read() -> Response:
    """One thread, or with `upto` everything that the page showed."""
    who = viewer() or abort(404)
    if upto := whole_number(request.form.get("upto")):
        actions.mark_all_seen(upto, actor=who)
    else:
        actions.mark_seen(entries.by_id(whole_number(request.form.get("thread")), who), actor=who)
    return redirect(back("feed.notices"), 303)


@blueprint.post("/notices/mute")
@limiter.limit(TABLE["write"])
@member_only
def mute() -> Response:
    who = viewer() or abort(404)
    thread = entries.by_id(whole_number(request.form.get("thread")), who)
    actions.watch(thread, actor=who, how="muted")
    flash(_("Muted: you hear no more of it. Under “Watching” you can change that."))
    return redirect(back("feed.notices"), 303)
