"""Accepting a suggested area on an entry's page: an ordinary edit with a note in the history, one area at a time."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.entries.views.addresses import may_edit
from commons.focus.queries import tree
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import Conflict, Forbidden, whole_number
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("suggesting", __name__)


@blueprint.post("/e/<int:id>/areas")
@limiter.limit(TABLE["write"])
@member_only
def accept(id: int) -> Response:
    found, who = entries.by_id(id, viewer()), viewer() or abort(404)
    kind = rooms().kinds[found.kind]
    node = tree().nodes.get(whole_number(request.form.get("area"))) or abort(404)
    if kind.edit is None or not may_edit(kind, found) or all(field.name != "focus" for field in kind.fields):
        raise Forbidden(_("You may not change this."))
    try:
        note = _("Accepted a suggested area: %(area)s", area=node.label)
        values = {"focus": sorted({*found.focus, node.id})}
        kind.edit(found, values, version=found.version, actor=who, note=note)
        flash(_("Published. Thank you."))
    except Conflict:
        flash(_("Somebody else changed it just now. Look again."), "error")
    return redirect(kind.page(found), 303)
