"""Which mails I want, the link that stops one kind of them, and the addresses of my private feeds."""

from __future__ import annotations

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.feed import actions, queries
from commons.feed.documents import stopped_by, watched_rows
from commons.feed.forms import KeyForm, MailsForm
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import Invalid, whole_number
from commons.web.limits import TABLE, limiter

MOST_GROUPS = 200


@blueprint.route("/settings/mails", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def mails() -> str | Response | tuple[str, int]:
    who = viewer() or abort(404)
    form = MailsForm(obj=queries.wishes_of(who))
    if form.validate_on_submit():
        actions.change_wishes(form.chosen(), actor=who)
        flash(_("Saved."))
        return redirect(url_for("feed.mails"), 303)
    groups = watched_rows(queries.watched_page(who, 1, MOST_GROUPS, ("group",))[0])
    return render_template("commons/feed/mails.html", form=form, groups=groups), 422 if form.errors else 200


@blueprint.route("/stop-mails/<token>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
def stop_mails(token: str) -> str | Response | tuple[str, int]:
    """What the address in a mail stops. Opening it shows a button; a mail program presses it by itself (RFC 8058), signed
    out and without a token of our forms: the address is the proof."""
    found = stopped_by(token)
    if found is None:
        abort(404)
    member, source, entry_id = found
    if request.method == "POST":
        actions.stop(member, source, entry_id)
    named = entries.heads_by_id([entry_id], member) if entry_id else []
    shown = {"source": source, "title": named[0].title if named else "", "done": request.method == "POST"}
    response = make_response(render_template("commons/feed/stop_mails.html", **shown))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.route("/settings/feeds", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def feeds() -> str | Response | tuple[str, int]:
    who, form, made = viewer() or abort(404), KeyForm(), ""
    if form.validate_on_submit():
        if number := whole_number(request.form.get("close")):
            actions.close_feed_key(number, actor=who)
            flash(_("Closed: nobody can read your feed at that address any more."))
            return redirect(url_for("feed.feeds"), 303)
        try:
            key = actions.make_feed_key(form.label.data or "", actor=who)
            made = str(current_app.config["SITE_URL"]).rstrip("/") + url_for("feed.private_feed", key=key)
        except Invalid as fault:
            form.show_faults(fault.fields)
    rows = queries.feed_keys(who)
    return render_template("commons/feed/feeds.html", form=form, made=made, keys=rows), 422 if form.errors else 200
