"""Files: the list, the page of one, the forms that bring and change them, and the only doors by which content leaves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from commons.audience import PUBLIC
from commons.entries import queries as entries
from commons.entries.within import outer, place_in
from commons.files import actions, queries
from commons.files.documents import card, file_page, filter_page, tabs
from commons.files.forms import FileForm, filled
from commons.files.intake import store
from commons.files.intake.bounds import WIDTHS
from commons.files.intake.formats import DOCUMENT_BYTES, PICTURES
from commons.files.intake.taking import download_name
from commons.files.models import File
from commons.focus.documents import area_tree
from commons.members.door import member_only, viewer
from commons.room import rooms
from commons.web import Conflict, Invalid, page_number, pager, whole_number
from commons.web.limits import TABLE, limiter

PER_PAGE = 24
HOUR = 3600
blueprint = Blueprint("files", __name__)


@blueprint.url_value_preprocessor
def _longer_bodies(endpoint: str | None, _values: Any) -> None:
    """Members may send files where files are asked for; before anything, the check of the form's token too, reads the body."""
    if endpoint in ("files.new", "files.replace") and (who := viewer()) and who.may_write:
        request.max_content_length = DOCUMENT_BYTES + 2**20


def _file(slug: str) -> File:
    return entries.find(rooms().kinds["file"], slug, viewer())  # type: ignore[no-any-return]


@blueprint.get("/files")
@limiter.limit(TABLE["search"])
def files() -> str:
    words, kind, licence = (request.args.get(name, "")[:200] for name in ("q", "kind", "licence"))
    query = queries.files(viewer(), words=words, kind=kind, licence=licence, lacks_alt="alt" in request.args)
    found, total = entries.recent(query, page_number(), PER_PAGE)
    return render_template(
        "commons/files/files.html",
        rows=[card(file) for file in found],
        words=words,
        pager=pager(total, PER_PAGE),
        lacks_alt="alt" in request.args,
        **filter_page(viewer(), kind, licence),
    )


@blueprint.get("/files/<slug>")
def file(slug: str) -> str:
    found = _file(slug)
    return render_template("commons/files/file.html", **file_page(found, viewer()), may_edit=_may_edit(found))


def _may_edit(found: File) -> bool:
    return actions.may_edit(viewer(), found)


@blueprint.route("/files/new", methods=["GET", "POST"])
@limiter.limit(TABLE["upload"], methods=["POST"])
@member_only
def new() -> AnyResponse | tuple[str, int]:
    form, who, here = _begun(), viewer() or abort(404), []
    place = place_in(whole_number(form.within.data), "file", who)
    if form.validate_on_submit():
        stream, name = form.stream()
        try:
            again = bool(form.again.data)
            made = actions.add_file(stream, name, form.values(), actor=who, again=again, place=place)
            flash(_("Added. Thank you. Below stands how to show it in a page."))
            return redirect(url_for("files.file", slug=made.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except actions.AlreadyHere as fault:
            here = [card(one) for one in fault.files]
        form.ask_again()
    return _form_page("new", form, None, here=here, audience=place.audience, whole=outer(place.within_id, who))


def _begun() -> FileForm:
    """The empty form; a page that asks for a file by its name gives the title, a group says that the file will be its own."""
    if request.method == "POST":
        return FileForm()
    within = str(whole_number(request.args.get("within")) or "")
    return FileForm(data={"title": request.args.get("title", "")[:200], "people": "", "within": within})


@blueprint.route("/files/<slug>/edit", methods=["GET", "POST"])
@limiter.limit(TABLE["write"], methods=["POST"])
@member_only
def edit(slug: str) -> AnyResponse | tuple[str, int]:
    found, who = _file(slug), viewer() or abort(404)
    form = filled(found) if request.method == "GET" else FileForm()
    if form.validate_on_submit():
        try:
            seen, note = whole_number(form.version.data), form.note.data or ""
            changed = actions.edit_file(found, form.values(), version=seen, actor=who, note=note)
            flash(_("Saved. Thank you.") if changed else _("Nothing was different, so nothing was changed."))
            return redirect(url_for("files.file", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            form.show_collisions(fault)
    return _form_page("edit", form, found)


@blueprint.route("/files/<slug>/replace", methods=["GET", "POST"])
@limiter.limit(TABLE["upload"], methods=["POST"])
@member_only
def replace(slug: str) -> AnyResponse | tuple[str, int]:
    found, who = _file(slug), viewer() or abort(404)
    form = filled(found) if request.method == "GET" else FileForm()
    if form.validate_on_submit():
        (stream, name), seen = form.stream(), whole_number(form.version.data)
        try:
            actions.replace_file(found, stream, name, version=seen, actor=who, note=form.note.data or "")
            flash(_("Replaced. The one before is kept in the history."))
            return redirect(url_for("files.file", slug=found.slug), 303)
        except Invalid as fault:
            form.show_faults(fault.fields)
        except Conflict as fault:
            form.show_faults({"file": _("Meanwhile somebody else replaced it. Look at theirs first.")})
            form.version.data = str(fault.version)
    return _form_page("replace", form, found)


def _form_page(name: str, form: FileForm, found: File | None, **more: Any) -> tuple[str, int]:
    shown = {"file": found, "tabs": tabs(found, name) if found else [], "areas_tree": area_tree(), **more}
    page = render_template(f"commons/files/{name}.html", form=form, preview_url=url_for("entries.preview"), **shown)
    return page, 422 if form.errors or more.get("here") else 200


@blueprint.get("/files/<slug>/<int:width>")
def picture(slug: str, width: int) -> Response:
    found = _file(slug)
    if width not in WIDTHS or not found.is_picture:
        abort(404)
    path = store.path_of(found.digest, width)
    if width >= (found.width or 0) or not path.exists():
        return full(slug)
    return _sent(found, path, mimetype="image/webp", etag=f"{found.digest}-{width}")


@blueprint.get("/files/<slug>/full")
def full(slug: str) -> Response:
    found = _file(slug)
    if found.media_type not in PICTURES:
        abort(404)
    return _sent(found, store.path_of(found.digest), mimetype=found.media_type, etag=found.digest)


@blueprint.get("/files/<slug>/download")
def download(slug: str) -> Response:
    found, number = _file(slug), whole_number(request.args.get("version"))
    shown = _at_version(found, number) if number else {"digest": found.digest, "name": found.name}
    blob = queries.blob(shown["digest"]) or abort(404)
    harmless = "application/octet-stream" if blob.media_type == "text/plain" else blob.media_type
    name = download_name(shown["name"], blob.media_type)
    path = store.path_of(blob.digest)
    return _sent(found, path, mimetype=harmless, etag=blob.digest, as_attachment=True, download_name=name)


def _at_version(found: File, number: int) -> dict[str, Any]:
    who = viewer()
    if entries.revision(found, number).hidden and not (who and who.is_moderator):
        abort(404)
    return entries.state_at(found, number)


def _sent(found: File, path: Any, **how: Any) -> Response:
    """Content, so that a browser shows it as a picture or saves it, and does nothing else with it."""
    if not path.is_file():
        abort(404)
    response = send_file(path, conditional=True, **how)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    kept = found.audience == PUBLIC and not how.get("as_attachment")
    response.headers["Cache-Control"] = f"private, max-age={HOUR}, must-revalidate" if kept else "private, no-cache"
    return response
