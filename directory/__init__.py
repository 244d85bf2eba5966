"""Organisations: the directory that people search, mend and trust."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.room import Kind, Navigation, Panel, Room, Table
from directory import actions, documents, suspects
from directory.commands import group
from directory.fields import FIELDS
from directory.forms import label
from directory.models import Contest, ImportRun, Organisation, Relation
from directory.panels import organisations_box, teasers, to_place
from directory.views import blueprint

kind = Kind(
    name="organisation",
    collection="organisations",
    model=Organisation,
    label=_l("Organisation"),
    plural=_l("Organisations"),
    fields=FIELDS,
    page=lambda organisation: url_for("directory.organisation", slug=organisation.slug),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    teasers=teasers,
    may_edit=actions.may_edit,
    edit=actions.edit_organisation,
    tabs=documents.tabs,
    about=documents.place_line,
    takes=actions.takes,
    tells=("created", "edited"),
)


def start(app: Flask) -> None:
    names = app.extensions.setdefault("names of fields", {})
    names["type"] = names["status"] = names["scope"] = lambda value: str(label(value))
    suspects.start(app)


room = Room(
    name="directory",
    blueprints=(blueprint,),
    navigation=(Navigation(_l("Organisations"), "directory.organisations", "organisation", 10),),
    kinds=(kind,),
    panels={
        "subject box": (Panel(_l("Who is at work"), "", organisations_box, 10),),
        "task": (Panel(_l("Say where an organisation is"), "directory/_to_place.html", to_place, 10),),
    },
    commands=(group,),
    followers=(),
    tables=(
        Table(ImportRun),
        Table(Organisation, private=("email", "phone", "row_digest")),
        Table(Relation),
        Table(Contest, private=("by_id",)),
    ),
    start=start,
)
