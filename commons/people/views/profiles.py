"""A member's page, the form in which they choose what it shows, and the picture on it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from commons.audience import may_see
from commons.entries.documents import panels
from commons.files.intake import store
from commons.files.intake.bounds import WIDTHS
from commons.files.queries import blob
from commons.focus.documents import area_tree
from commons.members.door import member_only, viewer
from commons.members.models import Member
from commons.people import actions, queries
from commons.people.actions.profiles import chosen_audience
from commons.people.documents.profiles import audience_label, field_row, photo_url, visibility_label
from commons.people.documents.rows import belonging_rows, contribution_rows
from commons.people.forms import LABELS, PhotoForm, ProfileForm, filled
from commons.people.models import Profile
from commons.people.queries.affiliations import affiliations_of
from commons.people.queries.contacts import standing
from commons.people.queries.contributions import contributions
from commons.people.queries.profiles import MATE, MEMBER, VISITOR
from commons.people.views.addresses import blueprint
from commons.web import Invalid, page_number, pager
from commons.web.limits import TABLE, limiter

PER_PAGE = 20
PICTURE_BYTES = 16 * 2**20
EYES = {"visitor": VISITOR, "member": MEMBER, "group": MATE}  # of whom one may see one's own page


@blueprint.url_value_preprocessor
def _longer_bodies(endpoint: str | None, _values: Any) -> None:
    """A picture from a phone is larger than a form; before anything, the check of the form's token too, reads the body."""
    if endpoint == "people.photo_settings" and (who := viewer()) and who.may_write:
        request.max_content_length = PICTURE_BYTES


@blueprint.get("/members/<username>")
def profile(username: str) -> str:
    who = viewer()
    member, found = queries.seen(username, who)
    own = who is not None and who.id == member.id
    eyes = request.args.get("as", "") if own else ""
    reach = EYES.get(eyes) or queries.reach(who, member)
    reader = None if eyes == "visitor" else who
    unseen = eyes in EYES and not _open_to(found, eyes)
    rows, total = ([], 0) if unseen else contributions(member, reader, page_number(), PER_PAGE)
    shown = found.shown(reach) if found and not unseen else []
    return render_template(
        "commons/people/profile.html",
        **_head(member, found, who, shown),
        fields=[field_row(found, name) for name in shown if name not in ("photo", "affiliations") and found],
        belongs=belonging_rows(affiliations_of(member, reader)) if "affiliations" in shown else [],
        contributions=contribution_rows(rows),
        pager=pager(total, PER_PAGE),
        panels=panels("profile", found, reader) if found and not unseen and page_number() == 1 else [],
        eyes=eyes if eyes in EYES else "",
        unseen=unseen,
    )


def _open_to(profile: Profile | None, eyes: str) -> bool:
    """Do they know that this person is here?"""
    if profile is None:
        return eyes != "visitor"
    return may_see(None, profile) or (eyes != "visitor" and profile.audience == "members")


def _head(member: Member, found: Profile | None, who: Member | None, shown: list[str]) -> dict[str, Any]:
    own = who is not None and who.id == member.id
    return {
        "name": member.name,
        "username": member.username,
        "is_me": own,
        "profile": found,
        "photo": photo_url(found, member, 320) if found and "photo" in shown else "",
        "standing": "" if own else standing(who, member),
        "may_follow": bool(found and found.open_to_follow and who and not own),
        "audience": audience_label(chosen_audience(found)),
    }


@blueprint.route("/settings/profile", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def edit() -> str | Response | tuple[str, int]:
    who = viewer() or abort(404)
    found = queries.profile_of(who)
    form = filled(found, chosen_audience(found)) if request.method == "GET" else ProfileForm()
    wider: list[Any] = []
    if form.validate_on_submit():
        try:
            chosen = {"audience": form.audience.data, "actor": who, "open_to_follow": form.open_to_follow.data}
            chosen["named_for"] = form.named_for.data
            wider = actions.widened(found, form.values(), form.shown_to(), form.audience.data)
            if not wider or form.confirm.data:
                actions.edit_profile(form.values(), form.shown_to(), **chosen)
                flash(_("Saved. “See it as a visitor” shows what others see."))
                return redirect(url_for("people.profile", username=who.username), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    page = render_template(
        "commons/people/edit.html", form=form, profile=found, wider=_wider_words(wider), areas_tree=area_tree()
    )
    return page, 422 if form.errors or wider else 200


def _wider_words(wider: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": _("That you are here") if one.field == "audience" else LABELS[one.field],
            "shown": audience_label(one.shown) if one.field == "audience" else visibility_label(one.shown),
        }
        for one in wider
    ]


@blueprint.route("/settings/photo", methods=["GET", "POST"])
@limiter.limit(TABLE["upload"], methods=["POST"])
@member_only
def photo_settings() -> str | Response | tuple[str, int]:
    who, form = viewer() or abort(404), PhotoForm()
    found = queries.profile_of(who)
    if form.validate_on_submit():
        try:
            if request.form.get("remove"):
                actions.remove_photo(actor=who)
                flash(_("The picture is gone."))
            elif not (given := request.files.get("photo")):
                raise Invalid({"photo": _("Choose a file.")})
            else:
                actions.set_photo(given.stream, form.photo_alt.data or "", actor=who)
                flash(_("Saved. Choose below who sees the picture."))
            return redirect(url_for("people.edit", _anchor="photo_visibility"), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
    src = photo_url(found, who, 320) if found and found.photo else ""
    return render_template("commons/people/photo.html", form=form, src=src), 422 if form.errors else 200


@blueprint.get("/members/<username>/photo/<int:width>")
def photo(username: str, width: int) -> Response:
    who = viewer()
    member, found = queries.seen(username, who)
    if found is None or width not in WIDTHS or "photo" not in found.shown(queries.reach(who, member)):
        abort(404)
    content = blob(found.photo or "") or abort(404)
    small = store.path_of(content.digest, width)
    path = small if small.exists() else store.path_of(content.digest)
    if not path.is_file():
        abort(404)
    kind = "image/webp" if small.exists() else content.media_type
    response = send_file(path, conditional=True, mimetype=kind, etag=f"{content.digest}-{width}")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
