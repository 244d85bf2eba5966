"""Times to meet, choosing one, and the calendar file; by a link in a mail also for guests."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response as Page
from flask import abort, current_app, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only
from commons.web import Invalid
from commons.web.limits import TABLE, limiter
from directory.partnerships.dossiers import actions, queries
from directory.partnerships.dossiers.documents.calendar import calendar_file
from directory.partnerships.dossiers.documents.pages import head, own_zone, zone_choices
from directory.partnerships.dossiers.documents.times import moment_words
from directory.partnerships.dossiers.forms import ClosingForm, GuestForm, TimesForm
from directory.partnerships.dossiers.models import Meeting
from directory.partnerships.dossiers.views.addresses import Answer, acts_for, blueprint, dossier_at, me, to_dossier


@blueprint.route("/partnerships/proposals/<int:id>/meetings", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def times(id: int) -> Answer:
    found, form = dossier_at(id), TimesForm()
    here = [one.organisation_id for one in queries.present(queries.parties_of(found.id))]
    form.zone.choices = list(zone_choices(here, acts_for(found)))
    if form.validate_on_submit():
        try:
            actions.offer_times(found, form.values(), actor=me(), organisation_id=acts_for(found))
            flash(_("Offered. The other side chooses one of them."))
            return to_dossier(found, "meetings")
        except Invalid as fault:
            faults = dict(fault.fields)
            form.show_faults({"slot_1" if name == "slots" else name: words for name, words in faults.items()})
    page = head(found, me(), acts_for(found))
    shown = render_template("directory/partnerships/dossiers/times.html", form=form, **page)
    return shown, 422 if form.errors else 200


@blueprint.route("/partnerships/proposals/<int:id>/meetings/<int:number>", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def choose(id: int, number: int) -> Answer:
    found = dossier_at(id)
    meeting = queries.meeting_of(found, number)
    zone = own_zone(acts_for(found))
    form = GuestForm().offer([(slot, moment_words(slot, zone, meeting.zone)) for slot in meeting.slots])
    if form.validate_on_submit():
        try:
            slot, mine = form.slot.data or "", acts_for(found)
            actions.choose_time(found, meeting, slot, actor=me(), organisation_id=mine)
            flash(_("Chosen. Everybody gets a mail with the calendar file."))
            return to_dossier(found, "meetings")
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = head(found, me(), acts_for(found)) | {"meeting": meeting, "form": form}
    return render_template("directory/partnerships/dossiers/choose.html", **page), 422 if form.errors else 200


@blueprint.get("/partnerships/proposals/<int:id>/meetings/<int:number>.ics")
@member_only
def calendar_of(id: int, number: int) -> Response:
    return _file(queries.meeting_of(dossier_at(id), number))


def _file(meeting: Meeting) -> Response:
    if meeting.chosen is None:
        abort(404)
    host = urlsplit(str(current_app.config["SITE_URL"])).hostname or "localhost"
    response = Page(calendar_file(meeting, host), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting.id}.ics"'
    return response


@blueprint.get("/meetings/<key>.ics")
@limiter.limit(TABLE["reset"])
def calendar(key: str) -> Response:
    """By the link of a mail."""
    return _file(queries.meeting_of_key(key, "calendar") or abort(410))


@blueprint.route("/meetings/<key>", methods=["GET", "POST"])
@limiter.limit(TABLE["reset"])
def guest(key: str) -> Answer:
    """A guest chooses a time. Opening the link changes nothing."""
    meeting = queries.meeting_of_key(key, "meeting")
    if meeting is None or not queries.awaits_guest(meeting):
        page = render_template("directory/partnerships/dossiers/guest.html", meeting=None, form=ClosingForm())
        return page, 410
    form = GuestForm().offer([(slot, moment_words(slot, meeting.zone)) for slot in meeting.slots])
    done = False
    if form.validate_on_submit():
        try:
            done = actions.use_guest_key(key, form.slot.data or "")
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = {"meeting": meeting, "form": form, "done": done}
    return render_template("directory/partnerships/dossiers/guest.html", **shown), 422 if form.errors else 200
