"""History, comparison and restoring, recent changes and permanent addresses: one piece of code for every kind of entry."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import actions, queries
from commons.entries.documents import comparison, feed_entries, history_rows, log_days
from commons.members.door import member_only, moderator_only, viewer
from commons.room import Kind, rooms
from commons.text import markdown
from commons.web import page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 50
blueprint = Blueprint("entries", __name__)


class CollectionConverter(BaseConverter):
    """Matches the first part of a kind's addresses: organisations, focus, wiki …"""

    regex = "[a-z]+"


def _kind(collection: str) -> Kind:
    return rooms().collections.get(collection) or abort(404)


@blueprint.get("/<collection:collection>/<slug>/history")
def history(collection: str, slug: str) -> str | AnyResponse:
    kind = _kind(collection)
    entry = queries.find(kind, slug, viewer())
    if "a" in request.args and "b" in request.args:
        a, b = sorted((request.args.get("a", 0, int), request.args.get("b", 0, int)))
        return redirect(url_for("entries.diff", collection=collection, slug=slug, a=a, b=b))
    found, total = queries.recent(queries.revisions(entry), page_number(), PER_PAGE)
    rows = history_rows(entry, found)
    return render_template(
        "commons/entries/history.html",
        entry=entry,
        kind=kind,
        revisions=rows,
        pager=pager(total, PER_PAGE),
        may_edit=_may_edit(kind, entry),
    )


@blueprint.get("/<collection:collection>/<slug>/diff/<int:a>/<int:b>")
def diff(collection: str, slug: str, a: int, b: int) -> str:
    kind = _kind(collection)
    entry = queries.find(kind, slug, viewer())
    if not 0 <= a < b <= entry.version:
        abort(404)
    old, new = (queries.revision(entry, a) if a else None), queries.revision(entry, b)
    fields = comparison(kind, queries.state_at(entry, a) if a else {}, queries.state_at(entry, b))
    return render_template(
        "commons/entries/diff.html",
        entry=entry,
        kind=kind,
        old=old,
        new=new,
        fields=fields,
        may_edit=_may_edit(kind, entry),
    )


@blueprint.post("/<collection:collection>/<slug>/restore/<int:number>")
@member_only
def restore(collection: str, slug: str, number: int) -> AnyResponse:
    kind, who = _kind(collection), viewer()
    entry = queries.find(kind, slug, who)
    queries.revision(entry, number)
    assert who is not None
    changed = actions.restore_entry(entry, number, actor=who, note=request.form.get("note", ""))
    if changed:
        flash(_("Version %(number)s is back, as a new version. Nothing was lost.", number=number))
    else:
        flash(_("It already reads like version %(number)s.", number=number))
    return redirect(url_for("entries.history", collection=collection, slug=entry.slug), 303)


@blueprint.post("/<collection:collection>/<slug>/remove")
@moderator_only
def remove(collection: str, slug: str) -> AnyResponse:
    entry = queries.find(_kind(collection), slug, viewer())
    actions.remove_entry(entry, actor=viewer(), note=request.form.get("note", ""))
    flash(_("Removed. The reason stands at its old address, and you can bring it back."))
    return redirect(url_for("entries.changes"), 303)


@blueprint.get("/changes")
def changes() -> str:
    wanted = [name for name in request.args.getlist("kind") if name in rooms().kinds]
    found, total = queries.recent(queries.changes(viewer(), wanted), page_number(), PER_PAGE)
    return render_template(
        "commons/entries/changes.html",
        days=log_days(found),
        kinds=[(kind.name, kind.plural, kind.name in wanted) for kind in rooms().kinds.values()],
        pager=pager(total, PER_PAGE),
        heading=ngettext("%(num)s change", "%(num)s changes", total),
    )


@blueprint.get("/changes.atom")
def changes_atom() -> Response:
    """What everybody may see, also for a signed-in reader: a feed's address travels."""
    found, _total = queries.recent(queries.changes(None), 1, PER_PAGE)
    return atom(_("Recent changes"), url_for("entries.changes", _external=True), feed_entries(found))


def atom(title: str, page: str, items: list[dict[str, object]]) -> Response:
    response = make_response(render_template("commons/entries/feed.xml", title=title, page=page, items=items))
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


@blueprint.post("/preview")
@limiter.limit(TABLE["write"])
@member_only
def preview() -> str:
    """What a text will look like: the very renderer that pages use."""
    return str(markdown(request.form.get("text", "")))


@blueprint.get("/e/<int:entry_id>")
def permanent(entry_id: int) -> AnyResponse:
    entry = queries.by_id(entry_id, viewer())
    return redirect(rooms().kinds[entry.kind].page(entry), 302)


@blueprint.app_errorhandler(queries.Moved)
def moved(fault: queries.Moved) -> AnyResponse:
    kind = rooms().kinds[fault.entry.kind]
    values = {**(request.view_args or {}), "slug": fault.entry.slug}
    if request.method == "GET" and request.endpoint:
        return redirect(url_for(request.endpoint, **values), 301)
    return redirect(kind.page(fault.entry), 303)


def _may_edit(kind: Kind, entry: object) -> bool:
    who = viewer()
    return bool(who and who.may_write and (kind.may_edit is None or kind.may_edit(who, entry)))
