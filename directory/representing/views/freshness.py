"""Records that grow old: the list for who wants to help, and the links of the mail that asks."""

from __future__ import annotations

from contextlib import suppress

from flask import Response as Made
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from commons.entries.queries import by_id
from commons.members.door import viewer
from commons.members.forms import EmptyForm
from commons.web import Gone, Invalid
from commons.web.limits import TABLE, limiter
from directory.representing.actions import reminders as actions
from directory.representing.documents.pages import stale_page
from directory.representing.forms import ReasonForm
from directory.representing.keys import open_key
from directory.representing.queries.people import about, belongs
from directory.representing.views.addresses import blueprint, keyed

Page = Made | Response


@blueprint.get("/organisations/stale")
@limiter.limit(TABLE["search"])
def stale_records() -> str:
    return render_template("directory/representing/stale.html", **stale_page(viewer(), request.args.get("focus", "")))


def _spent(key: str) -> Made:
    """Where the record was merged since, raises Moved: the mail spoke of the older one, so nothing is done by its link."""
    if (known := open_key(key, actions.PURPOSE)) is not None:
        with suppress(NotFound, Gone):
            by_id(known.organisation_id, viewer())
    return keyed("reminder", 410, what="spent", organisation=None, form=None)


@blueprint.route("/still-right/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def right(key: str) -> Page:
    form, found = EmptyForm(), about(open_key(key, actions.PURPOSE))
    if found is not None and form.validate_on_submit():
        found = actions.still_right(key)
        if found is not None:
            flash(_("Thank you. The record says that it was confirmed today."))
            return redirect(url_for("directory.organisation", slug=found.slug), 303)
    return keyed("reminder", what="right", organisation=found, form=form) if found else _spent(key)


@blueprint.route("/has-closed/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def closed(key: str) -> Page:
    form, found = ReasonForm(), about(open_key(key, actions.PURPOSE))
    if found is not None and form.validate_on_submit():
        try:
            found = actions.has_closed(key, form.reason.data or "")
            if found is not None:
                flash(_("Thank you. The record says that the organisation has closed."))
                return redirect(url_for("directory.organisation", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    status = 422 if form.errors else 200
    return keyed("reminder", status, what="closed", organisation=found, form=form) if found else _spent(key)


@blueprint.get("/something-different/<key>")
@limiter.limit(TABLE["reset"])
def update(key: str) -> Page:
    """The way to the form of the record: it leads to signing in or to a claim, because the link itself opens no form."""
    found = about(open_key(key, actions.PURPOSE))
    return keyed("reminder", what="update", organisation=found, own=belongs(viewer(), found)) if found else _spent(key)


@blueprint.route("/no-reminders/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def stop(key: str) -> Page:
    """Opening it shows a button; a mail program presses it by itself (RFC 8058), without a token of our forms: the address is
    the proof."""
    known = open_key(key, actions.STOP)
    if known is None:
        return _spent(key)
    done = request.method == "POST"
    if done:
        actions.stop_asking(known)
    return keyed("reminder", what="stopped" if done else "stop", organisation=about(known), form=None)
