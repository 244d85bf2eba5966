"""Walls as pages and feeds, the form that posts on one, and choosing in a poll."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.entries import queries as entries
from commons.entries.models import Entry
from commons.entries.views import atom, kind_of
from commons.entries.within import place_in, takes
from commons.files.intake.formats import PICTURE_BYTES
from commons.forums.queries import topic_for
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.people.actions import own_profile
from commons.room import rooms
from commons.walls import actions, documents, queries
from commons.walls.forms import MINE, ShareForm
from commons.walls.views.addresses import blueprint
from commons.web import Forbidden, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

PER_PAGE, FEED = 20, 50


@blueprint.url_value_preprocessor
def _longer_bodies(endpoint: str | None, _values: Any) -> None:
    """Members may send a picture with a share; before anything, the check of the form's token too, reads the body."""
    if endpoint == "walls.post_share" and (who := viewer()) and who.may_write:
        request.max_content_length = PICTURE_BYTES + 2**20


def _wall(collection: str, slug: str, who: Member | None) -> Entry:
    kind = kind_of(collection)
    return entries.find(kind, slug, who) if kind.name in documents.WALLS else abort(404)  # type: ignore[no-any-return]


@blueprint.get("/<collection:collection>/<slug>/wall")
@limiter.limit(TABLE["search"])
def wall(collection: str, slug: str) -> str:
    who = viewer()
    found = _wall(collection, slug, who)
    shares, total = entries.recent(queries.shares_on(found, who), page_number(), PER_PAGE)
    return render_template(
        "commons/walls/wall.html",
        wall=found,
        kind=rooms().kinds[found.kind],
        shares=documents.share_rows(shares, who),
        total=total,
        share_url=url_for("walls.share", on=found.id) if takes(found, "topic", who) is not None else None,
        pager=pager(total, PER_PAGE),
    )


@blueprint.get("/<collection:collection>/<slug>/wall.atom")
def wall_atom(collection: str, slug: str) -> Response:
    """What everybody may see, also for a signed-in reader."""
    found = _wall(collection, slug, None)
    lines = documents.feed_rows(entries.latest(queries.shares_on(found, None), FEED))
    return atom(found.title, url_for("walls.wall", collection=collection, slug=slug, _external=True), lines)


@blueprint.get("/share")
@member_only
def share() -> str | tuple[str, int]:
    who = viewer() or abort(404)
    walls = documents.walls_to_choose(who)
    asked, mine = request.args.get("on", ""), request.args.get("text", "")[: actions.TEXT]
    on = asked if asked in dict(walls) else MINE
    return _form_page(ShareForm(formdata=None, walls=walls, data={"on": on, "text": mine}), 200)


@blueprint.post("/share")
@limiter.limit(TABLE["upload"])
def post_share() -> AnyResponse | tuple[str, int]:
    who = viewer()
    form = ShareForm(walls=documents.walls_to_choose(who) if who else [])
    if who is None or not form.validate_on_submit():
        form.ask_again()
        return _form_page(form, 401 if who is None else 422)
    try:
        made = _shared(form, who)
    except Invalid as fault:
        form.show_faults(fault.fields)
        form.ask_again()
        return _form_page(form, 422)
    flash(_("Shared. Thank you."))
    return redirect(rooms().kinds["topic"].page(made), 303)


def _shared(form: ShareForm, who: Member) -> Any:
    """The share that the form asks for."""
    on = own_profile(who).id if form.on.data in ("", None, MINE) else whole_number(form.on.data)
    place = actions.narrowed(place_in(on or 2**31, "topic", who), bool(form.only_members.data))
    wall = entries.by_id(on, who)
    if wall.kind not in documents.WALLS:
        raise Forbidden(_("You may not add anything here."))
    return actions.add_share(form.values(), wall=wall, place=place, actor=who, picture=form.picture_chosen())


def _form_page(form: ShareForm, status: int) -> tuple[str, int]:
    shown = {"form": form, "preview_url": url_for("entries.preview"), "most": actions.TEXT, "signed_out": status == 401}
    shown["is_hidden"] = documents.is_hidden(viewer())
    return render_template("commons/walls/share.html", **shown), status


@blueprint.post("/topics/<int:id>/vote")
@limiter.limit(TABLE["write"])
@member_only
def vote(id: int) -> AnyResponse:
    who = viewer() or abort(404)
    topic = topic_for(id, who)
    choice = request.form.get("choice", "")
    if not choice.isascii() or not choice.isdigit():
        flash(_("Choose one of the list."), "error")
    else:
        try:
            actions.vote(topic, whole_number(choice), actor=who)
            flash(_("Counted. You can change your choice until the poll ends."))
        except Invalid as fault:
            fault.flash()
    return redirect(rooms().kinds["topic"].page(topic), 303)
