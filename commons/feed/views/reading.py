"""My feed, and the same as Atom behind an address of my own."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.entries.documents import panels
from commons.feed import actions, queries
from commons.feed.documents import choices, feed_rows, next_areas
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import back, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE, BEYOND = 30, 3


@blueprint.get("/feed")
@member_only
def feed() -> str:
    me, page, only = viewer() or abort(404), page_number(), request.args.get("only", "")
    who, wishes = queries.followed(me, only if only in queries.CHOICES else ""), queries.wishes_of(me)
    found, more = queries.threads(who, page, PER_PAGE)
    first = page == 1 and not who.only
    areas = next_areas(who) if first and wishes.beyond else []
    near = queries.beyond(who, areas, BEYOND, found) if areas else []
    rows = feed_rows(who, [*found, *near])
    return render_template(
        "commons/feed/feed.html",
        rows=rows[: len(found)],
        beyond=rows[len(found) :],
        wishes=wishes,
        choices=choices(who.only),
        pager=pager((page - 1) * PER_PAGE + len(found) + more, PER_PAGE, page),
        more=more,
        is_empty=who.is_empty and not who.only,
        panels=panels("feed", me, me) if first else [],
    )


@blueprint.post("/feed/beyond")
@limiter.limit(TABLE["write"])
@member_only
def beyond() -> AnyResponse:
    """Shows what is beyond my areas, or no longer."""
    on = request.form.get("beyond") == "yes"
    actions.change_wishes({"beyond": "yes" if on else ""}, actor=viewer() or abort(404))
    flash(_("Your feed ends with things from neighbouring areas again.") if on else _("Your feed keeps to your areas."))
    return redirect(back("feed.feed"), 303)


@blueprint.get("/feed/<key>.atom")
def private_feed(key: str) -> Response:
    """What the owner of the key may see at this moment. One that is wrong or closed is the same 404."""
    owner = queries.key_owner(key) or abort(404)
    with force_locale(owner.language):
        who = queries.followed(owner)
        rows = feed_rows(who, queries.threads(who, 1, PER_PAGE)[0])
        site = str(current_app.config["SITE_URL"]).rstrip("/")
        response = make_response(render_template("commons/feed/private.xml", rows=rows, site=site, owner=owner))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
