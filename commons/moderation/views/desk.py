"""The moderators' desk, the author's side of an edit that waits, and the log that everybody may read."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.views import kind_of
from commons.members.door import member_only, moderator_only
from commons.members.models import Member
from commons.moderation import actions, documents, queries
from commons.moderation.forms import ProtectForm
from commons.moderation.views.addresses import Page, blueprint, me, told
from commons.web import Conflict, Forbidden, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

PER_PAGE = 50
SHOWN = 100  # protected and removed entries on the desk


@blueprint.get("/moderation")
@moderator_only
def queue() -> str:
    who = me()
    found, total = entries.recent(queries.waiting(who), page_number(), PER_PAGE)
    return render_template(
        "commons/moderation/queue.html",
        held=documents.held_rows(found, "moderation.held"),
        total=total,
        pager=pager(total, PER_PAGE),
        median_wait=documents.span_words(queries.median_wait()),
        protected=documents.protected_rows(queries.pairs(queries.protected(who), SHOWN)),
        removed=[documents.entry_row(entry) for entry in entries.latest(queries.removed(who), SHOWN)],
    )


@blueprint.get("/moderation/log")
def log() -> str:
    found, total = entries.recent(queries.acts(), page_number(), PER_PAGE)
    return render_template(
        "commons/moderation/log.html",
        acts=documents.act_rows(found),
        counts=documents.count_rows(queries.tallies()),
        median_wait=documents.span_words(queries.median_wait()),
        pager=pager(total, PER_PAGE),
    )


@blueprint.get("/moderation/held/<int:held_id>")
@moderator_only
def held(held_id: int) -> str:
    return _held_page(held_id)


def _held_page(held_id: int, **more: Any) -> str:
    found = queries.held(held_id, me())
    shown = documents.held_page(found, queries.whole(found.entry_id), me()) | more
    return render_template("commons/moderation/held.html", **shown)


@blueprint.post("/moderation/held/<int:held_id>/accept")
@limiter.limit(TABLE["write"])
@moderator_only
def accept(held_id: int) -> Page:
    found, who = queries.held(held_id, me()), me()
    entry, version = queries.whole(found.entry_id), whole_number(request.form.get("version"))
    values = documents.typed(entry, request.form, found, min(version, entry.version))
    try:
        actions.accept(found, actor=who, values=values, version=version or None)
    except Conflict as fault:
        both = documents.both_texts(entry, found, values, fault.collisions, fault.merged)
        return _held_page(held_id, **both, version=fault.version), 409
    except (Invalid, Forbidden) as fault:
        flash(told(fault), "error")
        return redirect(url_for("moderation.held", held_id=held_id), 303)
    flash(_("Accepted. Readers see it now, in its author's name."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.post("/moderation/held/<int:held_id>/return")
@limiter.limit(TABLE["write"])
@moderator_only
def give_back(held_id: int) -> Response:
    found, who = queries.held(held_id, me()), me()
    try:
        actions.give_back(found, request.form.get("reason", ""), actor=who)
    except (Invalid, Forbidden) as fault:
        flash(told(fault), "error")
        return redirect(url_for("moderation.held", held_id=held_id), 303)
    flash(_("Returned. Its author reads the reason and can mend it."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.get("/held")
@member_only
def mine() -> str:
    found, total = entries.recent(queries.held_of(me()), page_number(), PER_PAGE)
    rows = documents.held_rows(found, "moderation.own")
    return render_template("commons/moderation/mine.html", held=rows, pager=pager(total, PER_PAGE))


@blueprint.get("/held/<int:held_id>")
@member_only
def own(held_id: int) -> str:
    found = queries.held(held_id, me())
    shown = documents.held_page(found, queries.whole(found.entry_id), me())
    return render_template("commons/moderation/own.html", **shown, **documents.own_row(me(), found))


@blueprint.post("/held/<int:held_id>/withdraw")
@limiter.limit(TABLE["write"])
@member_only
def withdraw(held_id: int) -> Response:
    found, who = queries.held(held_id, me()), me()
    actions.withdraw(found, actor=who)
    flash(_("Withdrawn. Nobody looks at it any more; you can still send it again."))
    return redirect(url_for("moderation.own", held_id=held_id), 303)


@blueprint.post("/held/<int:held_id>/again")
@limiter.limit(TABLE["write"])
@member_only
def send_again(held_id: int) -> Response:
    found, who = queries.held(held_id, me()), me()
    values = documents.typed(queries.whole(found.entry_id), request.form, found)
    actions.send_again(found, actor=who, values=values)
    flash(_("Sent. It is shown to others as soon as somebody has looked at it."))
    return redirect(url_for("moderation.own", held_id=held_id), 303)


@blueprint.route("/<collection:collection>/<slug>/protect", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def protect(collection: str, slug: str) -> Page:
    kind = kind_of(collection)
    entry, form = entries.find(kind, slug, me()), ProtectForm()
    if not actions.holds_edits(kind):
        abort(404)
    protection = queries.protection_of(entry)
    if request.method == "GET":
        form = ProtectForm(data=documents.protect_data(protection))
    elif form.validate():
        try:
            _protect(entry, form)
            return redirect(kind.page(entry), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    shown = {"entry": entry, "kind": kind, "form": form, "protection": documents.protection_row(protection)}
    return render_template("commons/moderation/protect.html", **shown), 422 if form.errors else 200


def _protect(entry: Any, form: ProtectForm) -> None:
    if form.level.data:
        actions.protect(entry, form.level.data, form.reason.data or "", form.end(), actor=me())
        flash(_("Protected. The page says so, with the reason."))
    else:
        actions.unprotect(entry, form.reason.data or "", actor=me())
        flash(_("The protection has ended."))


@blueprint.route("/moderation/members/<username>/undo", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@moderator_only
def undo_all(username: str) -> Page:
    member, day = queries.member_called(username), request.values.get("since", "")
    note, fault = request.form.get("note", ""), ""
    since = _day(day)
    if request.method == "POST":
        try:
            done = actions.undo_all(member, actor=me(), note=note, since=since)
            return _undo_page(member, day, done, is_done=True)
        except Invalid as invalid:
            fault = told(invalid)
    found = actions.undo_all(member, actor=me(), since=since, dry_run=True)
    return _undo_page(member, day, found, fault=fault), 422 if fault else 200


def _undo_page(member: Member, day: str, found: list[actions.Undone], fault: str = "", is_done: bool = False) -> str:
    rows = documents.undone_rows(found)
    shown = {"member": member, "rows": rows, "since": day if _day(day) else "", "fault": fault, "is_done": is_done}
    return render_template("commons/moderation/undo_all.html", **shown)


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text[:10]).date(), time(), UTC) if text else None
    except ValueError:
        return None
