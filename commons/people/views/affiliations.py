"""Belonging to organisations: saying so, deciding about it, leaving."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from commons.entries.models import Entry
from commons.members.door import member_only, moderator_only, viewer
from commons.members.models import Member
from commons.people import actions, queries
from commons.people.documents.rows import belonging_rows, entry_row, request_rows
from commons.people.forms import AffiliationForm, EmptyForm
from commons.people.queries import affiliations as belonging
from commons.people.views.addresses import blueprint
from commons.search.asking import asked_from
from commons.search.queries import find
from commons.web import Invalid, back, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

PER_PAGE = 30
HITS = 12
ALL = ("asked", "confirmed", "declined", "ended")


@blueprint.get("/settings/affiliations")
@limiter.limit(TABLE["search"])
@member_only
def affiliations() -> str:
    """Mine, and the search for another organisation."""
    who, words = viewer() or abort(404), request.args.get("q", "").strip()[:200]
    profile = queries.profile_of(who)
    return render_template(
        "commons/people/affiliations.html",
        form=EmptyForm(),
        mine=belonging_rows(belonging.affiliations_of(who, who, ALL)),
        shown=profile.visibility("affiliations") if profile else "nobody",
        earlier=profile.organisation if profile else "",
        words=words,
        hits=[_hit(entry) for entry in _organisations(words, who)] if words else [],
    )


def _organisations(words: str, who: Member) -> list[Any]:
    asked = asked_from(MultiDict({"q": words}), belonging.ORGANISATION)
    return find(asked, who, HITS).entries


def _hit(entry: Entry) -> dict[str, Any]:
    return entry_row(entry) | {"city": getattr(entry, "city", ""), "country": getattr(entry, "country", "")}


@blueprint.route("/settings/affiliations/new", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def new_affiliation() -> str | Response | tuple[str, int]:
    who, form = viewer() or abort(404), AffiliationForm()
    found = belonging.organisation(whole_number(request.values.get("organisation")), who)
    speakers = [id for id in belonging.deciders(found.id) if id != who.id]
    if form.validate_on_submit():
        said = {name: form[name].data or "" for name in ("role", "since", "proof")}
        try:
            actions.ask_affiliation(found, **said, represents=form.represents.data, actor=who)
            flash(_("Asked. It is shown when it is confirmed, to whom you choose."))
            return redirect(url_for("people.affiliations"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template(
        "commons/people/affiliation.html", form=form, organisation=entry_row(found), has_speakers=bool(speakers)
    )
    return page, 422 if form.errors else 200


@blueprint.post("/settings/affiliations/<int:id>/end")
@limiter.limit(TABLE["write"])
@member_only
def leave(id: int) -> Response:
    who = viewer() or abort(404)
    actions.end_affiliation(belonging.own_affiliation(id, who), actor=who)
    flash(_("Ended. It is shown no more."))
    return redirect(url_for("people.affiliations"), 303)


@blueprint.get("/affiliations")
@member_only
def requests() -> str:
    """What waits for the word of those who speak for an organisation, and who belongs to it: the same for all of them."""
    who = viewer() or abort(404)
    return _queue(belonging.requests_for(who), "commons/people/requests.html", people=_people(who))


def _people(who: Member) -> list[dict[str, Any]]:
    found = belonging.confirmed_at(who)
    return request_rows(found, {one.id for one, _member, _entry in found if belonging.may_end(who, one)})


@blueprint.get("/moderation/affiliations")
@moderator_only
def orphaned() -> str:
    """What waits at organisations for which nobody speaks."""
    who = viewer() or abort(404)
    return _queue(belonging.orphaned_requests(who), "commons/people/orphaned.html")


def _queue(query: Any, template: str, **more: Any) -> str:
    rows, total = belonging.page_of(query, page_number(), PER_PAGE)
    who = viewer() or abort(404)
    shown = request_rows(rows, {one.id for one, _member, _entry in rows if belonging.may_decide(who, one)})
    return render_template(
        template, form=EmptyForm(), requests=shown, total=total, pager=pager(total, PER_PAGE), **more
    )


@blueprint.post("/affiliations/<int:id>/<any(confirm, decline):what>")
@limiter.limit(TABLE["write"])
@member_only
def decide(id: int, what: str) -> Response:
    who = viewer() or abort(404)
    found = belonging.request_with(id, who)
    act = actions.confirm_affiliation if what == "confirm" else actions.decline_affiliation
    act(found, actor=who)
    flash(_("Confirmed.") if what == "confirm" else _("Declined."))
    return redirect(back("people.requests"), 303)


@blueprint.post("/affiliations/<int:id>/end")
@limiter.limit(TABLE["write"])
@member_only
def end_other(id: int) -> Response:
    """Another representative ends what is no longer so."""
    who = viewer() or abort(404)
    actions.end_affiliation(belonging.spoken_for(id, who), actor=who)
    flash(_("Ended. It is shown no more."))
    return redirect(url_for("people.requests"), 303)
