"""The list of announcements and its feed, the page of one, the forms of moderators, and the buttons of the strip."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.announcements import actions, queries
from commons.announcements.documents import COOKIE, MOST_KEPT, feed_rows, put_away, rows
from commons.announcements.forms import EditForm, NewForm, filled
from commons.announcements.models import MOST_DAYS, Announcement
from commons.entries import queries as entries
from commons.entries.views import atom
from commons.members.door import member_only, moderator_only, viewer
from commons.room import rooms
from commons.web import Conflict, Invalid, back, whole_number
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("announcements", __name__)
KEPT = MOST_DAYS * 24 * 3600  # seconds: no announcement is longer


def _announcement(slug: str) -> Announcement:
    return entries.find(rooms().kinds["announcement"], slug, viewer())  # type: ignore[no-any-return]


@blueprint.get("/announcements")
def announcements() -> str:
    who = viewer()
    found, may_edit = rows(queries.current(who), who), actions.may_announce(who)
    coming = rows(queries.coming(), who) if may_edit else []
    return render_template("commons/announcements/announcements.html", rows=found, coming=coming, may_edit=may_edit)


@blueprint.get("/announcements.atom")
def announcements_atom() -> Response:
    """What everybody may see, also for a signed-in reader: a feed's address travels."""
    page = url_for("announcements.announcements", _external=True)
    return atom(_("Announcements"), page, feed_rows(queries.current(None)))


@blueprint.get("/announcements/<slug>")
def announcement(slug: str) -> str:
    found, who = _announcement(slug), viewer()
    mine = queries.noted(found, who) if who is not None and found.asks else None
    shown = {"entry": found, "row": rows([found], who)[0], "confirmed": mine is not None and mine.confirmed}
    return render_template(
        "commons/announcements/announcement.html",
        **shown,
        may_edit=actions.may_edit(who, found),
        coming=not found.is_live,
    )


@blueprint.route("/announcements/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def new() -> AnyResponse | tuple[str, int]:
    form, who = NewForm(), viewer() or abort(404)
    if form.validate_on_submit():
        try:
            made = actions.add_announcement(form.values(), audience=form.audience.data or "", actor=who)
            flash(_("Announced.") if made.is_live else _("Kept. It is shown from its first day on."))
            return redirect(url_for("announcements.announcement", slug=made.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    return render_template("commons/announcements/new.html", form=form), 422 if form.errors else 200


@blueprint.route("/announcements/<slug>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def edit(slug: str) -> AnyResponse | tuple[str, int]:
    found, who = _announcement(slug), viewer() or abort(404)
    form, status = (filled(found) if request.method == "GET" else EditForm()), 422
    if form.validate_on_submit():
        try:
            actions.edit_announcement(found, form.values(), version=whole_number(form.version.data), actor=who)
            flash(_("Saved."))
            return redirect(url_for("announcements.announcement", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            form.show_collisions(fault)
            status = 409
    shown = render_template("commons/announcements/edit.html", form=form, entry=found)
    return shown, status if form.errors else 200


@blueprint.post("/announcements/<slug>/end")
@limiter.limit(TABLE["write"])
@moderator_only
def end(slug: str) -> AnyResponse:
    actions.end_announcement(_announcement(slug), actor=viewer() or abort(404))
    flash(_("It is shown to nobody any more."))
    return redirect(url_for("announcements.announcements"), 303)


@blueprint.post("/announcements/<slug>/dismiss")
@limiter.limit(TABLE["write"])
def dismiss(slug: str) -> AnyResponse:
    """A member's choice is kept with their account; a visitor's in their browser, as numbers and nothing else."""
    found, who, response = _announcement(slug), viewer(), redirect(back("announcements.announcements"), 303)
    if who is not None:
        actions.note_announcement(found, actor=who)
    else:
        numbers = [*(one for one in put_away() if one != found.id), found.id][-MOST_KEPT:]
        kept = ".".join(map(str, numbers))
        response.set_cookie(COOKIE, kept, max_age=KEPT, samesite="Lax", secure=request.is_secure, httponly=True)
    return response


@blueprint.post("/announcements/<slug>/confirm")
@limiter.limit(TABLE["write"])
@member_only
def confirm(slug: str) -> AnyResponse:
    actions.note_announcement(_announcement(slug), actor=viewer() or abort(404), confirmed=True)
    flash(_("Thank you. You confirmed that you have read it."))
    return redirect(back("announcements.announcements"), 303)
