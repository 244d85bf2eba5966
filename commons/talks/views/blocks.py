"""Whom a member does not want to meet, and who may write to them first."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.talks import actions, documents, queries
from commons.talks.forms import WhoForm, names_in
from commons.talks.views.addresses import Answer, blueprint
from commons.web import Invalid, back
from commons.web.limits import TABLE, limiter


def me() -> Member:
    return viewer() or abort(404)


@blueprint.get("/settings/blocks")
@member_only
def blocks() -> str:
    return _page()


def _page(name: str = "", fault: str = "") -> str:
    found = documents.block_rows(queries.blocks_of(me()))
    form = WhoForm(formdata=None, who=queries.wish_of(me()))
    return render_template("commons/talks/blocks.html", blocks=found, form=form, name=name, fault=fault)


@blueprint.post("/settings/blocks")
@limiter.limit(TABLE["write"])
@member_only
def block() -> Answer:
    """By a user name; `how`: block or mute. From somebody's page it leads back there."""
    name = " ".join(names_in(request.form.get("username", ""))[:1])
    found = queries.called([name], me()).get(name)
    try:
        if found is None:
            raise Invalid({"username": _("Nobody here has the user name %(name)s.", name=name)})
        row = actions.block(found, actor=me(), how=request.form.get("how", "block"))
    except Invalid as fault:
        return _page(name, " ".join(fault.fields.values())), 422
    flash(_("Blocked. Nobody is told.") if row.how == "block" else _("Muted. Nobody is told."))
    return redirect(back("talks.blocks"), 303)


@blueprint.post("/settings/blocks/end")
@limiter.limit(TABLE["write"])
@member_only
def unblock() -> Response:
    name = request.form.get("username", "").lower()
    for _row, member in queries.blocks_of(me()):
        if member.username.lower() == name:
            actions.unblock(member, actor=me())
            flash(_("%(name)s is not blocked or muted any more.", name=member.name))
    return redirect(back("talks.blocks"), 303)


@blueprint.post("/settings/messages")
@limiter.limit(TABLE["write"])
@member_only
def choose_who_writes() -> Response:
    actions.choose_who_writes(request.form.get("who", ""), actor=me())
    flash(_("Saved."))
    return redirect(back("talks.blocks"), 303)
