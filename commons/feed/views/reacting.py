"""Saying thanks, recommending, wanting to take part: buttons beside what others wrote."""

from __future__ import annotations

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.feed import actions
from commons.feed.views.addresses import blueprint
from commons.members.door import member_only, viewer
from commons.web import back
from commons.web.limits import TABLE, limiter


@blueprint.post("/reactions/<int:entry_id>")
@limiter.limit(TABLE["write"])
@member_only
def react(entry_id: int) -> Response:
    who = viewer() or abort(404)
    actions.react(entries.by_id(entry_id, who), request.form.get("what", ""), actor=who)
    return _to(entry_id)


@blueprint.post("/reactions/<int:entry_id>/take-back")
@limiter.limit(TABLE["write"])
@member_only
def take_back(entry_id: int) -> Response:
    who = viewer() or abort(404)
    actions.take_back(entries.by_id(entry_id, who), request.form.get("what", ""), actor=who)
    return _to(entry_id)


def _to(entry_id: int) -> Response:
    """Back to the list from which it was sent, else to the entry."""
    return redirect(back("entries.permanent", entry_id=entry_id), 303)
