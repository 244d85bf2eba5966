"""Following a tag, and the area that it means. The page of a tag itself belongs to all entries."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.feed import actions
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, moderator_only, viewer
from commons.web import back, whole_number
from commons.web.limits import TABLE, limiter


@blueprint.post("/tags/<tag>/watch")
@limiter.limit(TABLE["write"])
@member_only
def watch_tag(tag: str) -> Response:
    actions.watch_tag(tag, actor=viewer() or abort(404))
    flash(_("You follow this tag now. What carries it is listed in your feed."))
    return redirect(url_for("entries.tag", tag=tag), 303)


@blueprint.post("/tags/<tag>/unwatch")
@limiter.limit(TABLE["write"])
@member_only
def unwatch_tag(tag: str) -> Response:
    actions.unwatch_tag(tag, actor=viewer() or abort(404))
    flash(_("You no longer follow this tag."))
    return redirect(back("entries.tag", tag=tag), 303)


@blueprint.post("/tags/<tag>/area")
@limiter.limit(TABLE["write"])
@moderator_only
def place_tag(tag: str) -> Response:
    area = whole_number(request.form.get("area")) or None
    actions.place_tag(tag, area, actor=viewer() or abort(404))
    flash(_("Saved. Thank you."))
    return redirect(url_for("entries.tag", tag=tag), 303)
