"""Files: pictures and documents, with licence, credit and words for who cannot see them."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.files import actions, documents, reading
from commons.files.checks import checks
from commons.files.commands import group
from commons.files.intake.formats import type_label
from commons.files.models import Blob, File
from commons.files.views import blueprint
from commons.room import Field, Follower, Kind, Room, Table

FIELDS = (
    Field("title", _l("Title")),
    Field("alt", _l("What is to be seen")),
    Field("purpose", _l("Purpose of the picture"), "choice"),
    Field("description", _l("Description"), "text"),
    Field("credit", _l("Who made it")),
    Field("licence", _l("Licence"), "choice"),
    Field("people", _l("People in it"), "choice"),
    Field("language", _l("Language of this text"), "choice"),
    Field("focus", _l("Areas of focus"), "list"),
    Field("name", _l("Name of the file")),
    Field("digest", _l("Content (SHA-256)"), "choice"),
    Field("media_type", _l("Kind of file"), "choice"),
    Field("size", _l("Bytes"), "number"),
    Field("width", _l("Width in pixels"), "number"),
    Field("height", _l("Height in pixels"), "number"),
)

kind = Kind(
    name="file",
    collection="files",
    model=File,
    label=_l("File"),
    plural=_l("Files"),
    fields=FIELDS,
    page=lambda file: url_for("files.file", slug=file.slug),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    teasers=documents.teasers,
    may_edit=actions.may_edit,
    edit=actions.edit_file,
    tabs=documents.tabs,
    new=lambda title: url_for("files.new", title=title),
    about=documents.about,
)


def start(app: Flask) -> None:
    names = app.extensions.setdefault("names of fields", {})
    names["media_type"] = type_label


room = Room(
    name="files",
    blueprints=(blueprint,),
    kinds=(kind,),
    commands=(group,),
    followers=(Follower("files", reading.follow),),
    tables=(Table(File), Table(Blob)),
    checks=checks,
    start=start,
)
