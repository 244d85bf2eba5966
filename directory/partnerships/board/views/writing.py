"""A new need or offer in four short steps, and the form that changes one.

Without a script the words of the steps before are kept as the member's draft: each step adds its own, and the last one publishes."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.drafts import drop_draft, keep_draft, kept_draft
from commons.entries.models import Entry
from commons.focus.documents import area_tree
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.web import Conflict, Invalid, whole_number
from commons.web.limits import TABLE, limiter
from directory.partnerships.board import actions, queries
from directory.partnerships.board.documents.pages import new_page, preview
from directory.partnerships.board.documents.records import address, tabs
from directory.partnerships.board.fields import checked
from directory.partnerships.board.forms import STEPS, PostingForm, begun, draft_key, filled, form_from, typed
from directory.partnerships.board.models import Posting
from directory.partnerships.board.views.addresses import KINDS, blueprint, own_posting

Answer = str | Response | tuple[str, int]
ORDER = list(STEPS)


@blueprint.get("/partnerships/<any(needs, offers):collection>/new")
@member_only
def new(collection: str) -> Answer:
    who, kind = viewer() or abort(404), KINDS[collection]
    own = queries.publishes_for(who)
    if not own:
        return render_template("directory/partnerships/board/nobody.html", kind=kind)
    state = begun(kept_draft(draft_key(kind), who), own, request.args)
    step = request.args.get("step", "")
    return _step(kind, step if step in STEPS else ORDER[0], form_from(state, own), own, who)


@blueprint.post("/partnerships/<any(needs, offers):collection>/new")
@limiter.limit(TABLE["write"])
@member_only
def add(collection: str) -> Answer:
    who, kind = viewer() or abort(404), KINDS[collection]
    own, step = queries.publishes_for(who), request.form.get("step", "")
    if not own or step not in STEPS:
        return redirect(url_for("board.new", collection=collection), 303)
    key, what = draft_key(kind), request.form.get("action", "next")
    if what == "discard":
        drop_draft(key, actor=who)
        return redirect(url_for(f"board.{collection}"), 303)
    kept = kept_draft(key, who)
    if what == "publish" and kept is None:
        return _sent_twice(kind, own, who)
    state = begun(kept, own, {}) | typed(step, request.form)
    keep_draft(key, state, actor=who)
    if what == "back":
        return redirect(url_for("board.new", collection=collection, step=ORDER[max(0, ORDER.index(step) - 1)]), 303)
    form = form_from(state, own)
    return _step(kind, step, form, own, who) if form.asks else _onward(kind, step, form, own, who)


def _sent_twice(kind: str, own: list[Entry], who: Member) -> Response:
    """The button was pressed twice: the first time has published, and dropped the draft."""
    made = next((one for one in (queries.made_before(kind, entry.id, who) for entry in own) if one), None)
    return redirect(address(made) if made else url_for("board.new", collection=f"{kind}s"), 303)


def _onward(kind: str, step: str, form: PostingForm, own: list[Entry], who: Member) -> Answer:
    """The next step, or what is wrong in this one; from the last one, the published page."""
    try:
        form.validate()  # numbers that are none
        if step != ORDER[-1]:
            checked(form.values(STEPS[step]), permanent=kind == "offer")
            if not form.errors:
                following = ORDER[ORDER.index(step) + 1]
                return redirect(url_for("board.new", collection=f"{kind}s", step=following), 303)
        elif not form.errors:
            return _published(kind, form, who)
    except Invalid as fault:
        form.show_faults(fault.fields)
    return _step(kind, form.step_with_faults(step), form, own, who)


def _published(kind: str, form: PostingForm, who: Member) -> Response:
    audience, organisation = form.audience.data or "", form.organisation.data or 0
    made = actions.add_posting(kind, organisation, form.values(), actor=who, audience=audience)
    drop_draft(draft_key(kind), actor=who)
    if made.is_live:
        flash(_("Published. It can be found by search in a moment, and you are reminded before its last day."))
    else:
        flash(_("Thank you. A moderator looks at the first one of each organisation, within two days."))
    return redirect(address(made), 303)


def _step(kind: str, step: str, form: PostingForm, own: list[Entry], who: Member) -> Answer:
    shown: dict[str, Any] = {}
    if step == ORDER[-1]:
        organisation = next((one for one in own if one.id == form.organisation.data), own[0])
        try:
            shown = preview(kind, organisation, checked(form.values(), permanent=kind == "offer"), who)
        except Invalid as fault:
            form.show_faults(fault.fields)
            step = form.step_with_faults(ORDER[0])
    page = new_page(kind, step, form, own, who) | {"preview": shown}
    return render_template("directory/partnerships/board/new.html", **page), 422 if form.errors else 200


@blueprint.route("/partnerships/<any(needs, offers):collection>/<int:id>/<slug>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def edit(collection: str, id: int, slug: str) -> Answer:
    found, who = own_posting(collection, id)
    form, conflict = (filled(found) if request.method == "GET" else PostingForm()), []
    if not actions.may_edit(who, found):
        flash(_("It is closed. Open it again before you change its words."), "error")
        return redirect(address(found), 303)
    if form.validate_on_submit():
        try:
            changed = _edited(found, form, who)
            flash(_("Saved.") if changed else _("Nothing was different, so nothing was changed."))
            return redirect(address(found), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            conflict, form.version.data = fault.collisions, str(fault.version)
    page = {"posting": found, "form": form, "tabs": tabs(found, "edit"), "areas_tree": area_tree()}
    page |= {"conflict": conflict, "kind": found.kind, "preview_url": url_for("entries.preview")}
    status = 409 if conflict else 422 if form.errors else 200
    return render_template("directory/partnerships/board/edit.html", **page), status


def _edited(found: Posting, form: PostingForm, who: Member) -> bool:
    was, seen, note = found.audience, whole_number(form.version.data), form.note.data or ""
    audience = form.audience.data or ""
    changes = actions.edit_posting(found, form.values(), version=seen, actor=who, audience=audience, note=note)
    return bool(changes) or found.audience != was
