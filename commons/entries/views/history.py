"""History, comparison, restoring and undoing: one piece of code for every kind of entry."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import hiding, queries, returning
from commons.entries.documents import comparison, history_feed, history_rows, may_check
from commons.entries.marks import checked_lines
from commons.entries.views.addresses import PER_PAGE, blueprint, kind_of, may_edit
from commons.entries.views.log import atom
from commons.members.door import member_only, moderator_only, viewer
from commons.room import Kind
from commons.web import Conflict, Invalid, page_number, pager
from commons.web.faults import answer
from commons.web.limits import TABLE, limiter


@blueprint.get("/<collection:collection>/<slug>/history")
def history(collection: str, slug: str) -> str | AnyResponse:
    kind = kind_of(collection)
    entry = queries.find(kind, slug, viewer())
    if "a" in request.args and "b" in request.args:
        a, b = sorted((request.args.get("a", 0, int), request.args.get("b", 0, int)))
        return redirect(url_for("entries.diff", collection=collection, slug=slug, a=a, b=b))
    found, total = queries.recent(queries.revisions(entry), page_number(), PER_PAGE)
    return render_template(
        "commons/entries/history.html",
        entry=entry,
        kind=kind,
        tabs=kind.tabs(entry, "history") if kind.tabs else [],
        revisions=history_rows(entry, found, viewer()),
        pager=pager(total, PER_PAGE),
        may_edit=may_edit(kind, entry),
    )


@blueprint.get("/<collection:collection>/<slug>/history.atom")
def history_atom(collection: str, slug: str) -> Response:
    """What everybody may see, also for a signed-in reader: a feed's address travels."""
    entry = queries.find(kind_of(collection), slug, None)
    lines = queries.latest(queries.log_of(entry, None), PER_PAGE)
    page = url_for("entries.history", collection=collection, slug=slug, _external=True)
    return atom(_("History of “%(title)s”", title=entry.title), page, history_feed(lines))


@blueprint.get("/<collection:collection>/<slug>/diff/<int:a>/<int:b>")
def diff(collection: str, slug: str, a: int, b: int) -> str:
    kind, who = kind_of(collection), viewer()
    entry = queries.find(kind, slug, who)
    if not 0 <= a < b <= entry.version:
        abort(404)
    old = queries.readable_revision(entry, a, who) if a else None
    new = queries.readable_revision(entry, b, who)
    fields = comparison(kind, queries.state_at(entry, a) if a else {}, queries.state_at(entry, b))
    return render_template(
        "commons/entries/diff.html",
        **{"entry": entry, "kind": kind, "old": old, "new": new, "fields": fields},
        may_edit=may_edit(kind, entry),
        rendered_url=_rendered(kind, entry, a, b),
        **_marks(entry, a, b),
    )


def _marks(entry: Any, a: int, b: int) -> dict[str, Any]:
    """What can be said of, and done to, one change; a comparison over several versions has none of it."""
    who = viewer()
    seq = queries.line_of(entry, b) if a == b - 1 else None
    checked_by = checked_lines([seq]).get(seq) if seq else None
    return {
        "is_checked": checked_by is not None,
        "checked_by": checked_by,
        "may_check": may_check(who) and seq is not None,
        "check_url": url_for("entries.check", seq=seq) if seq else None,
        "may_undo": a == b - 1 and b > 1,
        "may_suppress": who is not None and who.is_moderator,
    }


def _rendered(kind: Kind, entry: Any, a: int, b: int) -> str | None:
    """The comparison as readers see the text, for kinds that have such a page."""
    path = f"{kind.page(entry)}/compare/{a}/{b}"
    return path if a and current_app.url_map.bind("").test(path, "GET") else None


@blueprint.post("/<collection:collection>/<slug>/restore/<int:number>")
@limiter.limit(TABLE["write"])
@member_only
def restore(collection: str, slug: str, number: int) -> AnyResponse:
    who = viewer() or abort(404)
    entry = queries.find(kind_of(collection), slug, who)
    queries.readable_revision(entry, number, who)
    changed = returning.restore_entry(entry, number, actor=who, note=request.form.get("note", ""))
    if changed:
        flash(_("Version %(number)s is back, as a new version. Nothing was lost.", number=number))
    else:
        flash(_("It already reads like version %(number)s.", number=number))
    return redirect(url_for("entries.history", collection=collection, slug=entry.slug), 303)


@blueprint.post("/<collection:collection>/<slug>/undo/<int:number>")
@limiter.limit(TABLE["write"])
@member_only
def undo(collection: str, slug: str, number: int) -> AnyResponse:
    """The words before a version come back by this: so neither may be hidden from who asks."""
    who = viewer() or abort(404)
    entry = queries.find(kind_of(collection), slug, who)
    for one in (number, number - 1):
        if one:
            queries.readable_revision(entry, one, who)
    try:
        changed = returning.undo_revision(entry, number, actor=who, note=request.form.get("note", ""))
        flash(_("That change is taken back. Everything written since is kept.") if changed else _already())
    except Invalid as fault:
        fault.flash()
    except Conflict:
        return answer(409, _unmixable())
    return redirect(url_for("entries.history", collection=collection, slug=entry.slug), 303)


def _already() -> str:
    return _("Nothing of that change is left, so there was nothing to take back.")


def _unmixable() -> str:
    return _(
        "The same words were changed again since, so this change cannot be taken back alone. Edit the text by hand."
    )


@blueprint.post("/<collection:collection>/<slug>/hide/<int:number>")
@limiter.limit(TABLE["write"])
@moderator_only
def hide(collection: str, slug: str, number: int) -> AnyResponse:
    who = viewer() or abort(404)
    entry = queries.find(kind_of(collection), slug, who)
    try:
        hiding.hide_revision(entry, number, actor=who, note=request.form.get("note", ""))
        flash(_("Only moderators can read version %(number)s now. The reason stands in the log.", number=number))
    except Invalid as fault:
        fault.flash()
    return redirect(url_for("entries.history", collection=collection, slug=slug), 303)


@blueprint.post("/<collection:collection>/<slug>/show/<int:number>")
@limiter.limit(TABLE["write"])
@moderator_only
def show(collection: str, slug: str, number: int) -> AnyResponse:
    who, note = viewer() or abort(404), request.form.get("note", "")
    entry = queries.find(kind_of(collection), slug, who)
    if note.strip():
        hiding.show_revision(entry, number, actor=who, note=note)
        flash(_("Everybody can read version %(number)s again.", number=number))
    else:
        flash(_("Say why: the reason stands in the log."), "error")
    return redirect(url_for("entries.history", collection=collection, slug=slug), 303)
