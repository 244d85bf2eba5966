"""The buttons of a topic: choosing the answer, removing and bringing back, marking as read."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries.queries import removed_entry
from commons.feed.actions import mark_seen
from commons.forums import actions, queries
from commons.forums.addressing import place_of, topic_address
from commons.forums.models import Post, Topic
from commons.forums.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import Conflict, Forbidden, Invalid, whole_number
from commons.web.limits import TABLE, limiter

Answer = str | Response | tuple[str, int]
PACE = "60 per minute; 2000 per hour"  # reading marks send themselves


@blueprint.post("/topics/<int:id>/seen")
@limiter.limit(PACE)
@member_only
def seen(id: int) -> Response:
    """This member has read up to a post; without a number all of it. A script is answered 204."""
    who = viewer() or abort(404)
    found = queries.topic_for(id, who)
    number = whole_number(request.form.get("number")) or found.last_number
    upto = whole_number(request.form.get("upto")) if "upto" in request.form else None
    mark_seen(found, actor=who, number=min(number, found.last_number), upto=upto)
    if "text/html" not in request.headers.get("Accept", ""):
        return current_app.response_class(status=204)
    flash(_("Marked as read."))
    return redirect(topic_address(found), 303)


@blueprint.post("/topics/<int:id>/answer")
@limiter.limit(TABLE["write"])
@member_only
def answer(id: int) -> Response:
    who = viewer() or abort(404)
    found, post_id = queries.topic_for(id, who), whole_number(request.form.get("post"))
    post = queries.post_for(post_id, who) if post_id else None
    try:
        actions.accept_answer(found, post, actor=who, version=whole_number(request.form.get("version")))
    except Conflict:
        flash(_("Somebody else chose another answer meanwhile. If you still mean yours, choose it again."), "warning")
    except Invalid as fault:
        fault.flash()
    else:
        flash(_("Marked as the answer. It stands under the question now.") if post else _("It is no longer marked."))
    return redirect(place_of(found, post.number) if post else topic_address(found), 303)


@blueprint.route("/topics/<int:id>/remove", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def remove_topic(id: int) -> Answer:
    topic = queries.topic_for(id, viewer())
    first = queries.post_numbered(topic, 1) or abort(404)
    return _removed(topic, first)


@blueprint.route("/posts/<int:id>/remove", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def remove_post(id: int) -> Answer:
    post = queries.post_for(id, viewer())
    return _removed(queries.topic_for(post.topic_id, viewer()), post)


def _removed(topic: Topic, post: Post) -> Answer:
    """Asked first, with a reason; then done."""
    who = viewer() or abort(404)
    is_own, faults = post.author_id == who.id, {}
    if not is_own and not queries.may_moderate(who, topic):
        raise Forbidden(_("You may not remove this."))
    if request.method == "POST":
        try:
            actions.remove_post(post, actor=who, note=request.form.get("note", ""))
        except Invalid as fault:
            faults = fault.fields
        else:
            flash(_("Removed. The reason stands in its place."))
            return redirect(_left(topic, post), 303)
    shown = {"topic": topic, "post": post, "is_own": is_own, "faults": faults}
    return render_template("commons/forums/remove.html", **shown), 422 if faults else 200


def _left(topic: Topic, post: Post) -> str:
    """Where one stands after a removal: in the topic, or in what it stood in."""
    if post.number > 1:
        return place_of(topic, post.number)
    return url_for("entries.permanent", entry_id=topic.within_id) if topic.within_id else url_for("forums.forums")


@blueprint.post("/topics/<int:id>/bring-back")
@limiter.limit(TABLE["write"])
@member_only
def bring_back_topic(id: int) -> Response:
    who = viewer() or abort(404)
    found: Topic = removed_entry(rooms().kinds["topic"], str(id), who)
    actions.bring_back_topic(found, actor=who, note=request.form.get("note", ""))
    flash(_("It is back, with its address, its history and what links to it."))
    return redirect(topic_address(found), 303)


@blueprint.post("/posts/<int:id>/bring-back")
@limiter.limit(TABLE["write"])
@member_only
def bring_back_post(id: int) -> Response:
    who = viewer() or abort(404)
    found: Post = removed_entry(rooms().kinds["post"], str(id), who)
    topic = queries.topic_for(found.topic_id, who)
    actions.bring_back_post(found, actor=who, note=request.form.get("note", ""))
    flash(_("It is back, with its address, its history and what links to it."))
    return redirect(place_of(topic, found.number), 303)
