"""Recent changes, what was looked at, permanent addresses, removing and bringing back, and the preview of a text."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import actions, links, queries
from commons.entries.documents import feed_entries, log_days, may_check
from commons.entries.views.addresses import PER_PAGE, blueprint, kind_of
from commons.members.door import member_only, moderator_only, viewer
from commons.room import rooms
from commons.text import PAGE, markdown
from commons.web import Forbidden, back, page_number, pager, whole_number, with_values
from commons.web.limits import TABLE, limiter


@blueprint.get("/changes")
def changes() -> str:
    who, unchecked = viewer(), request.args.get("unchecked") == "1"
    wanted = [name for name in request.args.getlist("kind") if name in rooms().kinds]
    found, total = queries.recent(queries.changes(who, wanted, unchecked=unchecked), page_number(), PER_PAGE)
    return render_template(
        "commons/entries/changes.html",
        days=log_days(found, who),
        kinds=[(kind.name, kind.plural, kind.name in wanted) for kind in rooms().kinds.values()],
        pager=pager(total, PER_PAGE),
        heading=ngettext("%(num)s change", "%(num)s changes", total),
        unchecked=unchecked,
        unchecked_url=with_values(unchecked="" if unchecked else "1", page=""),
    )


@blueprint.get("/changes.atom")
def changes_atom() -> Response:
    """What everybody may see, also for a signed-in reader: a feed's address travels."""
    found = queries.latest(queries.changes(None), PER_PAGE)
    return atom(_("Recent changes"), url_for("entries.changes", _external=True), feed_entries(found))


def atom(title: str, page: str, items: list[dict[str, object]]) -> Response:
    response = make_response(render_template("commons/entries/feed.xml", title=title, page=page, items=items))
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


@blueprint.post("/changes/<int:seq>/check")
@limiter.limit(TABLE["write"])
@member_only
def check(seq: int) -> AnyResponse:
    """This member looked at one line of the log and found it right."""
    who = viewer() or abort(404)
    line = queries.log_line(seq, who)
    if not may_check(who) or line.actor_id == who.id:
        raise Forbidden(_("You can check the changes of others once some of your own were accepted."))
    actions.check_change(seq, actor=who)
    flash(_("Thank you. Others now see that somebody looked at it."))
    return redirect(back("entries.changes"), 303)


@blueprint.post("/<collection:collection>/<slug>/remove")
@limiter.limit(TABLE["write"])
@moderator_only
def remove(collection: str, slug: str) -> AnyResponse:
    entry = queries.find(kind_of(collection), slug, viewer())
    actions.take_away(entry, actor=viewer(), note=request.form.get("note", ""))
    flash(_("Removed. The reason stands at its old address, and you can bring it back."))
    return redirect(url_for("entries.changes"), 303)


@blueprint.post("/<collection:collection>/<slug>/bring-back")
@limiter.limit(TABLE["write"])
@moderator_only
def bring_back(collection: str, slug: str) -> AnyResponse:
    kind, who, note = kind_of(collection), viewer() or abort(404), request.form.get("note", "").strip()
    entry = queries.removed_entry(kind, slug, who)
    if not note:
        flash(_("Say why: the reason stands in the log."), "error")
        return redirect(back("entries.changes"), 303)
    actions.put_back(entry, actor=who, note=note)
    flash(_("It is back, with its address, its history and what links to it."))
    return redirect(kind.page(entry), 303)


@blueprint.post("/preview")
@limiter.limit(TABLE["write"])
@member_only
def preview() -> str:
    """What a text will look like: the very renderer that pages use, with the links of the entry it belongs to."""
    number, who = whole_number(request.form.get("entry")), viewer()
    entry = queries.by_id(number, who) if number else None
    return str(markdown(request.form.get("text", ""), links=links.resolver(entry, who), limit=PAGE))


@blueprint.get("/e/<int:entry_id>")
def permanent(entry_id: int) -> AnyResponse:
    entry = queries.by_id(entry_id, viewer())
    return redirect(rooms().kinds[entry.kind].page(entry), 302)


@blueprint.app_errorhandler(queries.Moved)
def moved(fault: queries.Moved) -> AnyResponse:
    kind = rooms().kinds[fault.entry.kind]
    named = request.view_args or {}
    by_number = "id" in named and "slug" not in named
    values = {**named, **({"id": fault.entry.id} if by_number else {"slug": fault.entry.slug})}
    if request.method == "GET" and request.endpoint and ("id" in named or "slug" in named):
        asked = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
        return redirect(url_for(request.endpoint, **values) + asked, 301)
    return redirect(kind.page(fault.entry), 301 if request.method == "GET" else 303)
