"""What one organisation says of another, signed by somebody who speaks for it, and answered once."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from commons.room import Follower, Kind, Panel, Room, Table
from directory.statements import actions, documents, queries, tending, views
from directory.statements.fields import FIELDS
from directory.statements.models import Statement
from directory.statements.views import blueprint

kind = Kind(
    name="statement",
    collection="statements",
    model=Statement,
    label=_l("Statement"),
    plural=_l("Statements"),
    fields=FIELDS,
    page=lambda statement: url_for("statements.statement", id=statement.id),
    documents=documents.search_documents,
    document=documents.search_document,
    record=documents.record,
    teasers=documents.teasers,
    may_edit=queries.may_edit,
    edit=actions.edit_statement,
    remove=actions.remove_statement,
    tells=("created", "edited"),
)


def start(app: Flask) -> None:
    for view in (views.new, views.edit, views.answer):
        app.extensions["csrf"].exempt(view)  # their forms ask for the token themselves, and keep what was typed


SHOWN = "directory/statements/_statements.html"
room = Room(
    name="statements",
    blueprints=(blueprint,),
    kinds=(kind,),
    panels={
        "organisation": (
            Panel(_l("What others say of it"), SHOWN, documents.about_panel, 36),
            Panel(_l("What it says of others"), SHOWN, documents.said_panel, 37),
        )
    },
    followers=(Follower("statements", tending.follow),),
    tables=(Table(Statement),),
    start=start,
)
