"""Accepting a suggested area on an entry's page: an ordinary edit with a note in the history, one area at a time; refusing one, and
taking that back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.entries import queries as entries
from commons.focus.queries import Node, tree
from commons.focus.suggesting.refusing import may_choose, offer_area_again, refuse_area
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.room import rooms
from commons.web import Conflict, Forbidden, whole_number
from commons.web.limits import TABLE, limiter

blueprint = Blueprint("suggesting", __name__)


@blueprint.post("/e/<int:id>/areas")
@limiter.limit(TABLE["write"])
@member_only
def accept(id: int) -> Response:
    """`area` in the form accepts, `refuse` refuses, `again` takes a refusal back."""
    found, who = entries.by_id(id, viewer()), viewer() or abort(404)
    if not may_choose(who, found):
        raise Forbidden(_("You may not change this."))
    if "refuse" in request.form:
        refuse_area(found, _area("refuse").id, actor=who)
        flash(_("Kept: it is not suggested here again, unless the text changes much."))
    elif "again" in request.form:
        offer_area_again(found, _area("again").id, actor=who)
        flash(_("Taken back: it may be suggested here again."))
    else:
        _accept(found, _area("area"), who)
    return redirect(rooms().kinds[found.kind].page(found), 303)


def _area(name: str) -> Node:
    return tree().nodes.get(whole_number(request.form.get(name))) or abort(404)


def _accept(found: Any, node: Node, who: Member) -> None:
    edit = rooms().kinds[found.kind].edit
    try:
        note = _("Accepted a suggested area: %(area)s", area=node.label)
        values = {"focus": sorted({*found.focus, node.id})}
        if edit is not None:
            edit(found, values, version=found.version, actor=who, note=note)
        flash(_("Published. Thank you."))
    except Conflict:
        flash(_("Somebody else changed it just now. Look again."), "error")
